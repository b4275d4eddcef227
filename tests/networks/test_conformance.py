"""What every network must do, whatever it is: the contract of `publisher.networks.base`, against a server each.

The official Bluesky server, the sandbox network, and doubles of the others; a proxy before each of them fails in the
ways that real networks do. A new network needs an adapter in `places/`, and is held to all of this; what its limits
alone say is in test_limits.py.
"""

import functools
import io
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image
from pydantic import SecretStr

from publisher.enums import CardStyle, Lookup, Proof, ThreadStyle
from publisher.errors import AccountBlocked, Held, NetworkError, RateLimited, Refused, Retry, Uncertain
from publisher.networks import registry
from publisher.networks.base import Context, Network
from publisher.networks.limit_types import Limits
from publisher.types import Card, Media, Part, Pending, Receipt
from tests.networks.places import Place, finish, open_place, small_video
from tests.networks.test_limits import LINK, PART, TEXT, draft
from tests.peers.faults import Fault, Seen, answer, drop, hang
from tests.ports import closed_address

pytestmark = pytest.mark.urls("publisher.sandbox.urls")

KEY = "9f86d081884c7d659a2feaa0c55ad015:0"
CARD = Card(url=LINK, title="Commission disburses €3.3 billion", description="In defence funding to Ukraine")
HTML = "<!doctype html><html><title>502</title>Bad gateway</html>"

# The sandbox network's peer is this service itself, with its database.
NEEDS_DATABASE = {"sandbox": [pytest.mark.django_db(transaction=True)]}


@pytest.fixture(params=[pytest.param(kind, marks=NEEDS_DATABASE.get(kind, ())) for kind in registry.CALLED])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    with open_place(request.param, request) as opened:
        opened.verify()
        opened.proxy.reset()
        yield opened


