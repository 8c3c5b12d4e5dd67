"""The files beside the database: private, whole, and each person's own."""

from __future__ import annotations

import gzip
import json
import sqlite3
from pathlib import Path

from bot.store import migrate, papers
from bot.store.belongings import Who
from bot.store.database import open_database, sqlite_engine
from tests.store.planting import external_userid, plant

ERASED = Who(1, (("external_userid", "wm-1"), ("member_id", "17")), names=("小满",), words=("小满",))


def mode(file: Path) -> str:
    return oct(file.stat().st_mode & 0o777)


def database(file: Path) -> Path:
    sqlite3.connect(file).execute("CREATE TABLE t (x)").connection.close()
    return file


def test_what_is_written_anew_is_as_private_as_what_is_new(tmp_path: Path) -> None:
    """Also over a file that everybody could read."""
    for write in (lambda f: papers.write_privately(f, "x"), lambda f: papers.back_up(database(tmp_path / "d"), f)):
        file = tmp_path / "wide"
        file.touch(mode=0o644)
        file.chmod(0o644)
        write(file)
        assert mode(file) == "0o600"
        file.unlink()
        (tmp_path / "d").unlink(missing_ok=True)


def test_the_export_of_a_namesake_stays_whole(tmp_path: Path) -> None:
    """Only an id of the erased goes out of it, and it is still JSON."""
    file = papers.export_file(tmp_path, 2, 5)
    held = {"people": [{"name": "小满", "age": 17}], "groups": [{"invitor": "wm-1", "member_id": "wm-12"}]}
    papers.write_privately(file, json.dumps(held, ensure_ascii=False, indent=2))
    papers.forget_in_files(tmp_path, ERASED)
    left = json.loads(file.read_text(encoding="utf-8"))
    assert left["people"] == held["people"]
    assert left["groups"][0]["member_id"] == "wm-12" and "wm-1" not in left["groups"][0]["invitor"]


def test_a_number_of_a_shop_takes_no_line_with_it(tmp_path: Path) -> None:
    """17 is a member, and much else."""
    log = tmp_path / "logs" / "zhiyu.log"
    papers.write_privately(log, "events=17\nmember wm-1\n")
    papers.forget_in_files(tmp_path, ERASED)
    assert log.read_text() == "events=17\n"


def test_a_backup_that_was_cut_short_does_not_stop_an_erasure(tmp_path: Path) -> None:
    """It is no backup until it is whole; the half of it goes."""
    part = tmp_path / "backups" / "zhiyu-1.part"
    papers.write_privately(part, "SQLite format 3, and then the disk was full")
    assert papers.forget_in_backups(tmp_path, b"", ERASED, 5) == {"backups": 0}
    assert not part.exists()
    papers.back_up(database(tmp_path / "d"), tmp_path / "backups" / "zhiyu-2.sqlite3")
    assert [file.name for file in part.parent.iterdir()] == ["zhiyu-2.sqlite3"]


def test_two_people_of_a_backup_who_are_one_by_now_are_both_forgotten(tmp_path: Path) -> None:
    """And nobody who has their number there: after a restore the same numbers were given to others."""
    file = tmp_path / "backups" / "zhiyu-1.sqlite3"
    file.parent.mkdir()
    engine = sqlite_engine(file)
    with engine.begin() as conn:
        migrate.upgrade(conn)
        for n in (1, 2, 9):
            plant(conn, n)
    engine.dispose()
    ids = tuple(("external_userid", external_userid(n)) for n in (2, 9))
    assert papers.forget_in_backups(tmp_path, b"", Who(1, ids), 5) == {"backups": 1}
    left = file.read_bytes()
    assert b"MARK1x" in left and b"MARK2x" not in left and b"MARK9x" not in left


async def test_the_database_itself_is_for_nobody_else_to_read(tmp_path: Path) -> None:
    """Its log, too."""
    file = tmp_path / "zhiyu.sqlite3"
    database_ = open_database(f"sqlite:///{file}")
    try:
        await database_.write(migrate.upgrade)
        assert {mode(each) for each in tmp_path.glob("zhiyu.sqlite3*")} == {"0o600"}
    finally:
        await database_.close()


def test_packed_logs_are_opened(tmp_path: Path) -> None:
    """Only their lines go out; one that is broken says nothing of whom it names, so it goes."""
    log, broken = tmp_path / "logs" / "zhiyu.log.1.gz", tmp_path / "logs" / "zhiyu.log.2.gz"
    log.parent.mkdir()
    log.write_bytes(gzip.compress("added wm-1\nready\n小满 wrote\n".encode()))
    broken.write_bytes(log.read_bytes()[:20])
    assert papers.forget_in_files(tmp_path, ERASED)["logs"] == 3
    assert gzip.decompress(log.read_bytes()) == b"ready\n" and mode(log) == "0o600"
    assert not broken.exists() and sorted(path.name for path in log.parent.iterdir()) == [log.name]
