"""Template cards: what is checked when one is sent, clicks, and response codes (official pages 90236, 90241, 94888)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.world.wire import ApiError, Ids, need

RESPONSE_CODE_SECONDS = 72 * 3600
BUTTONS_AT_MOST, SELECTS_AT_MOST, ROWS_AT_MOST, JUMPS_AT_MOST = 6, 3, 6, 3
_NOTICES = ("text_notice", "news_notice")
_WITH_CALLBACK = ("button_interaction", "vote_interaction", "multiple_interaction")
_TASK_ID = re.compile(r"[0-9A-Za-z_@-]{1,128}")
_LISTS = {
    "button_list": BUTTONS_AT_MOST,
    "select_list": SELECTS_AT_MOST,
    "horizontal_content_list": ROWS_AT_MOST,
    "jump_list": JUMPS_AT_MOST,
}


def check_card(card: Any) -> bool:
    """Refuse a card that WeCom would refuse (ApiError 42014–42020, 40035); True when it calls back."""
    need(isinstance(card, Mapping), 40035, "invalid parameter: template_card")
    kind = card.get("card_type")
    need(kind in _NOTICES + _WITH_CALLBACK, 40035, "invalid parameter: template_card.card_type")
    need(kind not in _NOTICES or card.get("card_action"), 40035, "invalid parameter: card_action is missing")
    for name, at_most in _LISTS.items():
        need(len(card.get(name) or []) <= at_most, 40035, f"invalid parameter: {name} has more than {at_most} items")
    calls_back = kind in _WITH_CALLBACK or bool(card.get("action_menu"))
    task_id = str(card.get("task_id", ""))
    need(_TASK_ID.fullmatch(task_id) if task_id or calls_back else True, 42014, "invalid task_id")
    return calls_back


@dataclass(slots=True)
class _ResponseCode:
    msgid: str
    issued_at: int
    used: bool = False


class ResponseCodes:
    """Each code changes a card once, within 72 hours."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._codes: dict[str, _ResponseCode] = {}

    def issue(self, msgid: str, at: int) -> str:
        code = self._ids.letters("", 32)
        self._codes[code] = _ResponseCode(msgid, at)
        return code

    def spend(self, code: object, at: int) -> str:
        """The msgid of the card. Raises ApiError 60140."""
        known = self._codes.get(str(code))
        if known is None or known.used or at >= known.issued_at + RESPONSE_CODE_SECONDS:
            raise ApiError(60140, "response_code invalid or expired")
        known.used = True
        return known.msgid


def click_fields(card: Mapping[str, Any], key: str, selected: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What template_card_event carries besides the response code."""
    items = [{"QuestionKey": question, "OptionIds": {"OptionId": list(ids)}} for question, ids in selected.items()]
    fields = {"EventKey": key, "TaskId": str(card.get("task_id", "")), "CardType": str(card["card_type"])}
    return fields | ({"SelectedItems": {"SelectedItem": items}} if items else {})


def replaced(card: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """The card after update_template_card: another card, or its buttons replaced by one text."""
    if "template_card" in body:
        check_card(body["template_card"])
        return dict(body["template_card"])
    button = body.get("button")
    need(isinstance(button, Mapping) and button.get("replace_name"), 40035, "invalid parameter: button.replace_name")
    return {**card, "replace_text": button["replace_name"]} if isinstance(button, Mapping) else dict(card)
