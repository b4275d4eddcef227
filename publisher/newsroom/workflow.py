"""The states of a post and the only door between them.

`TRANSITIONS` is the machine: docs/states.md is drawn from it and the tests walk it. `move` is the only writer of
`Post.state`: an update where state and revision are the expected ones, exactly one row, and the event beside it.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from publisher.enums import PostState
from publisher.errors import StaleState
from publisher.models import Post
from publisher.newsroom.alerts import notify
from publisher.newsroom.record import audit, seals

S = PostState

TRANSITIONS: Mapping[PostState, Mapping[str, PostState]] = {
    S.DRAFT: {"submit": S.REVIEW},
    S.REVIEW: {
        "edit": S.REVIEW,
        "ask for changes": S.REVIEW,
        "reject": S.REJECTED,
        "approve": S.SCHEDULED,
        "expire": S.EXPIRED,
    },
    S.REJECTED: {"reopen": S.REVIEW},
    S.SCHEDULED: {
        "edit": S.REVIEW,
        "ask for changes": S.REVIEW,
        "unschedule": S.REVIEW,
        "reschedule": S.SCHEDULED,
        "send anyway": S.SCHEDULED,
        "claim": S.SENDING,
        "ask": S.REVIEW,
        "expire": S.EXPIRED,
    },
    S.SENDING: {
        "publish": S.PUBLISHED,
        "process": S.PROCESSING,
        "put off": S.SCHEDULED,
        "refuse": S.FAILED,
        "lose": S.UNCERTAIN,
    },
    S.PROCESSING: {"publish": S.PUBLISHED, "put off": S.SCHEDULED, "refuse": S.FAILED, "lose": S.UNCERTAIN},
    S.UNCERTAIN: {"find": S.PUBLISHED, "send again": S.SCHEDULED, "give up": S.FAILED},
    S.FAILED: {"retry": S.SCHEDULED, "edit": S.REVIEW, "leave": S.PUBLISHED, "withdraw": S.WITHDRAWN},
    S.EXPIRED: {"reopen": S.REVIEW},
    S.PUBLISHED: {"withdraw": S.WITHDRAWN},
    S.WITHDRAWN: {},
}


def move(
    post: Post,
    verb: str,
    *,
    actor: str,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Post:
    """Take `post` one step on and store `changes` with it.

    `post` is what the caller saw: when its state or current revision is no longer the same in the database, somebody
    else was faster and StaleState is raised; nothing is changed then. Returns the same object, brought up to date.
    """
    before = PostState(post.state)
    after = TRANSITIONS[before].get(verb)
    if after is None:
        raise StaleState("post.wrong_state", f"{verb} from {before}", state=before.value.replace("_", " "))
    changes.setdefault("reason", reason)
    changes.setdefault("diagnostic", "")
    changes.setdefault("counts_down", False)
    if after == S.REVIEW:
        changes["round"] = F("round") + 1  # approvals of before count no more, whatever brought it back
        changes["pace"] = ""
        if before != S.REVIEW and post.due_at and post.due_at <= timezone.now():
            changes["due_at"] = None  # a time that has come is over; one that is still to come stays the post's own
    if before in {S.SENDING, S.PROCESSING, S.UNCERTAIN}:
        changes.setdefault("claimed_by", "")
        changes.setdefault("claimed_until", None)
    with transaction.atomic(savepoint=False):
        rows = Post.objects.filter(Q(revision=post.revision_id), pk=post.pk, state=before).update(
            state=after, changed_at=timezone.now(), **changes
        )
        if rows == 1:
            audit.record(
                actor,
                "post",
                post.pk,
                verb,
                before=before,
                after=after,
                reason=reason,
                data={"revision": post.revision_id, **(data or {}), **_sealed(post, verb, before, changes)},
                channel_id=post.channel_id,
            )
            notify.post_moved(post, before, after, reason)
    if rows != 1:  # outside, because nothing is to be rolled back: the caller's transaction may go on
        raise StaleState("post.changed_meanwhile", f"{verb} from {before}")
    post.refresh_from_db()
    return post


def _sealed(post: Post, verb: str, before: PostState, changes: Mapping[str, Any]) -> dict[str, seals.Seals]:
    """What the chain holds from now on of the rows that this step wrote: a revision, approvals, attempts that ended."""
    made: seals.Seals = {}
    written = changes.get("revision") or (post.revision if before == S.DRAFT else None)
    if written is not None:
        made |= seals.of_revision(written)
    if verb in {"approve", "reschedule"}:
        made |= seals.of_approvals(post)
    if before in {S.SENDING, S.PROCESSING, S.UNCERTAIN}:
        made |= seals.of_attempts(post)
    return {seals.KEY: made} if made else {}
