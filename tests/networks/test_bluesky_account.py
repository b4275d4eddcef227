"""Bluesky against the official PDS: who the account is, and how its session is kept."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from publisher.errors import AccountBlocked, Retry
from publisher.networks.bluesky_client import choose_server
from publisher.types import Identity
from tests.networks import bluesky
from tests.networks.bluesky import (
    GET,
    KEY,
    LOGIN,
    PART,
    PUT,
    REFRESH,
    Desk,
    expired,
    methods,
    texts,
)
from tests.peers.faults import answer, drop
from tests.peers.pds import Pds

desk = bluesky.desk


def test_wrong_password_blocks_the_channel_and_says_what_to_do(desk: Desk) -> None:
    desk.password = "wrong"
    with pytest.raises(AccountBlocked) as raised:
        desk.publish()
    assert raised.value.sentence == (
        "Bluesky did not accept the credentials of this channel. "
        "Enter new ones under Channels; further posts wait until then."
    )
    assert methods(desk) == [LOGIN]


@pytest.mark.parametrize(
    ("status", "name", "why"),
    [
        (401, "AccountTakedown", "bluesky.why_taken_down"),
        (401, "AuthFactorTokenRequired", "bluesky.why_app_password"),
        (400, "AccountDeactivated", "bluesky.why_deactivated"),
    ],
)
def test_account_that_bluesky_locked_is_blocked(desk: Desk, status: int, name: str, why: str) -> None:
    desk.proxy.fail(answer(status, json.dumps({"error": name, "message": "No."})), path=PUT)
    with pytest.raises(AccountBlocked) as raised:
        desk.publish()
    assert raised.value.key == "network.account_blocked"
    assert raised.value.params["why"] == sentence_of(why)
    assert methods(desk) == [PUT]


def sentence_of(key: str) -> str:
    from publisher.messages import sentence

    return sentence(key)


def test_deactivated_account_is_told_on_connecting(pds: Pds, desk: Desk) -> None:
    pds.post("com.atproto.server.deactivateAccount", {}, desk.account.token)
    with pytest.raises(AccountBlocked) as raised:
        desk.network.verify(desk.credentials, desk.save)
    assert raised.value.params["why"] == sentence_of("bluesky.why_deactivated")


def test_credentials_of_another_account_send_nothing(pds: Pds, desk: Desk) -> None:
    other = pds.create_account()
    with pytest.raises(AccountBlocked) as raised:
        desk.publish(account=Identity(id=other.did, handle=other.handle))
    assert raised.value.key == "bluesky.other_account"
    assert texts(pds, desk) == []


def test_verify_says_who_the_account_is(pds: Pds, desk: Desk) -> None:
    url = f"https://bsky.app/profile/{desk.account.handle}"
    bare = Identity(id=desk.account.did, handle=desk.account.handle, url=url)
    assert desk.network.verify(desk.credentials, desk.save) == bare
    profile = {"$type": "app.bsky.actor.profile", "displayName": "Press Office"}
    body = {"repo": desk.account.did, "collection": "app.bsky.actor.profile", "rkey": "self", "record": profile}
    pds.post("com.atproto.repo.putRecord", body, desk.account.token)
    assert desk.network.verify(desk.credentials, desk.save) == replace(bare, name="Press Office")


def test_verify_takes_name_and_avatar_from_the_network_where_it_can(desk: Desk) -> None:
    view = {"did": desk.account.did, "handle": desk.account.handle, "displayName": "A", "avatar": "https://b.eu/c.jpg"}
    desk.proxy.fail(answer(200, json.dumps(view)), path="getProfile")
    identity = desk.network.verify(desk.credentials, desk.save)
    assert (identity.name, identity.avatar) == ("A", "https://b.eu/c.jpg")


def test_session_is_kept_instead_of_signing_in_again(desk: Desk) -> None:
    desk.publish()
    desk.find()
    assert methods(desk) == [PUT, GET]


def test_all_calls_stay_on_the_server_that_was_entered(desk: Desk) -> None:
    # The DID document offers the PDS's own address; the proxy is what was entered.
    desk.session = ""
    desk.publish()
    assert methods(desk) == [LOGIN, PUT]


def test_old_access_token_is_refreshed_and_saved_before_use(pds: Pds, desk: Desk) -> None:
    desk.use_tokens(expired(desk.account.token), desk.account.refresh_token)
    seen_when_saved: list[list[str]] = []

    def save(fields: Mapping[str, str]) -> None:
        seen_when_saved.append(methods(desk))
        desk.save(fields)

    desk.network.publish(PART, desk.context(save=save), KEY)
    assert methods(desk) == [REFRESH, PUT]
    assert seen_when_saved == [[REFRESH]]
    desk.proxy.reset()
    desk.find()
    assert methods(desk) == [GET]


def test_lost_answer_to_a_refresh_sends_nothing(pds: Pds, desk: Desk) -> None:
    desk.use_tokens(expired(desk.account.token), desk.account.refresh_token)
    desk.proxy.fail(drop(after_forwarding=True), path=REFRESH)
    with pytest.raises(Retry):
        desk.publish()
    assert methods(desk) == [REFRESH]
    # The old refresh token is still good for a while.
    desk.publish()
    assert texts(pds, desk) == [PART.text]


def test_dead_session_signs_in_again_once(pds: Pds, desk: Desk) -> None:
    desk.use_tokens(expired(desk.account.token), expired(desk.account.refresh_token))
    desk.publish()
    assert methods(desk) == [REFRESH, LOGIN, PUT]
    assert texts(pds, desk) == [PART.text]


@pytest.mark.parametrize(("status", "name"), [(400, "ExpiredToken"), (400, "InvalidToken"), (401, "ExpiredToken")])
def test_token_rejected_at_the_write_signs_in_again_once(pds: Pds, desk: Desk, status: int, name: str) -> None:
    desk.proxy.fail(answer(status, json.dumps({"error": name, "message": "Token has expired"})), path=PUT)
    desk.publish()
    assert methods(desk) == [PUT, LOGIN, PUT]
    assert texts(pds, desk) == [PART.text]


def test_token_rejected_for_ever_never_loops(desk: Desk) -> None:
    desk.proxy.fail(answer(400, '{"error":"ExpiredToken","message":"Token has expired"}'), path=PUT, times=99)
    with pytest.raises(AccountBlocked) as raised:
        desk.publish()
    assert raised.value.key == "network.credentials"
    assert methods(desk) == [PUT, LOGIN, PUT]


def test_token_rejected_right_after_signing_in_is_not_tried_again(desk: Desk) -> None:
    desk.session = ""
    desk.proxy.fail(answer(400, '{"error":"InvalidToken","message":"No."}'), path=PUT, times=99)
    with pytest.raises(AccountBlocked):
        desk.publish()
    assert methods(desk) == [LOGIN, PUT]


def test_kept_session_that_cannot_be_read_is_replaced(pds: Pds, desk: Desk) -> None:
    desk.session = desk.session.partition(" ")[0] + " torn"
    desk.publish()
    assert methods(desk) == [LOGIN, PUT]


def test_token_that_the_server_never_gave_is_replaced(pds: Pds, desk: Desk) -> None:
    desk.use_tokens(desk.account.token[:-4] + "AAAA", desk.account.refresh_token)
    desk.publish()
    assert methods(desk) == [PUT, LOGIN, PUT]


def test_new_password_is_tried_though_a_session_is_kept(desk: Desk) -> None:
    desk.password = "mistyped"
    with pytest.raises(AccountBlocked):
        desk.network.verify(desk.credentials, desk.save)


def test_session_that_cannot_be_saved_is_not_used(pds: Pds, desk: Desk) -> None:
    def fail(_: Mapping[str, str]) -> None:
        raise OSError("disk full")

    desk.session = ""
    with pytest.raises(Retry) as raised:
        desk.network.publish(PART, desk.context(save=fail), KEY)
    assert raised.value.key == "bluesky.not_saved"
    assert texts(pds, desk) == []


@pytest.mark.parametrize(
    ("base_url", "offered", "chosen"),
    [
        ("https://bsky.social", "https://morel.us-east.host.bsky.network", "https://morel.us-east.host.bsky.network"),
        ("https://bsky.social", "http://10.0.0.1", "https://bsky.social"),
        ("https://bsky.social", None, "https://bsky.social"),
        ("https://pds.example.eu", "https://elsewhere.example", "https://pds.example.eu"),
        ("http://127.0.0.1:3000", "https://morel.us-east.host.bsky.network", "http://127.0.0.1:3000"),
    ],
)
def test_only_the_public_entryway_sends_accounts_elsewhere(base_url: str, offered: str | None, chosen: str) -> None:
    assert choose_server(base_url, offered) == chosen
