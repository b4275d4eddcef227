"""Pushes from a real hub (Flask-WebSub) to the desk as it runs in the live server, and a feed on loopback."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import time_machine
from django.utils import timezone

from publisher import config
from publisher.enums import PostState, SubscriptionState
from publisher.models import Channel, Post, Rule, Source, Subscription, User
from publisher.newsroom import engine
from publisher.newsroom.feeds import push, sources, watching
from publisher.tasks import renew_pushes
from tests.newsroom.test_watching import Feed, due_again
from tests.peers.hub import Hub
from tests.ports import free_port

CLOSED = f"http://127.0.0.1:{free_port()}/hub"
"""Nothing listens there."""


@pytest.fixture
def desk(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The desk at an address that hubs can call."""
    monkeypatch.setenv("PUBLISHER_PUBLIC_URL", live_server.url)
    config.get.cache_clear()
    engine.huey().flush()
    yield live_server.url
    engine.huey().flush()
    config.get.cache_clear()


@pytest.fixture
def press() -> Iterator[Feed]:
    """The feed of a press office."""
    made = Feed()
    yield made
    made.server.shutdown()
    made.server.server_close()


def work() -> None:
    """What a worker does: everything that waits in the engine."""
    huey = engine.huey()
    while (task := huey.dequeue()) is not None:
        huey.execute(task)


def offer(press: Feed, hub_url: str) -> None:
    press.headers = {"Link": f'<{hub_url}>; rel="hub", <{press.url}>; rel="self"'}


@pytest.fixture
def pushed(desk: str, hub: Hub, press: Feed, administrator: User, channel: Channel, review_all: Rule) -> Source:
    """A source whose pushes are agreed on, with one entry that is remembered."""
    press.items = [(1, "Old news")]
    offer(press, hub.url)
    source = sources.add(administrator, url=press.url)
    watching.poll_due()
    work()
    return source


def subscription() -> Subscription:
    return Subscription.objects.get()


def callback(desk: str) -> str:
    return f"{desk}/push/{subscription().token}/"


def titles() -> list[str]:
    return list(Post.objects.filter(state=PostState.REVIEW).order_by("pk").values_list("document__title", flat=True))


def test_feed_that_names_a_hub_is_subscribed_after_its_first_reading(
    pushed: Source,
    hub: Hub,
    press: Feed,
    desk: str,
) -> None:
    assert hub.callbacks(press.url) == [callback(desk)]
    assert subscription().state == SubscriptionState.ACTIVE
    lease = subscription().lease_until
    assert lease is not None
    assert timedelta(days=9) < lease - timezone.now() < timedelta(days=11)


def test_what_is_published_is_in_the_queue_within_a_second(pushed: Source, hub: Hub, press: Feed) -> None:
    began = time.monotonic()
    press.items.insert(0, (2, "New measures"))
    hub.publish(press.url)
    work()
    took = time.monotonic() - began
    assert titles() == ["New measures"]
    assert took < 1


def test_validators_and_pace_of_the_polls_are_as_before_the_push(pushed: Source, hub: Hub, press: Feed) -> None:
    pushed.refresh_from_db()
    before = (pushed.etag, pushed.last_modified, pushed.next_check_at)
    press.items.insert(0, (2, "New measures"))
    hub.publish(press.url)
    pushed.refresh_from_db()
    assert (pushed.etag, pushed.last_modified, pushed.next_check_at) == before


def test_poll_after_a_push_brings_the_same_document_no_second_time(pushed: Source, hub: Hub, press: Feed) -> None:
    press.items.insert(0, (2, "New measures"))
    hub.publish(press.url)
    work()
    due_again(pushed)
    watching.poll_due()
    work()
    assert titles() == ["New measures"]


@pytest.mark.parametrize("signature", ["", "sha256=" + "0" * 64, "sha1=" + "0" * 40, "md5=" + "0" * 32, "sha512"])
def test_delivery_without_our_signature_is_accepted_and_ignored(
    pushed: Source,
    desk: str,
    press: Feed,
    signature: str,
) -> None:
    press.items = [(7, "A forgery")]
    headers = {"Content-Type": "application/rss+xml", **({"X-Hub-Signature": signature} if signature else {})}
    answer = httpx.post(callback(desk), content=press.xml(), headers=headers)
    work()
    assert (answer.status_code, answer.text, titles()) == (202, "", [])
    assert "did not sign" in subscription().problem


