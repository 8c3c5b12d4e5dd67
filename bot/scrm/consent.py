"""What a customer agreed to, and what they do not want to hear of."""

from __future__ import annotations

from dataclasses import dataclass

WHERE_TO_CHOOSE = "哪类消息不想收，在这里选：{link}"
"""What a customer hears who wants to hear less."""

EVERYTHING = "全部"
"""The topic that stands for all."""

NO_MORE = "触达/不再推送"
REFUSED = "退订"
"""How guides see it in WeCom: a tag for everything, and a group with a tag for each topic."""


CUSTOMER = "customer"
"""Who says what they want themself; anybody else (`guide/<userid>`) notes what they heard."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person refused: topics of care.yaml, or EVERYTHING. What was never refused is wanted.

    own: what of it they refused themself; no guide takes that back for them.
    """

    refused: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()

    def opted_out(self, topic: str) -> bool:
        """Whether nothing about this topic may be sent."""
        return topic in self.refused or EVERYTHING in self.refused

    def own_word(self, topic: str) -> bool:
        """Whether only the customer can have it sent again."""
        return topic in self.own or EVERYTHING in self.own

    def hears(self, topic: str, *, wanted: bool, by: str) -> bool:
        """Whether `by` may say this: the customer anything, a guide what the customer did not say otherwise."""
        return by == CUSTOMER or (topic in self.refused - self.own if wanted else topic not in self.refused)

    def after(self, topic: str, *, wanted: bool, by: str = CUSTOMER) -> Preferences:
        """The preferences once this is said, too. Who wants everything again takes back each refusal of theirs."""
        mine = by == CUSTOMER
        if wanted and topic == EVERYTHING:
            return Preferences() if mine else Preferences(self.own, self.own)
        if wanted:
            return Preferences(self.refused - {topic}, self.own - {topic})
        return Preferences(self.refused | {topic}, self.own | {topic} if mine else self.own)


def tag_of(topic: str) -> str:
    """The tag "组/名" that tells guides of a refusal."""
    return NO_MORE if topic == EVERYTHING else f"{REFUSED}/{topic}"
