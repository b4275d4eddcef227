"""The fault matrix: what may go wrong in delivery, over every network, on the database of this run.

For each: at most one post stands on the network, the row is in the right state with a sentence for the person, and
nothing waits for ever. The run is the source of the table in docs/reliability.md:

    WRITE_DOCS=1 python -m pytest tests/newsroom/test_fault_matrix.py
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone

from publisher import config
from publisher.enums import ChannelHealth, Lookup, Outcome, PostState, Role, ThreadStyle
from publisher.models import Channel, Post, User
from publisher.networks import registry
from publisher.newsroom import channels
from publisher.newsroom.approval import review
from publisher.newsroom.sealing import seal, unseal
from publisher.newsroom.sending import claiming, delivery, lookups, workers
from publisher.types import Part
from tests.factories import make_post, make_user
from tests.networks.places import Place, open_place
from tests.newsroom.acts import deliver_whole, dressed
from tests.peers.faults import Fault, answer, drip, drop, hang
from tests.ports import closed_address

pytestmark = [pytest.mark.urls("publisher.sandbox.urls"), pytest.mark.django_db(transaction=True)]

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- the table of the run begins -->\n", "<!-- the table of the run ends -->\n"
HTML = "<!doctype html><html><title>502</title>Bad gateway</html>"
S = PostState

found: dict[str, dict[str, str]] = {}
"""What this run saw: fault, network, cell."""


class Killed(BaseException):
    """`kill -9`."""


@dataclass
class Newsroom:
    """One channel on one network, and who works on it."""

    place: Place
    channel: Channel
    chief: User

    def approved(self, *texts: str) -> Post:
        parts = tuple(dressed(self.place, Part(text=text)) for text in texts or ("Europe stands by its word.",))
        post = make_post(channel=self.channel, parts=parts)
        assert post.revision_id is not None
        return review.approve(post.pk, self.chief, revision_id=post.revision_id)

    @property
    def label(self) -> str:
        return registry.LABELS[self.place.kind]

    def fail(self, fault: Fault, times: int = 1) -> None:
        self.place.proxy.fail(fault, path=self.place.posting, method=self.place.method, times=times)

    def calls(self) -> int:
        return len(self.place.posted())

    def texts(self) -> list[str]:
        return sorted(one.text for one in self.place.standing())

    def come_to_rest(self, post: Post) -> Post:
        """The trouble is over: what the sweep does by itself, every wait cut short; then what a person would do."""
        for _ in range(8):
            self.sweep(post)
            post.refresh_from_db()
            if Channel.objects.get(pk=self.channel.pk).health == ChannelHealth.BLOCKED:
                channels.reconnect(self.channel.pk, self.chief, {})
                post = review.retry(post.pk, self.chief) if post.state == S.FAILED else post
            if post.state == S.UNCERTAIN and self.place.network.limits.lookup is Lookup.NONE:
                post = self.decide(post)
            if post.state in {S.PUBLISHED, S.FAILED, S.EXPIRED}:
                break
        return post

    def decide(self, post: Post) -> Post:
        """A person looks at the channel and says what stands there, and sends it again where it does not."""
        assert post.revision is not None
        lost = post.current_attempts.filter(outcome=Outcome.UNCERTAIN).order_by("part").first()
        assert lost is not None
        out = post.revision.content[lost.part].text in self.texts()
        post = review.decide(post.pk, self.chief, out=out)
        return post if out else review.retry(post.pk, self.chief)

    def deliver(self, post: Post) -> Post:
        return deliver_whole(self.place, post)

    def sweep(self, post: Post) -> None:
        waits = Post.objects.filter(pk=post.pk)
        waits.update(not_before=None)
        lookups.lose_dead_claims()
        waits.exclude(state=S.SENDING).update(claimed_until=None)
        for state, look in ((S.UNCERTAIN, lookups.settle), (S.PROCESSING, lookups.resume)):
            for pk in lookups.waiting(state):
                look(pk)
        for pk in claiming.due():
            delivery.deliver(pk)


ONE_OF_EACH = ("sandbox", "bluesky", "x", "threads", "telegram")
"""By key, all parts at once, by searching, in two steps, and where nobody can be asked: what the rows go through."""
NETWORKS = ONE_OF_EACH if "postgresql" in settings.DATABASES["default"]["ENGINE"] else tuple(registry.CALLED)
"""What a network answers is the same on both databases; there one network stands for all of its manner."""


@pytest.fixture(params=NETWORKS)
def newsroom(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsroom]:
    with open_place(request.param, request) as place:
        if place.desk:  # where the network fetches pictures
            monkeypatch.setattr(config.get(), "public_url", place.desk)
        chief = make_user(Role.ADMINISTRATOR)
        channel = channels.add(chief, network=place.kind, credentials=place.given())
        place.proxy.reset()
        yield Newsroom(place, channel, chief)


def note(fault: str, newsroom: Newsroom, after: Post, end: Post, calls: int) -> None:
    """One cell of the table: the state after the fault, and how it ended."""
    way = after.state if after.state == end.state else f"{after.state} → {end.state}"
    found.setdefault(fault, {})[newsroom.place.kind] = f"{way}, {calls} call{'s' if calls != 1 else ''}"


def is_a_sentence(text: str) -> bool:
    return not text[:1].islower() and text.endswith(".")


# --- one answer of the network -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    name: str
    fault: Callable[[Place], Fault]
    states: Sequence[str]
    """What the row may say after the fault."""
    hasty: bool = False
    """Whether our side must have little patience for the test to end soon."""
    alike: bool = False
    """Whether another case says the same to the rows and differs in what is read only: once, on SQLite, is enough."""


UNCLEAR = (S.UNCERTAIN,)
WAITS = (S.SCHEDULED,)
BLOCKS = (S.FAILED, S.PUBLISHED)
TWO_STEPS = {WAITS: (S.PROCESSING,), BLOCKS: (S.PROCESSING,)}
"""Where a network works in two steps, a post that could not take the second waits for it."""
SETTLED = (S.UNCERTAIN, S.PUBLISHED)
"""Bluesky looks under the key within the call itself, and may know at once."""


def _limited(headers: Callable[[Place], dict[str, str]]) -> Callable[[Place], Fault]:
    return lambda place: answer(429, '{"error": "RateLimitExceeded"}', headers=headers(place))


def _in(seconds: int) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


CASES = [
    Case("connection reset before the request arrived", lambda _: drop(after_forwarding=False), UNCLEAR),
    Case("connection reset after the post was out", lambda _: drop(after_forwarding=True), SETTLED),
    Case("timeout, request lost", lambda _: hang(after_forwarding=False), UNCLEAR, hasty=True, alike=True),
    Case("timeout, post out", lambda _: hang(after_forwarding=True), UNCLEAR, hasty=True),
    Case("an answer that drips for ever, post out", lambda _: drip(), SETTLED, hasty=True, alike=True),
    *(
        Case(
            f"{status} after the post was out",
            lambda _, s=status: answer(s, "{}", after_forwarding=True),  # type: ignore[misc]
            SETTLED,
            alike=status != 500,
        )
        for status in (500, 502, 503, 504)
    ),
    Case("500, nothing out", lambda _: answer(500, "{}"), UNCLEAR),
    Case(
        "HTML error page, post out",
        lambda _: answer(502, HTML, content_type="text/html", after_forwarding=True),
        SETTLED,
        alike=True,
    ),
    Case(
        "200 with an HTML page, post out",
        lambda _: answer(200, HTML, content_type="text/html", after_forwarding=True),
        SETTLED,
        alike=True,
    ),
    Case("200 with nothing in it, post out", lambda _: answer(200, "", after_forwarding=True), SETTLED, alike=True),
    Case("200 with other JSON, post out", lambda _: answer(200, '{"ok": true}', after_forwarding=True), SETTLED),
    Case(
        "200 with JSON cut off, post out",
        lambda _: answer(200, '{"id": "', after_forwarding=True),
        SETTLED,
        alike=True,
    ),
    Case("429 with Retry-After in seconds", _limited(lambda _: {"Retry-After": "90"}), WAITS),
    Case(
        "429 with Retry-After as a date",
        _limited(lambda _: {"Retry-After": format_datetime(_in(90), usegmt=True)}),
        WAITS,
        alike=True,
    ),
    Case("429 with the network's own reset", lambda place: place.limited(_in(90)), WAITS, alike=True),
    Case("429 without a time", _limited(lambda _: {}), WAITS, alike=True),
    Case("token dead", lambda place: answer(401, place.unauthorised), BLOCKS),
]


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case.name, marks=[pytest.mark.any_database] if case.alike else []) for case in CASES],
)
def test_post_stands_once_and_is_published_whatever_the_network_answers(
    newsroom: Newsroom, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = newsroom.approved()
    newsroom.fail(case.fault(newsroom.place), times=9 if case.name == "token dead" else 1)
    with monkeypatch.context() as patched:
        if case.hasty:
            hasty = newsroom.place.hasty()
            patched.setattr(registry, "get", lambda _kind: hasty)
        after = newsroom.deliver(post)
    states = case.states if newsroom.place.explains else SETTLED
    assert after.state in (*states, *TWO_STEPS.get(states, ()))
    assert after.state == S.PUBLISHED or is_a_sentence(after.reason)
    if states == WAITS:
        until = after.claimed_until if after.state == S.PROCESSING else after.not_before
        assert until is not None
        assert timedelta(0) < until - timezone.now() < timedelta(minutes=16)
        assert after.tries == 0
    reset_faults(newsroom)
    end = newsroom.come_to_rest(post)
    assert (end.state, newsroom.texts()) == (S.PUBLISHED, ["Europe stands by its word."])
    note(case.name, newsroom, after, end, newsroom.calls())


def reset_faults(newsroom: Newsroom) -> None:
    """End the faults; what was asked so far is remembered."""
    newsroom.place.proxy._rules.clear()


def test_connection_that_is_refused_costs_a_try_and_no_look_up(newsroom: Newsroom) -> None:
    post = newsroom.approved()
    fields = unseal(newsroom.channel.credentials)
    rows = Channel.objects.filter(pk=newsroom.channel.pk)
    rows.update(credentials=seal({**fields, **newsroom.place.given(closed_address())}))
    delivery.deliver(post.pk)
    after = Post.objects.get(pk=post.pk)
    if newsroom.place.explains:
        assert (after.state, after.tries, newsroom.calls()) == (S.SCHEDULED, 1, 0)
        assert after.reason.endswith(" could not be reached. Nothing was sent; it will be tried again.")
    else:
        assert (after.state, newsroom.calls()) == (S.UNCERTAIN, 0)
    rows.update(credentials=seal(fields))
    end = newsroom.come_to_rest(post)
    assert (end.state, newsroom.texts()) == (S.PUBLISHED, ["Europe stands by its word."])
    note("connection refused", newsroom, after, end, newsroom.calls())


# --- threads -----------------------------------------------------------------------------------------------------

THREAD = ("One of three.", "Three of three.", "Two of three.")
"""In the order of their letters, as `texts` gives them."""


def second_part(newsroom: Newsroom) -> Post:
    """A thread whose first part is out, where parts go one by one."""
    return newsroom.approved(THREAD[0], THREAD[2], THREAD[1])


def deliver_with_fault_at_second_part(newsroom: Newsroom, post: Post, fault: Fault) -> Post:
    claimed = claiming.claim(post.pk)
    assert claimed is not None
    if newsroom.place.network.limits.thread is not ThreadStyle.ATOMIC:
        claimed = delivery.record(claimed, delivery.call(claimed))
        if claimed is None:  # in two steps, and this was the first
            newsroom.deliver(post)
    newsroom.fail(fault)
    newsroom.fail(fault)
    if claimed is None:
        return newsroom.deliver(post)
    delivery.record(claimed, delivery.call(claimed))
    return Post.objects.get(pk=post.pk)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("thread: answer to the second part lost", lambda place: drop(after_forwarding=True)),
        ("thread: token dies at the second part", lambda place: answer(401, place.unauthorised)),
        ("thread: second part refused, then allowed", lambda place: answer(*place.refusal)),
    ],
    ids=["lost", "token", "refused"],
)
def test_thread_goes_on_after_the_last_part_that_is_out(
    newsroom: Newsroom, name: str, fault: Callable[[Place], Fault]
) -> None:
    if newsroom.place.network.limits.thread is ThreadStyle.NONE:
        found.setdefault(name, {})[newsroom.place.kind] = "no threads"
        return
    post = second_part(newsroom)
    after = deliver_with_fault_at_second_part(newsroom, post, fault(newsroom.place))
    assert after.state == S.PUBLISHED or is_a_sentence(after.reason)
    reset_faults(newsroom)
    if after.state == S.UNCERTAIN and newsroom.place.network.limits.lookup is Lookup.NONE:
        # A person saw the second part, but not under which number a third could answer it: the rest is theirs.
        end = review.decide(post.pk, newsroom.chief, out=True)
        assert (end.state, newsroom.texts()) == (S.FAILED, [THREAD[0], THREAD[2]])
        told = "2 of 3 parts are out; the rest of the thread is not. Post the rest by hand, or leave it so."
        assert end.reason == told
        note(name, newsroom, after, end, newsroom.calls())
        return
    end = newsroom.come_to_rest(post)
    if end.state == S.FAILED:
        review.retry(post.pk, newsroom.chief)
        end = newsroom.come_to_rest(post)
    assert (end.state, newsroom.texts()) == (S.PUBLISHED, sorted(THREAD))
    note(name, newsroom, after, end, newsroom.calls())


# --- deaths, the database, the disk, the clock -------------------------------------------------------------------


def die() -> None:
    """The process is gone, and another takes its place: the kernel lets go of the lock."""
    workers._name.cache_clear()
    while workers._held:
        workers._held.pop().close()
    workers.me()


@contextmanager
def befallen(after: int, what: type[BaseException]) -> Iterator[list[int]]:
    """After so many SQL statements this befalls the process, or the database. Gives how many there were."""
    count = [0]

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        count[0] += 1
        if count[0] > after:
            raise what("befallen")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield count


def killed_before_claim(newsroom: Newsroom, post: Post) -> None:
    pass


def killed_after_claim(newsroom: Newsroom, post: Post) -> None:
    assert claiming.claim(post.pk)


def killed_in_call_before_it_arrived(newsroom: Newsroom, post: Post) -> None:
    claimed = claiming.claim(post.pk)
    assert claimed
    newsroom.fail(drop(after_forwarding=False))
    delivery.call(claimed)


def killed_in_call_after_it_arrived(newsroom: Newsroom, post: Post) -> None:
    claimed = claiming.claim(post.pk)
    assert claimed
    newsroom.fail(drop(after_forwarding=True))
    delivery.call(claimed)


def killed_after_answer(newsroom: Newsroom, post: Post) -> None:
    claimed = claiming.claim(post.pk)
    assert claimed
    delivery.call(claimed)


def killed_in_record(newsroom: Newsroom, post: Post) -> None:
    claimed = claiming.claim(post.pk)
    assert claimed
    result = delivery.call(claimed)
    with pytest.raises(Killed), befallen(4, Killed):
        delivery.record(claimed, result)


DEATHS = {
    "kill -9 before the claim": (killed_before_claim, S.SCHEDULED),
    "kill -9 after the claim": (killed_after_claim, S.SENDING),
    "kill -9 in the call, before it arrived": (killed_in_call_before_it_arrived, S.SENDING),
    "kill -9 in the call, after it arrived": (killed_in_call_after_it_arrived, S.SENDING),
    "kill -9 after the answer": (killed_after_answer, S.SENDING),
    "kill -9 in the record": (killed_in_record, S.SENDING),
}


@pytest.mark.parametrize("name", DEATHS)
def test_post_whose_worker_was_killed_stands_once(newsroom: Newsroom, name: str) -> None:
    until_death, left = DEATHS[name]
    post = newsroom.approved()
    until_death(newsroom, post)
    die()
    after = Post.objects.get(pk=post.pk)
    assert after.state == left
    reset_faults(newsroom)
    end = newsroom.come_to_rest(post)
    assert (end.state, newsroom.texts()) == (S.PUBLISHED, ["Europe stands by its word."])
    note(name, newsroom, after, end, newsroom.calls())


def test_kill_at_every_statement_of_a_delivery_leaves_one_post(newsroom: Newsroom) -> None:
    """The whole way of one post, with a death before each of its SQL statements in turn."""
    step = 1 if newsroom.place.kind == "sandbox" and connection.vendor == "sqlite" else 8
    statements, wanted = 0, []
    while True:
        post = newsroom.approved(f"Post that dies after {statements} statements.")
        wanted.append(f"Post that dies after {statements} statements.")
        dead = False
        with befallen(statements, Killed):
            try:
                delivery.deliver(post.pk)
            except Killed:
                dead = True
        die()
        end = newsroom.come_to_rest(post)
        assert (statements, end.state) == (statements, S.PUBLISHED)
        assert newsroom.texts() == sorted(wanted)
        if not dead:
            break
        statements += step
    assert statements > 20
    found.setdefault("kill -9 at every SQL statement in turn", {})[newsroom.place.kind] = "published, each post once"


def test_database_that_fails_after_the_answer_costs_a_look_up(newsroom: Newsroom) -> None:
    """Gone, or full: both raise the same at the next statement."""
    post = newsroom.approved()
    claimed = claiming.claim(post.pk)
    assert claimed is not None
    result = delivery.call(claimed)
    with pytest.raises(OperationalError), befallen(0, OperationalError):
        delivery.record(claimed, result)
    after = Post.objects.get(pk=post.pk)
    assert after.state == S.SENDING
    Post.objects.filter(pk=post.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))  # the lease ends
    end = newsroom.come_to_rest(post)
    assert (end.state, newsroom.texts()) == (S.PUBLISHED, ["Europe stands by its word."])
    note("database gone or disk full after the answer", newsroom, after, end, newsroom.calls())


def test_database_that_is_gone_before_the_call_stops_the_call(newsroom: Newsroom) -> None:
    post = newsroom.approved()
    claimed = claiming.claim(post.pk)
    assert claimed is not None
    with befallen(0, OperationalError):
        result = delivery.call(claimed)
    delivery.record(claimed, result)
    after = Post.objects.get(pk=post.pk)
    assert (after.state, newsroom.calls()) == (S.SCHEDULED, 0)
    assert after.reason == (
        f"The post for {newsroom.label} could not be prepared. Nothing was sent; it will be tried again."
    )
    end = newsroom.come_to_rest(post)
    assert (end.state, newsroom.texts()) == (S.PUBLISHED, ["Europe stands by its word."])
    note("database gone or disk full before the call", newsroom, after, end, newsroom.calls())


@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("clock jumps ahead in the call", timedelta(hours=-8)),
        ("clock is set back in the call", timedelta(days=365)),
    ],
)
def test_clock_that_jumps_makes_no_second_post_and_no_endless_wait(
    newsroom: Newsroom, name: str, by: timedelta
) -> None:
    """Seen from the row: its lease ended long ago, or lies a year ahead."""
    post = newsroom.approved()
    claimed = claiming.claim(post.pk)
    assert claimed is not None
    delivery.call(claimed)  # and the worker lives on, without ever recording
    Post.objects.filter(pk=post.pk).update(claimed_until=timezone.now() + by)
    after = Post.objects.get(pk=post.pk)
    assert lookups.lose_dead_claims() == 1
    Post.objects.filter(pk=post.pk).update(claimed_until=timezone.now() + by)
    asked = newsroom.place.network.limits.lookup is not Lookup.NONE
    assert lookups.waiting(S.UNCERTAIN) == ([post.pk] if asked else [])
    end = newsroom.come_to_rest(post)
    assert (end.state, newsroom.texts()) == (S.PUBLISHED, ["Europe stands by its word."])
    assert end.attempts.latest("id").outcome == Outcome.PUBLISHED
    note(name, newsroom, after, end, newsroom.calls())


# --- the table ---------------------------------------------------------------------------------------------------


def table() -> str:
    kinds = list(registry.CALLED)
    lines = ["| What goes wrong | " + " | ".join(registry.LABELS[kind] for kind in kinds) + " |"]
    lines.append("| --- |" + " --- |" * len(kinds))
    lines += [
        f"| {fault} | " + " | ".join(cells.get(kind, "–") for kind in kinds) + " |" for fault, cells in found.items()
    ]
    return "\n".join(lines) + "\n"


def test_table_in_the_document_is_what_this_run_saw() -> None:
    """Last in this file. WRITE_DOCS=1 writes it anew."""
    if any(len(cells) != len(registry.CALLED) for cells in found.values()) or len(found) < 30:
        pytest.skip("only a part of the matrix ran")
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    stands, _, after = rest.partition(END)
    if os.environ.get("WRITE_DOCS"):
        DOCUMENT.write_text(before + BEGIN + table() + END + after, encoding="utf-8")
        return
    assert stands == table()
