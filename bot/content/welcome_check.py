"""What is wrong with welcomes that no single value can know: order, reach, words, attachments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from bot.content.around import Around
from bot.content.media import MediaShelf
from bot.content.texts import (
    ADVISED_CHARACTERS,
    MISSED_BYTES,
    NOT_IN_WELCOME,
    WELCOME_VARIABLES,
    count_emoji,
    faults,
    longest_bytes,
    too_long,
    usual_text,
)
from bot.content.welcome import WelcomeFile, WelcomeRow
from bot.scrm.survey.run import Survey
from bot.scrm.welcome import DEFAULT
from bot.templates import variables
from bot.wecom.messages import WELCOME_ATTACHMENTS, WELCOME_TEXT_BYTES, attachment, welcome_problems
from bot.yamlfile import Document, Problem, did_you_mean

SURVEY_LINK = "survey.link"

ADVISED_ATTACHMENTS = 2
"""Our own advice: a welcome is a greeting, not a parcel."""


def problems(document: Document, file: WelcomeFile, around: Around) -> Iterator[Problem]:
    """Everything wrong with the file, row by row."""
    yield from _order_problems(document, file)
    for i, row in enumerate(file.welcomes):
        yield from _name_problems(document, i, row, around)
        yield from _survey_problems(document, i, row, around.surveys)
        yield from _text_problems(document, i, row, around)
        yield from _attachment_problems(document, i, row, around.shelf)


def _order_problems(document: Document, file: WelcomeFile) -> Iterator[Problem]:
    rows = file.welcomes
    ids = Counter(row.id for row in rows)
    for i, row in enumerate(rows):
        if ids[row.id] > 1:
            yield document.problem(("welcomes", i, "id"), f"“{row.id}”写了两次")
        above = next((r for r in rows[:i] if r.value().covers(row.value())), None)
        if above:
            yield document.problem(("welcomes", i, "id"), f"“{row.id}”永远轮不到，上面的“{above.id}”已包含它")
    if not rows or rows[-1].id != DEFAULT or rows[-1].is_conditional:
        yield document.problem(("welcomes", max(0, len(rows) - 1), "id"), "最后一条必须是 id: default 且不写条件")


def _name_problems(document: Document, i: int, row: WelcomeRow, around: Around) -> Iterator[Problem]:
    for j, channel in enumerate(row.channels):
        if around.channels is not None and channel not in around.channels:
            hint = did_you_mean(channel, around.channels)
            yield document.problem(("welcomes", i, "channels", j), f"没有渠道“{channel}”{hint}")
    known = around.guides
    for j, userid in enumerate(row.guides or ()):
        if known is not None and userid not in known:
            hint = did_you_mean(userid, known)
            yield document.problem(("welcomes", i, "guides", j), f"渠道和人设里都没有导购“{userid}”{hint}")


def _survey_problems(
    document: Document, i: int, row: WelcomeRow, surveys: Mapping[str, Survey] | None
) -> Iterator[Problem]:
    linked = [key for key, text in (("text", row.text), ("if_missed", row.if_missed)) if text and SURVEY_LINK in text]
    if row.survey is None:
        yield from (document.problem(("welcomes", i, key), f"用了 {SURVEY_LINK} 但没写 survey") for key in linked)
        if not linked and row.customer != "回头客" and _asks_newcomers(surveys):
            message = "没有带调研的链接：收到它的新客户只能等导购来问，见 surveys/"
            yield document.problem(("welcomes", i, "id"), message, "warning")
    elif surveys is not None and row.survey not in surveys:
        hint = did_you_mean(row.survey, surveys)
        yield document.problem(("welcomes", i, "survey"), f"surveys/ 里没有调研“{row.survey}”{hint}")
    elif "text" not in linked:
        message = f"写了 survey，正文里却没有 {{{{ {SURVEY_LINK} }}}}，客户打不开"
        yield document.problem(("welcomes", i, "survey"), message, "warning")
    elif row.if_missed and "if_missed" not in linked:
        message = f"没有 {{{{ {SURVEY_LINK} }}}}：欢迎语没发出时，导购补的这段话里也要带"
        yield document.problem(("welcomes", i, "if_missed"), message, "warning")


def _asks_newcomers(surveys: Mapping[str, Survey] | None) -> bool:
    return any(survey.start == "加好友" for survey in (surveys or {}).values())


def _text_problems(document: Document, i: int, row: WelcomeRow, around: Around) -> Iterator[Problem]:
    for key, text in (("text", row.text), ("if_missed", row.if_missed)):
        path = ("welcomes", i, key)
        found = [message for message, _ in faults(text, WELCOME_VARIABLES, NOT_IN_WELCOME)] if text else []
        yield from (document.problem(path, message) for message in found)
        if text and not found:
            yield from _word_problems(document, path, text, row, around)
            if long := _length_fault(text, row):
                yield document.problem(path, long)


def _length_fault(text: str, row: WelcomeRow) -> str | None:
    size = longest_bytes(text, WELCOME_VARIABLES)
    most = MISSED_BYTES if text == row.if_missed else WELCOME_TEXT_BYTES
    if size > most:
        return too_long(size, most)
    if size > MISSED_BYTES and row.if_missed is None:
        return f"超过 {MISSED_BYTES:,} 字节，放不进给导购的提醒；请另写一段短的 if_missed"
    return None


def _word_problems(
    document: Document, path: tuple[str | int, ...], text: str, row: WelcomeRow, around: Around
) -> Iterator[Problem]:
    shown = usual_text(text, WELCOME_VARIABLES)
    if "channel.title" in variables(text) and not row.channels:
        yield document.problem(path, "没写 channels 的欢迎语可能不知道渠道，请删掉 channel.title")
    speakers = around.speakers(row.guides or ())
    for word in sorted({word for p in speakers for word in p.never_say if word in shown}):
        yield document.problem(path, f"用了人设禁用的词“{word}”")
    most_emoji = min((p.emoji for p in speakers), default=9)
    if count_emoji(shown) > most_emoji:
        yield document.problem(path, f"表情有 {count_emoji(shown)} 个，人设最多 {most_emoji} 个", "warning")
    if len(shown) > ADVISED_CHARACTERS:
        message = f"有 {len(shown)} 个字，建议 {ADVISED_CHARACTERS} 字以内"
        yield document.problem(path, message, "warning")


def _attachment_problems(document: Document, i: int, row: WelcomeRow, shelf: MediaShelf) -> Iterator[Problem]:
    here = ("welcomes", i)
    attached = row.attachments()
    if len(attached) > WELCOME_ATTACHMENTS:
        message = f"图片、卡片、视频、文件共 {len(attached)} 个，最多 {WELCOME_ATTACHMENTS} 个"
        yield document.problem(here, message)
    elif len(attached) > ADVISED_ATTACHMENTS:
        message = f"带了 {len(attached)} 个附件，建议 {ADVISED_ATTACHMENTS} 个以内"
        yield document.problem(here, message, "warning")
    for path, kind, where in row.media():
        if fault := shelf.fault(path, kind):
            yield document.problem((*here, *where), fault)
    for one in attached:
        for fault in welcome_problems("文字", [attachment(one, "media_id")]):
            yield document.problem((*here, one.kind), fault)
