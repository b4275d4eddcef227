"""Delivery when two workers, a slow one, a look-up and a person meet: never twice, and never silently not."""

import math
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from publisher import config
from publisher.enums import ChannelHealth, Outcome, PostState
from publisher.errors import InvalidInput, RateLimited
from publisher.models import Attempt, Channel, Post, SandboxAccount, User, guards
from publisher.models.sandbox import SandboxFailure
from publisher.networks import registry
from publisher.newsroom import channels
from publisher.newsroom.approval import review
from publisher.newsroom.sealing import seal, unseal
from publisher.newsroom.sending import claiming, delivery, follow_up, lookups, workers
from publisher.types import Receipt
from tests.newsroom.acts import Waiting, approved, fail_with, on_the_network, outcomes, thread
from tests.peers.faults import Fault, FaultProxy, Seen, answer


def state(post: Post) -> str:
    return Post.objects.get(pk=post.pk).state


def end_lease(post: Post) -> None:
    """The clock goes on while a worker is in mid-call."""
    Post.objects.filter(pk=post.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))


def wait_is_over(post: Post) -> None:
    Post.objects.filter(pk=post.pk).update(not_before=None, claimed_until=timezone.now() - timedelta(seconds=1))


def given_up_and_scheduled(post: Post) -> claiming.Claim:
    """A worker's claim that was given up while it was slow: looked up, found absent, to be sent again."""
    slow = claiming.claim(post.pk)
    assert slow is not None
    end_lease(post)
    lookups.lose_dead_claims()
    lookups.settle(post.pk)
    assert state(post) == PostState.SCHEDULED
    return slow


def late_answer(slow: claiming.Claim) -> Receipt:
    """The request was under way for all that time: the claim stood when it left, and the look-up came before it."""
    context = delivery.make_context(slow.post, slow.attempts[0].stamp, ())
    answer = registry.get("sandbox").publish(slow.parts[0], context, slow.attempts[0].key)
    assert isinstance(answer, Receipt)
    return answer


def test_worker_that_slept_until_its_claim_was_given_up_makes_no_call(waiting: Waiting, approver: User) -> None:
    """Another may be sending the same post, and not every network knows keys."""
    post = approved(waiting(), approver)
    slow = given_up_and_scheduled(post)
    delivery.record(slow, delivery.call(slow))
    assert (state(post), on_the_network()) == (PostState.SCHEDULED, [])
    delivery.deliver(post.pk)
    assert (state(post), outcomes(post)) == (PostState.PUBLISHED, [Outcome.ABSENT, Outcome.PUBLISHED])


def test_answer_after_the_post_was_scheduled_again_is_not_followed_by_another_call(
    waiting: Waiting, approver: User
) -> None:
    post = approved(waiting(), approver)
    slow = given_up_and_scheduled(post)
    delivery.record(slow, late_answer(slow))
    delivery.deliver(post.pk)
    post.refresh_from_db()
    assert (post.state, post.reason, outcomes(post)) == (PostState.PUBLISHED, "", [Outcome.PUBLISHED])
    assert post.url == post.attempts.get().receipt["url"]


def test_late_answer_leaves_the_claim_that_came_after_alone(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver)
    slow = given_up_and_scheduled(post)
    second = claiming.claim(post.pk)
    assert second is not None
    delivery.record(slow, RateLimited("network.rate_limited", until=timezone.now(), network="Sandbox"))
    assert (state(post), claiming.claim(post.pk)) == (PostState.SENDING, None)
    delivery.record(second, delivery.call(second))
    assert (state(post), len(on_the_network())) == (PostState.PUBLISHED, 1)


def test_two_answers_for_one_part_are_one_post(waiting: Waiting, approver: User) -> None:
    post = approved(waiting(), approver)
    slow = given_up_and_scheduled(post)
    second = claiming.claim(post.pk)
    assert second is not None
    first_answer, second_answer = late_answer(slow), delivery.call(second)
    delivery.record(slow, first_answer)
    delivery.record(second, second_answer)
    assert (state(post), len(on_the_network())) == (PostState.PUBLISHED, 1)
    assert Attempt.objects.filter(ended_at=None).count() == 0


