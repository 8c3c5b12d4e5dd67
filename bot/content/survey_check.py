"""What is wrong with surveys that no single value can know: tags, branches, types, and what a phone or a menu shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date

from bot.content.around import Around
from bot.content.surveys import BandRow, Files, QuestionRow, SurveyFile
from bot.scrm.persona import BRAND
from bot.scrm.survey.answers import forms
from bot.scrm.survey.run import CHOICES
from bot.scrm.taxonomy import Taxonomy
from bot.yamlfile import Document, Problem, did_you_mean
from bot.yamlfile.document import KeyPath

MOST_OPTIONS = 9
"""A kf menu has 10 lines (reference section 6.3), and one of them is 跳过."""

MOST_SAY, MOST_ASK, ADVISED_QUESTIONS, MOST_REMINDERS = 14, 40, 5, 2
KF_SECONDS = 48 * 3600
FIRST_MESSAGE_BYTES = 800
"""Of a kf menu's head (1,024 bytes, reference section 6.3); the rest is left for the greeting."""


def problems(files: Files, around: Around, offers: Collection[str] | None) -> Iterator[Problem]:
    """Everything wrong with the surveys, file by file. `offers`: their ids; None where they could not be read."""
    ids = Counter(file.id for _, file in files)
    for document, file in files:
        if ids[file.id] > 1:
            yield document.problem(("id",), f"“{file.id}”已经被另一份调研用了")
        yield from _file_problems(document, file, around)
        yield from _gift_problems(document, file, offers)
        for i, row in enumerate(file.questions):
            here: KeyPath = ("questions", i)
            yield from _question_problems(document, here, row)
            yield from _option_problems(document, here, row)
            yield from _band_problems(document, here, row)
        yield from _tag_problems(document, file, around)


def _file_problems(document: Document, file: SurveyFile, around: Around) -> Iterator[Problem]:
    ids = Counter(row.id for row in file.questions)
    for i, row in enumerate(file.questions):
        if ids[row.id] > 1:
            yield document.problem(("questions", i, "id"), f"“{row.id}”写了两次")
    if len(file.questions) > ADVISED_QUESTIONS:
        message = f"共 {len(file.questions)} 题，建议不超过 {ADVISED_QUESTIONS} 题"
        yield document.problem(("questions",), message, "warning")
    if len(file.remind) > MOST_REMINDERS:
        yield document.problem(("remind",), f"最多提醒 {MOST_REMINDERS} 次")
    elif list(file.remind) != sorted(set(file.remind)):
        yield document.problem(("remind",), "从早到晚写，不能重复")
    if any(span >= file.expires for span in file.remind):
        yield document.problem(("remind",), "提醒要在 expires 之前")
    if "客服" in file.surfaces and any(span >= KF_SECONDS for span in file.remind):
        yield document.problem(("remind",), "客服里 48 小时没说话就不能再发，提醒要早于 48小时")
    if (size := first_message_bytes(file)) > FIRST_MESSAGE_BYTES:
        message = f"开场、说明和问题合起来 {size:,} 字节，客服菜单只放得下 {FIRST_MESSAGE_BYTES}（一个汉字 3 字节）"
        yield document.problem(("intro",), message)
    yield from _word_problems(document, file, around.personas[BRAND].never_say if around.personas else ())
    yield from _who_problems(document, file, around)


def _gift_problems(document: Document, file: SurveyFile, offers: Collection[str] | None) -> Iterator[Problem]:
    if file.gift and offers is not None and file.gift not in offers:
        hint = did_you_mean(file.gift, offers)
        yield document.problem(("gift",), f"offers.yaml 里没有权益“{file.gift}”{hint}")


def _word_problems(document: Document, file: SurveyFile, never_say: Collection[str]) -> Iterator[Problem]:
    texts: list[tuple[KeyPath, str]] = [((key,), getattr(file, key)) for key in ("intro", "consent", "thanks")]
    texts += [(("questions", i, "ask"), row.ask) for i, row in enumerate(file.questions)]
    for path, text in texts:
        yield from (document.problem(path, f"用了人设禁用的词“{word}”") for word in never_say if word in text)


def _who_problems(document: Document, file: SurveyFile, around: Around) -> Iterator[Problem]:
    if file.who is None or around.channels is None:
        return
    receive = {userid for channel in around.channels.values() for userid in channel.userids}
    named = (("channels", "渠道", file.who.channels, around.channels), ("guides", "导购", file.who.guides, receive))
    for key, kind, wanted, there in named:
        for i, name in enumerate(wanted or ()):
            if name not in there:
                yield document.problem(("who", key, i), f"没有{kind}“{name}”{did_you_mean(name, there)}")


def _question_problems(document: Document, here: KeyPath, row: QuestionRow) -> Iterator[Problem]:
    if len(row.ask) > MOST_ASK:
        yield document.problem((*here, "ask"), f"有 {len(row.ask)} 个字，不超过 {MOST_ASK} 字")
    if row.type == "手机号" and not row.why:
        yield document.problem((*here, "type"), "手机号要写 why，告诉客户为什么要")
    if row.type in CHOICES and not row.options:
        yield document.problem((*here, "type"), f"{row.type}要写 options")
    if row.type not in CHOICES and row.options:
        yield document.problem((*here, "options"), f"{row.type}题没有选项，请删掉 options 或改成单选")
    if row.type not in CHOICES and not row.save and not row.bands:
        yield document.problem((*here, "type"), f"{row.type}的答案没有地方放，请写 save")


