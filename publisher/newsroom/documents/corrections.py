"""What a person may do about a post that is out and no longer says what the institution says.

Every act but "leave" ends in a post for review: nobody's words reach a network without an approval.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.db import transaction

from publisher import messages
from publisher.enums import AlarmKind, Origin, PostState
from publisher.errors import InvalidInput, StaleState
from publisher.models import Alarm, Post, User, Version
from publisher.networks import registry
from publisher.newsroom import access
from publisher.newsroom.alerts import alarms
from publisher.newsroom.documents.changes import draft_for
from publisher.newsroom.drafts.drafting import add_revision
from publisher.newsroom.record import audit
from publisher.newsroom.sending import follow_up
from publisher.newsroom.workflow import move
from publisher.text.diff import Block, FieldChange, compare, condense
from publisher.text.languages import primary
from publisher.types import Entry, Part, entry_from_json

OPENINGS = {
    "bg": "Поправка", "cs": "Oprava", "da": "Rettelse", "de": "Korrektur", "el": "Διόρθωση", "en": "Correction",
    "es": "Corrección", "et": "Parandus", "fi": "Oikaisu", "fr": "Rectificatif", "ga": "Ceartúchán", "hr": "Ispravak",
    "hu": "Helyesbítés", "it": "Rettifica", "lt": "Pataisymas", "lv": "Labojums", "mt": "Korrezzjoni",
    "nl": "Rectificatie", "pl": "Sprostowanie", "pt": "Correção", "ro": "Rectificare", "sk": "Oprava",
    "sl": "Popravek", "sv": "Rättelse", "uk": "Виправлення",
}  # fmt: skip
"""How a reply with a correction begins; the reviewer words the rest."""


class Act(StrEnum):
    EDIT = "edit"
    """Other words in the same place, where the network can."""
    REPLY = "reply"
    """A post that answers it and says what is right."""
    REPOST = "repost"
    """Delete it on the network, and draft it anew."""
    LEAVE = "leave"
    """It may stay as it is; a reason is asked for."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A post of an alarm, and what can be done about it."""

    post: Post
    depends: bool
    """Whether its words rest on what changed."""
    acts: tuple[Act, ...]
    """Empty where it has been decided."""
    done: str = ""


def choices(alarm: Alarm) -> list[Choice]:
    """The posts of a CORRECTION or VANISHED alarm, in the order they went out."""
    posts = Post.objects.select_related("channel", "document__source", "revision").order_by("published_at", "pk")
    if alarm.kind == AlarmKind.CORRECTION:
        found = posts.filter(pk__in=alarm.data.get("posts") or ())
    else:
        found = posts.filter(document=alarm.document_id, state=PostState.PUBLISHED, edits=None)
        # A stop keeps every word about it back, a correction too: what remains is to withdraw.
        return [Choice(post, True, ()) for post in found]
    done = alarm.data.get("acts") or {}
    depend = alarm.data.get("depend") or ()
    return [
        Choice(post, post.pk in depend, () if str(post.pk) in done else possible(post), done.get(str(post.pk), ""))
        for post in found
    ]


def possible(post: Post) -> tuple[Act, ...]:
    """What the post's network lets us do."""
    if post.state != PostState.PUBLISHED:
        return (Act.LEAVE,)
    limits = registry.get_limits(post.channel.network)
    able = {Act.EDIT: limits.edit, Act.REPOST: limits.delete}
    return tuple(act for act in Act if able.get(act, True))


def replacements(posts: Iterable[Post]) -> dict[int, Post]:
    """For each post that was edited on its network: the one whose words stand there now."""
    out = [post.pk for post in posts if post.state == PostState.PUBLISHED]
    found = Post.objects.filter(edits__in=out, state=PostState.PUBLISHED) if out else Post.objects.none()
    return {post.edits_id: post for post in found.order_by("published_at", "pk") if post.edits_id}


def changes(alarm: Alarm) -> tuple[FieldChange, ...]:
    """What changed between the versions that a CORRECTION is about."""
    assert alarm.document is not None
    numbers = [alarm.data.get("before"), alarm.data.get("after")]
    found = {version.number: version for version in alarm.document.versions.filter(number__in=numbers)}
    if len(found) < 2:
        return ()
    return changes_between(found[numbers[0]], found[numbers[1]])


def condensed(change: FieldChange) -> list[Block | None]:
    """What changed in a field, with a paragraph around it; None for what is left out."""
    return condense(change.blocks)


