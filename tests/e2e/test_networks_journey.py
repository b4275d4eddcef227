"""From a feed to every network we have: the official Bluesky server, doubles of Mastodon and X, the sandbox network.

A proxy stands before each of them, counts what is asked and fails on demand. What happens when the service is killed
in mid-call is in test_killed_service.py.
"""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from openapi_core import OpenAPI
from PIL import Image

from publisher import config, messages
from publisher.enums import ChannelHealth, Lookup, Outcome, PostState, Proof, Requires, Role, ThreadStyle
from publisher.models import Document, Post, Rule, User
from publisher.networks import registry
from publisher.networks.containers import TwoSteps
from publisher.newsroom import channels, setup
from publisher.newsroom.approval import review
from publisher.newsroom.sending import claiming, delivery
from publisher.newsroom.sending.claiming import Claim
from publisher.types import Part
from tests.e2e.journey_press import ALT, Desk, Item, Press, open_press, photograph
from tests.networks.places import open_place
from tests.networks.places.bluesky import BlueskyPlace
from tests.networks.places.mastodon import MastodonPlace
from tests.networks.places.x import XPlace
from tests.networks.test_mastodon_contract import document, errors_in, operation
from tests.networks.test_x_contract import asked, specification
from tests.peers.faults import answer

__all__ = ["document", "specification"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # openapi-core knows no OAuth 1.0a; the double checks the signatures.
    pytest.mark.filterwarnings("ignore:Unsupported scheme type"),
]

NEWS = Item(
    1900,
    "Graz 🌉 bekommt 3,3 Mio. € für die Brücke",
    "Der Wiederaufbau beginnt – wie in Київ – noch „in diesem Jahr“.",
    picture=True,
    film=True,
)
OPEN = "Offene Fragen 👩‍🚀 und Größen"
THREAD = tuple(Part(text=f"Teil {number} von 3: Große Größen 🌉") for number in (1, 2, 3))
TEXTS = [part.text for part in THREAD]
HTML = "<!doctype html><html><title>503</title>Service unavailable</html>"

LOOKED_UP = [kind for kind in registry.CALLED if registry.get_limits(kind).lookup is not Lookup.NONE]
"""Where the network can be asked whether a post is out; elsewhere a person is (tests/newsroom/test_fault_matrix.py)."""

THREADED = [kind for kind in registry.CALLED if registry.get_limits(kind).thread is not ThreadStyle.NONE]
AT_ONCE = [kind for kind in THREADED if not isinstance(registry.get(kind), TwoSteps)]
"""What goes wrong between two steps is in tests/newsroom/test_two_steps.py."""
PICTURED = [kind for kind in registry.CALLED if registry.get_limits(kind).requires is Requires.PICTURE]

Open = Callable[..., Desk]


@pytest.fixture
def press() -> Iterator[Press]:
    with open_press() as opened:
        yield opened


