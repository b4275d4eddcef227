"""X's transport: timeouts on every call, what left and what did not, OAuth 2.0 renewal, and no secret anywhere."""

import io
import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from publisher import errors
from publisher.networks.x import X
from publisher.types import Media, Part, Receipt
from tests.peers import x as double
from tests.peers.faults import answer, drop, hang
from tests.peers.x import XServer, context_for
from tests.ports import free_port

x_server = double.x_server

TEXT = "A statement. https://example.eu/statement"
PICTURE = Part(text=TEXT, media=(Media(sha256="a", alt="A field"),))
OVER = timedelta(seconds=-1)


def image() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (20, 10), "navy").save(buffer, "PNG")
    return buffer.getvalue()


# --- what left, and what did not ---------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_nothing_left_where_nobody_listens(x_server: XServer, scheme: str) -> None:
    fields = {**x_server.oauth1_fields(), "base_url": f"{scheme}://127.0.0.1:{free_port()}"}
    with pytest.raises(errors.Retry) as caught:
        X(timeout=5).publish(Part(text=TEXT), context_for(fields), "hash:0")
    assert caught.value.key == "network.unreachable"


def test_nothing_left_where_tls_fails(x_server: XServer) -> None:
    fields = {**x_server.oauth1_fields(), "base_url": x_server.url.replace("http:", "https:")}
    with pytest.raises(errors.Retry) as caught:
        X(timeout=5).publish(Part(text=TEXT), context_for(fields), "hash:0")
    assert caught.value.key == "network.unreachable"
    assert "SSL" in caught.value.diagnostic


@pytest.mark.parametrize("host", ["a..b", "x_" + "a" * 70])
def test_nothing_left_where_the_name_leads_nowhere(x_server: XServer, host: str) -> None:
    fields = {**x_server.oauth1_fields(), "base_url": f"http://{host}"}
    with pytest.raises(errors.Retry):
        X(timeout=5).publish(Part(text=TEXT), context_for(fields), "hash:0")


CALLS: dict[str, tuple[str, str, Callable[[X, Any], object], type[errors.NetworkError]]] = {
    "post": ("POST", "/2/tweets", lambda x, context: x.publish(Part(text=TEXT), context, "k"), errors.Uncertain),
    "upload": ("POST", "/2/media/upload", lambda x, context: x.publish(PICTURE, context, "k"), errors.Retry),
    "state": ("GET", "/2/media/upload", lambda x, context: x.publish(PICTURE, context, "k"), errors.Retry),
    "alt": ("POST", "/2/media/metadata", lambda x, context: x.publish(PICTURE, context, "k"), errors.Retry),
    "find": ("GET", "/tweets", lambda x, context: x.find(Part(text=TEXT), context, "k"), errors.Retry),
    "verify": ("GET", "/2/users/me", lambda x, context: x.verify(context.credentials, context.save), errors.Retry),
    "delete": ("DELETE", "", lambda x, context: x.delete(Receipt(id="17", url=""), context), errors.Retry),
    "renew": ("POST", "/2/oauth2/token", lambda x, context: x.publish(Part(text=TEXT), context, "k"), errors.Retry),
}


@pytest.mark.parametrize("call", CALLS)
def test_every_call_has_a_timeout(x_server: XServer, call: str) -> None:
    method, path, act, error = CALLS[call]
    x_server.processing_looks = 1
    x_server.fail(hang(), method=method, path=path)
    context = context_for(x_server.oauth2_fields(lifetime=OVER), load=lambda media: image())
    with pytest.raises(error) as caught:
        act(X(timeout=0.1), context)
    assert "Timeout" in caught.value.diagnostic
    assert x_server.posts == []


# --- OAuth 2.0 ---------------------------------------------------------------------------------------------------


def tokens_used(server: XServer) -> list[str]:
    return [request.headers["authorization"].removeprefix("Bearer ") for request in server.sent("POST /2/tweets")]


