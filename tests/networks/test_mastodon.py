"""Mastodon against a server of its kind on loopback: what goes out, once, and what each answer means."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from publisher import errors
from publisher.enums import DocumentKind
from publisher.networks import registry
from publisher.networks.base import Context
from publisher.networks.mastodon import Mastodon, MastodonCredentials
from publisher.types import Card, Draft, Identity, Media, Part, Receipt
from tests.peers.faults import Fault, answer, drop, hang
from tests.peers.mastodon import MastodonServer, mastodon_server
from tests.peers.mastodon_dialects import OLD, TAKAHE, Dialect
from tests.ports import closed_address

__all__ = ["mastodon_server"]

CASES = Path(__file__).parent / "cases" / "mastodon"
KEY = "9f86d081884c7d659a2feaa0c55ad015:0"
STATUSES = "/api/v1/statuses"
PART = Part(text="“We act.” @vdl@social.example #EU\n\nhttps://www.example.org/presscorner/detail/en/ip_26_1900")
PICTURE = Media(alt="A red square", sha256="1" * 64, type="image/png")


def cases(name: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in json.loads((CASES / name).read_text())]


def picture(width: int = 64, height: int = 48) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(buffer, "PNG")
    return buffer.getvalue()


def unused(_: object) -> None:
    raise AssertionError("Mastodon's tokens do not rotate")


def no_wait(_: float) -> None:
    """The peer counts looks, not seconds."""


NETWORK = Mastodon(wait=no_wait)


def credentials(server: MastodonServer, **changes: str) -> MastodonCredentials:
    return MastodonCredentials.model_validate({"base_url": server.url, "access_token": server.token, **changes})


@pytest.fixture
def context(mastodon_server: MastodonServer) -> Context:
    account = Identity(
        id=mastodon_server.account_id,
        handle="press@social.example",
        url=f"{mastodon_server.url}/@press",
    )
    return Context(
        credentials=credentials(mastodon_server),
        account=account,
        limits=NETWORK.limits,
        stamp=datetime.now(UTC),
        load=lambda _: picture(),
        save=unused,
        language="en",
    )


# --- what goes out ----------------------------------------------------------------------------


def test_publish_sends_text_language_visibility_and_key(mastodon_server: MastodonServer, context: Context) -> None:
    receipt = NETWORK.publish(PART, context, KEY)

    [request] = mastodon_server.requests
    assert (request.method, request.path) == ("POST", STATUSES)
    assert request.form == {"status": PART.text, "language": "en", "visibility": "public"}
    assert request.headers["idempotency-key"] == KEY
    assert request.headers["authorization"] == f"Bearer {mastodon_server.token}"
    [status] = mastodon_server.statuses
    assert receipt == Receipt(id=status["id"], url=status["url"], data={"id": status["id"]})


@pytest.mark.parametrize(
    ("language", "sent"), [("pt-BR", "pt"), ("de", "de"), ("zh_TW", "zh"), ("EN", "en"), ("nds", "nds")]
)
def test_publish_sends_the_language_as_mastodon_knows_it(
    mastodon_server: MastodonServer, context: Context, language: str, sent: str
) -> None:
    NETWORK.publish(PART, replace(context, language=language), KEY)
    assert mastodon_server.statuses[0]["language"] == sent


def test_publish_without_language_leaves_it_to_the_account(mastodon_server: MastodonServer, context: Context) -> None:
    NETWORK.publish(PART, replace(context, language=""), KEY)
    assert mastodon_server.requests[0].form == {"status": PART.text, "visibility": "public"}


def test_publish_uses_the_visibility_of_the_channel(mastodon_server: MastodonServer, context: Context) -> None:
    unlisted = credentials(mastodon_server, visibility="unlisted")
    NETWORK.publish(PART, replace(context, credentials=unlisted), KEY)
    assert mastodon_server.statuses[0]["visibility"] == "unlisted"


def test_publish_of_a_second_part_replies_to_the_last(mastodon_server: MastodonServer, context: Context) -> None:
    first = NETWORK.publish(PART, context, "k:0")
    second = NETWORK.publish(Part(text="2/3"), replace(context, thread=(first,)), "k:1")
    NETWORK.publish(Part(text="3/3"), replace(context, thread=(first, second)), "k:2")
    assert [status["in_reply_to_id"] for status in mastodon_server.statuses] == [None, first.id, second.id]


def test_publish_twice_with_one_key_makes_one_post(mastodon_server: MastodonServer, context: Context) -> None:
    first = NETWORK.publish(PART, context, KEY)
    assert NETWORK.publish(PART, context, KEY) == first
    assert len(mastodon_server.statuses) == 1


def test_publish_sends_what_the_preview_shows(mastodon_server: MastodonServer, context: Context) -> None:
    part = replace(PART, media=(PICTURE,))
    draft = Draft(network="mastodon", kind=DocumentKind.SPEECH, parts=(part,), language="pt-BR")
    [shown] = NETWORK.preview(draft).parts

    NETWORK.publish(part, replace(context, language="pt-BR"), KEY)

    form = mastodon_server.sent("POST", STATUSES)[0].form
    media = form.pop("media_ids[]")
    assert form == shown.payload
    assert media == list(mastodon_server.media)


def test_publish_does_not_read_a_token_from_a_file_of_that_name(
    mastodon_server: MastodonServer, context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / mastodon_server.token).write_text("another token\nhttp://127.0.0.1:1\n")
    NETWORK.publish(PART, context, KEY)
    assert len(mastodon_server.statuses) == 1


def test_the_registry_gives_mastodon() -> None:
    assert isinstance(registry.get("mastodon"), Mastodon)


# --- pictures ---------------------------------------------------------------------------------


def test_publish_uploads_pictures_with_alt_text_before_the_post(
    mastodon_server: MastodonServer, context: Context
) -> None:
    other = Media(alt="Ein zweites Bild, größer", focus="0.50,-0.25", sha256="2" * 64)
    NETWORK.publish(Part(text="Two", media=(PICTURE, other)), context, KEY)

    assert [request.path for request in mastodon_server.requests] == ["/api/v2/media", "/api/v2/media", STATUSES]
    [status] = mastodon_server.statuses
    descriptions = [attachment["description"] for attachment in status["media_attachments"]]
    assert descriptions == ["A red square", "Ein zweites Bild, größer"]
    assert [medium.focus for medium in mastodon_server.media.values()] == ["", "0.5,-0.25"]
    assert mastodon_server.requests[0].file_type == "image/png"


def test_publish_makes_pictures_fit_the_instance(mastodon_server: MastodonServer, context: Context) -> None:
    large = replace(context, load=lambda _: picture(5000, 1000), limits=NETWORK.limits.adjusted({"image_bytes": 9000}))
    NETWORK.publish(Part(text="Large", media=(PICTURE,)), large, KEY)
    [medium] = mastodon_server.media.values()
    assert len(medium.data) <= 9000
    assert Image.open(io.BytesIO(medium.data)).width <= 3840


def test_publish_waits_until_a_picture_is_processed(mastodon_server: MastodonServer, context: Context) -> None:
    mastodon_server.processing = 2
    waited: list[float] = []
    Mastodon(wait=waited.append).publish(Part(text="Slow", media=(PICTURE,)), context, KEY)
    assert len(mastodon_server.sent("GET", "/api/v1/media/.*")) == 3
    assert len(mastodon_server.statuses) == 1
    assert waited == [0.5, 1, 1.5]


def test_publish_of_a_picture_that_cannot_be_processed_is_refused(
    mastodon_server: MastodonServer, context: Context
) -> None:
    mastodon_server.breaks_media = True
    with pytest.raises(errors.Refused) as raised:
        NETWORK.publish(Part(text="Broken", media=(PICTURE,)), context, KEY)
    assert raised.value.params["why"] == "Error processing thumbnail for uploaded media."
    assert mastodon_server.statuses == []


def test_publish_to_a_server_without_v2_uploads_to_v1(mastodon_server: MastodonServer, context: Context) -> None:
    mastodon_server.dialect = OLD
    NETWORK.publish(Part(text="Old", media=(PICTURE,)), context, KEY)
    assert [request.path for request in mastodon_server.requests] == ["/api/v2/media", "/api/v1/media", STATUSES]
    assert mastodon_server.statuses[0]["media_attachments"][0]["description"] == "A red square"


@pytest.mark.parametrize("dialect", [TAKAHE, replace(TAKAHE, instance=())], ids=["slash", "no instance"])
def test_publish_asks_no_server_for_its_version(
    mastodon_server: MastodonServer, context: Context, dialect: Dialect
) -> None:
    # Mastodon.py would ask for /api/v2/instance/ again and again, hundreds of times.
    mastodon_server.dialect = dialect
    NETWORK.publish(Part(text="Hello", media=(PICTURE,)), context, KEY)
    assert [request.path for request in mastodon_server.requests] == ["/api/v2/media", STATUSES]


def test_publish_where_media_cannot_be_looked_at_goes_on(mastodon_server: MastodonServer, context: Context) -> None:
    accepted = answer(202, json.dumps({"id": "77", "type": "image", "url": None}))
    mastodon_server.fail(accepted, path="/api/v2/media")
    NETWORK.publish(Part(text="Hello", media=(PICTURE,)), context, KEY)
    assert mastodon_server.sent("POST", STATUSES)[0].form["media_ids[]"] == ["77"]


def test_publish_with_a_picture_that_is_gone_is_refused(mastodon_server: MastodonServer, context: Context) -> None:
    def gone(_: Media) -> bytes:
        raise FileNotFoundError("media/11/1111")

    with pytest.raises(errors.Refused) as raised:
        NETWORK.publish(Part(text="Hello", media=(PICTURE,)), replace(context, load=gone), KEY)
    assert raised.value.key == "media.gone"
    assert mastodon_server.requests == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (drop(after_forwarding=True), errors.Retry),
        (answer(500, '{"error": "Error processing thumbnail"}'), errors.Retry),
        (answer(503, "<html>"), errors.Retry),
        (answer(200, "<html>"), errors.Retry),
        (answer(200, "[]"), errors.Retry),
        (answer(422, '{"error": "Validation failed: File content type is invalid"}'), errors.Refused),
        (answer(413, "<html>Too large</html>"), errors.Refused),
        (answer(401, '{"error": "The access token is invalid"}'), errors.AccountBlocked),
        (answer(429, '{"error": "Throttled"}'), errors.RateLimited),
    ],
)
def test_a_failed_upload_is_never_uncertain(
    mastodon_server: MastodonServer, context: Context, fault: Fault, error: type[Exception]
) -> None:
    mastodon_server.fail(fault, path="/api/v2/media")
    with pytest.raises(errors.NetworkError) as raised:
        NETWORK.publish(Part(text="Hello", media=(PICTURE,)), context, KEY)
    assert type(raised.value) is error
    assert mastodon_server.statuses == []


def test_a_token_that_may_not_upload_is_told_so(mastodon_server: MastodonServer, context: Context) -> None:
    mastodon_server.scopes = ["read", "write:statuses"]
    with pytest.raises(errors.AccountBlocked) as raised:
        NETWORK.publish(Part(text="Hello", media=(PICTURE,)), context, KEY)
    assert (raised.value.key, raised.value.params) == ("mastodon.scopes", {"missing": "write:media"})


# --- what each answer means -------------------------------------------------------------------


@pytest.mark.parametrize("case", cases("answers.json"))
def test_publish_answered_by(mastodon_server: MastodonServer, context: Context, case: dict[str, Any]) -> None:
    body = case["body"] if isinstance(case["body"], str) else json.dumps(case["body"])
    commits = case.get("commits", False)
    mastodon_server.fail(answer(case["status"], body, after_forwarding=commits), path=STATUSES)

    with pytest.raises(errors.NetworkError) as raised:
        NETWORK.publish(PART, context, KEY)

    error = raised.value
    assert (type(error).__name__, error.key) == (case["error"], case["key"])
    assert error.params == case.get("params", error.params)
    assert error.diagnostic.startswith(f"HTTP {case['status']} ")
    assert len(mastodon_server.sent("POST", STATUSES)) == 1, "the library must not send again by itself"


@pytest.mark.parametrize("commits", [True, False])
def test_publish_whose_answer_is_lost_is_uncertain(
    mastodon_server: MastodonServer, context: Context, commits: bool
) -> None:
    mastodon_server.fail(drop(after_forwarding=commits), path=STATUSES)
    with pytest.raises(errors.Uncertain):
        NETWORK.publish(PART, context, KEY)
    assert len(mastodon_server.statuses) == commits


def test_publish_without_an_answer_in_time_is_uncertain(mastodon_server: MastodonServer, context: Context) -> None:
    mastodon_server.fail(hang(after_forwarding=True), path=STATUSES)
    with pytest.raises(errors.Uncertain):
        Mastodon(timeout=0.2).publish(PART, context, KEY)


def test_publish_answered_without_end_is_uncertain(mastodon_server: MastodonServer, context: Context) -> None:
    mastodon_server.fail(answer(200, b"{" + b" " * 6_000_000, after_forwarding=True), path=STATUSES)
    with pytest.raises(errors.Uncertain) as raised:
        NETWORK.publish(PART, context, KEY)
    assert "the answer does not end" in raised.value.diagnostic


def test_publish_to_a_closed_port_sent_nothing(context: Context) -> None:
    closed = MastodonCredentials(base_url=closed_address(), access_token="tok")
    with pytest.raises(errors.Retry) as raised:
        NETWORK.publish(PART, replace(context, credentials=closed), KEY)
    assert raised.value.key == "network.unreachable"


def test_publish_to_a_name_that_does_not_exist_sent_nothing(context: Context) -> None:
    nowhere = MastodonCredentials(base_url="https://mastodon.invalid", access_token="tok")
    with pytest.raises(errors.Retry) as raised:
        NETWORK.publish(PART, replace(context, credentials=nowhere), KEY)
    assert raised.value.key == "network.unreachable"


def test_publish_believes_a_200_whatever_its_rate_limit_header_says(
    mastodon_server: MastodonServer, context: Context
) -> None:
    # Mastodon.py raises a rate limit error here, though the post is out.
    body = json.dumps({"id": "5", "url": "https://m.example/@press/5"})
    mastodon_server.fail(answer(200, body, headers={"X-RateLimit-Reset": "soon"}), path=STATUSES)
    assert NETWORK.publish(PART, context, KEY) == Receipt(id="5", url="https://m.example/@press/5", data={"id": "5"})


def test_publish_of_a_post_without_an_address_of_its_own(mastodon_server: MastodonServer, context: Context) -> None:
    body = {"id": 5, "url": None, "uri": "javascript:alert(1)"}
    mastodon_server.fail(answer(200, json.dumps(body)), path=STATUSES)
    receipt = NETWORK.publish(PART, context, KEY)
    assert receipt == Receipt(id="5", url=f"{context.account.url}/5", data={"id": "5"})


def test_server_is_asked_for_json_in_english_since_the_words_of_an_error_decide(
    mastodon_server: MastodonServer, context: Context
) -> None:
    NETWORK.publish(PART, context, KEY)
    asked = {(each.headers.get("accept"), each.headers.get("accept-language")) for each in mastodon_server.requests}
    assert asked == {("application/json", "en")}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_never_followed(mastodon_server: MastodonServer, context: Context, status: int) -> None:
    elsewhere = MastodonServer()
    elsewhere.start()
    headers = {"Location": elsewhere.url + STATUSES}
    mastodon_server.fail(answer(status, headers=headers), path=STATUSES)
    mastodon_server.fail(answer(status, headers=headers), path="/statuses", method="GET")
    for call in (NETWORK.publish, NETWORK.find):
        with pytest.raises(errors.Retry) as raised:
            call(PART, context, KEY)
        assert raised.value.key == "mastodon.moved"
    elsewhere.stop()
    assert elsewhere.requests == []


def test_no_error_repeats_the_token(mastodon_server: MastodonServer, context: Context) -> None:
    echo = json.dumps({"error": f"no good: Bearer {mastodon_server.token}"})
    calls: list[tuple[str, Callable[[], object]]] = [
        ("POST", lambda: NETWORK.publish(PART, context, KEY)),
        ("GET", lambda: NETWORK.find(PART, context, KEY)),
        ("GET", lambda: NETWORK.verify(context.credentials, unused)),
        ("DELETE", lambda: NETWORK.delete(Receipt(id="1", url=""), context)),
    ]
    for method, call in calls:
        for status in (200, 400, 401, 403, 404, 422, 429, 500):
            mastodon_server.fail(
                answer(status, f"<p>{mastodon_server.token}" if status == 200 else echo), method=method
            )
            try:
                call()
            except errors.NetworkError as error:
                told = f"{error} {error!r} {error.params} {error.diagnostic}"
                assert mastodon_server.token not in told
            else:
                assert (method, status) == ("DELETE", 404)


# --- the preview ------------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases("previews.json"))
def test_preview_shows(case: dict[str, Any]) -> None:
    draft = Draft(network="mastodon", kind=DocumentKind.SPEECH, parts=(Part(text=case["text"]),), language="en")
    [part] = NETWORK.preview(draft).parts
    assert [[run.text, run.href] for run in part.runs] == case["runs"]
    assert (part.length, part.limit) == (case["length"], 500)
    assert part.payload == {"status": case["text"], "visibility": "public", "language": "en"}


def test_preview_counts_by_the_limits_of_the_instance() -> None:
    draft = Draft(network="mastodon", kind=DocumentKind.NEWS, parts=(Part(text="https://example.org/1234567890"),))
    [part] = NETWORK.preview(draft, NETWORK.limits.adjusted({"text": 5000, "url_length": 25})).parts
    assert (part.length, part.limit) == (25, 5000)


def test_preview_has_no_card_beside_pictures() -> None:
    card = Card(url="https://example.org", title="Example")
    parts = (Part(text="1", card=card), Part(text="2", card=card, media=(PICTURE,)))
    draft = Draft(network="mastodon", kind=DocumentKind.NEWS, parts=parts)
    assert [part.card for part in NETWORK.preview(draft).parts] == [card, None]
