"""Words, patterns, contexts, voices, proof and time: what counts as a hit, and what a hit says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.scrm.lint import Claim, Linter, Taboo, WordClass
from bot.scrm.lint.search import NEAR
from bot.scrm.period import Period
from bot.scrm.persona import Persona

ARTICLE = "《广告法》第九条"


def taboo(*words: str, **more: object) -> Taboo:
    return Taboo(**({"family": "绝对化", "article": ARTICLE, "rewrite": "换一个", "words": words} | more))  # type: ignore[arg-type]


def voice(**more: object) -> Persona:
    return Persona(id="x", name="小禾", role="顾问", voice="短", **more)  # type: ignore[arg-type]


def found(linter: Linter, text: str, persona: Persona | None = None, at: int | None = None) -> list[str]:
    return [hit.found for hit in linter.hits(text, persona, at=at)]


def test_a_hit_shows_what_was_written_and_what_to_write() -> None:
    """As written, with its place, the article and the rewrite."""
    (hit,) = Linter([taboo("最好")]).hits("这是最 好的")
    assert (hit.start, hit.end, hit.found) == (2, 5, "最 好")
    assert (hit.family, hit.severity, hit.article, hit.rewrite) == ("绝对化", "refuse", ARTICLE, "换一个")


def test_the_longest_word_speaks() -> None:
    """Once, not for each of its parts; a refusal before advice."""
    linter = Linter([taboo("第一"), taboo("第一品牌"), taboo("品牌之王", severity="warn")])
    assert found(linter, "第一品牌之王，第一") == ["第一品牌", "第一"]


def test_a_context_means_it_otherwise() -> None:
    """Written around the word, or with ~ for it; another place in the same text still counts."""
    linter = Linter([taboo("最好", contexts=("最好(先|别)", "心情…~")), taboo("治疗", contexts=("(不|不能)~",))])
    assert found(linter, "最好先停，心情会最好，它最好") == ["最好"]
    assert linter.hits("它最好")[0].start == 1
    assert found(linter, "不能治疗，能治疗") == ["治疗"]


def test_a_waived_word_does_not_hide_a_shorter_one() -> None:
    """Contexts are looked at before the longest is chosen."""
    linter = Linter([taboo("最好用", contexts=("~温水",)), taboo("最好")])
    assert found(linter, "最好用温水") == ["最好"]


def test_a_pattern_skips_inside_a_clause_only() -> None:
    """… stays in the clause, …… in the sentence."""
    linter = Linter([taboo(pattern="转发…领取"), taboo(pattern="分享……红包")])
    assert found(linter, "转发这条领取") == ["转发这条领取"]
    assert found(linter, "转发这条，领取") == []
    assert found(linter, "分享一下，有红包") == ["分享一下，有红包"]
    assert found(linter, "分享一下。有红包") == []


TURN = WordClass(name="转", words=("转发", "转一下"))
GAIN = WordClass(name="得", words=("红包", "转发奖"), pattern="送[0-9]个")
DENIED = WordClass(name="没有", words=("没有奖", "不用转"))


def test_classes_said_together() -> None:
    """One word of each, in any order, in one sentence; a question belongs to what follows it."""
    linter = Linter([taboo(together=(TURN, GAIN))])
    assert found(linter, "转发给朋友，得红包") == ["转发给朋友，得红包"]
    assert found(linter, "想要红 包吗？转 一下") == ["红 包吗？转 一下"]
    assert found(linter, "转发这条送3个") == ["转发这条送3个"]
    assert found(linter, "转发一下。有红包") == []
    assert found(linter, "红包") == []


def test_a_class_beside_any_one_of_others() -> None:
    """Many pairs in one row; each of the two may bring a clause of its own."""
    linter = Linter([taboo(together=(TURN,), any_of=(GAIN, DENIED), reach=10)])
    assert found(linter, "转发得红包") == ["转发得红包"]
    assert found(linter, "没有奖，也转发") == ["没有奖，也转发"]
    assert found(linter, "转发，好了，红包") == []
    assert found(linter, "红包没有奖") == []
    assert found(linter, "转发") == []


def test_one_word_does_not_count_twice() -> None:
    """What is said once is not said together."""
    linter = Linter([taboo(together=(TURN, GAIN))])
    assert found(linter, "转发奖") == []
    assert found(linter, "转发奖，转发") == ["转发奖，转发"]


def test_what_is_said_far_apart_is_not_said_together() -> None:
    """From the first character to the last."""
    linter = Linter([taboo(together=(TURN, GAIN), reach=8)])
    assert found(linter, "转发一二三四红包") == ["转发一二三四红包"]
    assert found(linter, "转发一二三四五红包") == []


def test_a_word_near_by_means_it_otherwise() -> None:
    """In the same sentence, and not far away."""
    linter = Linter([taboo("集赞", together=(TURN, GAIN), without=(DENIED,))])
    assert found(linter, "转发没有红包，也没有奖") == []
    assert found(linter, "不用转，集赞是违规的") == []
    assert found(linter, "集赞。不用转") == ["集赞"]
    assert found(linter, "集赞，" + "好" * NEAR + "不用转") == ["集赞"]


def test_each_class_may_bring_a_clause_of_its_own() -> None:
    """What has a clause of other things between is only said one after another; a question goes with its answer."""
    linter = Linter([taboo(together=(TURN, GAIN))])
    assert found(linter, "转发，红包") == ["转发，红包"]
    assert found(linter, "转发，好了，红包") == []
    assert found(linter, "转发，好吗？红包") == ["转发，好吗？红包"]
    three = Linter([taboo(together=(TURN, GAIN, DENIED))])
    assert found(three, "转发，红包，没有奖") == ["转发，红包，没有奖"]


def test_what_is_quoted_is_only_spoken_of() -> None:
    """A class for quotations excuses what stands in quotation marks, at least in part, and nothing else."""
    named = WordClass(name="提到", words=("这个词", "划掉"), quoted=True)
    linter = Linter([taboo("最好", without=(named,)), taboo(together=(TURN, GAIN), without=(named,))])
    assert found(linter, "“最好”这个词不行") == []
    assert found(linter, "「最 好」划掉") == []
    assert found(linter, "“转发”划掉，没有红包") == []
    assert found(linter, "最好，“好”这个词") == ["最好"]
    assert found(linter, "它“最好”") == ["最好"]
    assert found(linter, "“它最好。划掉”") == ["最好"]


@given(st.text(alphabet="转发一下红包送3个。，？ ", max_size=60), st.integers(2, 30))
def test_said_together_is_short_and_of_one_sentence(text: str, reach: int) -> None:
    """Whatever the text."""
    for hit in Linter([taboo(together=(TURN, GAIN), reach=reach)]).hits(text):
        assert len(hit.found.replace(" ", "")) <= reach and "。" not in hit.found


def test_other_readings_are_found_where_they_stand() -> None:
    """Syllables for characters, and signs between single characters."""
    linter = Linter([taboo("转发", "消炎杀菌")])
    assert found(linter, "帮我zhuan发，消、炎、杀、菌") == ["zhuan发", "消、炎、杀、菌"]
    assert found(linter, "消，炎") == []


def test_words_that_a_voice_forbids_itself() -> None:
    """Named after the voice; others may say them."""
    hits = Linter().hits("亲 亲，上新", voice(never_say=("亲亲",)))
    assert [(hit.found, hit.article) for hit in hits] == [("亲 亲", "人设“小禾”的 never_say")]
    assert Linter().hits("亲亲", voice()) == ()


def test_several_voices_are_asked_at_once() -> None:
    """Each gets what it would get alone."""
    white = Claim(name="美白", taboo=taboo("美白", claim="美白"), proof="文献")
    linter = Linter([taboo("亲测", experience="不自称使用者"), taboo("最好")], [white])
    real = voice(experience="仅本人真实体验", may_claim=("美白",), never_say=("亲亲",))
    voices = (None, voice(), real, voice(never_say=("上新",)))
    text = "亲亲，亲测最好，美白，上新"
    assert linter.hits_of_each(text, voices) == tuple(linter.hits(text, one) for one in voices)
    assert len({linter.hits(text, one) for one in voices}) == len(voices)


def test_an_effect_needs_proof_and_a_voice_that_may_say_it() -> None:
    """Both; without a voice, proof alone."""
    white = Claim(name="美白", taboo=taboo("美白", claim="美白"))
    moist = Claim(name="保湿", taboo=taboo("保湿", claim="保湿"), proof="文献", valid=Period(None, 100))
    linter = Linter(claims=[white, moist])
    both = voice(may_claim=("美白", "保湿"))
    assert found(linter, "保湿美白", both) == ["美白"]
    assert found(linter, "保湿", voice()) == ["保湿"]
    assert found(linter, "保湿") == []
    assert (found(linter, "保湿", both, 99), found(linter, "保湿", both, 100)) == ([], ["保湿"])


def test_a_rule_of_the_platform_holds_from_its_day_on() -> None:
    """And until its end."""
    linter = Linter([taboo("集赞", valid=Period(100, 200))])
    assert [bool(found(linter, "集赞", None, at)) for at in (99, 100, 199, 200)] == [False, True, True, False]


def test_only_a_made_up_voice_has_used_nothing() -> None:
    """A real person may tell what they went through."""
    linter = Linter([taboo("亲测", experience="不自称使用者")])
    assert found(linter, "亲测", voice()) == ["亲测"]
    assert found(linter, "亲测", voice(experience="仅本人真实体验")) == []


def test_prices_belong_into_offers() -> None:
    """There, and nowhere else."""
    linter = Linter([taboo("半价", offers_may=True)])
    assert linter.hits("半价") and not linter.hits("半价", in_offer=True)


def test_an_empty_linter_finds_nothing() -> None:
    """No lists, no hits."""
    assert Linter().hits("最好") == ()
