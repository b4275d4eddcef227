"""Rows as JSON types: what `--json` prints. Field names do not change once released. No secret is in any of them."""

from collections.abc import Iterable, Sequence
from typing import Any

from publisher import config
from publisher.models import (
    Alarm,
    Asset,
    Channel,
    Comment,
    Document,
    Emergency,
    Event,
    Hashtag,
    Hold,
    LanguageWait,
    Notice,
    NoticeAddress,
    Person,
    Post,
    Proposal,
    Rule,
    SensitivePeriod,
    Source,
    User,
    Version,
)
from publisher.newsroom import expiry
from publisher.newsroom.alerts import letters
from publisher.text.diff import FieldChange
from publisher.types import to_json


def speaker(row: Person) -> dict[str, Any]:
    return {"id": row.pk, "name": row.name, "handles": row.handles}


def figures(row: Post) -> dict[str, Any]:
    """What followers did with a post; nothing is known of one that was never asked about."""
    found = getattr(row, "figures", None)
    names = ("impressions", "likes", "replies", "reposts", "read_at", "next_at", "problem", "past")
    told = {name: to_json(getattr(found, name)) if found else None for name in names}
    return {"id": row.pk, "network": row.channel.network, "channel": row.channel.name, "url": row.url} | told


def language_wait(row: LanguageWait) -> dict[str, Any]:
    told = {"channel_id": row.channel_id, "channel": row.channel.name, "language": row.channel.language}
    return told | {"until": to_json(row.until), "asks": row.asks, "outcome": row.outcome}


def hashtag(row: Hashtag) -> dict[str, Any]:
    return {"id": row.pk, "topic": row.topic, "language": row.language, "tag": row.tag}


def source(row: Source) -> dict[str, Any]:
    names = ("id", "name", "url", "active", "status", "problem", "failures", "interval", "language")
    times = ("last_checked_at", "last_success_at", "next_check_at", "baseline_at")
    facts = ("kind", "recipe", "read_pages", "per_week")
    return {name: to_json(getattr(row, name)) for name in names + times + facts}


def health(row: Source) -> dict[str, Any]:
    """How a source is doing, beyond its own row."""
    from publisher.newsroom.feeds import health as healths

    found = healths.of(row)
    names = ("condition", "held_until", "brought_at", "pushed", "pushed_at", "push_problem", "moves_to")
    return {name: to_json(getattr(found, name)) for name in names} | {
        "alarms": [alarm.sentence for alarm in found.alarms],
        "former_urls": list(found.former),
    }


def offer(found: Any) -> dict[str, Any]:
    """What can be watched at an address: an Offer of `watch.discover`."""
    return {name: str(getattr(found, name)) for name in ("url", "kind", "title", "language")} | {
        "count": found.count,
        "newest": [
            {"title": entry.title, "url": entry.url, "date": to_json(entry.published_at or entry.starts_at)}
            for entry in found.entries
        ],
    }


def channel(row: Channel) -> dict[str, Any]:
    names = ("id", "network", "name", "handle", "language", "active", "health", "problem", "checked_at")
    ends = expiry.countdown(row)
    return {name: to_json(getattr(row, name)) for name in names} | {
        "url": row.account.get("url", ""),
        "ends_at": ends.ends_at.isoformat() if ends else None,
        "days_left": ends.days if ends else None,
        "four_eyes": row.four_eyes,
        "approvals": row.approvals,
        "approvals_by_kind": row.approvals_by_kind,
    }


def channel_whole(row: Channel) -> dict[str, Any]:
    """With its pace, how its links are written, and what this month has cost so far where its network bills (US
    dollars, as text)."""
    from publisher.newsroom.drafts import links
    from publisher.newsroom.sending import spend
    from publisher.newsroom.sending.pacing import Pacing

    money = spend.of(row)
    billed = {"source": money.prices.source, "as_of": money.prices.as_of.isoformat()} if money else {}
    spent = {"spent": str(money.spent), "prices": billed} if money else None
    return channel(row) | {"pace": Pacing.of(row).as_data(), "spend": spent, "links": links.Style.of(row).data}


def rule(row: Rule) -> dict[str, Any]:
    return rules([row])[0]


def rules(rows: Sequence[Rule]) -> list[dict[str, Any]]:
    from publisher.newsroom.approval import agreement

    missing = agreement.missing(rows)
    return [_rule(row, row.pk in missing) for row in rows]


def _rule(row: Rule, waits: bool) -> dict[str, Any]:
    from publisher.newsroom.drafts.terms import Terms

    data = Terms.of(row).data
    names = ("name", "position", "mode", "kinds", "template")
    first = {"id": row.pk} | {name: data.pop(name) for name in names} | {"active": row.active}
    related = {name: data.pop(name) for name in ("sources", "channels")}
    agreed = {"agreed_by": row.confirmed_by, "agreed_at": to_json(row.confirmed_at)}
    return first | related | data | agreed | {"waits_for_second": waits}