@functools.cache
def jpeg(width: int = 640, height: int = 400) -> bytes:
    """A photograph as cameras write it, with where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = "Taken at home"
    buffer = io.BytesIO()
    Image.merge("RGB", [Image.effect_noise((width, height), 60)] * 3).save(buffer, "JPEG", exif=exif, quality=92)
    return buffer.getvalue()


def publish(place: Place, part: Part, context: Context, key: str = KEY) -> Receipt:
    """Send a part, and look again where the network works in two steps until it is out."""
    return finish(place.network, place.network.publish(part, context, key), context)


def attempt(
    place: Place, network: Network | None = None, part: Part = PART, base_url: str = ""
) -> Receipt | NetworkError:
    """What publish says, be it an error; no error may tell a secret."""
    network, context = network or place.network, place.context(base_url)
    try:
        return finish(network, network.publish(place.dress(part), context, KEY), context)
    except NetworkError as error:
        told = f"{error} {error!r} {error.diagnostic} {error.params}"
        assert [secret for secret in place.secrets() if secret and secret in told] == []
        return error


# --- data ----------------------------------------------------------------------------------------


def test_credentials_show_no_secret(place: Place) -> None:
    given = place.context().credentials
    assert any(isinstance(value, SecretStr) for _, value in given)
    shown = f"{given} {given!r} {given.model_dump()} {place.context()!r}"
    assert [secret for secret in place.secrets() if secret and secret in shown] == []


# --- preview -------------------------------------------------------------------------------------


def test_preview_is_what_is_sent(place: Place) -> None:
    media = place.picture("a", "A flag in the wind – Київ", jpeg())
    parts = (PART, Part(text="With a picture", media=(media,)), Part(text="With a card", card=CARD))
    for number, part in enumerate(map(place.dress, parts)):
        publish(place, part, place.context(), KEY.replace(":0", f":{number}"))
        [preview] = place.network.preview(draft(place.network, part)).parts
        assert place.sent(place.posted()[-1]) == place.shown(preview.payload)


# --- publish -------------------------------------------------------------------------------------


def test_publish_puts_one_post_out_and_says_where(place: Place) -> None:
    receipt = attempt(place)
    assert isinstance(receipt, Receipt)
    assert [(one.id, one.text) for one in place.standing()] == [(receipt.id, TEXT)]
    if place.network.limits.proof is Proof.NONE:
        assert receipt == Receipt(id="", url="")
        return
    assert receipt.url.startswith(("https://", "http://"))


def test_two_calls_with_one_key_make_one_post(place: Place) -> None:
    if not place.knows_twins:
        pytest.skip(f"{place.network.label} takes no key: only our own rows keep a post from going out twice")
    first, second = attempt(place), attempt(place)
    assert isinstance(first, Receipt)
    assert first == second
    assert len(place.standing()) == 1


def test_pictures_arrive_within_the_limits_and_without_metadata(place: Place) -> None:
    media = place.picture("a", "Noise", jpeg(2600, 1400))
    publish(place, place.dress(Part(text="A large picture", media=(media,))), place.context())
    limits = place.network.limits.image
    assert limits is not None
    [data] = place.pictures()
    image = Image.open(io.BytesIO(data))
    assert len(data) <= limits.bytes
    assert (image.width <= limits.width, image.height <= limits.height) == (True, True)
    assert Image.MIME[str(image.format)] in limits.types
    assert dict(image.getexif()) == {}


@pytest.mark.parametrize("stored", [None, b"<html>not found</html>"], ids=["gone", "no picture"])
def test_picture_that_cannot_be_sent_stops_the_post(place: Place, stored: bytes | None) -> None:
    def load(media: Media) -> bytes:
        if stored is None:
            raise FileNotFoundError(media.sha256)
        return stored

    part = place.dress(Part(text="With a picture", media=(Media(sha256="a", alt="A flag"),)))
    with pytest.raises(Refused):
        publish(place, part, place.context(load=load))
    assert (place.posted(), place.standing()) == ([], [])


def test_stop_that_is_set_during_an_upload_lets_no_post_out(place: Place) -> None:
    if not place.uploads_first:
        pytest.skip(f"{place.network.label} takes pictures and text in one request")
    stops: list[str] = []

    def set_stop(seen: Seen) -> None:
        if seen.method in ("POST", "PUT") and len(seen.body) > 5_000:
            stops.append(seen.path)

    def look() -> None:
        if stops:
            raise Held("held.hold", by="bob@example.org", why="Mourning")

    place.proxy.noticed = set_stop
    part = place.dress(Part(text="With a picture", media=(place.picture("a", "A flag", jpeg()),)))
    with pytest.raises(Held):
        publish(place, part, place.context(before_publish=look))
    assert len(stops) == 1
    assert (place.posted(), place.standing()) == ([], [])


def test_stop_that_is_set_before_the_call_lets_nothing_out(place: Place) -> None:
    def look() -> None:
        raise Held("held.hold", by="bob@example.org", why="Mourning")

    with pytest.raises(Held):
        publish(place, place.dress(PART), place.context(before_publish=look))
    assert (place.posted(), place.standing()) == ([], [])


def test_picture_of_a_card_arrives_where_we_make_the_card(place: Place) -> None:
    image = place.picture("a", "", jpeg(2600, 1400))
    card = Card(url=LINK, title="Title", description="What it says", image=image)
    part = place.dress(Part(text="With a card", card=card))
    publish(place, part, place.context())
    ours = place.network.limits.card is CardStyle.OURS
    assert len(place.pictures()) == sum(not item.is_video for item in part.media) + ours
    for data in place.pictures() if ours else ():
        limits = place.network.limits.card_image
        assert limits is not None
        assert len(data) <= limits.bytes
        assert max(Image.open(io.BytesIO(data)).size) <= max(limits.width, limits.height)


def test_thread_is_a_chain_of_replies(place: Place) -> None:
    if place.network.limits.thread is ThreadStyle.NONE:
        pytest.skip(f"{place.network.label} has no threads")
    parts = [Part(text=f"Part {number} of 3") for number in (1, 2, 3)]
    keys = [KEY.replace(":0", f":{number}") for number in range(3)]
    if place.network.limits.thread is ThreadStyle.ATOMIC:
        receipts = place.network.publish_thread(parts, place.context(), keys)
    else:
        receipts = []
        for part, key in zip(parts, keys, strict=True):
            receipts.append(publish(place, place.dress(part), place.context(thread=tuple(receipts)), key))
    standing = {one.id: one for one in place.standing()}
    assert [(standing[receipt.id].text, standing[receipt.id].parent) for receipt in receipts] == [
        ("Part 1 of 3", ""),
        ("Part 2 of 3", receipts[0].id),
        ("Part 3 of 3", receipts[1].id),
    ]


# --- what goes wrong -----------------------------------------------------------------------------


def test_connection_refused_is_a_retry(place: Place) -> None:
    outcome = attempt(place, base_url=closed_address())
    assert isinstance(outcome, Retry if place.explains else Uncertain)
    assert place.standing() == []


UNCLEAR: dict[str, Fault] = {
    "closed": drop(after_forwarding=True),
    "500": answer(500, "{}", after_forwarding=True),
    "502 page": answer(502, HTML, content_type="text/html", after_forwarding=True),
    "503": answer(503, '{"error": "unavailable"}', after_forwarding=True),
    "200 page": answer(200, HTML, content_type="text/html", after_forwarding=True),
    "200 empty": answer(200, "", after_forwarding=True),
    "200 cut off": answer(200, '{"id": "', after_forwarding=True),
    "200 list": answer(200, "[]", after_forwarding=True),
    "200 null": answer(200, "null", after_forwarding=True),
    "200 other": answer(200, '{"ok": true}', after_forwarding=True),
}


@pytest.mark.parametrize("fault", UNCLEAR.values(), ids=UNCLEAR)
def test_unclear_answer_after_posting_is_never_a_reason_to_post_again(place: Place, fault: Fault) -> None:
    place.proxy.fail(fault, path=place.posting, method=place.method, times=9)
    outcome = attempt(place)
    assert isinstance(outcome, (Uncertain, Receipt) if place.settles else Uncertain)
    assert len(place.posted()) == 1
    if place.network.limits.lookup is not Lookup.NONE:
        found = place.network.find(place.dress(PART), place.context(), KEY)
        assert found is not None
        assert place.stands(found)


@pytest.mark.parametrize(
    "fault", [drop(after_forwarding=False), answer(500, "{}"), answer(503, HTML)], ids=["closed", "500", "503"]
)
def test_unclear_answer_without_a_post_is_settled_by_looking(place: Place, fault: Fault) -> None:
    place.proxy.fail(fault, path=place.posting, method=place.method, times=9)
    assert isinstance(attempt(place), Uncertain)
    if place.network.limits.lookup is not Lookup.NONE:
        assert place.network.find(place.dress(PART), place.context(), KEY) is None
    place.proxy.reset()
    assert isinstance(attempt(place), Receipt)
    assert len(place.standing()) == 1


@pytest.mark.parametrize("after", [True, False], ids=["after", "before"])
def test_silence_is_uncertain(place: Place, after: bool) -> None:
    place.proxy.fail(hang(after_forwarding=after), path=place.posting, method=place.method, times=9)
    assert isinstance(attempt(place, place.hasty()), Uncertain)
    assert len(place.posted()) == 1


def test_unknown_credentials_block_the_account(place: Place) -> None:
    place.proxy.fail(answer(401, place.unauthorised), times=99)
    assert isinstance(attempt(place), AccountBlocked if place.explains else Uncertain)
    assert place.standing() == []


def test_too_many_requests_wait_as_long_as_the_network_says(place: Place) -> None:
    reset = datetime.now(UTC) + timedelta(seconds=90)
    place.proxy.fail(place.limited(reset), path=place.posting, method=place.method, times=9)
    outcome = attempt(place)
    if not place.explains:
        assert isinstance(outcome, Uncertain)
        return
    assert isinstance(outcome, RateLimited)
    assert timedelta(seconds=-5) < outcome.until - reset < timedelta(seconds=30)
    assert place.standing() == []


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500, 502])
def test_page_that_repeats_the_request_gives_no_secret_away(place: Place, status: int) -> None:
    secrets = " ".join([*place.secrets(), *(f"Bearer {secret}" for secret in place.secrets())])
    place.proxy.fail(answer(status, f"{secrets} {HTML}", content_type="text/html"), times=999)
    assert isinstance(attempt(place), NetworkError)
    if not place.explains:
        return  # no other call speaks with it
    context = place.context()
    for call in (
        lambda: place.network.verify(context.credentials, context.save),
        *(
            [lambda: place.network.find(place.dress(PART), context, KEY)]
            if place.network.limits.lookup is not Lookup.NONE
            else []
        ),
        *(
            [lambda: place.network.delete(Receipt(id="1", url="", data={"uri": "at://did/c/1", "cid": "x"}), context)]
            if place.network.limits.delete
            else []
        ),
    ):
        with pytest.raises(NetworkError) as caught:
            call()
        told = f"{caught.value} {caught.value!r} {caught.value.diagnostic}"
        assert [secret for secret in place.secrets() if secret and secret in told] == []


def test_nothing_secret_is_logged(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    place.proxy.fail(answer(500, "{}"), path=place.posting, method=place.method)
    attempt(place)
    attempt(place)
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert [secret for secret in place.secrets() if secret and secret in logged] == []


# --- find, delete, verify ------------------------------------------------------------------------


def test_find_tells_what_is_out_from_what_is_not(place: Place) -> None:
    if place.network.limits.lookup is Lookup.NONE:
        with pytest.raises(NotImplementedError):
            place.network.find(place.dress(PART), place.context(), KEY)
        return
    assert place.network.find(place.dress(PART), place.context(), KEY) is None
    receipt = attempt(place)
    assert isinstance(receipt, Receipt)
    found = place.network.find(place.dress(PART), place.context(), KEY)
    assert found is not None
    assert (found.id, found.url) == (receipt.id, receipt.url)
    other = place.dress(Part(text="Another text altogether"))
    assert place.network.find(other, place.context(), KEY.replace(":0", ":1")) is None


def test_look_up_that_fails_proves_nothing(place: Place) -> None:
    """Neither None nor Refused: the post may be out."""
    if place.network.limits.lookup is Lookup.NONE:
        pytest.skip(f"{place.network.label} cannot be asked: a person looks")
    attempt(place)
    place.proxy.reset()
    for fault in (
        answer(500, "{}"),
        answer(200, HTML, content_type="text/html"),
        answer(200, "[1]"),
        answer(200, '{"ok": 1}'),
    ):
        place.proxy.reset()
        place.proxy.fail(fault, method="GET", times=99)
        with pytest.raises((Retry, Uncertain)):
            place.network.find(place.dress(PART), place.context(), KEY)


def test_delete_takes_the_post_off_and_twice_is_no_error(place: Place) -> None:
    if not place.network.limits.delete:
        pytest.skip(f"{place.network.label} lets nobody delete")
    receipt = attempt(place)
    assert isinstance(receipt, Receipt)
    for _ in range(2):
        place.network.delete(receipt, place.context())
    assert place.standing() == []
    if place.network.limits.lookup is not Lookup.NONE:
        assert place.network.find(place.dress(PART), place.context(), KEY) is None


def test_delete_that_is_refused_is_told_and_the_post_stands(place: Place) -> None:
    if not place.network.limits.delete:
        pytest.skip(f"{place.network.label} lets nobody delete")
    receipt = attempt(place)
    assert isinstance(receipt, Receipt)
    place.proxy.fail(answer(*place.refusal), times=99)
    with pytest.raises(Refused):
        place.network.delete(receipt, place.context())
    assert place.stands(receipt)


def test_verify_tells_who_the_account_is(place: Place) -> None:
    context = place.context()
    identity = place.network.verify(context.credentials, context.save)
    assert identity.id
    assert identity.handle or identity.name
    pictures, videos = {"image_bytes", "image_side"}, {"video_bytes", "video_frames", "video_pixels", "video_seconds"}
    others = {"code_points", "needs_picture", *pictures, *videos}
    assert set(identity.limits) <= {*(field.name for field in fields(Limits)), *others}


def test_verify_of_wrong_credentials_is_told_apart_from_a_dead_network(place: Place) -> None:
    if not place.explains:
        pytest.skip(f"{place.network.label} can be asked nothing without a message to everybody there")
    dead = place.context(closed_address())
    with pytest.raises(Retry):
        place.network.verify(dead.credentials, dead.save)
    place.proxy.fail(answer(401, place.unauthorised), times=99)
    context = place.context()
    with pytest.raises(AccountBlocked):
        place.network.verify(context.credentials, context.save)


def test_description_of_a_video_arrives_where_the_network_takes_one(place: Place) -> None:
    network, context = place.network, place.context()
    if network.limits.video is None:
        pytest.skip(f"{network.label} takes no videos")
    place.store["film"] = small_video()
    film = Media(sha256="film", alt="Glockenspiel", type="video/mp4", width=400, height=400, seconds=10)
    finish(network, network.publish(Part(text="Hello", media=(film,)), context, KEY), context)
    told = any(b"Glockenspiel" in seen.body for seen in place.proxy.seen)
    assert told == (network.limits.alt_of(film) > 0)
    silent = draft(network, Part(text="Hello", media=(replace(film, alt=""),)))
    missing = [issue.key for issue in network.check(silent) if issue.field == "alt"]
    assert missing == (["check.alt_missing_video"] if told else [])


def test_what_is_left_pending_comes_to_its_end(place: Place) -> None:
    context = place.context()
    outcome = place.network.publish(place.dress(PART), context, KEY)
    if not isinstance(outcome, Pending):
        pytest.skip(f"{place.network.label} puts a post out in one step")
    if place.last_step:
        assert (place.posted(), place.standing()) == ([], [])
    receipt = finish(place.network, outcome, context)
    assert place.stands(receipt)
    assert finish(place.network, outcome, context).id == receipt.id
    assert (len(place.posted()), place.stands(receipt)) == (1, True)


def test_container_settles_whether_the_post_is_out(place: Place) -> None:
    context = place.context()
    outcome = place.network.publish(place.dress(PART), context, KEY)
    if not isinstance(outcome, Pending):
        pytest.skip(f"{place.network.label} puts a post out in one step")
    known = place.context(pending=outcome.data)
    if place.last_step:
        assert place.network.find(place.dress(PART), known, KEY) is None
    receipt = finish(place.network, outcome, context)
    assert place.network.find(place.dress(PART), known, KEY) == receipt
