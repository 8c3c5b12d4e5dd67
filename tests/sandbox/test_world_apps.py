"""Tokens, secrets and trusted addresses."""

from __future__ import annotations

import pytest

from sandbox.world.apps import IP_BLOCK_SECONDS, TOKEN_SECONDS, WRONG_SECRETS_ALLOWED
from sandbox.world.wire import ApiError
from tests.sandbox.corp import AGENTID, CORPID, OTHER_AGENTID, Corp


def gettoken(corp: Corp, secret: str, corpid: str = CORPID) -> int | str:
    try:
        query = {"corpid": corpid, "corpsecret": secret}
        return str(corp.world.answer("gettoken", at=corp.at, ip="10.0.0.9", query=query, body={})["access_token"])
    except ApiError as error:
        return error.errcode


def test_token_stays_the_same_while_valid_and_each_app_has_its_own(corp: Corp) -> None:
    first = corp.token()
    corp.at += TOKEN_SECONDS - 1
    assert corp.token() == first != corp.token(OTHER_AGENTID)
    corp.at += 1
    assert corp.token() != first


def call_with(corp: Corp, token: str, ip: str = "127.0.0.1") -> int:
    try:
        corp.world.answer("getcallbackip", at=corp.at, ip=ip, query={"access_token": token}, body={})
    except ApiError as error:
        return error.errcode
    return 0


def test_expired_token_is_42001_and_an_unknown_one_40014(corp: Corp) -> None:
    token = corp.token()
    assert call_with(corp, token) == 0
    corp.at += TOKEN_SECONDS
    assert call_with(corp, token) == 42001
    assert call_with(corp, "made-up") == 40014
    assert call_with(corp, "") == 40014


@pytest.mark.parametrize("errcode", [40014, 42001])
def test_revoked_token_is_refused_and_replaced(corp: Corp, errcode: int) -> None:
    token = corp.token()
    corp.world.apps.revoke(AGENTID, errcode)
    assert call_with(corp, token) == errcode
    assert corp.token() != token
    assert call_with(corp, corp.token()) == 0


def test_wrong_secret_and_wrong_corp_are_named(corp: Corp) -> None:
    assert gettoken(corp, "nonsense") == 40001
    assert gettoken(corp, f"secret{AGENTID}", "ww_other") == 40013


def test_repeated_wrong_secrets_block_the_ip_for_an_hour(corp: Corp) -> None:
    for _ in range(WRONG_SECRETS_ALLOWED):
        assert gettoken(corp, "nonsense") == 40001
    assert gettoken(corp, f"secret{AGENTID}") == 45009
    corp.at += IP_BLOCK_SECONDS
    assert isinstance(gettoken(corp, f"secret{AGENTID}"), str)


def test_untrusted_ip_is_60020(corp: Corp) -> None:
    assert call_with(corp, corp.token(), ip="10.0.0.9") == 60020


def test_app_without_customer_contact_is_48002(corp: Corp) -> None:
    corp.world.apps.by_agentid(AGENTID).customer_contact = False
    assert corp.ask("externalcontact/get_follow_user_list")["errcode"] == 48002
    assert corp.ask("user/get", userid="lihua")["errcode"] == 0
