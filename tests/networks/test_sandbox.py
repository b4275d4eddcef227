"""The client of the sandbox network against its server, whose failure switch is turned through every position."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from publisher.enums import DocumentKind
from publisher.errors import AccountBlocked, NetworkError, RateLimited, Refused, Retry, Uncertain
from publisher.models import SandboxAccount, SandboxPost
from publisher.models.sandbox import SandboxFailure
from publisher.networks.limits import LIMITS
from publisher.networks.sandbox import Sandbox, SandboxCredentials
from publisher.types import Draft, Identity, Media, Part, Pending, Receipt, part_from_json, to_json
from tests.networks.places import open_place
from tests.networks.places.sandbox import SandboxPlace
from tests.peers.faults import answer
from tests.sandbox.caller import picture

pytestmark = pytest.mark.urls("publisher.sandbox.urls")

CASES = sorted((Path(__file__).parent / "cases" / "sandbox").glob("*.json"))
KEY = "9f86d081884c7d659a2feaa0c55ad015:0"
PART = Part(text="Europe delivers.")


@pytest.fixture
def place(request: pytest.FixtureRequest, transactional_db: None) -> Iterator[SandboxPlace]:
    with open_place("sandbox", request) as opened:
        assert isinstance(opened, SandboxPlace)
        yield opened


def publish(
    place: SandboxPlace, part: Part = PART, key: str = KEY, timeout: float = 5
) -> Receipt | Pending | NetworkError:
    try:
        return Sandbox(timeout=timeout).publish(part, place.context(), key)
    except NetworkError as error:
        return error


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    case: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    part = part_from_json({"text": "", **case["part"], "media": case["part"].get("media", [])})
    draft = Draft(network="sandbox", kind=DocumentKind.NEWS, parts=(part,), language=case["language"])
    [shown] = Sandbox().preview(draft).parts
    assert shown.payload == case["payload"]
    assert to_json(shown.runs) == case["runs"]
    assert [[issue.field, issue.key] for issue in Sandbox().check(draft)] == case["issues"]


# --- the failure switch, as the desk meets it ----------------------------------------------------


@pytest.mark.parametrize(
    ("failure", "error", "key"),
    [
        (SandboxFailure.REFUSED, Refused, "network.refused"),
        (SandboxFailure.RATE_LIMITED, RateLimited, "network.rate_limited"),
        (SandboxFailure.SERVER_ERROR_BEFORE, Uncertain, "network.uncertain"),
        (SandboxFailure.SERVER_ERROR_AFTER, Uncertain, "network.uncertain"),
        (SandboxFailure.LOST_ANSWER, Uncertain, "network.uncertain"),
        (SandboxFailure.HTML_PAGE, Uncertain, "network.uncertain"),
        (SandboxFailure.EMPTY_ANSWER, Uncertain, "network.uncertain"),
        (SandboxFailure.BAD_TOKEN, AccountBlocked, "network.credentials"),
        (SandboxFailure.SUSPENDED, AccountBlocked, "network.account_blocked"),
        (SandboxFailure.SLOW, Uncertain, "network.uncertain"),
    ],
)
def test_every_failure_has_its_type_and_sentence(
    place: SandboxPlace, failure: SandboxFailure, error: type[NetworkError], key: str
) -> None:
    SandboxAccount.objects.set_failure("press", failure)
    SandboxAccount.objects.update(delay=1)
    outcome = publish(place, timeout=0.3 if failure is SandboxFailure.SLOW else 5)
    assert (type(outcome), outcome.key) == (error, key)  # type: ignore[union-attr]  # an error it must be


@pytest.mark.parametrize(
    "failure", [failure for failure in SandboxFailure if failure not in {"none", "processing"}], ids=str
)
def test_after_every_failure_there_is_one_post_in_the_end(place: SandboxPlace, failure: SandboxFailure) -> None:
    """What delivery does: look where it is uncertain, send where nothing is out."""
    SandboxAccount.objects.set_failure("press", failure)
    SandboxAccount.objects.update(delay=1)
    outcome = publish(place, timeout=0.3 if failure is SandboxFailure.SLOW else 5)
    found = Sandbox().find(PART, place.context(), KEY) if isinstance(outcome, Uncertain) else None
    SandboxAccount.objects.set_failure("press", SandboxFailure.NONE)
    if found is None:
        found = publish(place)
    assert isinstance(found, Receipt)
    assert [str(post.pk) for post in SandboxPost.objects.all()] == [found.id]


def test_refusal_says_why_in_the_networks_own_words(place: SandboxPlace) -> None:
    outcome = publish(place, Part(text="a" * 301))
    assert isinstance(outcome, Refused)
    assert outcome.sentence == (
        "The sandbox refused the post: The text has 301 characters; 300 are allowed. Change it and approve it again."
    )


def test_duplicate_is_refused_as_one(place: SandboxPlace) -> None:
    publish(place)
    outcome = publish(place, key=KEY.replace(":0", ":1"))
    assert isinstance(outcome, Refused)
    assert outcome.key == "network.duplicate"


def test_key_that_came_with_another_post_is_settled_by_looking(place: SandboxPlace) -> None:
    first = publish(place)
    assert isinstance(publish(place, Part(text="Another")), Uncertain)
    assert Sandbox().find(PART, place.context(), KEY) == first


def test_rate_limit_waits_as_long_as_the_network_says(place: SandboxPlace) -> None:
    SandboxAccount.objects.update(rate_limit=1)
    publish(place)
    outcome = publish(place, Part(text="Two"), KEY.replace(":0", ":1"))
    assert isinstance(outcome, RateLimited)
    assert timedelta() < outcome.until - datetime.now(UTC) <= timedelta(seconds=60)


# --- work in progress ----------------------------------------------------------------------------


def test_pending_post_becomes_a_receipt_without_a_second_call(place: SandboxPlace) -> None:
    SandboxAccount.objects.set_failure("press", SandboxFailure.PROCESSING)
    context = place.context()
    outcome = Sandbox().publish(PART, context, KEY)
    looks = 0
    while isinstance(outcome, Pending):
        outcome = Sandbox().resume(outcome, context)
        looks += 1
    assert (looks, outcome) == (2, Sandbox().find(PART, context, KEY))
    assert len(place.posted()) == 1


def test_pending_post_is_not_found_as_done(place: SandboxPlace) -> None:
    SandboxAccount.objects.set_failure("press", SandboxFailure.PROCESSING)
    publish(place)
    with pytest.raises(Uncertain):
        Sandbox().find(PART, place.context(), KEY)


def test_pending_post_that_is_gone_is_refused(place: SandboxPlace) -> None:
    SandboxAccount.objects.set_failure("press", SandboxFailure.PROCESSING)
    pending = publish(place)
    SandboxPost.objects.all().delete()
    assert isinstance(pending, Pending)
    with pytest.raises(Refused):
        Sandbox().resume(pending, place.context())


# --- pictures, accounts, credentials -------------------------------------------------------------


def test_missing_picture_is_told_before_anything_is_sent(place: SandboxPlace) -> None:
    def gone(media: Media) -> bytes:
        raise FileNotFoundError(media.sha256)

    part = Part(text="Hello", media=(Media(sha256="a", alt="A flag"),))
    with pytest.raises(Refused) as caught:
        Sandbox().publish(part, place.context(load=gone), KEY)
    assert caught.value.key == "media.gone"
    assert place.posted() == []


@pytest.mark.parametrize(
    "fault", [answer(500, "{}"), answer(200, "<html>"), answer(404, "{}")], ids=["500", "page", "404"]
)
def test_upload_that_fails_is_a_retry(place: SandboxPlace, fault: Any) -> None:
    """Nobody sees an upload, so nothing is uncertain."""
    media = place.picture("a", "A flag", picture())
    place.proxy.fail(fault, path="/sandbox/api/media")
    with pytest.raises(Retry):
        Sandbox().publish(Part(text="Hello", media=(media,)), place.context(), KEY)
    assert place.posted() == []


def test_verify_tells_the_account_and_its_limits(place: SandboxPlace) -> None:
    context = place.context()
    identity = Sandbox().verify(context.credentials, context.save)
    assert identity == Identity(
        id=str(SandboxAccount.objects.get().pk),
        handle="press",
        name="Press Office",
        url=f"{place.proxy.url}/timeline/press",
        limits={"text": 300, "images": 4, "image_bytes": 1_000_000, "alt": 1000},
    )
    assert LIMITS["sandbox"].adjusted(identity.limits) == LIMITS["sandbox"]


def test_token_of_another_account_is_not_accepted(place: SandboxPlace) -> None:
    _, place.token = SandboxAccount.objects.open("other", "Another Office")
    context = place.context()
    with pytest.raises(AccountBlocked):
        Sandbox().verify(context.credentials, context.save)


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "127.0.0.1:8000"},
        {"base_url": "http://name:secret@127.0.0.1"},
        {"base_url": "http://127.0.0.1/path"},
        {"account": ""},
        {"token": "two words"},
        {"token": "tökén"},
        {"token": ""},
    ],
    ids=str,
)
def test_credentials_that_cannot_be_used_are_refused_without_telling_them(wrong: dict[str, str]) -> None:
    fields = {"base_url": "http://127.0.0.1:8000", "account": "press", "token": "tok-3f9a1c7e"}
    assert SandboxCredentials.model_validate(fields)
    with pytest.raises(ValidationError) as caught:
        SandboxCredentials.model_validate({**fields, **wrong})
    assert [value for value in ("two words", "tökén", "secret@") if value in str(caught.value)] == []


def test_text_that_json_can_hardly_hold_does_not_crash(place: SandboxPlace) -> None:
    assert isinstance(publish(place, Part(text="lone \ud800 surrogate")), Refused)