@pytest.mark.parametrize("public", [False, True])
def test_an_expired_token_is_renewed_and_saved_before_it_is_used(x_server: XServer, public: bool) -> None:
    fields = x_server.oauth2_fields(lifetime=OVER, public=public)
    saved: list[Mapping[str, str]] = []

    def save(fields: Mapping[str, str]) -> None:
        assert [request.call for request in x_server.requests] == ["POST /2/oauth2/token"]
        saved.append(fields)

    X().publish(Part(text=TEXT), context_for(fields, save=save), "hash:0")
    [pair] = saved
    assert tokens_used(x_server) == [pair["oauth2_access_token"]]
    assert {pair["oauth2_refresh_token"]} == x_server.refresh_tokens
    ends = datetime.fromisoformat(pair["oauth2_expires_at"])
    assert abs(ends - x_server.access_tokens[pair["oauth2_access_token"]]) < timedelta(seconds=10)


def test_a_public_client_names_itself_in_the_body_and_sends_no_password(x_server: XServer) -> None:
    fields = x_server.oauth2_fields(lifetime=OVER, public=True)
    X().publish(Part(text=TEXT), context_for(fields), "hash:0")
    [request] = x_server.sent("POST /2/oauth2/token")
    assert "authorization" not in request.headers
    assert request.body.decode() == (
        f"grant_type=refresh_token&refresh_token={fields['oauth2_refresh_token']}&client_id=double-client-id"
    )


def test_a_token_that_x_took_back_is_renewed_once(x_server: XServer) -> None:
    fields = x_server.oauth2_fields()
    x_server.access_tokens.clear()
    X().publish(Part(text=TEXT), context_for(fields), "hash:0")
    assert [request.call for request in x_server.requests] == [
        "POST /2/tweets",
        "POST /2/oauth2/token",
        "POST /2/tweets",
    ]
    assert len(x_server.posts) == 1


def test_a_token_that_is_refused_twice_blocks_the_account(x_server: XServer) -> None:
    x_server.fail(answer(401, '{"title": "Unauthorized"}'), path="/2/tweets", times=9)
    with pytest.raises(errors.AccountBlocked) as caught:
        X().publish(Part(text=TEXT), context_for(x_server.oauth2_fields()), "hash:0")
    assert caught.value.key == "network.credentials"
    assert len(x_server.sent("POST /2/tweets")) == 2
    assert len(x_server.sent("POST /2/oauth2/token")) == 1


def test_oauth1_renews_nothing(x_server: XServer) -> None:
    x_server.access_token_secret = "another"
    fields = {**x_server.oauth1_fields(), "access_token_secret": "an-old-one"}
    with pytest.raises(errors.AccountBlocked):
        X().publish(Part(text=TEXT), context_for(fields), "hash:0")
    assert len(x_server.requests) == 1


def test_many_at_once_spend_the_refresh_token_once(x_server: XServer) -> None:
    context_fields = x_server.oauth2_fields(lifetime=OVER)
    outcomes: list[object] = []
    saved: list[str] = []

    def send(number: int) -> None:
        context = context_for(context_fields, save=lambda fields: saved.append(fields["oauth2_access_token"]))
        try:
            outcomes.append(type(X().publish(Part(text=f"Post {number}"), context, "hash:0")))
        except errors.NetworkError as error:
            outcomes.append(error)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [Receipt] * 8
    assert len(x_server.sent("POST /2/oauth2/token")) == 1
    assert set(saved) == set(tokens_used(x_server)) == {saved[0]}


def test_credentials_read_before_a_renewal_are_still_good_after_it(x_server: XServer) -> None:
    """The second caller got its context before the first one renewed."""
    fields = x_server.oauth2_fields(lifetime=OVER)
    for number in range(3):
        X().publish(Part(text=f"Post {number}"), context_for(fields), "hash:0")
    assert len(x_server.sent("POST /2/oauth2/token")) == 1


def test_a_pair_that_could_not_be_saved_is_not_used_and_not_lost(x_server: XServer) -> None:
    fields = x_server.oauth2_fields(lifetime=OVER)

    def full(fields: Mapping[str, str]) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(errors.Retry) as caught:
        X().publish(Part(text=TEXT), context_for(fields, save=full), "hash:0")
    assert caught.value.key == "network.x_tokens_unsaved"
    assert x_server.sent("POST /2/tweets") == []
    saved: dict[str, str] = {}
    X().publish(Part(text=TEXT), context_for(fields, save=saved.update), "hash:0")
    assert len(x_server.sent("POST /2/oauth2/token")) == 1
    assert tokens_used(x_server) == [saved["oauth2_access_token"]]


