"""Comments on a post: said, asking for changes, withdrawn. The words stay in the rows; the history keeps their hash."""

import hashlib

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from publisher import messages
from publisher.enums import NoticeKind, PostState
from publisher.errors import InvalidInput, NotAllowed, StaleState
from publisher.models import Comment, Post, User
from publisher.newsroom import access
from publisher.newsroom.alerts import notify
from publisher.newsroom.approval import mentions
from publisher.newsroom.approval.locked import locked, seen
from publisher.newsroom.pages import Page
from publisher.newsroom.record import audit
from publisher.newsroom.workflow import move

LONGEST = 5000
"""Characters of one comment."""
TOLD = 300
"""Characters of a comment that a message quotes."""
AT_ONCE = 50


def say(post_id: int, user: User, text: str) -> Comment:
    """Comment on a post, in whatever state it is; who is mentioned is told. Raises NotAllowed, InvalidInput."""
    with transaction.atomic():
        post = locked(post_id)
        access.require(user, "write", post.channel)
        made = _make(post, user, text)
        Post.objects.filter(pk=post_id).update(comment_count=F("comment_count") + 1)
        audit.record(user.email, "post", post_id, "comment", data=_proof(made))
        _tell(made, post, user)
    return made


def ask(post_id: int, user: User, *, revision_id: int, text: str) -> Comment:
    """Ask for changes of the words that were on the screen: the post goes back to whoever writes it, with the reason.

    It cannot be approved until it has other words, or the request is withdrawn. Whoever has the post is told; where
    nobody has it, who wrote its words gets it. Raises NotAllowed, StaleState, InvalidInput.
    """
    with transaction.atomic():
        post = seen(post_id, revision_id)
        access.require(user, "approve", post.channel)
        if post.state not in {PostState.REVIEW, PostState.SCHEDULED}:
            raise StaleState("post.wrong_state", state=post.state.replace("_", " "))
        made = _make(post, user, text, asks=True)
        has_it = post.assigned_to or _writer(post)
        move(
            post,
            "ask for changes",
            actor=user.email,
            reason=messages.sentence("comment.asked", why=" ".join(made.text.split())),
            data=_proof(made) | {"assigned": has_it.email if has_it else ""},
            approved_revision=None,
            due_at=None,
            not_before=None,
            changes_asked=post.revision,
            assigned_to=has_it,
            comment_count=F("comment_count") + 1,
        )
        _tell(made, post, user, has_it)
    return made


def withdraw(comment_id: int, user: User) -> Comment:
    """Take back what was said: it no longer shows, and that it was withdrawn does. Only whoever said it may.

    A request for changes may also be set aside by anybody who may approve the post. Raises NotAllowed, StaleState.
    """
    with transaction.atomic():
        found = Comment.objects.filter(pk=comment_id).first()
        if found is None:
            raise InvalidInput("comment.unknown", id=comment_id)
        post = locked(found.post_id)
        found = Comment.objects.select_for_update().get(pk=comment_id)
        if not may_withdraw(found, user, post):
            raise NotAllowed("comment.not_yours")
        access.require(user, "approve" if found.user_id != user.pk else "write", post.channel)
        if found.withdrawn_at is not None:
            raise StaleState("comment.withdrawn_already")
        found.withdrawn_at, found.withdrawn_by = timezone.now(), user.email
        found.save(update_fields=["withdrawn_at", "withdrawn_by"])
        Post.objects.filter(pk=post.pk).update(comment_count=F("comment_count") - 1)
        verb = "withdraw request" if found.asks else "withdraw comment"
        audit.record(user.email, "post", post.pk, verb, data={"comment": found.pk})
        notify.over(*_causes(found))
        if found.asks and post.changes_asked_id == found.revision_id:
            _let_go(post)
    return found


def may_withdraw(comment: Comment, user: User, post: Post) -> bool:
    if comment.user_id is not None and comment.user_id == user.pk:
        return True
    return (comment.asks or comment.user_id is None) and access.can(user, "approve", post.channel)


def thread(post_id: int, page: int = 0) -> Page[Comment]:
    """A page of what was said, in the order of time; the last one unless another is asked for."""
    found = Comment.objects.filter(post=post_id).select_related("revision", "user").order_by("id")
    last = max(1, -(-found.count() // AT_ONCE))
    number = min(page, last) if page > 0 else last
    rows = list(found[(number - 1) * AT_ONCE : number * AT_ONCE])
    return Page(rows, number, number < last)


def is_asked(post: Post) -> bool:
    """Whether somebody wants other words than the current ones."""
    return post.changes_asked_id is not None and post.changes_asked_id == post.revision_id


def _make(post: Post, user: User, text: str, *, asks: bool = False) -> Comment:
    said = text.replace("\r\n", "\n").strip()
    if not said:
        raise InvalidInput("comment.empty")
    if len(said) > LONGEST:
        raise InvalidInput("comment.too_long", length=len(said), limit=LONGEST)
    assert post.revision is not None
    named = mentions.find(said, list(User.objects.filter(is_active=True)))
    told = [person.pk for person in named if person.pk != user.pk]
    who = user if user.pk else None
    return Comment.objects.create(
        post=post, revision=post.revision, asks=asks, text=said, user=who, by=user.email, told=told
    )


def _proof(comment: Comment) -> dict[str, object]:
    """What the history keeps: enough to prove the words, not the words."""
    return {"comment": comment.pk, "sha256": hashlib.sha256(comment.text.encode()).hexdigest(), "told": comment.told}


def _writer(post: Post) -> User | None:
    """Who wrote the current words, if they may still write there."""
    author = post.revision.author if post.revision else None
    return author if author is not None and access.can(author, "write", post.channel) else None


def _tell(comment: Comment, post: Post, user: User, has_it: User | None = None) -> None:
    asked, mentioned = _causes(comment)
    people = {person.pk: person for person in User.objects.filter(pk__in=comment.told)}
    if has_it is not None and has_it.pk != user.pk:
        people.pop(has_it.pk, None)
        _notice(asked, "notice.changes_asked", comment, post, [has_it])
    if people:
        _notice(mentioned, "notice.mention", comment, post, list(people.values()))


def _notice(cause: str, key: str, comment: Comment, post: Post, people: list[User]) -> None:
    secret = post.document.embargo is not None
    short = comment.text if len(comment.text) <= TOLD else comment.text[: TOLD - 1].rstrip() + "…"
    told = messages.sentence("notice.on_the_desk") if secret else short
    params = {"by": comment.by, "channel": post.channel.name, "text": " ".join(told.split())}
    link = f"/posts/{post.pk}/talk/"
    subject = notify.name(post.document)
    notify.tell(cause, NoticeKind.PERSONAL, key, subject=subject, params=params, link=link, people=people)


def _causes(comment: Comment) -> tuple[str, str]:
    return f"comment:{comment.pk}:asked", f"comment:{comment.pk}:mention"


def _let_go(post: Post) -> None:
    """The last standing request for these words is gone: they may be approved again."""
    others = Comment.objects.filter(post=post, revision=post.revision, asks=True, withdrawn_at=None)
    if not others.exists():
        Post.objects.filter(pk=post.pk).update(changes_asked=None, reason="", changed_at=timezone.now())