def _option_problems(document: Document, here: KeyPath, row: QuestionRow) -> Iterator[Problem]:
    count = len(row.options)
    if count > MOST_OPTIONS:
        yield document.problem((*here, "options"), f"{count} 个，客服菜单最多 {MOST_OPTIONS} 个")
    elif count == 1:
        yield document.problem((*here, "options"), "只有 1 个，至少 2 个")
    taken: dict[str, str] = {}
    for i, option in enumerate(row.options):
        if len(option.say) > MOST_SAY:
            yield document.problem((*here, "options", i, "say"), f"超过 {MOST_SAY} 字会被截断")
        for form in dict.fromkeys(forms(option.say, *option.also)):
            if form in taken:
                message = f"和“{taken[form]}”说法一样，客户打字时分不清"
                yield document.problem((*here, "options", i, "say"), message)
            taken.setdefault(form, option.say)


def _band_problems(document: Document, here: KeyPath, row: QuestionRow) -> Iterator[Problem]:
    if row.bands and row.type not in ("数字", "日期"):
        yield document.problem((*here, "bands"), "只有数字和日期能分段")
        return
    edges = [band.below for band in row.bands]
    for i, band in enumerate(row.bands):
        if not _fits(band, row, last=i == len(row.bands) - 1):
            want = "一个数字" if row.type == "数字" else "日期，例如 2000-01-01"
            yield document.problem((*here, "bands", i), f"below 要写{want}；只有最后一段可以不写")
            return
    known = [edge for edge in edges if edge is not None]
    if known != sorted(set(known)):
        yield document.problem((*here, "bands"), "要从小到大写")


def _fits(band: BandRow, row: QuestionRow, *, last: bool) -> bool:
    if band.below is None:
        return last
    if row.type == "数字":
        return isinstance(band.below, int | float)
    try:
        return isinstance(band.below, str) and date.fromisoformat(band.below).isoformat() == band.below
    except ValueError:
        return False


def _tag_problems(document: Document, file: SurveyFile, around: Around) -> Iterator[Problem]:
    if around.taxonomy is None:
        return
    for path, tag in _set_tags(file):
        yield from _settable(document, path, tag, around.taxonomy)
    for i, row in enumerate(file.questions):
        yield from _exclusive_problems(document, i, row, around.taxonomy)
        for path, tag in row.only_if.named() if row.only_if else ():
            yield from _unknown(document, ("questions", i, "only_if", *path), tag, around.taxonomy)
        yield from _reach_problems(document, i, file, around)
    for path, tag in file.who.named() if file.who else ():
        yield from _unknown(document, ("who", *path), tag, around.taxonomy)


def _set_tags(file: SurveyFile) -> Iterator[tuple[KeyPath, str]]:
    """Every tag that an answer sets, and where it stands."""
    for i, row in enumerate(file.questions):
        for j, option in enumerate(row.options):
            if option.tag:
                yield ("questions", i, "options", j, "tag"), option.tag
        for j, band in enumerate(row.bands):
            yield ("questions", i, "bands", j, "tag"), band.tag


def _settable(document: Document, path: KeyPath, tag: str, taxonomy: Taxonomy) -> Iterator[Problem]:
    group = taxonomy.group_of(tag)
    if group is None:
        yield from _unknown(document, path, tag, taxonomy)
    elif group.set_by == "人工":
        yield document.problem(path, f"“{group.name}”只由人工打，调研不能打")
    elif group.set_by == "系统":
        yield document.problem(path, f"“{group.name}”由系统打，调研不能打；请改 tags.yaml 的 set_by")


def _unknown(document: Document, path: KeyPath, tag: str, taxonomy: Taxonomy) -> Iterator[Problem]:
    known = [t.path for t in taxonomy.tags]
    if tag not in known:
        near = did_you_mean(tag, known).replace("是 ", "是“").replace("？", "”？")
        yield document.problem(path, f"没有“{tag}”{near}")


def _exclusive_problems(document: Document, i: int, row: QuestionRow, taxonomy: Taxonomy) -> Iterator[Problem]:
    groups = [taxonomy.group_of(option.tag) for option in row.options if option.tag]
    twice = [g.name for g, count in Counter(g for g in groups if g and g.pick == "单选").items() if count > 1]
    if row.type == "多选" and twice:
        yield document.problem(("questions", i, "type"), f"“{twice[0]}”是单选标签，多选题里只会留一个")


def _reach_problems(document: Document, i: int, file: SurveyFile, around: Around) -> Iterator[Problem]:
    """A branch whose tags nothing sets: neither another answer, nor a channel, nor somebody's hand alone."""
    row, taxonomy = file.questions[i], around.taxonomy
    if row.only_if is None or taxonomy is None:
        return
    by_channels = {tag for channel in (around.channels or {}).values() for tag in channel.tags}
    by_others = {tag for path, tag in _set_tags(file) if path[1] != i} | by_channels
    groups = {tag: taxonomy.group_of(tag) for _, tag in row.only_if.named()}
    reachable = {tag for tag, group in groups.items() if tag in by_others or group is None or group.set_by != "都可"}
    any_of, all_of = row.only_if.tags_any, row.only_if.tags_all
    missing = [t for t in all_of if t not in reachable] + ([] if set(any_of) & reachable else list(any_of))
    if missing:
        message = f"没有选项会打上“{'、'.join(missing)}”，这题永远不出现"
        yield document.problem(("questions", i, "only_if"), message)


def first_message_bytes(file: SurveyFile) -> int:
    """How long the longest first message in chat can get, without the greeting."""
    return max(len("\n".join((file.intro, file.consent, q.ask, q.why or "")).encode()) for q in file.questions)
