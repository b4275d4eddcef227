"""Connecting a Mastodon account: the form, who we are, what the server grants."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from publisher import errors
from publisher.messages import sentence
from publisher.networks.credentials import reveal
from publisher.networks.mastodon import Mastodon, MastodonCredentials
from publisher.types import Identity
from tests.peers.faults import Fault, answer, drop
from tests.peers.mastodon import MastodonServer, mastodon_server
from tests.peers.mastodon_dialects import GOTOSOCIAL, TAKAHE, Dialect

__all__ = ["mastodon_server"]

CASES = Path(__file__).parent / "cases" / "mastodon"
NETWORK = Mastodon()


def verify(server: MastodonServer, token: str = "") -> Identity:
    credentials = MastodonCredentials(base_url=server.url, access_token=token or server.token)
    saved: list[Any] = []
    identity = NETWORK.verify(credentials, saved.append)
    assert saved == []
    return identity


# --- the form ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entered", "base_url"),
    [
        ("https://mastodon.example", "https://mastodon.example"),
        (" https://Mastodon.Example/ ", "https://mastodon.example"),
        ("mastodon.example", "https://mastodon.example"),
        ("https://mastodon.example/@press", "https://mastodon.example"),
        ("https://mastodon.example:8443/about?x=1#y", "https://mastodon.example:8443"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://[::1]:3000/", "http://[::1]:3000"),
        ("http://localhost:3000", "http://localhost:3000"),
    ],
)
def test_base_url_is_brought_to_one_form(entered: str, base_url: str) -> None:
    assert MastodonCredentials(base_url=entered, access_token="tok").base_url == base_url


@pytest.mark.parametrize(
    "entered",
    [
        "",
        "http://mastodon.example",
        "ftp://mastodon.example",
        "https://",
        "https://press",
        "https://press:secret@mastodon.example",
        "https://mastodon example",
        "https://mastodon.example:port",
        "https://mastodon.example\\@evil.example",
        "http://127.0.0.1.evil.example",
        "javascript:alert(1)",
        "https://[::1",
    ],
)
def test_base_url_that_is_no_server_is_told_in_a_sentence(entered: str) -> None:
    with pytest.raises(ValidationError) as raised:
        MastodonCredentials(base_url=entered, access_token="tok")
    [problem] = raised.value.errors()
    assert problem["msg"] == "Value error, " + sentence("mastodon.base_url")


@pytest.mark.parametrize("entered", ["", "   ", "two words", "line\nbreak", "tökén"])
def test_access_token_that_is_none_is_not_repeated(entered: str) -> None:
    with pytest.raises(ValidationError) as raised:
        MastodonCredentials(base_url="https://mastodon.example", access_token=entered)
    [problem] = raised.value.errors(include_input=False)
    assert problem["msg"] == "Value error, " + sentence("mastodon.token")
    assert not entered.strip() or entered not in str(raised.value)


def test_access_token_is_trimmed_and_hidden() -> None:
    credentials = MastodonCredentials(base_url="https://mastodon.example", access_token=" tok-1 ")
    revealed = {"base_url": "https://mastodon.example", "access_token": "tok-1", "visibility": "public"}
    assert reveal(credentials) == revealed
    assert "tok-1" not in repr(credentials)
    assert MastodonCredentials.model_validate(revealed) == credentials


def test_visibility_is_one_that_an_institution_may_use() -> None:
    with pytest.raises(ValidationError):
        MastodonCredentials.model_validate(
            {"base_url": "https://m.example", "access_token": "t", "visibility": "direct"}
        )


# --- who we are -------------------------------------------------------------------------------


def test_verify_tells_the_account_and_the_limits(mastodon_server: MastodonServer) -> None:
    assert verify(mastodon_server) == Identity(
        id=mastodon_server.account_id,
        handle="press@social.example",
        name="Press Office",
        url=f"{mastodon_server.url}/@press",
        avatar=f"{mastodon_server.url}/avatar.png",
        limits={
            "text": 500,
            "url_length": 23,
            "images": 4,
            "image_bytes": 16 * 1024 * 1024,
            "image_side": 5760,
            "videos": 1,
            "video_bytes": 103_809_024,
            "video_pixels": 8_294_400,
            "video_frames": 120,
            "alt": 1500,
        },
        data={"software": "mastodon"},
    )


def test_verify_asks_a_server_without_instance_twice_and_no_more(mastodon_server: MastodonServer) -> None:
    mastodon_server.dialect = Dialect(instance=(), trailing_slash=False)
    identity = verify(mastodon_server)
    assert identity.limits == {}
    assert identity.handle == f"press@{mastodon_server.url.removeprefix('http://')}"
    asked = [request.path for request in mastodon_server.requests if "instance" in request.path]
    assert asked == ["/api/v2/instance", "/api/v1/instance"]


@pytest.mark.parametrize("case", json.loads((CASES / "limits.json").read_text()), ids=lambda case: case["name"])
def test_verify_reads_limits_as(mastodon_server: MastodonServer, case: dict[str, Any]) -> None:
    mastodon_server.dialect = Dialect(software=case.get("software", "mastodon"))
    mastodon_server.fail(answer(200, json.dumps(case["instance"])), path="/api/v2/instance", method="GET")
    assert verify(mastodon_server).limits == case["limits"]


# --- what stands against it -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scopes", "missing"),
    [
        (["read"], "write:statuses, write:media"),
        (["read", "write:statuses"], "write:media"),
        (["profile", "write"], "read:statuses"),
    ],
)
def test_verify_names_the_scopes_that_are_missing(
    mastodon_server: MastodonServer, scopes: list[str], missing: str
) -> None:
    mastodon_server.scopes = scopes
    with pytest.raises(errors.AccountBlocked) as raised:
        verify(mastodon_server)
    assert (raised.value.key, raised.value.params) == ("mastodon.scopes", {"missing": missing})


def test_verify_without_leave_to_read_the_account(mastodon_server: MastodonServer) -> None:
    mastodon_server.scopes = ["write:statuses", "write:media"]
    with pytest.raises(errors.AccountBlocked) as raised:
        verify(mastodon_server)
    assert (raised.value.key, raised.value.params) == ("mastodon.scopes", {"missing": "read:accounts"})


@pytest.mark.parametrize("scopes", [["read", "write"], ["profile", "read:statuses", "write:statuses", "write:media"]])
def test_verify_is_content_with_whole_or_fine_scopes(mastodon_server: MastodonServer, scopes: list[str]) -> None:
    mastodon_server.scopes = scopes
    assert verify(mastodon_server).id == mastodon_server.account_id


def test_verify_of_a_server_that_does_not_tell_scopes(mastodon_server: MastodonServer) -> None:
    mastodon_server.dialect = GOTOSOCIAL
    mastodon_server.scopes = ["read"]
    assert verify(mastodon_server).id == mastodon_server.account_id


@pytest.mark.parametrize("dialect", [Dialect(), TAKAHE], ids=["401", "400"])
def test_verify_with_a_wrong_token(mastodon_server: MastodonServer, dialect: Dialect) -> None:
    mastodon_server.dialect = dialect
    with pytest.raises(errors.AccountBlocked) as raised:
        verify(mastodon_server, token="wrong")
    assert raised.value.key == "network.credentials"


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (answer(200, "<html>A blog</html>"), "mastodon.not_a_server"),
        (answer(404, "<html>Not found</html>"), "mastodon.not_a_server"),
        (answer(200, "[]"), "mastodon.not_a_server"),
        (answer(200, '{"hello": "world"}'), "mastodon.not_a_server"),
        (answer(301, headers={"Location": "https://elsewhere.example"}), "mastodon.moved"),
        (answer(503, "<html>Maintenance</html>"), "network.unavailable"),
        (drop(after_forwarding=False), "network.unreachable"),
    ],
)
def test_verify_of_something_else_than_a_server(mastodon_server: MastodonServer, fault: Fault, key: str) -> None:
    mastodon_server.fail(fault, path="/verify_credentials", method="GET")
    with pytest.raises(errors.Retry) as raised:
        verify(mastodon_server)
    assert raised.value.key == key


def test_verify_keeps_limits_it_cannot_read_for_the_moment(mastodon_server: MastodonServer) -> None:
    mastodon_server.fail(answer(502, "<html>"), path="/api/v2/instance", method="GET")
    with pytest.raises(errors.Retry):
        verify(mastodon_server)
