"""kf accounts, links, servicers and customers."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.world.kf import SESSION_SECONDS
from sandbox.world.kf_accounts import BATCH_AT_MOST, LIST_LIMIT, NAME_CHARS, SCENE_BYTES
from tests.sandbox.corp import OTHER_AGENTID
from tests.sandbox.kf_corp import KfCorp


@pytest.fixture
def corp() -> KfCorp:
    """A corp with a kf account and a customer there."""
    return KfCorp()


def test_account_is_made_changed_listed_and_deleted(corp: KfCorp) -> None:
    """Its whole life through the API."""
    corp.ask("kf/account/update", {"open_kfid": corp.open_kfid, "name": "肤质小测"})
    (account,) = corp.ask("kf/account/list")["account_list"]
    assert (account["open_kfid"], account["name"], account["manage_privilege"]) == (corp.open_kfid, "肤质小测", True)
    assert corp.ask("kf/account/del", {"open_kfid": corp.open_kfid})["errcode"] == 0
    assert corp.ask("kf/account/list")["account_list"] == []
    assert corp.say()["errcode"] == 95004


def test_account_list_goes_page_by_page_by_get_or_post(corp: KfCorp) -> None:
    """offset and limit, in the body or in the query."""
    for n in range(LIST_LIMIT):
        corp.world.kf.add_account(f"账号{n}")
    assert len(corp.ask("kf/account/list", {"limit": LIST_LIMIT})["account_list"]) == LIST_LIMIT
    assert len(corp.ask("kf/account/list", {"offset": LIST_LIMIT})["account_list"]) == 1
    assert len(corp.ask("kf/account/list", offset="1", limit="3")["account_list"]) == 3
    assert corp.ask("kf/account/list", {"limit": LIST_LIMIT + 1})["errcode"] == 40035


def test_account_needs_a_short_name_and_an_avatar(corp: KfCorp) -> None:
    """95006 for the name, 40007 for the picture."""
    avatar = corp.media()["media_id"]
    assert corp.ask("kf/account/add", {"name": "测" * NAME_CHARS, "media_id": avatar})["errcode"] == 0
    assert corp.ask("kf/account/add", {"name": "测" * (NAME_CHARS + 1), "media_id": avatar})["errcode"] == 95006
    assert corp.ask("kf/account/add", {"media_id": avatar})["errcode"] == 95006
    assert corp.ask("kf/account/add", {"name": "小测", "media_id": "gone"})["errcode"] == 40007


def test_corp_has_so_many_accounts_at_most(corp: KfCorp, monkeypatch: pytest.MonkeyPatch) -> None:
    """95005."""
    monkeypatch.setattr("sandbox.world.kf_accounts.ACCOUNTS_AT_MOST", 1)
    body = {"name": "又一个", "media_id": corp.media()["media_id"]}
    assert corp.ask("kf/account/add", body)["errcode"] == 95005


@pytest.mark.parametrize(("open_kfid", "errcode"), [(None, 60251), ("kf123", 95000), ("wk_nobody", 95004)])
def test_unknown_account_has_its_codes(corp: KfCorp, open_kfid: str | None, errcode: int) -> None:
    """Missing, ill-formed, not there."""
    assert corp.ask("kf/add_contact_way", {"open_kfid": open_kfid})["errcode"] == errcode


def test_account_of_the_console_is_48007_until_it_is_handed_over(corp: KfCorp) -> None:
    """And no bell rings for it; handing over and taking back are told."""
    account = corp.world.kf.add_account("人工客服", granted=False)
    corp.bells()
    corp.enters(open_kfid=account.open_kfid)
    assert corp.bells() == []
    body = {"open_kfid": account.open_kfid}
    assert corp.ask("kf/add_contact_way", body)["errcode"] == 48007
    corp.world.kf.grant(account, corp.at, True)
    assert corp.ask("kf/add_contact_way", body)["errcode"] == 0
    corp.world.kf.grant(account, corp.at, False)
    added, removed = corp.bells()
    assert (added["FromUserName"], added["Event"], added["AuthAddOpenKfId"]) == (
        *("sys", "kf_account_auth_change"),
        account.open_kfid,
    )
    assert removed["AuthDelOpenKfId"] == account.open_kfid


def test_app_without_kf_is_48002(corp: KfCorp) -> None:
    """An app that is not on the list of 可调用接口的应用."""
    corp.world.apps.by_agentid(OTHER_AGENTID).kf = False
    assert corp.ask("kf/account/list", agentid=OTHER_AGENTID)["errcode"] == 48002


@pytest.mark.parametrize(
    ("scene", "errcode"),
    [("a-B_9", 0), ("", 0), ("x" * SCENE_BYTES, 0), ("x" * (SCENE_BYTES + 1), 40035), ("渠道", 40035), ("a b", 40035)],
)
def test_scene_of_a_link_is_short_and_plain(corp: KfCorp, scene: str, errcode: int) -> None:
    """Letters, digits, - and _, at most 32 bytes."""
    assert corp.ask("kf/add_contact_way", {"open_kfid": corp.open_kfid, "scene": scene})["errcode"] == errcode


def test_servicers_are_added_listed_and_removed(corp: KfCorp) -> None:
    """Each with a result of its own; status 0 is receiving."""
    body = {"open_kfid": corp.open_kfid, "userid_list": ["lihua", "nobody"], "department_id_list": [2]}
    results = corp.ask("kf/servicer/add", body)["result_list"]
    assert [r["errcode"] for r in results] == [0, 60111, 0]
    assert corp.ask("kf/servicer/add", body)["result_list"][0]["errmsg"] == "ignored"
    corp.world.kf_servicers.receives(corp.at, userid="lihua", open_kfid=corp.open_kfid, receives=False, paused=True)
    listed = corp.ask("kf/servicer/list", open_kfid=corp.open_kfid)["servicer_list"]
    assert listed == [{"userid": "lihua", "status": 1, "stop_type": 1}, {"department_id": 2}]
    removed = corp.ask("kf/servicer/del", {"open_kfid": corp.open_kfid, "userid_list": ["lihua", "wangfang"]})
    assert [r["errcode"] for r in removed["result_list"]] == [0, 60253]
    assert corp.ask("kf/servicer/list", open_kfid=corp.open_kfid)["servicer_list"] == [{"department_id": 2}]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"userid_list": ["a"] * (BATCH_AT_MOST + 1)},
        {"department_id_list": ["x"]},
        {"department_id_list": list(range(1, 22))},
    ],
)
def test_bad_servicers_are_refused(corp: KfCorp, body: dict[str, Any]) -> None:
    """Nobody, too many at once, not a number, too many departments."""
    assert corp.ask("kf/servicer/add", {"open_kfid": corp.open_kfid} | body)["errcode"] == 40035


def test_account_has_so_many_servicers_at_most(corp: KfCorp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting those it has."""
    monkeypatch.setattr("sandbox.world.kf_accounts.SERVICERS_AT_MOST", 1)
    corp.hires("lihua")
    body = {"open_kfid": corp.open_kfid, "userid_list": ["wangfang"]}
    assert corp.ask("kf/servicer/add", body)["errcode"] == 40035


