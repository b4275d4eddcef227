"""What follows when an institution changes a text: each post about it is looked at, and none goes on unseen.

A post depends on what changed when its template makes another draft of the new text than of the old one, or when its
words no longer stand up against the new text (quotations, numbers, dates, names) though they did against the old.

| The post | depends | does not |
| --- | --- | --- |
| in review, scheduled or failed, written by a template | written anew, to review | stays, with an event |
| the same, edited by a person | the same words, to review with the reason | stays, with an event |
| out, or on its way | a person decides (`corrections`) | the same; the alarm says that it still holds |
"""

import logging
from collections.abc import Sequence
from contextlib import suppress

from django.db import transaction

from publisher import messages
from publisher.compose.verify import check_words
from publisher.enums import AlarmKind, Origin, PostState
from publisher.errors import StaleState
from publisher.models import Document, Post, Version
from publisher.newsroom import channels
from publisher.newsroom.alerts import alarms
from publisher.newsroom.approval.signing import revision_hash
from publisher.newsroom.documents import vanished
from publisher.newsroom.drafts import previews
from publisher.newsroom.drafts.drafting import add_revision
from publisher.newsroom.drafts.pictures import Pictures, with_pictures
from publisher.newsroom.drafts.writing import write
from publisher.newsroom.record import audit
from publisher.newsroom.workflow import move
from publisher.text.languages import primary
from publisher.types import Draft, Entry, Issue, Media, Part, entry_from_json

log = logging.getLogger(__name__)

QUEUED = (PostState.REVIEW, PostState.SCHEDULED, PostState.FAILED)
OUT = (PostState.SENDING, PostState.PROCESSING, PostState.UNCERTAIN, PostState.PUBLISHED)
"""States in which followers see a post, or may see it in a moment."""


def on_change(document: Document, before: Version, after: Version, pictures: Pictures | None = None) -> None:
    """`after` was stored because the institution's text is no longer `before`: do what follows for every post.

    Call it in the transaction that stored the version, so that neither exists without the other. `pictures`: what was
    drawn for the new words before that.
    """
    old, new = entry_from_json(before.entry), entry_from_json(after.entry)
    # Where only the feed had been read so far, the page tells more; the institution has changed nothing.
    completed = not old.recipe and bool(new.recipe)
    with transaction.atomic():
        out: dict[int, bool] = {}
        for post in _about(document, after):
            depends = _may_depend(post, old, new)
            if post.state in OUT:
                out[post.pk] = depends
            elif depends:
                with suppress(StaleState):  # a person did something with it at this moment
                    _send_back(post, new, after, pictures, completed=completed)
            else:
                keep = {"version": after.number}
                audit.record(audit.SERVICE, "post", post.pk, "keep", reason=messages.sentence("change.kept"), data=keep)
        if out and not completed:
            _call_a_person(document, before, after, out)
        if new.withdrawn and not old.withdrawn:
            vanished.gone(document, withdrawn=True)


def catch_up(post: Post) -> bool:
    """Send a post back whose source changed while it was on its way or set aside, and say whether that was so.

    `on_change` sees only what is queued at that moment: a post that a network put off, or that a person opens again,
    still has the words of an older version. Call it where such a post is about to go on, with its row locked.
    """
    before = post.revision.version if post.revision else None
    after = post.document.current_in(before.language) if before else None
    if before is None or after is None or after.number <= before.number:
        return False
    old, new = entry_from_json(before.entry), entry_from_json(after.entry)
    if not _may_depend(post, old, new):
        return False
    _send_back(post, new, after, None, completed=not old.recipe and bool(new.recipe))
    return True


def _may_depend(post: Post, old: Entry, new: Entry) -> bool:
    """What cannot be told (a template that fails) counts as yes: a person looks then."""
    try:
        return does_depend(post, old, new)
    except Exception:
        log.exception("post %s could not be compared with the new text", post.pk)
        return True


def does_depend(post: Post, old: Entry, new: Entry) -> bool:
    """Whether the words of a post rest on what changed from `old` to `new`."""
    assert post.revision is not None
    if post.origin == Origin.RULE and draft_for(post, old).parts != draft_for(post, new).parts:
        return True
    told = {_name(issue) for issue in _doubts(post, old)}
    return any(_name(issue) not in told for issue in _doubts(post, new))