@contextmanager
def slow_look(
    live_server: Any, channel: Channel, meanwhile: Callable[[], object], answer_of_then: Fault | None = None
) -> Iterator[None]:
    """The next request takes so long that `meanwhile` happens before its answer is read: that of today, or the one
    that the network had made before. All later requests go their own way.
    """
    here, shared = Channel.objects.get(pk=channel.pk).credentials, connections["default"]
    went_wrong: list[Exception] = []

    def notice(_seen: Seen) -> None:
        if connection.vendor == "sqlite":
            connections["default"] = shared  # in memory there is one; who waits for the answer does not use it now
        try:
            Channel.objects.filter(pk=channel.pk).update(credentials=here)
            meanwhile()
        except Exception as error:
            went_wrong.append(error)
            raise
        finally:
            if connection.vendor != "sqlite":
                connections.close_all()

    shared.inc_thread_sharing()
    try:
        with FaultProxy(live_server.url) as proxy:
            proxy.noticed = notice
            if answer_of_then:
                proxy.fail(answer_of_then)
            Channel.objects.filter(pk=channel.pk).update(credentials=seal({**unseal(here), "base_url": proxy.url}))
            yield
    finally:
        shared.dec_thread_sharing()
    assert went_wrong == []


def test_old_look_does_not_settle_what_was_sent_since(
    waiting: Waiting, approver: User, account: SandboxAccount, channel: Channel, live_server: Any
) -> None:
    """Two workers look at once; one is slow, and reads "absent" after the post went out and got lost again."""
    post = approved(waiting(), approver)
    fail_with(account, SandboxFailure.SERVER_ERROR_BEFORE)
    delivery.deliver(post.pk)
    went: list[object] = []

    def meanwhile() -> None:
        wait_is_over(post)
        lookups.settle(post.pk)
        fail_with(account, SandboxFailure.LOST_ANSWER)
        delivery.deliver(post.pk)
        went.extend([state(post), len(on_the_network())])

    with slow_look(live_server, channel, meanwhile, answer(200, '{"posts": []}')):
        lookups.settle(post.pk)
    assert went == [PostState.UNCERTAIN, 1]
    assert (state(post), outcomes(post)) == (PostState.UNCERTAIN, [Outcome.ABSENT, Outcome.UNCERTAIN])


def test_one_worker_looks_at_a_time(
    waiting: Waiting, approver: User, account: SandboxAccount, channel: Channel, live_server: Any
) -> None:
    """The sweep asks for a look-up again and again while one is under way."""
    post = approved(waiting(), approver)
    fail_with(account, SandboxFailure.LOST_ANSWER)
    delivery.deliver(post.pk)
    looked: list[object] = []

    def meanwhile() -> None:
        looked.extend([lookups.waiting(PostState.UNCERTAIN), lookups.settle(post.pk)])

    with slow_look(live_server, channel, meanwhile):
        lookups.settle(post.pk)
    assert (looked, state(post)) == ([[], None], PostState.PUBLISHED)


def test_part_of_a_thread_that_was_processed_is_followed_by_the_rest(
    waiting: Waiting, approver: User, account: SandboxAccount
) -> None:
    post = approved(thread(waiting(), approver, "One.", "Two.", "Three."), approver)
    fail_with(account, SandboxFailure.PROCESSING)
    for _ in range(20):
        wait_is_over(post)
        delivery.deliver(post.pk)
        lookups.resume(post.pk)
    post.refresh_from_db()
    assert (post.state, on_the_network()) == (PostState.PUBLISHED, ["One.", "Two.", "Three."])
    assert post.url == post.attempts.order_by("part")[0].receipt["url"]