def test_lease_is_renewed_when_four_fifths_of_it_are_over(pushed: Source) -> None:
    first = subscription().lease_until
    with time_machine.travel(timezone.now() + timedelta(days=7, hours=23)):
        renew_pushes()
        work()
        assert subscription().lease_until == first
    with time_machine.travel(timezone.now() + timedelta(days=8, hours=1)):
        renew_pushes()
        work()
        renewed = subscription().lease_until
    assert first is not None
    assert renewed is not None
    assert timedelta(days=7) < renewed - first < timedelta(days=9)


def test_feed_is_polled_as_before_while_its_hub_is_down(
    desk: str,
    press: Feed,
    administrator: User,
    channel: Channel,
    review_all: Rule,
) -> None:
    press.items = [(1, "Old news")]
    offer(press, CLOSED)
    source = sources.add(administrator, url=press.url)
    watching.poll_due()
    work()
    assert subscription().state == SubscriptionState.ASKED
    assert subscription().problem.startswith("The hub that pushes this feed cannot be reached.")
    press.items.insert(0, (2, "New measures"))
    due_again(source)
    watching.poll_due()
    work()
    source.refresh_from_db()
    assert (titles(), source.failures) == (["New measures"], 0)


def test_hub_that_was_down_is_asked_again_after_an_hour(
    desk: str,
    hub: Hub,
    press: Feed,
    administrator: User,
) -> None:
    offer(press, CLOSED)
    sources.add(administrator, url=press.url)
    watching.poll_due()
    work()
    offer(press, hub.url)  # it is up again; the same address as far as our row is concerned
    Subscription.objects.update(hub=hub.url)
    assert push.due(timezone.now() + timedelta(minutes=59)) == []
    Subscription.objects.update(asked_at=timezone.now() - timedelta(minutes=61))
    renew_pushes()
    work()
    assert (subscription().state, subscription().problem) == (SubscriptionState.ACTIVE, "")


def test_without_a_public_address_no_hub_is_asked(press: Feed, hub: Hub, administrator: User) -> None:
    offer(press, hub.url)
    sources.add(administrator, url=press.url)
    watching.poll_due()
    assert Subscription.objects.count() == 0


def test_paused_source_leaves_its_hub_and_resumed_it_joins_again(
    pushed: Source,
    hub: Hub,
    press: Feed,
    desk: str,
    administrator: User,
) -> None:
    sources.pause(pushed.pk, administrator)
    work()
    assert (hub.callbacks(press.url), subscription().state) == ([], SubscriptionState.ENDED)
    sources.resume(pushed.pk, administrator)
    work()
    assert (hub.callbacks(press.url), subscription().state) == ([callback(desk)], SubscriptionState.ACTIVE)


def test_removed_source_leaves_its_hub(pushed: Source, hub: Hub, press: Feed, administrator: User) -> None:
    sources.remove(pushed.pk, administrator)
    work()
    assert (hub.callbacks(press.url), Subscription.objects.count()) == ([], 0)


def test_feed_that_names_no_hub_any_more_is_left(pushed: Source, hub: Hub, press: Feed) -> None:
    press.headers = {}
    press.items.insert(0, (2, "New measures"))
    due_again(pushed)
    watching.poll_due()
    work()
    assert (hub.callbacks(press.url), subscription().state) == ([], SubscriptionState.ENDED)


def test_feed_is_polled_more_slowly_only_while_its_hub_delivers(pushed: Source, hub: Hub, press: Feed) -> None:
    def trusted() -> bool:
        return bool(push.trusted([pushed.pk], timezone.now()))

    assert not trusted()
    press.items.insert(0, (2, "New measures"))
    hub.publish(press.url)
    assert trusted()
    due_again(pushed)
    watching.poll_due()
    pushed.refresh_from_db()
    wait = pushed.next_check_at - timezone.now()
    assert wait > timedelta(minutes=50)
    Subscription.objects.update(problem="Something is wrong.")
    assert not trusted()
    Subscription.objects.update(problem="", lease_until=timezone.now())
    assert not trusted()


@pytest.mark.parametrize(
    ("alone", "with_pushes"),
    [({"minutes": 15}, {"hours": 1}), ({"hours": 3}, {"hours": 6}), ({"hours": 9}, {"hours": 9})],
)
def test_pushes_stretch_the_time_between_polls_to_six_hours_at_most(
    alone: dict[str, int], with_pushes: dict[str, int]
) -> None:
    assert push.stretched(timedelta(**alone), pushed=True) == timedelta(**with_pushes)
    assert push.stretched(timedelta(**alone), pushed=False) == timedelta(**alone)
