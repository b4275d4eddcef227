"""Four eyes: who may not approve a post, and how many must. Pure decisions about rows that are read at that moment."""

from datetime import datetime

from django.utils import timezone

from publisher.errors import Held, NotAllowed
from publisher.models import Approval, Post, User
from publisher.newsroom import access
from publisher.newsroom.approval import signing
from publisher.newsroom.drafts.terms import is_agreed


def needed(post: Post) -> int:
    """How many people (or rules) must say yes."""
    return post.channel.approvals_for(post.document.kind)


def missing(post: Post, at: datetime | None = None) -> int:
    """How many approvals are still to come for what would be sent at `at`, else now."""
    counting = valid(post, at or timezone.now())
    return 0 if any(one.alone for one in counting) else max(0, needed(post) - len(counting))


def valid(post: Post, at: datetime) -> list[Approval]:
    """The approvals that count: still for this very content, and by eyes that are other than those that wrote it; of a
    rule, where a second person has agreed to what it says."""
    found = signing.standing(post, at)
    if not post.channel.four_eyes:
        return found
    wrote = _writers(post)
    by_people = [one for one in found if not one.by.startswith("rule: ")]
    counting = [one for one in by_people if one.alone or one.user_id is None or one.user_id not in wrote]
    by_rules = [one for one in found if one.by.startswith("rule: ")]
    return counting + (by_rules if by_rules and is_agreed(post.rule) else [])


def require_other(post: Post, user: User) -> None:
    """Raises NotAllowed when `user` may not approve this post, whatever their role: they must not be who made it."""
    why = why_not(post, user)
    if why:
        raise NotAllowed(why)


def why_not(post: Post, user: User) -> str:
    """The sentence (its key) that forbids `user` to approve; blank when nothing does."""
    if not post.channel.four_eyes:
        return ""
    if user.pk is None:
        return "approval.say_who"
    if user.pk in _writers(post):
        return "approval.own_words"
    if post.rule is not None and post.rule.owner_id == user.pk:
        return "approval.own_rule"
    return ""


def require_named(post: Post, user: User) -> None:
    """Where four eyes count, whoever writes or approves has a name, or nobody could tell two people apart."""
    if post.channel.four_eyes and user.pk is None:
        raise NotAllowed("approval.say_who")


def require_enough(post: Post) -> None:
    """Read anew immediately before a call. Raises Held."""
    if missing(post):
        raise Held("held.not_approved")


def several() -> bool:
    """Whether more than one person could approve: a newsroom of one cannot look twice."""
    people = User.objects.filter(is_active=True).prefetch_related("grants")
    return sum(access.holds_somewhere(user, "approve") for user in people) > 1


def colleagues() -> bool:
    """Whether more than one person writes or approves here."""
    people = User.objects.filter(is_active=True).prefetch_related("grants")
    return sum(access.holds_somewhere(user, "write") for user in people) > 1


def _writers(post: Post) -> set[int]:
    """Who wrote the current revision, and who edited it last before the service wrote it anew."""
    last = post.revisions.exclude(author=None).order_by("-number").values_list("author_id", flat=True).first()
    current = post.revision.author_id if post.revision else None
    return {pk for pk in (current, last) if pk is not None}