def test_token_that_dies_while_a_post_is_processed_blocks_the_channel_and_the_post_waits(
    waiting: Waiting, approver: User, administrator: User, account: SandboxAccount, channel: Channel
) -> None:
    """The network may still put it out by itself, so it has not failed."""
    post = approved(waiting(), approver)
    fail_with(account, SandboxFailure.PROCESSING)
    delivery.deliver(post.pk)
    fail_with(account, SandboxFailure.BAD_TOKEN)
    wait_is_over(post)
    lookups.resume(post.pk)
    channel.refresh_from_db()
    assert (state(post), channel.health) == (PostState.PROCESSING, ChannelHealth.BLOCKED)
    fail_with(account, SandboxFailure.NONE)
    channels.reconnect(channel.pk, administrator, {})
    for _ in range(5):
        wait_is_over(post)
        lookups.resume(post.pk)
    assert (state(post), len(on_the_network())) == (PostState.PUBLISHED, 1)


def test_post_that_is_processed_for_ever_becomes_uncertain(
    waiting: Waiting, approver: User, account: SandboxAccount
) -> None:
    """So that a person can say what became of it."""
    post = approved(waiting(), approver)
    fail_with(account, SandboxFailure.PROCESSING)
    delivery.deliver(post.pk)
    long_ago = timezone.now() - lookups.PROCESSED_WITHIN
    guards.lower_all(connection)  # the database would refuse it
    Attempt.objects.update(started_at=long_ago)
    wait_is_over(post)
    lookups.resume(post.pk)
    assert state(post) == PostState.UNCERTAIN


def test_post_that_was_processed_for_ever_and_is_out_by_a_persons_word_can_be_withdrawn_by_hand_only(
    waiting: Waiting, approver: User, account: SandboxAccount
) -> None:
    """What the network promised while it worked on it is no receipt: nobody learned the post's number."""
    post = approved(waiting(), approver)
    fail_with(account, SandboxFailure.PROCESSING)
    delivery.deliver(post.pk)
    guards.lower_all(connection)  # the database would refuse it
    Attempt.objects.update(started_at=timezone.now() - lookups.PROCESSED_WITHIN)
    wait_is_over(post)
    lookups.resume(post.pk)
    review.decide(post.pk, approver, out=True, url="https://social.example.org/1")
    with pytest.raises(InvalidInput) as caught:
        follow_up.withdraw(post.pk, approver)
    assert caught.value.key == "post.unknown_on_network"


def test_network_that_loses_posts_is_given_time_to_recover(
    waiting: Waiting, approver: User, account: SandboxAccount
) -> None:
    """It answers look-ups and loses what is posted: to send again at once would spend every try within seconds."""
    post = approved(waiting(), approver)
    fail_with(account, SandboxFailure.SERVER_ERROR_BEFORE)
    waits: list[timedelta] = []
    for _ in range(4):
        wait_is_over(post)
        delivery.deliver(post.pk)
        lookups.settle(post.pk)
        now = timezone.now()
        waits.append((Post.objects.get(pk=post.pk).not_before or now) - now)
    assert [math.ceil(wait.total_seconds()) for wait in waits] == [0, 1, 16, 81]
    assert claiming.due() == []
    wait_is_over(post)
    fail_with(account, SandboxFailure.NONE)
    delivery.deliver(post.pk)
    assert (state(post), len(on_the_network())) == (PostState.PUBLISHED, 1)


def test_post_that_was_given_up_says_that_it_is_not_out(
    waiting: Waiting, approver: User, account: SandboxAccount
) -> None:
    post = approved(waiting(), approver)
    fail_with(account, SandboxFailure.SERVER_ERROR_BEFORE)
    for _ in range(delivery.MAX_TRIES):
        wait_is_over(post)
        delivery.deliver(post.pk)
        lookups.settle(post.pk)
    post.refresh_from_db()
    assert (post.state, on_the_network()) == (PostState.FAILED, [])
    assert post.reason == "Sandbox lost the post at every try. It is not out. Try again when Sandbox works."


