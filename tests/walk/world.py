"""One small newsroom of the walk: what may happen in it, and what must be true after each step.

The task engine loses everything here: what is due must be found from the rows alone, by the sweep.
"""

import contextlib
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import time_machine
from django.db import OperationalError, connection
from django.utils import timezone

from publisher.enums import ChannelHealth, HoldScope, Outcome, PostState, Role
from publisher.errors import NotAllowed, PublisherError, StaleState
from publisher.models import Approval, Attempt, Channel, Document, Hold, Post, User
from publisher.newsroom import channels
from publisher.newsroom.approval import comments, review
from publisher.newsroom.drafts.drafting import add_revision
from publisher.newsroom.sealing import seal
from publisher.newsroom.sending import claiming, delivery, follow_up, holds, lookups, workers
from publisher.newsroom.workflow import move
from publisher.types import Identity, Part, to_json
from tests.factories import make_document
from tests.walk.network import BASE, GET_FAULTS, POST_FAULTS, TOKEN, Killed, StrictNetwork

S = PostState
IN_FLIGHT = {S.SCHEDULED, S.SENDING, S.PROCESSING, S.UNCERTAIN}
LIVE_POSTS = 6


STUCK = """
    SELECT id, state, due_at, not_before, claimed_until FROM publisher_post WHERE
    (state = 'scheduled' AND (due_at IS NULL OR not_before > %s))
    OR (state = 'sending' AND (claimed_until IS NULL OR claimed_until > %s))
    OR (state IN ('processing', 'uncertain') AND claimed_until > %s)
"""


class Broken(BaseException):
    """Something that must always be true is not. The product catches what networks raise, but not this."""


class Slow:
    """A claim of a worker that takes its time: other things happen between its steps."""

    def __init__(self, claim: claiming.Claim) -> None:
        self.claim = claim
        self.result: Any = None


