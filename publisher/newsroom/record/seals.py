"""Seals: the hash that the chain holds of each version, revision, approval and attempt: a changed row is found by it.

The event that is written with such a row names it in its data, under "seals": "version 12/1" (document 12, its first),
"revision 7/2" (post 7, its second), "approval 7/9" or "attempt 7/31" (post 7, rows 9 and 31) to a SHA-256 over the
fields below. Of an attempt, which changes until its end is known, the newest seal counts. An approval that no event
names was put in by somebody who may write rows. The sample newsroom has no seals: it can go.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from publisher.models import Approval, Attempt, Event, Post, Revision, Version

KEY = "seals"
VERSION = ("document_id", "number", "language", "hash", "entry", "fetched_at", "fetched_from")
REVISION = ("post_id", "number", "parts", "language", "template", "template_hash", "hash", "created_at")
APPROVAL = (
    *("revision__post_id", "id", "revision_id", "hash", "user_id"),
    *("round", "not_before", "signature", "alone", "at"),
)
ATTEMPT = (
    *("post_id", "id", "revision_id", "part", "key", "stamp", "worker", "started_at"),
    *("ended_at", "outcome", "receipt", "reason", "diagnostic"),
)
"""What is sealed; the first two name the row."""
AT_ONCE = 500
"""Rows read at a time: a version may hold a long text."""

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)

Seals = dict[str, str]
"""Names of rows to their hashes."""
_Found = dict[tuple[int, int], str]


def of_versions(versions: Iterable[Version]) -> Seals:
    # By the document and not by its key, which a version that was made before its document's row has not.
    rows = ((each.document, [getattr(each, name) for name in VERSION[1:]]) for each in versions)
    return dict(_sealed("version", [document.pk, *rest]) for document, rest in rows if not document.sample)


def of_revision(revision: Revision) -> Seals:
    if _is_sample(revision.post):
        return {}
    return dict([_sealed("revision", [getattr(revision, name) for name in REVISION])])


def of_approvals(post: Post) -> Seals:
    if _is_sample(post):
        return {}
    rows = Approval.objects.filter(revision__post=post).order_by("id").values_list(*APPROVAL)
    return dict(_sealed("approval", row) for row in rows)


def of_attempts(post: Post) -> Seals:
    """Of those that have ended, for now or for good."""
    if _is_sample(post):
        return {}
    ended = post.attempts.exclude(ended_at=None).order_by("id").values_list(*ATTEMPT)
    return dict(_sealed("attempt", row) for row in ended)


def of_all() -> Iterator[Seals]:
    """Of every row there is, some at a time: for the newsrooms of before (a migration)."""
    posts = {f"{path}__sample": False for path in ("post__channel", "post__document")}
    approved = {f"revision__{path}": value for path, value in posts.items()}
    for kind, rows in (
        ("version", Version.objects.filter(document__sample=False).order_by("id").values_list(*VERSION)),
        ("revision", Revision.objects.filter(**posts).order_by("id").values_list(*REVISION)),
        ("approval", Approval.objects.filter(**approved).order_by("id").values_list(*APPROVAL)),
        ("attempt", Attempt.objects.filter(ended_at__isnull=False, **posts).order_by("id").values_list(*ATTEMPT)),
    ):
        found = iter(rows.iterator(AT_ONCE))
        while some := list(islice(found, AT_ONCE)):
            yield dict(_sealed(kind, row) for row in some)


def told(data: object) -> Seals:
    """Those that an event's data names; none where it was tampered with (the event's own hash tells that)."""
    found = data.get(KEY) if isinstance(data, dict) else None
    if not isinstance(found, dict):
        return {}
    return {str(name): str(sealed) for name, sealed in found.items() if _is_name(str(name))}


def broken(named: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Of these rows those that are not as they were sealed, and whether they are there at all."""
    for kind, read in _READ.items():
        of_kind = {_key(name): sealed for name, sealed in named.items() if name.startswith(f"{kind} ")}
        keys = sorted(of_kind)
        for some in (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE)):
            found = read(some)
            for key in some:
                if found.get(key) != of_kind[key]:
                    yield f"{kind} {key[0]}/{key[1]}", key in found