def changes_between(before: Version, after: Version) -> tuple[FieldChange, ...]:
    return compare(entry_from_json(before.entry), entry_from_json(after.entry))


def history(versions: Iterable[Version]) -> list[tuple[Version, tuple[FieldChange, ...]]]:
    """The versions of a document, newest first, each with what it changed against the one before in its language."""
    last: dict[str, Version] = {}
    found = []
    for version in sorted(versions, key=lambda version: version.number):
        language = version.primary_language or primary(version.document.language)
        before = last.get(language)
        found.append((version, changes_between(before, version) if before else ()))
        last[language] = version
    return found[::-1]


def decide(alarm_id: int, post_id: int, act: str, user: User, *, reason: str = "") -> Post:
    """Do one of the acts about one post of an alarm. Returns the post that then waits for review, or the one left.

    When every post is decided, the alarm is closed. Raises InvalidInput, StaleState; for REPOST also NetworkError.
    """
    access.require_somewhere(user, "write")
    if act not in set(Act):
        raise InvalidInput("correction.unknown_act", act=act, known=", ".join(Act))
    alarm = alarms.get(alarm_id)
    choice = next((one for one in choices(alarm) if one.post.pk == post_id), None)
    if choice is None:
        raise InvalidInput("post.unknown", id=post_id)
    access.require(user, "approve" if act == Act.REPOST else "write", choice.post.channel)
    if alarm.closed_at is not None or choice.done:
        raise StaleState("correction.decided")
    if act == Act.EDIT and Act.EDIT not in choice.acts and choice.post.state == PostState.PUBLISHED:
        raise InvalidInput("correction.cannot_edit", network=registry.get(choice.post.channel.network).label)
    if act not in choice.acts:
        raise InvalidInput("correction.not_out")
    post, reason = choice.post, reason.strip()
    if act == Act.LEAVE and not reason:
        raise InvalidInput("correction.no_reason")
    if act == Act.REPOST:
        follow_up.withdraw(post.pk, user)
        post.refresh_from_db()
    with transaction.atomic():
        made = post if act == Act.LEAVE else _propose(post, Act(act), user)
        audit.record(user.email, "post", post.pk, f"correct: {act}", reason=reason, data={"alarm": alarm.pk})
        _note(alarm_id, post.pk, reason or act, user)
    return made


def _propose(post: Post, act: Act, user: User) -> Post:
    """The post for review that an act asks for."""
    assert post.revision is not None
    first = post.edits or post
    version = post.document.current_in(post.revision.language) or post.document.current
    entry = entry_from_json(version.entry)
    made = Post.objects.create(
        document=post.document,
        channel=post.channel,
        rule=post.rule,
        origin=Origin.PERSON,
        edits=first if act == Act.EDIT else None,
        reply_to=first if act == Act.REPLY else None,
    )
    parts = _parts(post, act, entry)
    revision = add_revision(made, parts, language=post.revision.language, author=user, version=version)
    Post.objects.filter(pk=made.pk).update(revision=revision)
    made.refresh_from_db()
    return move(made, "submit", actor=user.email, data={"corrects": first.pk, "act": act})


def _parts(post: Post, act: Act, entry: Entry) -> Sequence[Part]:
    """What the reviewer begins with: the new draft where a template wrote the post, else the words that are out."""
    assert post.revision is not None
    old = post.revision.content
    anew = draft_for(post, entry).parts
    if act == Act.REPLY:
        opening = OPENINGS.get(primary(post.revision.language), OPENINGS["en"])
        return [Part(text=f"{opening}: {anew[0].text}")]
    if post.revision.author is not None or post.origin == Origin.PERSON:
        return old
    if act == Act.EDIT:
        if len(anew) != len(old):
            return old
        return [replace(new, media=kept.media) for new, kept in zip(anew, old, strict=True)]
    return anew


def _note(alarm_id: int, post_id: int, what: str, user: User) -> None:
    """Write the decision into the alarm; the last one closes it."""
    alarm = Alarm.objects.select_for_update().get(pk=alarm_id)
    acts = {**(alarm.data.get("acts") or {}), str(post_id): what}
    Alarm.objects.filter(pk=alarm_id).update(data={**alarm.data, "acts": acts})
    alarm.refresh_from_db()
    left = [one for one in choices(alarm) if not one.done]
    if not left and alarm.kind == AlarmKind.CORRECTION:
        alarms.close(alarm_id, user.email, messages.sentence("correction.all_decided"))
