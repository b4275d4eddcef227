"""What the watcher sees in a file or at an address: `publisher read`, without database and without Django."""

import re
from pathlib import Path
from typing import Any

from publisher.enums import SourceStatus
from publisher.errors import FetchError
from publisher.types import Entry, Issue, entry_to_json
from publisher.watch import govuk, presscorner, workbench
from publisher.watch.entries import Feed
from publisher.watch.guard import PUBLIC, Guard
from publisher.watch.guess import FORMS, understand
from publisher.watch.urls import is_web

__all__ = ["FORMS", "read", "read_entries"]

_TYPES = {
    ".json": "application/json",
    ".html": "text/html",
    ".htm": "text/html",
    ".xml": "application/xml",
    ".txt": "text/plain",
    ".ics": "text/calendar",
}


def read(
    target: str, as_: str | None = None, *, agent: str = "", url: str = "", guard: Guard = PUBLIC
) -> dict[str, Any]:
    """`{"input", "status", "documents", "issues"}` for a path or an address, read as one of FORMS or as what it seems.

    `url` is where a file comes from: its relative addresses resolve against it, and the rules of its site hold.
    Never raises for what is wrong with the target: its status and a sentence say so.
    """
    try:
        found = _read(target, as_, agent, url, guard)
    except FetchError as error:
        issue = {"field": "feed", "key": error.key, "message": error.sentence}
        return {"input": target, "status": str(error.status), "documents": [], "issues": [issue]}
    return {
        "input": target,
        "status": str(SourceStatus.OK),
        "documents": [entry_to_json(entry) for entry in found.entries],
        "issues": [_issue_to_json(issue) for issue in found.issues],
    }


def read_entries(
    target: str, as_: str | None = None, *, agent: str = "", url: str = "", guard: Guard = PUBLIC
) -> list[Entry]:
    """The documents at a path or an address, in their order there. Raises FetchError."""
    return list(_read(target, as_, agent, url, guard).entries)


def _read(target: str, as_: str | None, agent: str, url: str, guard: Guard) -> Feed:
    body, content_type, found_at = _load(target, as_, agent, guard)
    return workbench.run_now(understand, body, content_type, url or found_at, as_ or "")


def _load(target: str, as_: str | None, agent: str, guard: Guard) -> tuple[bytes, str, str]:
    """Body, content type and where it came from."""
    if not re.match(r"[a-z][a-z0-9+.-]*://", target, re.IGNORECASE):
        path = Path(target)
        try:
            return path.read_bytes(), _TYPES.get(path.suffix.lower(), ""), target
        except (OSError, ValueError) as error:
            raise FetchError(
                "source.file", f"{type(error).__name__}", status=SourceStatus.ERROR, name=target
            ) from error
    from publisher.watch.fetch import fetch_one  # slow import (aiohttp)

    # The detail pages of the Press Corner are empty shells, those of GOV.UK say less than its API.
    address = presscorner.api_url(target) or govuk.api_url(target) if as_ != "page" and is_web(target) else ""
    answer = fetch_one(address or target, agent=agent, guard=guard)
    return answer.body, answer.content_type, answer.url


def _issue_to_json(issue: Issue) -> dict[str, str]:
    return {"field": issue.field, "key": issue.key, "message": issue.message}