@pytest.mark.parametrize(
    ("fault", "error", "key"),
    [
        (drop(after_forwarding=False), errors.Retry, "network.unreachable"),
        (answer(503, "<html>"), errors.Retry, "network.unavailable"),
        (answer(403, "<html>"), errors.Retry, "network.unavailable"),
        (answer(200, ""), errors.Retry, "network.unavailable"),
        (answer(200, '{"refresh_token": "half-a-pair"}'), errors.Retry, "network.unavailable"),
        (answer(429, ""), errors.RateLimited, "network.rate_limited"),
        (answer(400, '{"error": "invalid_request"}'), errors.AccountBlocked, "network.credentials"),
        (answer(401, '{"error": "unauthorized_client"}'), errors.AccountBlocked, "network.credentials"),
    ],
)
def test_a_renewal_that_fails_posts_nothing(
    x_server: XServer, fault: Any, error: type[errors.NetworkError], key: str
) -> None:
    x_server.fail(fault, path="/2/oauth2/token")
    saved: list[Mapping[str, str]] = []
    context = context_for(x_server.oauth2_fields(lifetime=OVER), save=saved.append)
    with pytest.raises(error) as caught:
        X().publish(Part(text=TEXT), context, "hash:0")
    assert caught.value.key == key
    assert "half-a-pair" not in str(caught.value)
    assert (x_server.posts, saved) == ([], [])


def test_a_refresh_token_that_somebody_else_spent_blocks_the_account(x_server: XServer) -> None:
    fields = x_server.oauth2_fields(lifetime=OVER)
    x_server.refresh_tokens.clear()
    with pytest.raises(errors.AccountBlocked) as caught:
        X().publish(Part(text=TEXT), context_for(fields), "hash:0")
    assert caught.value.key == "network.credentials"


def test_a_token_without_a_known_end_is_used_as_it_is(x_server: XServer) -> None:
    fields = {**x_server.oauth2_fields(), "oauth2_expires_at": ""}
    X().publish(Part(text=TEXT), context_for(fields), "hash:0")
    assert [request.call for request in x_server.requests] == ["POST /2/tweets"]


# --- secrets -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["oauth1_fields", "oauth2_fields"])
@pytest.mark.parametrize("status", [200, 400, 401, 403, 429, 500])
def test_no_error_repeats_a_secret(x_server: XServer, way: str, status: int) -> None:
    fields = getattr(x_server, way)()
    secrets = [value for name, value in fields.items() if "token" in name or "secret" in name or name == "consumer_key"]
    echo = '{"title": "Bad", "detail": "' + " ".join(secrets) + '"}'
    x_server.fail(answer(status, echo), times=9)
    with pytest.raises(errors.NetworkError) as caught:
        X().publish(Part(text=TEXT), context_for(fields), "hash:0")
    said = f"{caught.value} {caught.value!r} {caught.value.params}"
    assert [secret for secret in secrets if secret in said] == []


@pytest.mark.parametrize("way", ["oauth1_fields", "oauth2_fields"])
def test_no_log_repeats_a_secret(x_server: XServer, caplog: pytest.LogCaptureFixture, way: str) -> None:
    fields = getattr(x_server, way)(**({"lifetime": OVER} if way == "oauth2_fields" else {}))
    with caplog.at_level(logging.DEBUG):
        X().publish(PICTURE, context_for(fields, load=lambda media: image()), "hash:0")
    assert "oauth_signature" not in caplog.text
    secrets = [*x_server.access_tokens, *x_server.refresh_tokens, *fields.values()]
    assert [text for text in secrets if text in caplog.text and not text.startswith("http")] == []


def test_a_netrc_file_changes_nothing(x_server: XServer, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    X().publish(Part(text=TEXT), context_for(x_server.oauth2_fields(lifetime=OVER, public=True)), "hash:0")
    assert len(x_server.posts) == 1