def draft_for(post: Post, entry: Entry, pictures: Pictures | None = None) -> Draft:
    """What the post's template makes of `entry`. Pictures that the post has already come with their bytes, and so does
    its card while it says the same; `pictures` may have the one that takes its place."""
    standing = post.revision.content if post.revision else ()
    known = Pictures(_pictures(standing), pictures.cards if pictures else {}, fetch=False)
    shown = [item for part in standing for item in part.media]
    return with_pictures(write(entry, post.channel, post.rule), entry, channels.limits(post.channel), known, shown)


def _about(document: Document, after: Version) -> list[Post]:
    """The posts in the language of the version that are queued or out; of an edited post, only the edit that stands."""
    found = Post.objects.select_related("channel", "document__source", "revision", "rule", "edits")
    rows = found.filter(document=document, state__in=[*QUEUED, *OUT]).select_for_update(of=("self",)).order_by("pk")
    language = after.primary_language or primary(document.language)
    posts = [post for post in rows if post.revision and primary(post.revision.language) in {language, ""}]
    replaced = {post.edits_id for post in posts if post.state == PostState.PUBLISHED}
    newest = {post.edits_id: post.pk for post in posts if post.edits_id and post.state == PostState.PUBLISHED}
    return [
        post
        for post in posts
        if post.pk not in replaced
        and not (post.edits_id and post.state == PostState.PUBLISHED and newest[post.edits_id] != post.pk)
    ]


def _send_back(post: Post, new: Entry, after: Version, pictures: Pictures | None, *, completed: bool) -> None:
    assert post.revision is not None
    changes: dict[str, object] = {"approved_revision": None, "due_at": None, "not_before": None}
    touched = post.revision.author is not None or post.origin == Origin.PERSON
    made = None if touched else _made_anew(post, new, pictures)
    touched = made is None
    parts = post.revision.content if made is None else made.parts
    language = post.revision.language if made is None else made.language
    same = made is not None and revision_hash(post.channel, language, parts) == post.revision.hash
    if same and post.state == PostState.REVIEW:
        return  # somebody has written it anew already
    revision = add_revision(post, parts, language=language, author=post.revision.author, draft=made, version=after)
    reason = messages.sentence("change.look" if touched else "change.completed" if completed else "change.rewritten")
    data = {"version": after.number, "number": revision.number}
    move(post, "edit", actor=audit.SERVICE, reason=reason, data=data, revision=revision, **changes)


def _made_anew(post: Post, new: Entry, pictures: Pictures | None) -> Draft | None:
    try:
        return draft_for(post, new, pictures)
    except Exception:
        log.exception("post %s could not be written anew", post.pk)
        return None


def _call_a_person(document: Document, before: Version, after: Version, out: dict[int, bool]) -> None:
    """One task per document: a second change while it is open is added to it, with all posts to be decided anew."""
    standing = alarms.standing(AlarmKind.CORRECTION, document=document)
    known = standing.data if standing else {}
    depend = {*(post for post, depends in out.items() if depends), *(known.get("depend") or ())}
    data = {
        "before": known.get("before", before.number),
        "after": after.number,
        "posts": sorted({*out, *(known.get("posts") or ())}),
        "depend": sorted(depend),
        "acts": {},
    }
    alarms.raise_alarm(
        AlarmKind.CORRECTION, "alarm.correction", document=document, params={"count": len(data["posts"])}, data=data
    )


def _doubts(post: Post, entry: Entry) -> list[Issue]:
    assert post.revision is not None
    texts = [part.text for part in post.revision.content]
    return check_words(entry, texts, language=post.revision.language, known=previews.names_around(post))


def _name(issue: Issue) -> tuple[str, str, object]:
    return issue.field, issue.key, issue.params.get("words")


def _pictures(parts: Sequence[Part]) -> dict[str, Media]:
    shown = [part.card.image for part in parts if part.card and part.card.image]
    return {item.url: item for item in [*shown, *(item for part in parts for item in part.media)] if item.url}
