"""Guard rails: what always puts a document before a person, whatever its rule says. Rows are read first, then pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F, Q

from publisher import messages
from publisher.enums import AlarmKind, Severity
from publisher.models import Alarm, Approval, Document, Post, Rule, SensitivePeriod
from publisher.newsroom.documents.identity import plain_title
from publisher.newsroom.drafts import periods
from publisher.newsroom.drafts.terms import is_agreed
from publisher.types import Entry, Issue

OLD = timedelta(days=7)
"""What was published longer ago than this when we first saw it is no news that could go out by itself."""
FAR_AHEAD = timedelta(days=366)
"""A date further ahead is a mistake."""
SAME_NEWS = timedelta(days=2)
"""Within this time, the same title is most likely the same news."""
NO_DATE = 9999
"""The year of an embargo of which the institution does not say how long it lasts."""
HOUR = timedelta(hours=1)
_TELLING = 5
"""Words in a title from which on it is not shared by chance (`Daily News`)."""
_DOUBTS = ("claim.", "quote.")
"""Issues that say what the document does not bear out: numbers, dates, names, who said it."""


@dataclass(frozen=True, slots=True)
class Around:
    """What else must be known to judge some documents, whatever the number of them."""

    twins: Mapping[int, str] = field(default_factory=dict)
    """Document to the source of another one with the same title, where there is one."""
    changed: Sequence[tuple[int | None, datetime, datetime | None]] = ()
    """Sources that were suddenly mostly new: from when on, and until when a person had looked."""
    periods: Sequence[SensitivePeriod] = ()


def around(documents: Collection[Document], since: datetime, until: datetime, *, as_then: bool = False) -> Around:
    """Of these documents, where something of them would go out between `since` and `until`. Four queries.

    `as_then`: only what had come before each of them counts as the same news.
    """
    alarms = Alarm.objects.filter(kind=AlarmKind.MASS_CHANGE, source__in={one.source_id for one in documents})
    alarms = alarms.filter(Q(closed_at=None) | Q(closed_at__gt=since), raised_at__lte=until)
    return Around(
        _twins(documents, as_then=as_then),
        list(alarms.values_list("source_id", "raised_at", "closed_at")),
        periods.between(since, until),
    )


def why_look(post: Post, entry: Entry, issues: Sequence[Issue], around: Around, at: datetime, due: datetime) -> str:
    """The sentence for what forbids to send `post` at `due` without a person's look; blank when nothing does.

    `post` need not be stored; `at` is when it is drafted.
    """
    reason = _of_document(post.document, entry, around, at) or _of_words(issues)
    if not reason and (period := periods.over(post, entry, due, around.periods)):
        reason = messages.sentence("period.over_it", name=period.name)
    return reason


def why_not_agreed(post: Post, rule: Rule) -> str:
    """The sentence where the rule needs somebody else's word to send on this channel by itself; else blank."""
    if post.channel.four_eyes and not is_agreed(rule):
        return messages.sentence("rule.not_agreed", name=rule.name)
    return ""


def why_over_cap(rule: Rule, due: datetime, others: Sequence[datetime] | None = None) -> str:
    """The sentence where the rule would send more than it may within any hour around `due`; else blank.

    `others`: when it sends what else it sends; read from the rows by default. The rule's row is locked then, so that
    two workers do not both take the last place: call it in the transaction that approves.
    """
    if not rule.per_hour:
        return ""
    if others is None:
        Rule.objects.select_for_update().filter(pk=rule.pk).first()
        near = Approval.objects.filter(
            revision__post__rule=rule,
            revision__post__approved_revision=F("revision"),
            revision__post__due_at__gt=due - HOUR,
            revision__post__due_at__lt=due + HOUR,
            by__startswith="rule: ",
        )
        others = [when for when in near.values_list("revision__post__due_at", flat=True) if when]
    if sum(abs(other - due) < HOUR for other in others) < rule.per_hour:
        return ""
    return messages.sentence("rule.over_cap", name=rule.name, count=rule.per_hour)


def _of_document(document: Document, entry: Entry, around: Around, at: datetime) -> str:
    seen, published, embargo = document.first_seen_at, document.published_at, document.embargo
    if entry.withdrawn or document.vanished_at is not None:
        return messages.sentence("rule.withdrawn")
    if entry.machine_translated:
        return messages.sentence("rule.machine_translated")
    if embargo is not None and embargo.year >= NO_DATE:
        return messages.sentence("rule.embargo_without_date")
    if embargo is not None and embargo > at:
        return messages.sentence("rule.embargo")
    # The sample newsroom shows texts of another day, as if they had just come.
    if published is not None and not document.sample and seen - published > OLD:
        return messages.sentence("rule.old", date=published.date().isoformat())
    if published is not None and published - seen > FAR_AHEAD:
        return messages.sentence("rule.odd_date", date=published.date().isoformat())
    if any(source == document.source_id and _stands(since, until, at) for source, since, until in around.changed):
        return messages.sentence("rule.mass_change", source=document.source.name if document.source else "–")
    twin = around.twins.get(document.pk)
    return messages.sentence("rule.same_title", source=twin or "–") if twin is not None else ""


def _stands(since: datetime, until: datetime | None, at: datetime) -> bool:
    return since <= at and (until is None or at < until)


def _of_words(issues: Sequence[Issue]) -> str:
    errors = [issue for issue in issues if issue.severity is Severity.ERROR or issue.field.endswith("template")]
    doubts = [issue for issue in issues if issue.key.startswith(_DOUBTS)]
    return (errors or doubts)[0].message if errors or doubts else ""


def _twins(documents: Collection[Document], *, as_then: bool) -> dict[int, str]:
    """For each document the source of another one with its title that came within SAME_NEWS: most likely the same news
    in other words, or moved. Two queries."""
    telling = [one for one in documents if len(plain_title(one.title).split()) >= _TELLING and one.plain_title]
    if not telling:
        return {}
    times = [one.first_seen_at for one in telling]
    near = Document.objects.filter(
        plain_title__in={one.plain_title for one in telling},
        first_seen_at__range=(min(times) - SAME_NEWS, max(times) + SAME_NEWS),
    )
    by_title: dict[str, list[Document]] = {}
    for other in near.select_related("source"):
        by_title.setdefault(other.plain_title, []).append(other)
    found = {}
    for one in telling:
        for other in by_title.get(one.plain_title, ()):
            if _is_twin(one, other) and not (as_then and (other.first_seen_at, other.pk) > (one.first_seen_at, one.pk)):
                found[one.pk] = other.source.name if other.source else ""
    return found


def _is_twin(one: Document, other: Document) -> bool:
    return (
        one.pk != other.pk
        and one.sample == other.sample
        and abs(one.first_seen_at - other.first_seen_at) <= SAME_NEWS
        and plain_title(one.title) == plain_title(other.title)
    )