class World:
    def __init__(self, rng: random.Random, clock: time_machine.Traveller, network: StrictNetwork) -> None:
        self.rng, self.clock, self.network = rng, clock, network
        network.before_post = self.look_at_call
        self.seen: Counter[str] = Counter()
        self.slow: list[Slow] = []
        self.looking = False
        """While the walk itself looks at rows, nothing befalls it."""
        self.statements_left = -1
        """SQL statements until something befalls this process; -1: nothing does."""
        self.what_befalls: type[BaseException] = Killed
        self.posts: list[int] = []
        self.left: set[int] = set()
        """Threads that stay half out, as a person said."""
        self.withdrawing: set[int] = set()
        """Somebody wanted them off the network; when that is broken off, a part may be gone before its row says so."""
        number = User.objects.count()
        self.writer = self._person(f"writer{number}@example.org", Role.EDITOR)
        self.chief = self._person(f"chief{number}@example.org", Role.ADMINISTRATOR)
        self.second = self._person(f"second{number}@example.org", Role.ADMINISTRATOR)
        self.channel = Channel.objects.create(
            network="sandbox",
            name=f"Press {number}",
            credentials=seal({"base_url": BASE, "account": "press", "token": TOKEN}),
            account=to_json(Identity(id="1", handle="press")),
            health=ChannelHealth.OK,
        )
        self.acts: list[tuple[int, Callable[[], object]]] = [
            (12, self.draft),
            (16, self.approve),
            (5, self.edit),
            (2, self.reject),
            (2, self.ask_for_changes),
            (3, self.reopen),
            (3, self.unschedule),
            (3, self.reschedule),
            (5, self.retry),
            (4, self.decide),
            (1, self.withdraw),
            (1, self.leave),
            (3, self.hold),
            (4, self.lift),
            (2, self.pause_or_resume),
            (4, self.reconnect),
            (2, self.embargo),
            (24, self.pass_time),
            (1, self.jump),
            (30, self.sweep),
            (10, self.deliver),
            (8, self.claim_slowly),
            (10, self.go_on_slowly),
            (4, self.oversleep),
            (2, self.die),
        ]

    def _person(self, email: str, role: Role) -> User:
        return User.objects.create(email=email, name=email.partition("@")[0], role=role)

    # --- one step ------------------------------------------------------------------------------------------------

    def step(self) -> str:
        """Something happens, perhaps with a fault or a death in the middle of it. Gives its name."""
        weights = [weight for weight, _ in self.acts]
        act = self.rng.choices(self.acts, weights)[0][1]
        name = act.__name__
        self.network.post_fault = self.rng.choice(POST_FAULTS) if self.rng.random() < 0.35 else ""
        self.network.get_fault = self.rng.choice(GET_FAULTS) if self.rng.random() < 0.15 else ""
        faults = [fault for fault in (self.network.post_fault, self.network.get_fault) if fault]
        if self.rng.random() < 0.12:
            self.statements_left = self.rng.randint(0, 40)
            self.what_befalls = self.rng.choice([Killed, OperationalError])
            faults.append(f"{self.what_befalls.__name__} after {self.statements_left} statements")
        self.seen[name] += 1
        self.seen["faults"] += len(faults)
        try:
            act()
        except Killed:
            self.seen["killed"] += 1
            name += " †"
            self.die()
        except OperationalError:
            self.seen["database gone"] += 1
            name += " (database gone)"
        except PublisherError as error:
            name += f" ({error.key})"
        finally:
            self.statements_left = -1
        self.check()
        return f"{name} {faults or ''}"

    def befall(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Stands around each SQL statement: the process dies before it, or the database is gone."""
        if self.statements_left >= 0 and not self.looking:
            self.statements_left -= 1
            if self.statements_left < 0:
                raise self.what_befalls("befallen")
        return execute(sql, params, many, context)

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        before, self.looking = self.looking, True
        try:
            yield
        finally:
            self.looking = before

    def pick(self, *states: PostState) -> Post | None:
        """One of the posts in these states. In plain SQL, like `check`: half of all steps begin with it."""
        with self.undisturbed(), connection.cursor() as cursor:
            places = ", ".join(["%s"] * len(states))
            cursor.execute(
                f"SELECT id FROM publisher_post WHERE channel_id = %s AND state IN ({places}) ORDER BY id",  # noqa: S608  ours
                [self.channel.pk, *(state.value for state in states)],
            )
            found = [pk for (pk,) in cursor.fetchall()]
            return Post.objects.get(pk=self.rng.choice(found)) if found else None

    # --- what people do ------------------------------------------------------------------------------------------

    def draft(self) -> None:
        if Post.objects.filter(pk__in=self.posts).exclude(state__in=[S.PUBLISHED, S.WITHDRAWN]).count() >= LIVE_POSTS:
            return
        document = make_document()
        post = Post.objects.create(document=document, channel=self.channel)
        self.posts.append(post.pk)
        revision = add_revision(post, self.parts(post), language="en", author=None)
        Post.objects.filter(pk=post.pk).update(revision=revision)
        post.refresh_from_db()
        move(post, "submit", actor="rule")

    def parts(self, post: Post) -> list[Part]:
        mark = f"Post {post.pk}, writing {self.rng.getrandbits(40):x}"
        return [Part(text=f"{mark}, part {index}.") for index in range(self.rng.choice([1, 1, 2, 3]))]

    def approve(self) -> None:
        post = self.pick(S.REVIEW)
        if post and post.revision_id:
            wait = self.rng.choice([None, None, timedelta(minutes=1), timedelta(hours=2)])
            at = timezone.now() + wait if wait else None
            review.approve(post.pk, self.chief, revision_id=post.revision_id, at=at, now=self.rng.choice([True, False]))

    def edit(self) -> None:
        post = self.pick(S.REVIEW, S.SCHEDULED, S.FAILED)
        if post and post.revision_id:
            review.edit(post.pk, self.writer, revision_id=post.revision_id, parts=self.parts(post))

    def reject(self) -> None:
        post = self.pick(S.REVIEW)
        if post and post.revision_id:
            review.reject(post.pk, self.chief, revision_id=post.revision_id)

    def ask_for_changes(self) -> None:
        post = self.pick(S.REVIEW, S.SCHEDULED)
        if post and post.revision_id:
            comments.ask(post.pk, self.second, revision_id=post.revision_id, text="Shorter, please.")

    def reopen(self) -> None:
        if post := self.pick(S.REJECTED, S.EXPIRED):
            review.reopen(post.pk, self.chief)

    def unschedule(self) -> None:
        if post := self.pick(S.SCHEDULED):
            review.unschedule(post.pk, self.chief)

    def reschedule(self) -> None:
        if post := self.pick(S.SCHEDULED):
            review.reschedule(post.pk, self.chief, at=timezone.now() + timedelta(minutes=self.rng.randint(0, 90)))

    def retry(self) -> None:
        if post := self.pick(S.FAILED):
            review.retry(post.pk, self.chief)

    def decide(self) -> None:
        """A person looks on the network and says what stands there."""
        post = self.pick(S.UNCERTAIN)
        if post is None:
            return
        with self.undisturbed():
            lost = list(post.current_attempts.filter(outcome=Outcome.UNCERTAIN))
            standing = {one.key: one for one in self.network.standing()}
            there = [attempt.key in standing for attempt in lost]
        if any(there) and not all(there):
            return  # "is it out" has no answer then
        url = f"{BASE}/{standing[lost[0].key].id}" if lost and all(there) else ""
        review.decide(post.pk, self.chief, out=bool(url), url=url)

    def withdraw(self) -> None:
        if post := self.pick(S.PUBLISHED, S.FAILED):
            self.withdrawing.add(post.pk)
            follow_up.withdraw(post.pk, self.chief)

    def leave(self) -> None:
        """A thread whose rest was refused stays as it is."""
        if post := self.pick(S.FAILED):
            self.left.add(review.leave(post.pk, self.chief).pk)

    def hold(self) -> None:
        if not self.posts or Hold.objects.standing().count() > 1:
            return
        post = Post.objects.get(pk=self.rng.choice(self.posts))
        scope = self.rng.choice(list(HoldScope))
        begins = timezone.now() + timedelta(minutes=self.rng.choice([-1, 0, 30]))
        holds.set(
            self.writer,
            scope=scope,
            reason="Now",
            channel_id=self.channel.pk,
            document_id=post.document_id,
            words=[self.rng.choice([f"post {post.pk}, ", "part 1", "no such word"])],
            channel_ids=self.rng.choice([[], [self.channel.pk]]),
            starts_at=begins,
            ends_at=begins + timedelta(minutes=self.rng.randint(2, 90)),
        )

    def lift(self) -> None:
        for hold in Hold.objects.filter(lifted_at=None):
            self.lift_one(hold)

    def lift_one(self, hold: Hold) -> None:
        """Two must want it where everything is stopped; one of them may have said so before."""
        for person in (self.chief, self.second):
            with contextlib.suppress(NotAllowed, StaleState):
                holds.lift(hold.pk, person)

    def pause_or_resume(self) -> None:
        active = Channel.objects.values_list("active", flat=True).get(pk=self.channel.pk)
        (channels.pause if active else channels.resume)(self.channel.pk, self.chief)

    def reconnect(self) -> None:
        self.network.broken_token = False
        channels.reconnect(self.channel.pk, self.chief, {})

    def embargo(self) -> None:
        if post := self.pick(S.REVIEW, S.SCHEDULED, S.SENDING):
            until = timezone.now() + timedelta(minutes=self.rng.randint(-10, 90))
            Document.objects.filter(pk=post.document_id).update(embargo_until=until)

    # --- what time and the machine do ----------------------------------------------------------------------------

    def pass_time(self) -> None:
        self.clock.shift(timedelta(seconds=self.rng.choice([0.5, 2, 10, 60, 320, 1800])))

    def jump(self) -> None:
        """A wrong clock that is set right, a machine that slept over the weekend."""
        self.clock.shift(
            self.rng.choice([timedelta(hours=-1), timedelta(minutes=-5), timedelta(hours=7), timedelta(days=3)])
        )

    def die(self) -> None:
        """`kill -9`, and a new process: the kernel lets go of the lock of the old one."""
        self.statements_left = -1
        self.slow.clear()
        workers._name.cache_clear()
        while workers._held:
            workers._held.pop().close()
        workers.me()

    def sweep(self) -> None:
        """What `tasks.sweep` finds, done at once and in no particular order."""
        lookups.lose_dead_claims()
        tasks: list[tuple[Callable[[int], object], int]] = [
            *((delivery.deliver, pk) for pk in claiming.due()),
            *((lookups.settle, pk) for pk in lookups.waiting(S.UNCERTAIN)),
            *((lookups.resume, pk) for pk in lookups.waiting(S.PROCESSING)),
        ]
        self.rng.shuffle(tasks)
        for run, pk in tasks:
            run(pk)

    def deliver(self) -> None:
        """An old task of the engine comes to a post in whatever state."""
        if self.posts:
            run = self.rng.choice([delivery.deliver, lookups.settle, lookups.resume])
            run(self.rng.choice(self.posts))

    def claim_slowly(self) -> None:
        post = self.pick(S.SCHEDULED)
        claimed = claiming.claim(post.pk) if post else None
        if claimed:
            self.slow.append(Slow(claimed))

    def go_on_slowly(self) -> None:
        """The next step of a slow worker, however much has happened since its last."""
        if not self.slow:
            return
        slow = self.rng.choice(self.slow)
        if slow.result is None:
            slow.result = delivery.call(slow.claim)
            return
        self.slow.remove(slow)
        following = delivery.record(slow.claim, slow.result)
        if following:
            self.slow.append(Slow(following))

    def oversleep(self) -> None:
        """A slow worker is taken for dead; its post is looked up, and perhaps sent by another."""
        if self.slow:
            self.clock.shift(claiming.LEASE + timedelta(seconds=10))
            self.sweep()
            self.clock.shift(timedelta(seconds=2))
            self.sweep()

    # --- what must be true ---------------------------------------------------------------------------------------

    def look_at_call(self, key: str) -> None:
        """At the moment at which a post reaches the network: it is approved as it stands, and nothing forbids it."""
        with self.undisturbed():
            now = timezone.now()
            attempt = Attempt.objects.select_related("revision").filter(key=key).latest("id")
            post = Post.objects.select_related("document", "channel", "revision").get(pk=attempt.post_id)
            self.must(post.state == S.SENDING, "a post is sent only while it is claimed", post)
            self.must(post.revision_id == attempt.revision_id, "the current revision is sent", post)
            self.must(post.approved_revision_id == attempt.revision_id, "the approved revision is sent", post)
            approved = Approval.objects.filter(revision=attempt.revision, hash=attempt.revision.hash).exists()
            self.must(approved, "nothing unapproved is sent", post)
            self.must(holds.standing(post) is None, "nothing is sent under a hold", post)
            self.must(not comments.is_asked(post), "nothing is sent while changes are asked for", post)
            self.must(post.channel.active, "a paused channel sends nothing", post)
            embargo = post.document.embargo_until
            self.must(not embargo or embargo <= now, "nothing is sent under an embargo", post)
            already = [one for one in self.network.posts if one.key == key]
            self.must(not already, "no part is sent twice", post)

    def must(self, true: bool, what: str, post: Post | None = None) -> None:
        if not true:
            told = "" if post is None else f"post {post.pk} {post.state}: {self.history(post)}"
            raise Broken(f"{what}. {told}")

    def history(self, post: Post) -> list[tuple[object, ...]]:
        return list(post.attempts.order_by("id").values_list("part", "outcome", "ended_at", "revision__number"))

    def check(self) -> None:
        """What is not final is come to by itself, in at most a day. In plain SQL: this runs at each step."""
        with self.undisturbed(), connection.cursor() as cursor:
            soon = connection.ops.adapt_datetimefield_value(timezone.now() + timedelta(days=1))
            cursor.execute(STUCK, [soon, soon, soon])
            stuck = cursor.fetchone()
            self.must(stuck is None, f"what is not final has a way on: {stuck}")

    # --- the end -------------------------------------------------------------------------------------------------

    def come_to_rest(self) -> None:
        """All troubles end; then every post does, by itself, and the rows say what stands on the network."""
        self.network.post_fault = self.network.get_fault = ""
        for one in self.slow:
            delivery.record(one.claim, one.result if one.result is not None else delivery.call(one.claim))
        self.die()
        self.lift()
        if not Channel.objects.values_list("active", flat=True).get(pk=self.channel.pk):
            channels.resume(self.channel.pk, self.chief)
        self.reconnect()
        Document.objects.filter(posts__in=self.posts).update(embargo_until=None)
        for _ in range(60):
            self.sweep()
            self.check()
            self.clock.shift(timedelta(minutes=45))
            if not Post.objects.filter(pk__in=self.posts, state__in=IN_FLIGHT).exists():
                break
        for post in Post.objects.filter(pk__in=self.posts):
            self.must(post.state not in IN_FLIGHT, "everything comes to rest", post)
            self.compare(post)
            self.seen[f"ended {post.state}"] += 1

    def compare(self, post: Post) -> None:
        """What the rows say is out stands there, and nothing else does."""
        keys = {attempt.key for attempt in post.attempts.all()}
        standing = sorted(one.text for one in self.network.standing() if one.key in keys)
        known = [
            attempt.revision.content[attempt.part].text
            for attempt in post.attempts.filter(outcome=Outcome.PUBLISHED).select_related("revision")
        ]
        if post.state == S.WITHDRAWN:
            self.must(standing == [], "what is withdrawn is gone", post)
            return
        if post.pk in self.withdrawing:
            self.must(set(standing) <= set(known), "nothing stands that the rows do not know", post)
            return
        self.must(standing == sorted(known), f"the rows say what is out: {standing} {known}", post)
        if post.state == S.PUBLISHED and post.pk not in self.left:
            assert post.revision is not None
            whole = sorted(part.text for part in post.revision.content)
            self.must(standing == whole, "what is published stands there whole", post)

    def states(self) -> list[str]:
        with self.undisturbed():
            return [str(state) for state in Post.objects.filter(pk__in=self.posts).values_list("state", flat=True)]


def lose_every_task(*_: object, **__: object) -> None:
    """What the task engine does with what it is given here."""


@contextmanager
def befallen(world: World) -> Iterator[None]:
    with connection.execute_wrapper(world.befall):
        yield
