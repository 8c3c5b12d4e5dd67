"""A signed link opens its own page, for its own time, and nothing else."""

from __future__ import annotations

import string
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scrm.links import LinkRejected, Links, Purpose, sign, verify

KEY = b"k" * 32
NOW = 1_800_000_000
ALPHABET = string.ascii_letters + string.digits + "-_"

purposes = st.sampled_from(get_args(Purpose))
subjects = st.lists(st.text(st.characters(exclude_characters="\n", codec="utf-8")), min_size=1, max_size=4).map(tuple)


@given(purpose=purposes, subject=subjects, lives=st.integers(1, 10**9))
def test_a_link_says_what_was_signed(purpose: Purpose, subject: tuple[str, ...], lives: int) -> None:
    """Whatever the subject, it comes back whole until the last second of its time."""
    token = sign(KEY, purpose, subject, NOW + lives)
    assert verify(KEY, purpose, token, NOW + lives - 1) == subject
    with pytest.raises(LinkRejected, match="expired"):
        verify(KEY, purpose, token, NOW + lives)


@given(subject=subjects, data=st.data())
def test_a_link_with_one_changed_character_is_refused(subject: tuple[str, ...], data: st.DataObject) -> None:
    """Another spelling of the same bytes is refused as well."""
    token = sign(KEY, "survey", subject, NOW + 60)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from(ALPHABET.replace(token[place], "")))
    with pytest.raises(LinkRejected, match="bad"):
        verify(KEY, "survey", token[:place] + other + token[place + 1 :], NOW)


@given(made_for=purposes, shown_to=purposes, subject=subjects)
def test_a_link_opens_no_other_page(made_for: Purpose, shown_to: Purpose, subject: tuple[str, ...]) -> None:
    """The purpose is part of what is signed."""
    token = sign(KEY, made_for, subject, NOW + 60)
    if made_for == shown_to:
        assert verify(KEY, shown_to, token, NOW) == subject
    else:
        with pytest.raises(LinkRejected, match="bad"):
            verify(KEY, shown_to, token, NOW)


@given(st.text(max_size=200))
def test_garbage_is_refused_and_nothing_worse(token: str) -> None:
    """Any text at all may stand in an address."""
    with pytest.raises(LinkRejected, match="bad"):
        verify(KEY, "survey", token, NOW)


@pytest.mark.parametrize("spelling", ["{}=", "{}==", " {}", "{}\n", "{}A", "{}AAAA"])
def test_a_link_has_one_spelling(spelling: str) -> None:
    """Padding, blanks and more characters at the end make another token."""
    token = sign(KEY, "survey", ("wm-1",), NOW + 60)
    with pytest.raises(LinkRejected):
        verify(KEY, "survey", spelling.format(token), NOW)


def test_another_key_signs_other_links() -> None:
    """A changed key voids what was out."""
    token = sign(KEY, "survey", ("wm-1",), NOW + 60)
    with pytest.raises(LinkRejected, match="bad"):
        verify(b"j" * 32, "survey", token, NOW)


def test_parts_of_a_subject_cannot_run_into_each_other() -> None:
    """A line break would let one part pose as two."""
    with pytest.raises(ValueError, match="single lines"):
        sign(KEY, "survey", ("wm-1\nguide-lin",), NOW + 60)


def test_the_links_of_a_customer_and_of_a_guide() -> None:
    """Short enough for a welcome, each good for its own time."""
    links = Links("https://scrm.example", KEY, NOW)
    customer = "wm" + "x" * 30
    survey = links.survey(customer, "guide-lin", "newcomer")
    token = survey.removeprefix("https://scrm.example/s/")
    assert len(token) < 160
    assert verify(KEY, "survey", token, NOW + 30 * 86400 - 1) == (customer, "guide-lin", "newcomer")
    mine = links.preferences(customer).removeprefix("https://scrm.example/p/")
    assert verify(KEY, "preferences", mine, NOW + 300 * 86400) == (customer,)
    assert verify(KEY, "guide", links.guide_token(customer, "guide-lin"), NOW + 3600) == (customer, "guide-lin")
    assert customer not in survey and "k" * 32 not in repr(links)


def test_a_guides_link_is_counted_from_when_it_can_be_read() -> None:
    """Made at night it still lasts a working day; a guide's own is the same link within half an hour, and ends soon."""
    token = Links("", KEY, NOW).guide_token("wm-1", "guide-lin", NOW + 9 * 3600)
    assert verify(KEY, "guide", token, NOW + 21 * 3600 - 1) == ("wm-1", "guide-lin")
    with pytest.raises(LinkRejected, match="expired"):
        verify(KEY, "guide", token, NOW + 21 * 3600)
    step = NOW - NOW % 1800
    own = {Links("", KEY, step + seconds).member("guide-lin") for seconds in (0, 1, 1799)}
    assert len(own) == 1 and Links("", KEY, step + 1800).member("guide-lin") not in own
    with pytest.raises(LinkRejected, match="expired"):
        verify(KEY, "member", own.pop().removeprefix("/m/"), step + 2 * 3600)
