"""What the watcher sees in a file or at an address: `publisher read`, without database and without Django."""

import re
from pathlib import Path
from typing import Any

from publisher.enums import SourceStatus
from publisher.errors import FetchError
from publisher.types import Entry, Issue, entry_to_json
from publisher.watch import complete, feed, govuk, page, presscorner
from publisher.watch.blocked import is_page
from publisher.watch.decode import decode
from publisher.watch.entries import Feed, tell_apart
from publisher.watch.guard import PUBLIC, Guard
from publisher.watch.urls import is_web

FORMS = ("feed", "page", "presscorner", "govuk")
"""What a target can be read as."""
_TYPES = {".json": "application/json", ".html": "text/html", ".htm": "text/html", ".xml": "application/xml"}


def read(target: str, as_: str | None = None, *, agent: str = "", guard: Guard = PUBLIC) -> dict[str, Any]:
    """`{"input", "status", "documents", "issues"}` for a path or an address, read as one of FORMS or as what it seems.

    Never raises for what is wrong with the target: its status and a sentence say so.
    """
    try:
        found = _read(target, as_, agent, guard)
    except FetchError as error:
        issue = {"field": "feed", "key": error.key, "message": error.sentence}
        return {"input": target, "status": str(error.status), "documents": [], "issues": [issue]}
    return {
        "input": target,
        "status": str(SourceStatus.OK),
        "documents": [entry_to_json(entry) for entry in found.entries],
        "issues": [_issue_to_json(issue) for issue in found.issues],
    }


def read_entries(target: str, as_: str | None = None, *, agent: str = "", guard: Guard = PUBLIC) -> list[Entry]:
    """The documents at a path or an address, in their order there. Raises FetchError."""
    return list(_read(target, as_, agent, guard).entries)


def _read(target: str, as_: str | None, agent: str, guard: Guard) -> Feed:
    body, content_type, url = _load(target, as_, agent, guard)
    as_ = as_ or guess(body, content_type, url)
    if as_ == "presscorner":
        return presscorner.parse(body, url)
    if as_ == "govuk":
        return govuk.parse(body, url)
    if as_ == "page":
        entry = page.parse_page(body, url, content_type)
        return Feed(entry.title, entry.language, tell_apart([entry]), tuple(complete.look_at(entry)))
    return feed.parse(body, content_type, url)


def guess(body: bytes, content_type: str = "", url: str = "") -> str:
    """What `body` most likely is."""
    text = decode(body, content_type)
    if presscorner.is_answer(text) or re.search(r"/presscorner/api/(?:documents|search|latestnews)\b", url):
        return "presscorner"
    if govuk.is_answer(body):
        return "govuk"
    return "page" if is_page(text) else "feed"


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