@pytest.fixture
def open_desk(
    request: pytest.FixtureRequest, press: Press, monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> Iterator[Open]:
    """A desk as `.env` alone sets it up: a channel on each of the networks, and the feed of `press`, looked at once."""
    with ExitStack() as stack:

        def open_them(*kinds: str) -> Desk:
            places = {kind: stack.enter_context(open_place(kind, request)) for kind in kinds}
            for place in places.values():
                if place.desk:  # where the network fetches pictures
                    monkeypatch.setattr(config.get(), "public_url", place.desk)
            accounts = [{"network": kind, "name": kind, "credentials": place.given()} for kind, place in places.items()]
            monkeypatch.setenv("PUBLISHER_SOURCES", press.url)
            monkeypatch.setenv("PUBLISHER_CHANNELS", json.dumps(accounts))
            monkeypatch.setenv("PUBLISHER_SAMPLE", "false")
            setup.prepare(config.load(), "http://127.0.0.1:1")
            assert setup.from_settings(config.load()) == []
            for place in places.values():
                place.proxy.reset()
            user = User.objects.create_user("bob@example.org", "correct horse battery", role=Role.ADMINISTRATOR)
            desk = Desk(places, user)
            desk.poll()
            return desk

        yield open_them


@pytest.fixture
def open_post(open_desk: Open, press: Press) -> Open:
    """A desk with one network, and an entry drafted for it."""

    def open_it(kind: str) -> Desk:
        desk = open_desk(kind)
        filmed = registry.get_limits(kind).requires is Requires.VIDEO
        press.items.append(Item(1, "Eine Mitteilung", film=filmed))
        desk.poll()
        return desk

    return open_it


@pytest.fixture(params=AT_ONCE)
def kind(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False).encode()


def sentence(key: str, kind: str) -> str:
    name = "The sandbox" if kind == "sandbox" else registry.LABELS[kind]
    return messages.sentence(key, network=name)


# --- from the feed to the networks ---------------------------------------------------------------


def test_new_entry_waits_for_a_person_on_every_network(open_desk: Open, press: Press) -> None:
    desk = open_desk(*registry.CALLED)
    assert (Document.objects.count(), desk.drafted) == (1, {})
    press.items.append(NEWS)
    desk.poll()
    assert [rule.name for rule in Rule.objects.all()] == ["Everything waits for review"]
    assert {kind: desk.post(kind).state for kind in desk.drafted} == dict.fromkeys(registry.CALLED, PostState.REVIEW)
    delivery.deliver(desk.drafted["sandbox"])
    assert {kind: desk.texts(kind) for kind in registry.CALLED} == {kind: [] for kind in registry.CALLED}


def test_approved_draft_stands_once_on_every_network_as_it_was_shown(open_desk: Open, press: Press) -> None:
    desk = open_desk(*registry.CALLED)
    press.photograph = photograph()
    press.items.append(NEWS)
    desk.poll()
    for kind in ("mastodon", "x", *PICTURED):
        desk.add_picture(kind, press.photograph, ALT)
    shown = {kind: desk.approve(kind) for kind in registry.CALLED}
    for kind, place in desk.places.items():
        post = desk.deliver(kind)
        assert (desk.deliver(kind).state, post.state, post.reason) == (PostState.PUBLISHED, PostState.PUBLISHED, "")
        if registry.get_limits(kind).proof is Proof.RECEIPT:
            assert post.url.startswith(("https://", "http://"))
        assert post.revision is not None
        assert desk.texts(kind) == [part.text for part in post.revision.content]
        [sent] = place.posted()
        assert place.sent(sent) == place.shown(shown[kind].parts[0].payload)
        assert NEWS.title in desk.texts(kind)[0]
        assert NEWS.url in desk.texts(kind)[0]
    assert [one.alts for kind in ("mastodon", "x") for one in desk.places[kind].standing()] == [(ALT,), (ALT,)]
    server = desk.places["mastodon"]
    assert isinstance(server, MastodonPlace)
    assert [status["language"] for status in server.server.statuses] == ["de"]


def test_record_on_the_official_bluesky_server_is_the_preview_byte_for_byte(open_desk: Open, press: Press) -> None:
    desk = open_desk("bluesky")
    press.photograph = photograph()
    press.items.append(NEWS)
    desk.poll()
    shown = desk.approve("bluesky")
    post = desk.deliver("bluesky")
    place = desk.places["bluesky"]
    assert isinstance(place, BlueskyPlace)
    record = fetch_record(place, post)
    [attempt] = post.attempts.all()
    assert record.pop("createdAt") == attempt.stamp.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    thumb = record["embed"]["external"].pop("thumb")
    assert canonical(record) == canonical(shown.parts[0].payload)
    assert record["langs"] == ["de"]
    assert marked(record) == [NEWS.url.encode()]
    assert [facet["features"][0]["uri"] for facet in record["facets"]] == [NEWS.url]
    assert record["embed"]["external"] == {"uri": NEWS.url, "title": NEWS.title, "description": NEWS.lead}
    data = fetch_blob(place, thumb)
    picture = Image.open(io.BytesIO(data))
    assert (len(data), Image.MIME[str(picture.format)]) == (thumb["size"], thumb["mimeType"])
    assert len(data) < 1_000_000
    assert dict(picture.getexif()) == {}
    assert max(picture.size) <= 1200


def fetch_record(place: BlueskyPlace, post: Post) -> dict[str, Any]:
    """As anybody may, without signing in."""
    params = {"repo": place.owner.did, "collection": "app.bsky.feed.post", "rkey": post.url.rpartition("/")[2]}
    url = f"{place.pds.url}/xrpc/com.atproto.repo.getRecord"
    found: dict[str, Any] = httpx.get(url, params=params, timeout=20, trust_env=False).raise_for_status().json()
    value: dict[str, Any] = found["value"]
    return value


def fetch_blob(place: BlueskyPlace, blob: dict[str, Any]) -> bytes:
    params = {"did": place.owner.did, "cid": blob["ref"]["$link"]}
    url = f"{place.pds.url}/xrpc/com.atproto.sync.getBlob"
    return httpx.get(url, params=params, timeout=20, trust_env=False).raise_for_status().content


def marked(record: dict[str, Any]) -> list[bytes]:
    """The bytes that the facets point at."""
    text = record["text"].encode()
    return [text[facet["index"]["byteStart"] : facet["index"]["byteEnd"]] for facet in record["facets"]]


# --- as the specifications say -------------------------------------------------------------------


def post_everything(desk: Desk, press: Press, kind: str) -> None:
    """A post with a picture, and a thread."""
    press.items += [NEWS]
    desk.poll()
    desk.add_picture(kind, photograph(), ALT)
    desk.approve(kind)
    assert desk.deliver(kind).state == PostState.PUBLISHED
    press.items += [Item(2, OPEN)]
    desk.poll()
    desk.edit(kind, *THREAD)
    desk.approve(kind)
    assert desk.deliver(kind).state == PostState.PUBLISHED


def test_every_request_to_x_is_as_x_specifies(open_desk: Open, press: Press, specification: OpenAPI) -> None:
    desk = open_desk("x")
    post_everything(desk, press, "x")
    place = desk.places["x"]
    assert isinstance(place, XPlace)
    calls = [request.call for request in place.server.requests]
    assert [call for call in calls if call != "GET /2/users/me"] == [
        "POST /2/media/upload",
        "POST /2/media/metadata",
        *["POST /2/tweets"] * 4,
    ]
    for request in place.server.requests:
        specification.validate_request(asked(request))
    [described] = place.server.sent("POST /2/media/metadata")
    assert described.json["metadata"] == {"alt_text": {"text": ALT}}


def test_every_request_to_mastodon_is_as_mastodon_specifies(
    open_desk: Open, press: Press, document: dict[str, Any]
) -> None:
    desk = open_desk("mastodon")
    post_everything(desk, press, "mastodon")
    place = desk.places["mastodon"]
    assert isinstance(place, MastodonPlace)
    statuses = place.server.sent("POST", "/api/v1/statuses")
    names = ["MediaStatus", *["TextStatus"] * 3]
    for request, name in zip(statuses, names, strict=True):
        body = {field.removesuffix("[]"): value for field, value in request.form.items()}
        assert errors_in(document, name, body) == []
        assert body["language"] == "de"
    assert len({request.headers["idempotency-key"] for request in statuses}) == 4
    [upload] = place.server.sent("POST", "/api/v2/media")
    assert upload.form["description"] == ALT
    for request in place.server.requests:
        if "nodeinfo" in request.path:
            continue  # what server it is, by a specification of its own (nodeinfo.diaspora.software)
        known = {item["name"] for item in operation(document, request).get("parameters", []) if item["in"] == "query"}
        assert request.query.keys() <= known, request.path


# --- threads -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", THREADED)
def test_thread_stands_in_order_each_part_under_the_one_before(open_post: Open, kind: str) -> None:
    desk = open_post(kind)
    desk.edit(kind, *THREAD)
    desk.approve(kind)
    post = desk.deliver(kind)
    standing = desk.places[kind].standing()
    assert (post.state, [one.text for one in standing]) == (PostState.PUBLISHED, TEXTS)
    assert [one.parent for one in standing] == ["", standing[0].id, standing[1].id]
    assert post.url == post.attempts.order_by("part")[0].receipt["url"]


# --- what goes wrong on the way ------------------------------------------------------------------


def begin(desk: Desk, kind: str) -> Claim:
    """A thread just before the call that is to fail: after its first part, or before the one call that it is."""
    desk.edit(kind, *THREAD)
    desk.approve(kind)
    claimed = claiming.claim(desk.drafted[kind])
    if registry.get_limits(kind).thread is not ThreadStyle.ATOMIC:
        assert claimed is not None
        claimed = delivery.record(claimed, delivery.call(claimed))
    assert claimed is not None
    return claimed


def go_on(desk: Desk, kind: str, claimed: Claim) -> Post:
    delivery.record(claimed, delivery.call(claimed))
    return desk.post(kind)


def out_before(kind: str) -> list[str]:
    """What of the thread stands at `begin`."""
    return [] if registry.get_limits(kind).thread is ThreadStyle.ATOMIC else TEXTS[:1]


def test_token_that_dies_in_mid_thread_fails_visibly_and_the_rest_follows_once(open_post: Open, kind: str) -> None:
    desk = open_post(kind)
    claimed = begin(desk, kind)
    place = desk.places[kind]
    place.proxy.fail(answer(401, place.unauthorised), times=99)
    post = go_on(desk, kind, claimed)
    channel = desk.channel(kind)
    expected = sentence("network.credentials", kind)
    assert (post.state, channel.health) == (PostState.FAILED, ChannelHealth.BLOCKED)
    assert (post.reason, channel.problem) == (expected, expected)
    assert desk.texts(kind) == out_before(kind)
    place.proxy.reset()
    assert channels.reconnect(channel.pk, desk.user, {}).health == ChannelHealth.OK
    review.retry(post.pk, desk.user)
    post = desk.deliver(kind)
    assert (post.state, post.reason, desk.texts(kind)) == (PostState.PUBLISHED, "", TEXTS)


def test_network_that_asks_to_wait_gets_the_rest_of_the_thread_afterwards(open_post: Open, kind: str) -> None:
    desk = open_post(kind)
    claimed = begin(desk, kind)
    place = desk.places[kind]
    reset = datetime.now(UTC) + timedelta(seconds=90)
    place.proxy.fail(place.limited(reset), method="POST")
    post = go_on(desk, kind, claimed)
    assert (post.state, post.reason) == (PostState.SCHEDULED, sentence("network.rate_limited", kind))
    assert post.not_before is not None
    assert timedelta(seconds=-5) < post.not_before - reset < timedelta(seconds=30)
    assert (claiming.due(), claiming.claim(post.pk)) == ([], None)
    post = desk.deliver(kind)
    assert (post.state, post.reason, desk.texts(kind)) == (PostState.PUBLISHED, "", TEXTS)


@pytest.mark.parametrize("kind", [kind for kind in AT_ONCE if kind in LOOKED_UP])
def test_part_that_is_out_behind_an_error_is_found_and_the_rest_follows_once(open_post: Open, kind: str) -> None:
    desk = open_post(kind)
    claimed = begin(desk, kind)
    place = desk.places[kind]
    lost = answer(503, HTML, content_type="text/html", after_forwarding=True)
    place.proxy.fail(lost, path=place.posting, method="POST")
    post = go_on(desk, kind, claimed)
    if not place.settles:
        assert (post.state, post.reason) == (PostState.UNCERTAIN, sentence("network.uncertain", kind))
        assert desk.texts(kind) == TEXTS[:2]
        assert desk.look_up(kind).state == PostState.SCHEDULED
        assert desk.texts(kind) == TEXTS[:2]
        post = desk.deliver(kind)
    assert (post.state, post.reason, desk.texts(kind)) == (PostState.PUBLISHED, "", TEXTS)
    assert list(post.attempts.order_by("part").values_list("outcome", flat=True)) == [Outcome.PUBLISHED] * 3


@pytest.mark.parametrize("kind", LOOKED_UP)
def test_post_that_an_error_kept_from_going_out_goes_out_once(open_post: Open, kind: str) -> None:
    desk = open_post(kind)
    if kind in PICTURED:
        desk.add_picture(kind, photograph(), ALT)
    desk.approve(kind)
    place = desk.places[kind]
    place.proxy.fail(answer(503, HTML, content_type="text/html"), path=place.posting, method=place.method)
    post = desk.deliver(kind)
    assert (post.state, post.reason, desk.texts(kind)) == (
        PostState.UNCERTAIN,
        sentence("network.uncertain", kind),
        [],
    )
    assert desk.look_up(kind).state == PostState.SCHEDULED
    post = desk.deliver(kind)
    assert post.revision is not None
    assert (post.state, post.reason) == (PostState.PUBLISHED, "")
    assert desk.texts(kind) == [post.revision.content[0].text]
    assert len(place.posted()) == 2
