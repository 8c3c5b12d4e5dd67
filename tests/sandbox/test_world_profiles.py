"""Reading and annotating customers."""

from __future__ import annotations

import pytest

from sandbox.world.profiles import (
    BATCH_DEFAULT,
    BATCH_LIMIT,
    BATCH_USERS,
    COMPANY_CHARS,
    DESCRIPTION_CHARS,
    REMARK_CHARS,
)
from tests.sandbox.corp import Corp


def test_profile_has_the_documented_shape(corp: Corp) -> None:
    customer, _ = corp.adds(state="parcel", name="小满")
    answer = corp.ask("externalcontact/get", external_userid=customer)
    contact, (follow,) = answer["external_contact"], answer["follow_user"]
    assert (contact["external_userid"], contact["name"], contact["type"]) == (customer, "小满", 1)
    assert "unionid" not in contact
    assert (follow["userid"], follow["state"], follow["createtime"], follow["oper_userid"]) == (
        *("lihua", "parcel", corp.at),
        customer,
    )


def test_followers_come_five_hundred_a_page(corp: Corp) -> None:
    customer = ""
    for n in range(501):
        corp.world.add_member(f"m{n}", "某人")
        customer, _ = corp.adds(userid=f"m{n}", external_userid=customer or None)
    first = corp.ask("externalcontact/get", external_userid=customer)
    rest = corp.ask("externalcontact/get", external_userid=customer, cursor=first["next_cursor"])
    assert (len(first["follow_user"]), len(rest["follow_user"])) == (500, 1) and "next_cursor" not in rest


def test_unknown_people_have_their_codes(corp: Corp) -> None:
    assert corp.ask("externalcontact/get", external_userid="wmNobody")["errcode"] == 40096
    assert corp.ask("externalcontact/get")["errcode"] == 41035
    assert corp.ask("externalcontact/list", userid="nobody")["errcode"] == 60111
    assert corp.ask("externalcontact/list", userid="lihua")["errcode"] == 84061


def test_lists_name_customers_and_members(corp: Corp) -> None:
    customers = [corp.adds()[0] for _ in range(3)]
    assert corp.ask("externalcontact/list", userid="lihua")["external_userid"] == customers
    assert corp.ask("externalcontact/get_follow_user_list")["follow_user"] == ["lihua", "wangfang"]
    assert corp.ask("user/get", userid="LiHua")["name"] == "李华"


def test_batch_pages_skip_nobody_when_someone_leaves_between(corp: Corp) -> None:
    customers = [corp.adds(userid=u)[0] for u in ("lihua", "wangfang", "lihua", "wangfang", "lihua")]
    body = {"userid_list": ["lihua", "wangfang"], "limit": 2}
    first = corp.ask("externalcontact/batch/get_by_user", body)
    corp.world.relations.member_deletes(corp.at, userid="lihua", external_userid=customers[0])
    rest = corp.ask("externalcontact/batch/get_by_user", body | {"limit": 100, "cursor": first["next_cursor"]})
    seen = [
        c["external_contact"]["external_userid"] for c in first["external_contact_list"] + rest["external_contact_list"]
    ]
    assert seen == customers and rest["next_cursor"] == ""
    assert "tag_id" in first["external_contact_list"][0]["follow_info"]


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"userid_list": []}, 40035),
        ({"userid_list": ["lihua"] * (BATCH_USERS + 1)}, 40035),
        ({"userid_list": ["lihua"], "limit": BATCH_LIMIT + 1}, 40035),
        ({"userid_list": ["lihua"], "cursor": "x"}, 50100),
    ],
)
def test_bad_batches_are_refused(corp: Corp, body: dict[str, object], errcode: int) -> None:
    assert corp.ask("externalcontact/batch/get_by_user", body)["errcode"] == errcode


def test_batch_is_fifty_a_page_unless_asked(corp: Corp) -> None:
    for _ in range(BATCH_DEFAULT + 1):
        corp.adds()
    answer = corp.ask("externalcontact/batch/get_by_user", {"userid_list": ["lihua"]})
    assert len(answer["external_contact_list"]) == BATCH_DEFAULT and answer["next_cursor"]


def test_remark_is_written_without_a_callback_and_within_limits(corp: Corp) -> None:
    customer, _ = corp.adds()
    pair = {"userid": "lihua", "external_userid": customer}

    def remark(**fields: object) -> int:
        return int(corp.ask("externalcontact/remark", pair | fields)["errcode"])

    assert remark(remark="熟" * REMARK_CHARS, description="干" * DESCRIPTION_CHARS, remark_mobiles=["1"]) == 0
    assert remark(remark="熟" * (REMARK_CHARS + 1)) == remark(description="x" * (DESCRIPTION_CHARS + 1)) == 40058
    assert remark(remark_company="x" * (COMPANY_CHARS + 1)) == remark() == 40058
    assert remark(remark_mobiles=[""]) == 0
    (follow,) = corp.ask("externalcontact/get", external_userid=customer)["follow_user"]
    assert follow["remark"] == "熟" * REMARK_CHARS and follow["remark_mobiles"] == []