def test_customers_are_read_in_batches_with_how_they_came(corp: KfCorp) -> None:
    """How they came within 48 hours; strangers, and who did nothing for 48 hours, are named as invalid."""
    corp.enters(external_userid=corp.customer, scene="parcel", scene_param="abc", name="小满")
    body = {"external_userid_list": [corp.customer, "wm_nobody"], "need_enter_session_context": 1}
    answer = corp.ask("kf/customer/batchget", body)
    (customer,) = answer["customer_list"]
    assert (customer["nickname"], answer["invalid_external_userid"]) == ("小满", ["wm_nobody"])
    assert customer["enter_session_context"] == {"scene": "parcel", "scene_param": "abc"}
    corp.at += SESSION_SECONDS - 1
    corp.writes()
    corp.at += 1
    (later,) = corp.ask("kf/customer/batchget", body)["customer_list"]
    assert "enter_session_context" not in later
    corp.at += SESSION_SECONDS
    assert corp.ask("kf/customer/batchget", body)["invalid_external_userid"] == [corp.customer, "wm_nobody"]
    too_many = {"external_userid_list": ["wm"] * (BATCH_AT_MOST + 1)}
    assert corp.ask("kf/customer/batchget", too_many)["errcode"] == 40035
    assert corp.ask("kf/customer/batchget", {})["errcode"] == 40035


def test_unionid_needs_a_bound_wechat_account(corp: KfCorp) -> None:
    """A binding of 微信客服's own."""
    corp.world.people.customers[corp.customer].unionid = "ox1"
    body = {"external_userid_list": [corp.customer]}
    assert "unionid" not in corp.ask("kf/customer/batchget", body)["customer_list"][0]
    corp.world.kf.wechat_bound = True
    assert corp.ask("kf/customer/batchget", body)["customer_list"][0]["unionid"] == "ox1"


def test_customer_of_a_member_has_the_same_id_in_kf(corp: KfCorp) -> None:
    """One corp, one external_userid for one person."""
    friend, _ = corp.adds(name="阿禾")
    corp.enters(external_userid=friend)
    answer = corp.ask("kf/customer/batchget", {"external_userid_list": [friend]})
    assert answer["customer_list"][0]["nickname"] == "阿禾"