def test_uncertain_post_of_a_paused_channel_is_looked_up_and_not_sent(
    waiting: Waiting, approver: User, administrator: User, account: SandboxAccount, channel: Channel
) -> None:
    found, absent = approved(waiting(1), approver), approved(waiting(2), approver)
    fail_with(account, SandboxFailure.LOST_ANSWER)
    delivery.deliver(found.pk)
    fail_with(account, SandboxFailure.SERVER_ERROR_BEFORE)
    delivery.deliver(absent.pk)
    fail_with(account, SandboxFailure.NONE)
    channels.pause(channel.pk, administrator)
    assert set(lookups.waiting(PostState.UNCERTAIN)) == {found.pk, absent.pk}
    for post in (found, absent):
        lookups.settle(post.pk)
        delivery.deliver(post.pk)
    assert (state(found), state(absent)) == (PostState.PUBLISHED, PostState.SCHEDULED)
    assert len(on_the_network()) == 1


def test_lost_sealing_key_blocks_the_channel_and_says_so(waiting: Waiting, approver: User, channel: Channel) -> None:
    post = approved(waiting(), approver)
    Channel.objects.filter(pk=channel.pk).update(credentials="gAAAAABsealed-with-a-key-that-is-gone")
    delivery.deliver(post.pk)
    post.refresh_from_db()
    channel.refresh_from_db()
    assert (post.state, channel.health) == (PostState.FAILED, ChannelHealth.BLOCKED)
    assert post.reason == (
        "The stored credentials cannot be opened: the sealing key is another than before. Enter them again."
    )


def test_process_has_one_name_whoever_asks_first() -> None:
    """Several workers start at once with posts left over from before; two names would make one of them a stranger."""
    together = threading.Barrier(8)

    def ask(_number: int) -> str:
        together.wait()
        return workers.me()

    for _ in range(10):
        workers._name.cache_clear()
        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(ask, range(8)))) == 1


def test_person_who_says_that_a_part_is_out_does_not_end_the_thread(
    waiting: Waiting, approver: User, account: SandboxAccount
) -> None:
    """The parts after it have not gone out, and the desk must say so."""
    post = approved(thread(waiting(), approver, "One.", "Two."), approver)
    fail_with(account, SandboxFailure.LOST_ANSWER)
    delivery.deliver(post.pk)
    post = review.decide(post.pk, approver, out=True, url="https://example.org/1")
    assert (post.state, post.url) == (PostState.FAILED, "https://example.org/1")
    assert post.reason == "1 of 2 parts are out; the rest of the thread is not. Post the rest by hand, or leave it so."
    fail_with(account, SandboxFailure.NONE)
    review.retry(post.pk, approver)
    delivery.deliver(post.pk)
    assert (state(post), on_the_network()) == (PostState.FAILED, ["One."])


def test_post_that_was_uncertain_for_too_long_asks_again_instead_of_going_out_late(
    waiting: Waiting, approver: User, account: SandboxAccount
) -> None:
    post = approved(waiting(), approver)
    fail_with(account, SandboxFailure.SERVER_ERROR_BEFORE)
    delivery.deliver(post.pk)
    fail_with(account, SandboxFailure.NONE)
    Post.objects.filter(pk=post.pk).update(due_at=timezone.now() - timedelta(hours=7))
    lookups.settle(post.pk)
    delivery.deliver(post.pk)
    assert (state(post), on_the_network()) == (PostState.REVIEW, [])


def test_look_up_of_a_dead_worker_is_made_again_at_once(
    waiting: Waiting, approver: User, account: SandboxAccount
) -> None:
    post = approved(waiting(), approver)
    fail_with(account, SandboxFailure.LOST_ANSWER)
    delivery.deliver(post.pk)
    name = "0" * 32
    (config.get().data_dir / "workers" / f"{name}.lock").touch()  # nobody holds it: its process is gone
    Post.objects.filter(pk=post.pk).update(claimed_by=name, claimed_until=timezone.now() + claiming.LEASE)
    assert lookups.waiting(PostState.UNCERTAIN) == []
    lookups.lose_dead_claims()
    assert lookups.waiting(PostState.UNCERTAIN) == [post.pk]
