"""Where a post comes from: which words of which document, which rule and template, whose hands, which answers."""

from typing import Any

from publisher.models import Approval, Attempt, Event, Post, Revision
from publisher.newsroom import queries
from publisher.newsroom.record import audit
from publisher.types import to_json


def of(post_id: int) -> dict[str, Any]:
    """All of it, as JSON types. Raises InvalidInput when there is no such post."""
    post = queries.post(post_id)
    events = audit.named(Event.objects.filter(subject="post", subject_id=post_id).order_by("id"))
    revisions = list(Revision.objects.filter(post=post).select_related("author", "version").order_by("number"))
    approvals = Approval.objects.filter(revision__post=post).select_related("revision").order_by("id")
    attempts = Attempt.objects.filter(post=post).select_related("revision").order_by("id")
    document = post.document
    found = {
        "post": {"id": post.pk, "state": post.state, "url": post.url, "published_at": post.published_at},
        "channel": {"id": post.channel_id, "network": post.channel.network, "name": post.channel.name},
        "document": {
            "id": document.pk,
            "title": document.title,
            "reference": document.reference,
            "url": document.url,
            "source": {"id": document.source.pk, "name": document.source.name, "url": document.source.url}
            if document.source
            else None,
        },
        "rule": _rule(post, events),
        "revisions": [_revision(each, current=post.revision_id) for each in revisions],
        "approvals": [
            {"revision": each.revision.number, "hash": each.hash, "by": each.by, "at": each.at} for each in approvals
        ],
        "attempts": [_attempt(each) for each in attempts],
        "events": [
            {name: getattr(each, name) for name in ("id", "at", "actor", "verb", "before", "after", "reason", "hash")}
            for each in events
        ],
    }
    whole: dict[str, Any] = to_json(found)
    return whole


def _rule(post: Post, events: list[Event]) -> dict[str, Any] | None:
    """The rule as it stood when it made the post: what the history last told of it before."""
    made_by = next((event for event in events if event.actor.startswith("rule: ")), None)
    if made_by is None:
        return None
    told = None
    if post.rule_id is not None:
        about = Event.objects.filter(subject="rule", subject_id=post.rule_id, id__lt=made_by.pk)
        told = about.filter(verb__in=["add", "change"]).order_by("-id").first()
    return {
        "id": post.rule_id,
        "name": made_by.actor.removeprefix("rule: "),
        "event": told.pk if told else None,
        "as_of": told.at if told else None,
        "by": told.actor if told else None,
        "said": told.data if told else None,
    }


def _revision(row: Revision, *, current: int | None) -> dict[str, Any]:
    version = row.version
    return {
        "number": row.number,
        "current": row.pk == current,
        "hash": row.hash,
        "language": row.language,
        "written_at": row.created_at,
        "author": (row.author.email if row.author else ""),
        "template": row.template,
        "template_hash": row.template_hash,
        "version": {
            "number": version.number,
            "language": version.language,
            "fetched_at": version.fetched_at,
            "fetched_from": version.fetched_from,
            "hash": version.hash,
        }
        if version
        else None,
    }


def _attempt(row: Attempt) -> dict[str, Any]:
    names = ("part", "key", "started_at", "ended_at", "outcome", "receipt", "reason", "diagnostic")
    told = {"revision": row.revision.number, **{name: getattr(row, name) for name in names}}
    # What a network promised while it works on a post is no receipt, and may open an upload to whoever reads it.
    return told if "id" in row.receipt else {**told, "receipt": {}}


def told(found: dict[str, Any]) -> list[str]:
    """The same in lines, for the command line."""
    document, source = found["document"], found["document"]["source"]
    lines = [f"{found['channel']['network']} · {found['channel']['name']}: {found['post']['state']}"]
    lines.append(f"about: {document['title']} ({document['reference'] or document['url']})")
    if source:
        lines.append(f"first seen in: {source['name']}, {source['url']}")
    if rule := found["rule"]:
        as_of = f", as of event {rule['event']} ({rule['as_of']}, {rule['by']})" if rule["event"] else ""
        lines.append(f"rule: {rule['name']}{as_of}")
    for each in found["revisions"]:
        author = each["author"] or f"{each['template']} (SHA-256 {each['template_hash']})"
        version = each["version"]
        words = f", from version {version['number']}, fetched {version['fetched_at']}" if version else ""
        lines.append(f"revision {each['number']}: {each['written_at']}, {author}{words}")
    lines += [f"approved: revision {each['revision']}, {each['by']}, {each['at']}" for each in found["approvals"]]
    for each in found["attempts"]:
        answer = each["receipt"].get("url") or each["receipt"].get("id") or each["reason"]
        lines.append(
            f"sent: part {each['part'] + 1}, {each['started_at']}, {each['outcome'] or 'open'} {answer}".strip()
        )
    for each in found["events"]:
        lines.append(f"event {each['id']}: {each['at']}, {each['actor']}, {each['verb']}")
    return lines
