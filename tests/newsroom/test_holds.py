"""The stop: by a click, by a file, read immediately before each call; two people lift the stop of everything."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from publisher import config
from publisher.enums import HoldScope, PostState
from publisher.errors import Held, InvalidInput, NotAllowed, StaleState
from publisher.models import Channel, Hold, Post, Proposal, User
from publisher.newsroom import access, channels
from publisher.newsroom.approval import pairs, review
from publisher.newsroom.drafts.media import store
from publisher.newsroom.sending import claiming, delivery, holds
from publisher.types import Media, Part
from tests.factories import make_channel, make_user
from tests.newsroom.acts import approved, on_the_network
from tests.peers.faults import FaultProxy

Waiting = Callable[..., Post]


@pytest.fixture
def file() -> Iterator[Path]:
    """Where the file stops everything; not there yet."""
    path = config.get().data_dir / "HOLD"
    yield path
    if path.is_dir():
        path.rmdir()
    path.unlink(missing_ok=True)


def test_file_on_disk_stops_everything_and_its_end_lets_go(waiting: Waiting, approver: User, file: Path) -> None:
    post = approved(waiting(), approver)
    file.write_text("State funeral\n", encoding="utf-8")
    assert claiming.due() == []
    delivery.deliver(post.pk)
    post.refresh_from_db()
    assert (post.state, on_the_network()) == (PostState.SCHEDULED, [])
    assert post.reason == "Sending is stopped by the file HOLD in the data folder: State funeral"
    file.unlink()
    assert claiming.due() == [post.pk]
    delivery.deliver(post.pk)
    assert len(on_the_network()) == 1


def test_file_made_between_claim_and_call_stops_the_call(waiting: Waiting, approver: User, file: Path) -> None:
    post = approved(waiting(), approver)
    claimed = claiming.claim(post.pk)
    assert claimed is not None
    file.touch()
    result = delivery.call(claimed)
    delivery.record(claimed, result)
    assert isinstance(result, Held)
    assert (Post.objects.get(pk=post.pk).state, on_the_network()) == (PostState.SCHEDULED, [])


def test_stop_during_an_upload_lets_no_post_out(
    waiting: Waiting, channel: Channel, account: Any, administrator: User, live_server: Any, file: Path
) -> None:
    post, picture = waiting(), noise()
    media = Media(sha256=store(picture), type="image/png", alt="Noise", width=300, height=300)
    review.edit(post.pk, administrator, revision_id=current(post), parts=[Part(text="With a picture", media=(media,))])
    with FaultProxy(live_server.url) as proxy:
        proxy.noticed = lambda seen: file.touch() if seen.path.endswith("/media") else None
        same = proxy.url.replace("127.0.0.1", "localhost")
        channels.reconnect(channel.pk, administrator, {"base_url": same, "token": account.token})
        delivery.deliver(approved(Post.objects.get(pk=post.pk), administrator).pk)
        assert proxy.paths("POST") == ["/sandbox/api/media"]
    post.refresh_from_db()
    assert (post.state, on_the_network()) == (PostState.SCHEDULED, [])
    assert post.reason == "Sending is stopped by the file HOLD in the data folder: –"
    assert not post.attempts.filter(ended_at=None).exists()


def current(post: Post) -> int:
    assert post.revision_id is not None
    return post.revision_id


def noise() -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((300, 300), 60).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["empty", "folder", "dangling link"])
def test_whatever_bears_the_name_is_a_stop(file: Path, kind: str) -> None:
    if kind == "empty":
        file.touch()
    elif kind == "folder":
        file.mkdir()
    else:
        file.symlink_to("/nowhere/at/all")
    assert holds.file() == "–"


def test_two_people_lift_the_stop_of_everything(
    waiting: Waiting, approver: User, administrator: User, editor: User
) -> None:
    post = approved(waiting(), approver)
    hold = holds.set(editor, scope=HoldScope.EVERYTHING, reason="Now")
    assert holds.lift(hold.pk, approver).lifted_at is None
    delivery.deliver(post.pk)
    assert on_the_network() == []
    with pytest.raises(NotAllowed) as caught:
        holds.lift(hold.pk, approver)
    assert caught.value.key == "proposal.own"
    with pytest.raises(NotAllowed):
        holds.lift(hold.pk, editor)
    assert holds.lift(hold.pk, administrator).lifted_by == administrator.email
    delivery.deliver(post.pk)
    assert len(on_the_network()) == 1
    with pytest.raises(StaleState):
        holds.lift(hold.pk, administrator)


def test_second_person_can_say_yes_where_proposals_are_listed(approver: User, administrator: User) -> None:
    hold = holds.set(approver, scope=HoldScope.EVERYTHING)
    holds.lift(hold.pk, approver)
    pairs.confirm(Proposal.objects.get().pk, administrator)
    assert Hold.objects.get().lifted_by == administrator.email


def test_nobody_without_a_name_lifts_it_where_two_are_needed(approver: User, administrator: User) -> None:
    hold = holds.set(approver, scope=HoldScope.EVERYTHING)
    with pytest.raises(NotAllowed) as caught:
        holds.lift(hold.pk, access.operator())
    assert caught.value.key == "approval.say_who"


def test_newsroom_of_one_lifts_alone(administrator: User) -> None:
    make_user("editor")  # who may not approve is no second person
    hold = holds.set(administrator, scope=HoldScope.EVERYTHING)
    assert holds.lift(hold.pk, administrator).lifted_at is not None


def test_stop_of_one_channel_is_lifted_by_one(channel: Channel, approver: User, administrator: User) -> None:
    hold = holds.set(approver, scope=HoldScope.CHANNEL, channel_id=channel.pk)
    assert holds.lift(hold.pk, approver).lifted_at is not None


def soon(**more: float) -> Any:
    return timezone.now() + timedelta(**more)


@pytest.mark.parametrize(
    ("words", "stopped"),
    [
        (["NUMBER 1"], True),  # of the title, in capitals or not
        (["adopted meas"], True),  # of the lead, within words
        (["detail/ip_26_1"], True),  # of the post itself
        (["election", "measure"], True),
        (["election"], False),
    ],
)
def test_topic_stops_what_is_about_it_and_nothing_else(
    waiting: Waiting, approver: User, words: list[str], stopped: bool
) -> None:
    post = approved(waiting(), approver)
    holds.set(approver, scope=HoldScope.TOPIC, words=words)
    assert (claiming.due(), holds.standing(post) is not None) == ([] if stopped else [post.pk], stopped)
    delivery.deliver(post.pk)
    assert len(on_the_network()) == (0 if stopped else 1)


def test_what_a_topic_stops_stands_in_nobodys_way(waiting: Waiting, approver: User) -> None:
    first, second, third = (approved(waiting(number), approver) for number in (1, 2, 3))
    holds.set(approver, scope=HoldScope.TOPIC, words=["number 1", "number 2"])
    assert first.pk < second.pk < third.pk
    assert claiming.due(limit=1) == [third.pk]


@pytest.mark.parametrize("scope", [HoldScope.TOPIC, HoldScope.PERIOD])
def test_stop_of_some_channels_leaves_the_others_alone(
    waiting: Waiting, approver: User, channel: Channel, scope: HoldScope
) -> None:
    post, other = approved(waiting(), approver), make_channel()
    limits = {"words": ["measure"], "ends_at": soon(hours=1)}
    elsewhere = holds.set(approver, scope=scope, channel_ids=[other.pk], **limits)
    assert (holds.standing(post), claiming.due()) == (None, [post.pk])
    here = holds.set(approver, scope=scope, channel_ids=[channel.pk], **limits)
    assert (holds.standing(post), claiming.due()) == (here, [])
    assert holds.lift(elsewhere.pk, approver).lifted_by == approver.email  # of some channels: one person is enough


def test_period_begins_and_ends_by_itself(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver)
    hold = holds.set(approver, scope=HoldScope.PERIOD, starts_at=soon(hours=1), ends_at=soon(hours=2))
    assert (claiming.due(), list(Hold.objects.coming())) == ([post.pk], [hold])
    for starts, ends, due in ((-2, 1, []), (-2, -1, [post.pk])):
        Hold.objects.update(starts_at=soon(hours=starts), ends_at=soon(hours=ends))
        assert (claiming.due(), holds.standing(post) is None) == (due, bool(due))
    with pytest.raises(StaleState) as caught:
        holds.lift(hold.pk, approver)
    assert caught.value.key == "hold.over"


def test_two_people_lift_a_time_on_all_channels(approver: User, administrator: User) -> None:
    hold = holds.set(approver, scope=HoldScope.PERIOD, ends_at=soon(hours=1))
    assert holds.lift(hold.pk, approver).lifted_at is None
    assert holds.lift(hold.pk, administrator).lifted_by == administrator.email


def test_channel_that_is_gone_never_makes_it_a_stop_of_all(waiting: Waiting, approver: User) -> None:
    post, other = approved(waiting(), approver), make_channel()
    holds.set(approver, scope=HoldScope.PERIOD, channel_ids=[other.pk], ends_at=soon(hours=1))
    other.delete()
    assert (holds.standing(post), claiming.due()) == (None, [post.pk])


@pytest.mark.parametrize(
    ("stop", "key"),
    [
        ({"scope": HoldScope.TOPIC, "words": [" "]}, "hold.which_topic"),
        ({"scope": HoldScope.PERIOD}, "hold.times"),
        ({"scope": HoldScope.PERIOD, "ends_at": soon(hours=-1)}, "hold.times"),
        (
            {"scope": HoldScope.TOPIC, "words": ["a"], "starts_at": soon(hours=2), "ends_at": soon(hours=1)},
            "hold.times",
        ),
        ({"scope": HoldScope.TOPIC, "words": ["a"], "channel_ids": [987654]}, "channel.unknown"),
    ],
)
def test_stop_says_what_it_stops(editor: User, stop: dict[str, Any], key: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        holds.set(editor, **stop)
    assert (caught.value.key, Hold.objects.count()) == (key, 0)


def test_database_takes_no_period_without_an_end(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.create(scope=HoldScope.PERIOD, set_by="alice@example.org")


def test_topic_without_words_stops_everything(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver)
    hold = Hold.objects.create(scope=HoldScope.TOPIC, set_by="alice@example.org")
    assert (holds.standing(post), claiming.due()) == (hold, [])
