"""What rules alone have scheduled goes back to a person, when what they were told no longer holds."""

from collections.abc import Iterator
from contextlib import suppress

from django.db.models import Q

from publisher.enums import PostState
from publisher.errors import StaleState
from publisher.models import Post, Rule
from publisher.newsroom.record import audit
from publisher.newsroom.workflow import move


def by_rules_alone(which: Q) -> Iterator[Post]:
    """Posts that are scheduled and that no person has approved, with their rows locked. Call it in a transaction."""
    rows = Post.objects.select_for_update(of=("self",)).select_related("channel", "document", "revision")
    for post in rows.filter(which, state=PostState.SCHEDULED).order_by("pk"):
        assert post.revision is not None
        if not post.revision.approvals.filter(round=post.round).exclude(by__startswith="rule: ").exists():
            yield post


def take_back(post: Post, reason: str) -> None:
    cleared = {"approved_revision": None, "due_at": None, "not_before": None}
    with suppress(StaleState):  # a worker has just claimed it: it is on its way
        move(post, "unschedule", actor=audit.SERVICE, reason=reason, **cleared)


def of_rule(rule: Rule, reason: str) -> None:
    """All that this rule has scheduled by itself."""
    for post in by_rules_alone(Q(rule=rule)):
        take_back(post, reason)
