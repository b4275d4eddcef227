"""Review: approve, edit, reject, schedule. An approval is for one revision, for its very words and pictures."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from publisher import messages
from publisher.enums import NoticeKind, Outcome, Pace, PostState
from publisher.errors import InvalidInput, PublisherError, StaleState
from publisher.models import Approval, Emergency, Post, User
from publisher.newsroom import access, engine
from publisher.newsroom.alerts import notify
from publisher.newsroom.approval import eyes, signing
from publisher.newsroom.approval.comments import is_asked
from publisher.newsroom.approval.locked import locked, seen
from publisher.newsroom.approval.signing import revision_hash
from publisher.newsroom.documents import changes
from publisher.newsroom.drafts import previews
from publisher.newsroom.drafts.drafting import add_revision
from publisher.newsroom.record import audit, seals
from publisher.newsroom.sending import attempts, late, when
from publisher.newsroom.workflow import move
from publisher.types import Part

LATER = datetime.max.replace(tzinfo=UTC)
"""For asking who has agreed at all, for whatever time."""


def approve(
    post_id: int,
    user: User,
    *,
    revision_id: int,
    at: datetime | None = None,
    now: bool = False,
    slot: bool = False,
    alone: str = "",
    translated: bool = False,
) -> Post:
    """Say yes to the revision that was on the screen; it goes out now, or at `at`, never before an embargo ends.

    A post that has a time of its own keeps it, unless `at`, `now` or `slot` (the channel's next free best hour) says
    otherwise; when that time has passed, the channel's policy for what is too late decides (`sending.late`).
    Where two must say yes, the first leaves it in review, and the later of the two times counts. `alone` is the reason
    why, in an emergency, one person is enough whoever wrote it (`emergencies`). `translated`: the person says that they
    have checked what a machine translated; nothing else lets such words out.

    Raises NotAllowed, StaleState (another revision is current, or it is no longer in review), InvalidInput (something
    stands against it, or its time has passed).
    """
    with transaction.atomic():
        post = seen(post_id, revision_id)
        access.require(user, "approve", post.channel)
        if post.state != PostState.REVIEW:
            raise StaleState("post.wrong_state", state=post.state.replace("_", " "))
        if alone:
            eyes.require_named(post, user)
        else:
            eyes.require_other(post, user)
            if is_asked(post):
                raise InvalidInput("comment.changes_first")
        source = previews.source_of(post)
        found = previews.errors(previews.check(post, source))
        if found:
            raise InvalidInput("post.has_issues", why=" ".join(issue.message for issue in found))
        by_machine = source is not None and source.machine_translated
        if by_machine and not translated:
            raise InvalidInput("approval.machine_translated")
        own = not (at or now or slot or alone)
        if own and late.expires(post, user, timezone.now()):
            return post
        at = late.own_time(post, timezone.now()) if own else _next_slot(post) if slot else at
        due = _due(post, at)
        if at is not None:
            Post.objects.filter(pk=post.pk).update(due_at=due)  # the time that a second person agrees to
        signed = signing.sign(post, user.email, user=user, not_before=due, alone=bool(alone))
        if alone:
            made = Emergency.objects.create(post=post, approval=signed, reason=alone, by=user.email)
            told = {"by": user.email, "channel": post.channel.name, "why": alone}
            about = post.document.title
            notify.tell(
                f"emergency:{made.pk}",
                NoticeKind.EMERGENCY,
                "notice.emergency",
                subject=about,
                params=told,
                link="/second/",
            )
        post = _enough(post, user, signed, reason=alone, told={"machine_translated": True} if by_machine else {})
    if post.state == PostState.SCHEDULED:
        _send(post)
    return post


def _enough(post: Post, user: User, signed: Approval, *, reason: str, told: Mapping[str, Any]) -> Post:
    """Let the post go when this approval was the last one it needed; else it waits for the next."""
    agreed = eyes.valid(post, LATER)
    if signed.pk not in {one.pk for one in agreed}:
        raise StaleState("post.changed_meanwhile")  # what was looked at is no longer what would be approved
    due = max((one.not_before for one in agreed if one.not_before), default=signed.not_before)
    assert due is not None
    told = {"hash": signed.hash, "signature": signed.signature, "due": due.isoformat(), **told}
    if eyes.missing(post, LATER):
        said = messages.sentence("approval.one_more", people=", ".join(one.by for one in agreed))
        same = Post.objects.filter(pk=post.pk, state=PostState.REVIEW, revision=post.revision_id, round=post.round)
        if same.update(reason=said, changed_at=timezone.now()) != 1:
            raise StaleState("post.changed_meanwhile")
        sealed = {seals.KEY: seals.of_approvals(post)}
        audit.record(user.email, "post", post.pk, "first approval", data=told | sealed)
        post.refresh_from_db()
        return post
    return move(
        post,
        "approve",
        actor=user.email,
        reason=reason,
        data=told | ({"alone": True} if reason else {}),
        approved_revision=post.revision,
        pace=Pace.ANYWAY if reason else "",  # an emergency waits for no pace
        due_at=due,
        not_before=None,
        changes_asked=None,
        tries=0,
    )


def approve_all(
    document_id: int, user: User, *, revisions: Mapping[int, int]
) -> list[tuple[Post, PublisherError | None]]:
    """Approve each post of the document that was on the screen (post id to revision id); one failing stops no other."""
    access.require_somewhere(user, "approve")
    done: list[tuple[Post, PublisherError | None]] = []
    waiting = Post.objects.filter(document_id=document_id, pk__in=revisions, state=PostState.REVIEW)
    for post in waiting.select_related("channel").order_by("pk"):
        try:
            done.append((approve(post.pk, user, revision_id=revisions[post.pk]), None))
        except PublisherError as error:
            done.append((post, error))
    return done


def edit(post_id: int, user: User, *, revision_id: int, parts: Sequence[Part]) -> Post:
    """Store what was typed as a new revision; an approved post goes back to review with it."""
    with transaction.atomic():
        post = seen(post_id, revision_id)
        access.require(user, "write", post.channel)
        eyes.require_named(post, user)
        assert post.revision is not None
        if not parts:
            raise InvalidInput("check.empty")
        _keep_what_is_out(post)
        if revision_hash(post.channel, post.revision.language, parts) == post.revision.hash:
            return post
        revision = add_revision(post, parts, language=post.revision.language, author=user)
        return move(post, "edit", actor=user.email, data={"number": revision.number}, revision=revision)


def reject(post_id: int, user: User, *, revision_id: int, reason: str = "") -> Post:
    with transaction.atomic():
        post = seen(post_id, revision_id)
        access.require(user, "write", post.channel)
        return move(post, "reject", actor=user.email, reason=reason.strip())


def reopen(post_id: int, user: User) -> Post:
    """Undo a rejection, or look again at what was too late."""
    with transaction.atomic():
        post = locked(post_id)
        access.require(user, "write", post.channel)
        post = move(post, "reopen", actor=user.email, approved_revision=None, due_at=None)
        changes.catch_up(post)
    return post


def reschedule(post_id: int, user: User, *, at: datetime | None = None) -> Post:
    """Another time for an approved post; by default the channel's next free best hour. Earlier than was agreed to needs
    a new approval, later does not."""
    with transaction.atomic():
        post = locked(post_id)
        access.require(user, "approve", post.channel)
        due = _due(post, at or _next_slot(post))
        if post.state == PostState.SCHEDULED and eyes.missing(post, due):
            eyes.require_other(post, user)
            signing.sign(post, user.email, user=user, not_before=due)
            if eyes.missing(post, due):
                raise InvalidInput("approval.earlier")
        told = {"due": due.isoformat()}
        post = move(post, "reschedule", actor=user.email, data=told, due_at=due, not_before=None, pace="")
    _send(post)
    return post


def unschedule(post_id: int, user: User) -> Post:
    """Take a post back before it goes out."""
    with transaction.atomic():
        post = locked(post_id)
        access.require(user, "write", post.channel)
        return move(post, "unschedule", actor=user.email, approved_revision=None, due_at=None, not_before=None)


def retry(post_id: int, user: User) -> Post:
    """Send a failed post again, as it was approved, after the part that is already out."""
    with transaction.atomic():
        post = locked(post_id)
        access.require(user, "approve", post.channel)
        if post.approved_revision_id != post.revision_id:
            raise StaleState("post.changed_meanwhile")
        post = move(post, "retry", actor=user.email, due_at=timezone.now(), not_before=None, tries=0)
    _send(post)
    return post


def leave(post_id: int, user: User) -> Post:
    """Take a thread whose rest was refused for published: the rest was posted by hand, or is not needed."""
    with transaction.atomic():
        post = locked(post_id)
        access.require(user, "approve", post.channel)
        if post.state != PostState.FAILED:
            raise StaleState("post.wrong_state", state=post.state)
        if not attempts.partly_out(post):
            raise StaleState("post.not_partly_out")
        first = attempts.receipts(post)[0].url or post.url
        return move(post, "leave", actor=user.email, reason=post.reason, published_at=timezone.now(), url=first)


def decide(post_id: int, user: User, *, out: bool, url: str = "") -> Post:
    """A person has looked on the network and says whether an uncertain post is out."""
    with transaction.atomic():
        post = locked(post_id)
        access.require(user, "approve", post.channel)
        if post.state != PostState.UNCERTAIN:
            raise StaleState("post.wrong_state", state=post.state)
        lost = post.current_attempts.filter(outcome=Outcome.UNCERTAIN)
        lost.update(**({"outcome": Outcome.PUBLISHED} if out else {"outcome": Outcome.ABSENT, "cost": 0}))
        if out:
            return _found_by_hand(post, user, url or post.url)
        return move(post, "give up", actor=user.email, reason="A person looked: it is not out.")


def _found_by_hand(post: Post, user: User, url: str) -> Post:
    """Published, unless parts of a thread remain: to those we cannot join, not knowing the last one's number."""
    assert post.revision is not None
    parts = len(post.revision.content)
    known = post.current_attempts.filter(outcome=Outcome.PUBLISHED).count()
    if known == parts:
        return move(post, "find", actor=user.email, published_at=timezone.now(), url=url)
    reason = messages.sentence("post.rest_not_out", out=known, all=parts)
    return move(post, "give up", actor=user.email, reason=reason, url=url)


def _due(post: Post, at: datetime | None) -> datetime:
    now = timezone.now()
    if at is not None and at < now - timedelta(minutes=1):
        raise InvalidInput("post.time_has_passed")
    embargo = post.document.embargo
    if at is not None and embargo and at < embargo:
        raise InvalidInput("post.before_embargo", until=embargo.isoformat())
    return max(at or now, embargo or now)


def _next_slot(post: Post) -> datetime:
    """The channel's row is locked with it, so that nobody else takes the same hour."""
    channel, now = when.lock(post.channel_id), timezone.now()
    if not channel.slots:
        raise InvalidInput("pace.no_hours", channel=channel.name)
    return when.earliest(channel, max(now, post.document.embargo or now), besides=post)


def _send(post: Post) -> None:
    assert post.due_at is not None
    engine.enqueue("deliver", post.pk, at=post.due_at if post.due_at > timezone.now() else None)


def _keep_what_is_out(post: Post) -> None:
    """A thread that is half out cannot be rewritten: its first parts stand on the network."""
    out = post.current_attempts.filter(outcome=Outcome.PUBLISHED).count()
    if out:
        raise InvalidInput("post.partly_out", count=out)
