"""What an answer of X means: the one place where statuses and wordings become our errors.

Pure. Sources: the OpenAPI document of X's API v2 and `docs.x.com` (errors, rate limits, restrictions for self-serve
customers since 2026); the wordings are those that X is known to send. Errors come as a problem (title, detail, type)
or as a list of `errors`; an answer that is neither was written by something in between and tells nothing.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from publisher.errors import AccountBlocked, NetworkError, RateLimited, Refused, Retry, Uncertain

LABEL = "X"
WINDOW = timedelta(minutes=15)
"""X's usual rate limit window: how long to wait when a 429 does not say."""
# Searched in the lower-cased words of a problem, first match wins.
_WORDINGS: tuple[tuple[str, type[NetworkError], str], ...] = (
    ("duplicate content", Refused, "network.duplicate"),
    ("reply to this conversation is not allowed", Refused, "network.x_reply_rule"),
    ("deleted or not visible to you", Retry, "network.x_parent_missing"),
    ("one cashtag", Refused, "network.x_cashtags"),
    ("does not have any credits", AccountBlocked, "network.x_credits"),
    ("creditsdepleted", AccountBlocked, "network.x_credits"),
    ("spending limit", AccountBlocked, "network.x_credits"),
    ("usage cap", AccountBlocked, "network.x_credits"),
    ("usagecap", AccountBlocked, "network.x_credits"),
    ("usage-cap", AccountBlocked, "network.x_credits"),
    ("oauth1-permissions", AccountBlocked, "network.x_app"),
    ("oauth1 app permissions", AccountBlocked, "network.x_app"),
    ("client-forbidden", AccountBlocked, "network.x_app"),
    ("client-not-enrolled", AccountBlocked, "network.x_app"),
    ("unsupported-authentication", AccountBlocked, "network.x_app"),
    ("required scope", AccountBlocked, "network.x_app"),
    ("is suspended", AccountBlocked, "network.x_suspended"),
    ("been suspended", AccountBlocked, "network.x_suspended"),
    ("is locked", AccountBlocked, "network.x_suspended"),
    ("temporarily locked", AccountBlocked, "network.x_suspended"),
)
_BLOCKED = {401: "network.credentials", 402: "network.x_credits"}


@dataclass(frozen=True)
class Answer:
    """What came back. `text` is the body with every secret of ours struck out; `call` is method and path."""

    call: str
    status: int
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""

    @cached_property
    def body(self) -> dict[str, Any] | None:
        """The JSON object, or None for anything else: HTML, nothing at all, a list."""
        try:
            value = json.loads(self.text)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300

    @property
    def diagnostic(self) -> str:
        return f"{self.call}: {self.status} {self.text[:200]!r}"


def read(answer: Answer) -> dict[str, Any]:
    """The JSON object of a call that puts out no post. Raises a NetworkError, but never Uncertain."""
    if answer.succeeded and answer.body is not None:
        return answer.body
    raise _error(answer) or Retry("network.unavailable", answer.diagnostic, network=LABEL)


def created(answer: Answer) -> str:
    """The id of the post that POST /2/tweets made, also where X added `errors` to it.

    Raises Uncertain for every answer that does not clearly say yes or no.
    """
    data = answer.body.get("data") if answer.succeeded and answer.body else None
    identifier = data.get("id") if isinstance(data, dict) else None
    if isinstance(identifier, str) and re.fullmatch(r"[0-9]{1,19}", identifier):
        return identifier
    raise _error(answer) or Uncertain("network.uncertain", answer.diagnostic, network=LABEL)


def is_missing(answer: Answer) -> bool:
    """Whether X says that the thing asked for does not exist (any more)."""
    errors = (answer.body or {}).get("errors")
    types = [str(error.get("type")) for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
    return answer.status == 404 or (answer.succeeded and any(name.endswith("resource-not-found") for name in types))


def free_again(headers: Mapping[str, str], now: datetime) -> datetime:
    """When a 429 is over (UTC): the last reset of the windows that are used up.

    A 429 may come from the usual window or from one of 24 hours. What the usual one says of itself in
    `x-rate-limit-remaining` is not always true on a 429; those of 24 hours count only when they are at 0.
    """
    days = [name for name in ("x-user-limit-24hour", "x-app-limit-24hour") if headers.get(f"{name}-remaining") == "0"]
    resets = [_epoch(headers.get(f"{name}-reset")) for name in ("x-rate-limit", *days)]
    known = [reset for reset in resets if reset]
    # Our clocks may differ: a reset that already lies behind still means a moment of patience.
    return max(*known, now + timedelta(seconds=5)) if known else now + WINDOW


def _error(answer: Answer) -> NetworkError | None:
    """What a refusal means; None where the answer is no clear refusal."""
    if not 400 <= answer.status < 500 or answer.status == 408:
        return None
    words = list(_words(answer.body or {}))
    said = " ".join(words).lower()
    for wording, kind, key in _WORDINGS:
        if wording in said:
            return kind(key, answer.diagnostic, network=LABEL, why=_why(words))
    if answer.status == 429:
        until = free_again(answer.headers, datetime.now(UTC))
        return RateLimited("network.rate_limited", answer.diagnostic, until=until, network=LABEL)
    if answer.status in _BLOCKED:
        return AccountBlocked(_BLOCKED[answer.status], answer.diagnostic, network=LABEL)
    return Refused("network.refused", answer.diagnostic, network=LABEL, why=_why(words)) if words else None


def _words(body: Mapping[str, Any]) -> Iterator[str]:
    """What a problem says in words, the most telling first."""
    errors = body.get("errors")
    problems = [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
    for name in ("message", "detail", "error_description", "title", "reason", "type"):
        for problem in (*problems, body):
            if isinstance(problem.get(name), str) and problem[name].strip():
                yield problem[name].strip()


def _why(words: list[str]) -> str:
    """X's own words as one sentence."""
    why = words[0][:200]
    return why if why.endswith((".", "!", "?")) else f"{why}."


def _epoch(value: str | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(value or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return None
