"""Meta's Graph API, as Facebook, Instagram and Threads speak it: the version, its errors, when its limits end.

Sources: developers.facebook.com, "Handle errors" and "Rate limits" of the Graph API; that a 500 with code 2 may have
published is reported by users of it (koala, issue 699), so codes 1 and 2 settle nothing on a call that posts.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from publisher.errors import AccountBlocked, NetworkError, RateLimited, Refused, Retry, Uncertain
from publisher.networks.wire import LONGEST_WAIT, Answer, Judge, Wire, sentence

VERSION = "v25.0"
"""Works until July 2028."""
USAGE_WAIT = timedelta(minutes=15)
"""Where a limit is reached and no header says until when."""

CAP_WAIT = timedelta(hours=1)
"""Where the posts of 24 hours are used up, which nobody says when they began."""
PAGE = 25
"""Items in one answer of a look-up."""

TOKEN = {102, 190}
PERMISSION = {3, 10, *range(200, 300)}
LIMIT = {4, 17, 32, 613, *range(80000, 80015)}
UNKNOWN = {-1, 1, 2, 2207001, 2207032, 2207053}
"""Something went wrong at Meta: whatever is not public may be made anew."""
DUPLICATE = 506
BLOCKED = 368
ALREADY = re.compile(r"already posted", re.IGNORECASE)
"""What 368 says of a text that is out, and not of the page."""
NOT_YET = {9007, 2207008, 2207020, 2207027}
"""The container cannot be published (yet)."""
UNFETCHED = {9004, 2207003, 2207052}
"""A picture or video at our address was slow to come, or did not come."""
SPAM = 2207051
DAILY_CAP = 2207042
"""Codes and subcodes of Instagram (its page "Error codes")."""
GONE_SUBCODE = 33
"""Of code 100: the thing does not exist, or this token may not see it."""
PROOF = "appsecret_proof"
"""The parameter that shows that we know the app's secret ("Securing Graph API requests")."""


def judge_for(label: str) -> Judge:
    """What `{"error": {"code": …}}` means; None where the answer has no such error."""

    def judge(answer: Answer) -> NetworkError | None:
        error = answer.object.get("error")
        if not isinstance(error, dict) or not isinstance(error.get("code"), int):
            return None
        return _meaning(error, answer, label)

    return judge


def proof(token: str, secret: str) -> dict[str, str]:
    """What an app that is set to "Require app secret" wants beside each token of its; nothing without a secret."""
    return {PROOF: hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()} if secret else {}


def is_gone(error: Refused) -> bool:
    """Whether the post that was asked for is not there any more."""
    return error.key == "network.edit_gone"


def _meaning(error: Mapping[str, Any], answer: Answer, label: str) -> NetworkError:
    code, told = error["code"], answer.told
    why = sentence(error.get("error_user_msg") or str(error.get("message", "")).removeprefix(f"(#{code}) "))
    subcode = error.get("error_subcode")
    if code == DUPLICATE or (code == BLOCKED and ALREADY.search(why)):
        return Refused("network.duplicate", told, network=label)
    if special := _of_instagram({code, subcode}, told, label, why) or _of_account(code, told, label, why):
        return special
    if code in LIMIT:
        return RateLimited("network.rate_limited", told, until=limit_ends(answer.headers), network=label)
    if code == 100 and subcode == GONE_SUBCODE:
        return Refused("network.edit_gone", told, network=label)
    if not UNKNOWN.isdisjoint({code, subcode}) or error.get("is_transient") or answer.status >= 500:
        if answer.posting:
            return Uncertain("network.uncertain", told, network=label)
        return Retry("network.unavailable", told, network=label)
    return Refused("network.refused", told, network=label, why=why)


def _of_account(code: int, told: str, label: str, why: str) -> AccountBlocked | None:
    if code in TOKEN:
        return AccountBlocked("network.credentials", told, network=label)
    if code in PERMISSION:
        return AccountBlocked("graph.permission", told, network=label, why=why)
    if code == BLOCKED:
        return AccountBlocked("network.account_blocked", told, network=label, why=why)
    if PROOF in why:
        return AccountBlocked("graph.proof", told, network=label)
    return None


def _of_instagram(codes: set[Any], told: str, label: str, why: str) -> NetworkError | None:
    if not codes.isdisjoint(NOT_YET):
        return Retry("network.unavailable", told, network=label)
    if not codes.isdisjoint(UNFETCHED):
        return Retry("network.not_fetched", told, network=label)
    if SPAM in codes:
        return AccountBlocked("network.account_blocked", told, network=label, why=why)
    if DAILY_CAP in codes:
        return RateLimited("network.rate_limited", told, until=datetime.now(UTC) + CAP_WAIT, network=label)
    return None


def limit_ends(headers: Mapping[str, str]) -> datetime:
    """When a limit ends (UTC): the longest `estimated_time_to_regain_access` (minutes) of the usage headers."""
    waits = []
    for name in ("X-Business-Use-Case-Usage", "X-App-Usage", "X-Page-Usage"):
        waits += _minutes(headers.get(name, ""))
    wait = timedelta(minutes=max(waits)) if waits and max(waits) > 0 else USAGE_WAIT
    return datetime.now(UTC) + min(wait, LONGEST_WAIT)


def _minutes(header: str) -> list[float]:
    """Of `{"id": [{"estimated_time_to_regain_access": 19, …}]}` and of the flat form."""
    found: list[float] = []

    def look(value: Any) -> None:
        if isinstance(value, dict):
            minutes = value.get("estimated_time_to_regain_access")
            if isinstance(minutes, int | float):
                found.append(minutes)
            for each in value.values():
                look(each)
        elif isinstance(value, list):
            for each in value:
                look(each)

    try:
        look(json.loads(header)) if header else None
    except (ValueError, RecursionError):
        return []
    return found


def newest(
    wire: Wire, path: str, params: Mapping[str, str], *, at: str, since: datetime, most: int
) -> Iterator[Mapping[str, Any]]:
    """What an edge lists, newest first, back to `since`; `at` names the field with an item's time.

    Raises Retry where the answer is no such list, Uncertain where there is more than `most` since then: what was not
    seen may be there.
    """
    asked = {**params, "limit": str(PAGE)}
    for _ in range(most // PAGE):
        answer = wire.ask("GET", path, params=asked, needs=("data",))
        items = answer.object["data"]
        if not isinstance(items, list) or not all(isinstance(item, dict) and item.get("id") for item in items):
            raise Retry("network.unavailable", answer.told, network=wire.label)
        for item in items:
            created = when(item.get(at))
            if created is None:
                raise Retry("network.unavailable", answer.told, network=wire.label)
            if created < since:
                return
            yield item
        after = _after(answer)
        if not after:
            return
        asked["after"] = after
    raise Uncertain("network.uncertain", f"not among the {most} newest posts", network=wire.label)


def _after(answer: Answer) -> str:
    """Where the next page begins; blank on the last one."""
    paging = answer.object.get("paging")
    if not isinstance(paging, dict) or not paging.get("next"):
        return ""
    cursors = paging.get("cursors")
    return str(cursors.get("after", "")) if isinstance(cursors, dict) else ""


def same_words(one: object, other: str) -> bool:
    """Meta trims texts and may write line ends otherwise."""
    return " ".join(str(one or "").split()) == " ".join(other.split())


def when(text: object) -> datetime | None:
    """A Graph time, like 2026-11-24T09:30:00+0000."""
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