def post(row: Post) -> dict[str, Any]:
    names = ("id", "state", "due_at", "not_before", "pace", "published_at", "url", "reason")
    more = ("revision_id", "document_id", "channel_id", "counts_down")
    return {name: to_json(getattr(row, name)) for name in names + more} | {
        "network": row.channel.network,
        "channel": row.channel.name,
        "title": row.document.title,
        "kind": row.document.kind,
        "assigned_to": row.assigned_to.email if row.assigned_to else "",
        "changes_asked": row.changes_asked_id is not None and row.changes_asked_id == row.revision_id,
        "comments": row.comment_count,
        "parts": row.revision.parts if row.revision else [],
    }


def comment(row: Comment) -> dict[str, Any]:
    """What was said; not its words once it is withdrawn."""
    names = ("id", "post_id", "asks", "by", "at", "told", "withdrawn_by", "withdrawn_at")
    return {name: to_json(getattr(row, name)) for name in names} | {
        "text": "" if row.withdrawn_at else row.text,
        "revision": row.revision.number,
    }


def document(row: Document) -> dict[str, Any]:
    names = ("id", "kind", "title", "url", "reference", "language", "published_at", "first_seen_at", "changed_at")
    more = ("vanished_at", "baseline", "source_id", "recheck_at")
    return {name: to_json(getattr(row, name)) for name in names + more}


def version(row: Version, changes: Iterable[FieldChange]) -> dict[str, Any]:
    """A version, and what it changed against the one before: blocks of runs, field by field."""
    names = ("number", "language", "fetched_at", "fetched_from", "hash", "entry")
    return {name: to_json(getattr(row, name)) for name in names} | {"changes": to_json(list(changes))}


def alarm(row: Alarm) -> dict[str, Any]:
    names = ("id", "kind", "sentence", "source_id", "document_id", "data")
    times = ("raised_at", "closed_at", "closed_by", "outcome")
    subject = row.document.title if row.document else row.source.name if row.source else ""
    return {name: to_json(getattr(row, name)) for name in names + times} | {"subject": subject}


def notice(row: Notice) -> dict[str, Any]:
    tellings = list(row.tellings.all())
    ends = [(each.user.email if each.user else str(each.address), each.sent_at) for each in tellings]
    told = [end for end, sent_at in ends if sent_at]
    waiting = [] if row.over_at else [end for end, sent_at in ends if not sent_at]
    names = ("id", "kind", "subject", "raised_at", "over_at")
    return {name: to_json(getattr(row, name)) for name in names} | {
        "title": letters.title(row),
        "sentence": letters.sentence(row),
        "url": config.get().address + row.link if row.link else "",
        "told": told,
        "waiting": waiting,
    }


def place(row: NoticeAddress) -> dict[str, Any]:
    return {name: to_json(getattr(row, name)) for name in ("id", "name", "service", "kinds", "active")}


def asset(row: Asset, uses: int | None = None) -> dict[str, Any]:
    names = (
        "id",
        "sha256",
        "type",
        "name",
        "size",
        "width",
        "height",
        "seconds",
        "codecs",
        "frame_rate",
        "probed",
        "animated",
    )
    said = ("credit", "url", "alts", "captions", "focus", "added_at")
    told = {name: to_json(getattr(row, name)) for name in names + said}
    return told if uses is None else told | {"uses": uses}


def hold(row: Hold) -> dict[str, Any]:
    names = ("id", "scope", "channel_id", "document_id", "reason", "set_by", "set_at", "lifted_by", "lifted_at")
    limits = ("words", "channel_ids", "starts_at", "ends_at")
    return {name: to_json(getattr(row, name)) for name in names + limits}


def user(row: User) -> dict[str, Any]:
    names = ("id", "email", "name", "role", "is_active", "last_login")
    grants = [{"channel_id": grant.channel_id, "role": grant.role} for grant in row.grants.all()]
    told = {name: to_json(getattr(row, name)) for name in names}
    return told | {"grants": grants, "second_factor": row.has_factor}


def period(row: SensitivePeriod) -> dict[str, Any]:
    names = ("id", "name", "starts_at", "ends_at", "kinds", "words", "set_by")
    return {name: to_json(getattr(row, name)) for name in names} | {"channels": [one.pk for one in row.channels.all()]}


def proposal(row: Proposal) -> dict[str, Any]:
    names = ("id", "act", "subject", "subject_id", "data", "reason", "by", "at", "ends_at", "closed_at", "closed_by")
    return {name: to_json(getattr(row, name)) for name in (*names, "outcome")}


def emergency(row: Emergency) -> dict[str, Any]:
    names = ("id", "post_id", "reason", "by", "at", "reviewed_by", "reviewed_at", "note")
    about = {"channel": row.post.channel.name, "title": row.post.document.title}
    return {name: to_json(getattr(row, name)) for name in names} | about


def event(row: Event) -> dict[str, Any]:
    names = ("id", "at", "actor", "subject", "subject_id", "verb", "before", "after", "reason", "data")
    return {name: to_json(getattr(row, name)) for name in names}
