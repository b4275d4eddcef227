"""What followers see and when: every character counted as its network counts, every picture described, every hour
the newsroom's own."""

import io
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from publisher.enums import DocumentKind, PostState, Requires
from publisher.models import Channel, Post, User
from publisher.networks import registry
from publisher.newsroom import channels
from publisher.newsroom.drafts import media
from publisher.newsroom.sealing import unseal
from publisher.newsroom.sending import claiming, delivery
from publisher.types import Card, Draft, Media, Part
from tests.cli.conftest import Publisher
from tests.field.conftest import Account, desk_of, seen
from tests.networks.places.bluesky import BlueskyPlace
from tests.newsroom.acts import deliver_whole, dressed
from tests.newsroom.office import Item, Office
from tests.peers import x as double
from tests.peers.x import XServer

x_server = double.x_server
Waiting = Callable[..., Post]

LINK = f"https://press.example.org/{'a' * (150 - len('https://press.example.org/'))}"
TEXT = f"{'word ' * 29}words {LINK}"[-300:]
"""300 characters, half of them an address."""


@pytest.mark.parametrize(("network", "length"), [("x", 173), ("bluesky", 300), ("mastodon", 173)])
def test_text_of_300_characters_with_a_url_of_150_is_counted_right(
    publisher: Publisher, network: str, length: int
) -> None:
    """Acceptance test 13: X and Mastodon count 23 for an address, Bluesky each character that one sees."""
    assert (len(LINK), TEXT.count(LINK), len(TEXT)) == (150, 1, 300)
    said = publisher("measure", TEXT, "--network", network, "--json").json
    assert (said["length"], said["valid"]) == (length, True)
    place = registry.get(network)
    spare = place.limits.text - length

    def faults(text: str) -> list[str]:
        draft = Draft(network=network, kind=DocumentKind.OTHER, parts=(Part(text=text),), language="en")
        return [issue.key for issue in place.check(draft)]

    assert faults("x" * spare + TEXT) == []
    assert faults("x" * (spare + 1) + TEXT) == ["check.too_long"]


@pytest.mark.parametrize("network", ["x", "bluesky", "mastodon"])
def test_url_is_never_cut_however_long_the_text(
    office: Office, publisher: Publisher, tmp_path: Path, network: str
) -> None:
    """Acceptance test 13."""
    long = " ".join(f"The measure number {number} enters into force." for number in range(40))
    office.feed(Item(title=long[:290], path=LINK, guid="1", text=long, date=datetime(2026, 11, 24, tzinfo=UTC)))
    file = tmp_path / "feed.xml"
    answer: Any = office.server.answers["/feed.xml"]
    file.write_bytes(answer.body)
    made = publisher("compose", file, "--network", network, "--json").lines
    (part,) = made[0]["parts"]
    shown = part["text"] if LINK in part["text"] else part["card"]["url"]
    assert LINK in shown
    assert publisher("measure", part["text"], "--network", network, "--json").json["valid"]


@pytest.fixture(params=["America/New_York", "Pacific/Kiritimati"])
def elsewhere(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server whose own clock shows another hour than the newsroom's in Brussels."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.parametrize("how", ["desk", "command"])
@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        ("2099-03-28T09:00", "2099-03-28T08:00+00:00"),  # the day before the clocks go forward
        ("2099-03-29T09:00", "2099-03-29T07:00+00:00"),  # and the day on which they do
        ("2099-10-24T09:00", "2099-10-24T07:00+00:00"),
        ("2099-10-25T09:00", "2099-10-25T08:00+00:00"),
    ],
)
def test_change_of_the_clocks_and_a_server_elsewhere_leave_the_instant_as_it_was_meant(
    waiting: Waiting, approver: User, publisher: Publisher, elsewhere: str, typed: str, instant: str, how: str
) -> None:
    """Acceptance test 14."""
    post = waiting()
    if how == "desk":
        desk_of(approver).post(f"/posts/{post.pk}/schedule/", seen(post, at=typed))
    else:
        publisher("queue", "approve", post.pk, "--at", typed, "--as", approver.email)
    post.refresh_from_db()
    assert (post.state, post.due_at) == (PostState.SCHEDULED, datetime.fromisoformat(instant))
    Post.objects.update(due_at=datetime.now(UTC) - timedelta(seconds=1))
    assert claiming.due() == [post.pk]
    Post.objects.update(due_at=datetime.now(UTC) + timedelta(seconds=60))
    assert claiming.due() == []