def sealed_anew(name: str, after: int) -> bool:
    """Whether an event after this one tells of the row as well."""
    post, _ = _key(name)
    later = Event.objects.filter(subject="post", subject_id=post, pk__gt=after).order_by("pk")
    return any(name in told(data) for data in later.values_list("data", flat=True).iterator(AT_ONCE))


def may_be_gone(name: str) -> bool:
    """Drafts that were never sent go with their channel."""
    kind, (post, _) = name.partition(" ")[0], _key(name)
    if kind not in {"revision", "approval"} or Post.objects.filter(pk=post).exists():
        return False
    return not Event.objects.filter(subject="post", subject_id=post, verb="claim").exists()


def put_in() -> Iterator[str]:
    """Approvals of which no event tells: nobody gave them."""
    real = Approval.objects.filter(revision__post__channel__sample=False, revision__post__document__sample=False)
    rows = iter(real.order_by("id").values_list("revision__post_id", "id").iterator(AT_ONCE))
    before: set[str] | None = None
    while some := list(islice(rows, AT_ONCE)):
        about = Event.objects.filter(subject="post", subject_id__in={post for post, _ in some})
        known = {name for data in about.values_list("data", flat=True).iterator(AT_ONCE) for name in told(data)}
        unknown = [name for name in (f"approval {post}/{pk}" for post, pk in some) if name not in known]
        if unknown and before is None:
            older = Event.objects.filter(subject="history").values_list("data", flat=True)
            before = {name for data in older for name in told(data) if name.startswith("approval ")}
        yield from (name for name in unknown if name not in (before or ()))


def params(name: str) -> tuple[str, dict[str, object]]:
    """The kind of a row, and how its finding names it."""
    first, second = _key(name)
    return name.partition(" ")[0], {"of": first, "part": second}


def _versions(keys: Sequence[tuple[int, int]]) -> _Found:
    wanted = {key[0] for key in keys}
    rows = Version.objects.filter(document__in=wanted, number__in={key[1] for key in keys})
    return _hashes(rows.order_by().values_list(*VERSION), keys)


def _revisions(keys: Sequence[tuple[int, int]]) -> _Found:
    wanted = {key[0] for key in keys}
    rows = Revision.objects.filter(post__in=wanted, number__in={key[1] for key in keys})
    return _hashes(rows.order_by().values_list(*REVISION), keys)


def _approvals(keys: Sequence[tuple[int, int]]) -> _Found:
    rows = Approval.objects.filter(pk__in={key[1] for key in keys})
    return _hashes(rows.order_by().values_list(*APPROVAL), keys)


def _attempts(keys: Sequence[tuple[int, int]]) -> _Found:
    rows = Attempt.objects.filter(pk__in={key[1] for key in keys})
    return _hashes(rows.order_by().values_list(*ATTEMPT), keys)


_READ = {"version": _versions, "revision": _revisions, "approval": _approvals, "attempt": _attempts}


def _hashes(rows: Any, keys: Sequence[tuple[int, int]]) -> _Found:
    wanted = set(keys)
    return {(row[0], row[1]): _hash(row) for row in rows.iterator(AT_ONCE) if (row[0], row[1]) in wanted}


def _sealed(kind: str, values: Sequence[Any]) -> tuple[str, str]:
    return f"{kind} {values[0]}/{values[1]}", _hash(values)


def _hash(values: Sequence[Any]) -> str:
    """SHA-256 (hex) of the list of values as canonical JSON: sorted keys, no blanks, UTF-8, times ISO 8601 in UTC."""
    told = [value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value for value in values]
    return hashlib.sha256(_CANONICAL.encode(told).encode()).hexdigest()


def _is_sample(post: Post) -> bool:
    return post.channel.sample or post.document.sample


def _is_name(name: str) -> bool:
    kind, _, key = name.partition(" ")
    first, _, second = key.partition("/")
    return kind in _READ and all(each.isdecimal() and len(each) < 19 for each in (first, second))


def _key(name: str) -> tuple[int, int]:
    first, _, second = name.partition(" ")[2].partition("/")
    return int(first), int(second)
