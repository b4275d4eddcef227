"""What LinkedIn's errors mean, and how long our version of its interface lives.

Sources: learn.microsoft.com, "Error Handling", "Versioning" and "Rate Limiting" of LinkedIn's API; the form
of a refused duplicate and of an ended version as users of it report them.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from publisher import messages
from publisher.errors import AccountBlocked, NetworkError, RateLimited, Refused
from publisher.networks.wire import Answer, rate_limit_ends, sentence

LABEL = "LinkedIn"
VERSION = "202608"
"""Of the interface, as its header names it. A new one comes each month, and each lives for a year at least."""
WARN_BEFORE = timedelta(days=60)
LIMIT_WAIT = timedelta(minutes=15)
"""Where a limit is reached and nothing says until when."""

_POST = re.compile(r"urn:li:(?:share|ugcPost):\d+")
_DAY = re.compile(r"\bDAY\b|\bdaily\b")


def judge(answer: Answer) -> NetworkError | None:
    """`{"status": 422, "code": "…", "message": "…", "errorDetails": {…}}`; None for anything else."""
    said, told, status = answer.object, answer.told, answer.status
    if not isinstance(said.get("message"), str) or not 400 <= status < 500 or status in (401, 408):
        return None
    message, errors = said["message"], _input_errors(said)
    if status == 429:
        return RateLimited("network.rate_limited", told, until=_limit_ends(answer, message), network=LABEL)
    if status == 426:
        return AccountBlocked("linkedin.version", told)
    if status == 403:
        return AccountBlocked("linkedin.permission", told, why=sentence(message))
    if status == 404:
        return Refused("network.edit_gone", told, network=LABEL)
    if any(error.get("code") == "DUPLICATE_POST" for error in errors):
        named = _POST.search(message)
        return Refused("network.duplicate", told, network=LABEL, urn=named[0] if named else "")
    why = next((error["description"] for error in errors if error.get("description")), message)
    return Refused("network.refused", told, network=LABEL, why=sentence(why))


def is_gone(error: Refused) -> bool:
    """Whether what was asked for is not there (any more)."""
    return error.key == "network.edit_gone"


def version_ends(version: str) -> date:
    """About when LinkedIn ends a version: it lives for a year, to the middle of the month."""
    return date(int(version[:4]) + 1, int(version[4:]), 15)


def version_warning(version: str, today: date) -> str:
    """Blank while this version of the interface has long to live."""
    ends = version_ends(version)
    if today < ends - WARN_BEFORE:
        return ""
    return messages.sentence("linkedin.version_ends", version=version, date=f"{ends:%-d %B %Y}")


def _input_errors(said: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    details = said.get("errorDetails")
    errors = details.get("inputErrors") if isinstance(details, dict) else None
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []


def _limit_ends(answer: Answer, message: str) -> datetime:
    """Limits of a day begin anew at midnight UTC."""
    if not answer.headers.get("Retry-After") and _DAY.search(message):
        return (datetime.now(UTC) + timedelta(days=1)).replace(hour=0, minute=1, second=0, microsecond=0)
    return rate_limit_ends(answer.headers, LIMIT_WAIT)