@pytest.mark.parametrize("typed", ["2099-03-29T02:30", "2099-10-25T02:30"], ids=["skipped", "repeated"])
@pytest.mark.parametrize("how", ["desk", "command"])
def test_hour_that_the_clock_skips_or_repeats_is_asked_for_again(
    waiting: Waiting, approver: User, publisher: Publisher, typed: str, how: str
) -> None:
    """Acceptance test 14."""
    post = waiting()
    if how == "desk":
        page = desk_of(approver).post(f"/posts/{post.pk}/schedule/", seen(post, at=typed))
        assert (page.status_code, "interpreted in time zone" in page.content.decode()) == (422, True)
    else:
        done = publisher("queue", "approve", post.pk, "--at", typed, "--as", approver.email)
        assert (done.status, "skips or repeats this hour" in " ".join(done.err.split())) == (2, True)
    post.refresh_from_db()
    assert (post.state, post.due_at) == (PostState.REVIEW, None)


@pytest.mark.django_db(transaction=True)
def test_refresh_that_brings_no_refresh_token_keeps_the_old_one(x_server: XServer, administrator: User) -> None:
    """Acceptance test 15, down to what is sealed in the channel's row; and it is good for the next time."""
    x_server.rotates = False
    fields = x_server.oauth2_fields()
    channel = channels.add(administrator, network="x", credentials=fields)
    for number in (1, 2):
        x_server.access_tokens.clear()
        account = Account(None, channel, administrator)  # type: ignore[arg-type]  # the server is asked directly
        delivery.deliver(account.approved(Part(text=f"Statement {number}.")).pk)
        kept = unseal(Channel.objects.get().credentials)
        assert kept["oauth2_refresh_token"] == fields["oauth2_refresh_token"]
        assert kept["oauth2_access_token"] in x_server.access_tokens
    assert [post.text for post in x_server.posts] == ["Statement 1.", "Statement 2."]


def stored(alt: str) -> Media:
    """A picture in the data folder."""
    buffer = io.BytesIO()
    Image.effect_noise((640, 400), 60).convert("RGB").save(buffer, "JPEG")
    return Media(sha256=media.store(buffer.getvalue()), alt=alt, type="image/jpeg", width=640, height=400)


@pytest.mark.any_database  # what is looked at is what the network was sent
@pytest.mark.urls("publisher.sandbox.urls")
def test_alt_text_stands_in_what_is_sent_to_each_network(connected: Account) -> None:
    """Acceptance test 16."""
    place, limits = connected.place, connected.place.network.limits
    pictures = tuple(map(stored, ("A flag in the wind – Київ", 'A "blue" sea & <sky>')))[: limits.images]
    part = Part(text="Two pictures", media=() if limits.requires is Requires.VIDEO else pictures)
    part = dressed(place, part)
    deliver_whole(place, connected.approved(part))
    # Where a network has no place for them, the check says so.
    wanted = tuple(item.alt for item in part.media) if limits.alt else ()
    assert [tuple(filter(None, one.alts)) for one in place.standing()] == [wanted]


@pytest.mark.any_database  # as above
@pytest.mark.urls("publisher.sandbox.urls")
@pytest.mark.parametrize("connected", ["bluesky"], indirect=True)
def test_bluesky_post_with_a_link_has_a_card_with_its_picture(connected: Account) -> None:
    """Acceptance test 17."""
    place = connected.place
    assert isinstance(place, BlueskyPlace)
    card = Card(url="https://press.example.org/1", title="A measure", description="It helps.", image=stored("A flag"))
    delivery.deliver(connected.approved(Part(text="A measure https://press.example.org/1", card=card)).pk)
    (record,) = place.pds.records(place.owner.did)
    embed = record["value"]["embed"]
    thumb = embed["external"].pop("thumb")
    assert embed == {
        "$type": "app.bsky.embed.external",
        "external": {"uri": "https://press.example.org/1", "title": "A measure", "description": "It helps."},
    }
    assert [len(picture) for picture in place.pictures()] == [thumb["size"]]
    assert thumb["mimeType"] == "image/jpeg"
