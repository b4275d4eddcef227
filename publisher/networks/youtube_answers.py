"""What YouTube's errors mean, and when a day of its quota ends.

Sources: developers.google.com/youtube/v3/docs/errors and the errors of each method there; the form of an error is
Google's own for all its interfaces. The quota begins anew at midnight in California.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from publisher.errors import AccountBlocked, NetworkError, RateLimited, Refused
from publisher.networks.wire import Answer, rate_limit_ends, sentence

LABEL = "YouTube"
PACIFIC = ZoneInfo("America/Los_Angeles")
UPLOAD_WAIT = timedelta(hours=6)
"""A channel may upload only so much in 24 hours, and nobody says when they began."""

QUOTA = {"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"}
RATE = {"rateLimitExceeded", "userRateLimitExceeded"}
UPLOADS = {"uploadLimitExceeded", "uploadRateLimitExceeded"}
TOKEN = {"authError", "required", "invalidCredentials", "unauthorized"}
SCOPE = {"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}
API_OFF = {"accessNotConfigured", "SERVICE_DISABLED"}
NO_CHANNEL = {"youtubeSignupRequired", "channelNotFound"}
BLOCKED = {
    "forbidden",
    "accountClosed",
    "accountSuspended",
    "authenticatedUserAccountClosed",
    "authenticatedUserAccountSuspended",
    "channelClosed",
    "channelSuspended",
}
GONE = {"videoNotFound"}


def judge(answer: Answer) -> NetworkError | None:
    """What `{"error": {"errors": [{"reason": …}]}}` means; None where there is none, or it settles nothing."""
    error = answer.object.get("error")
    if not isinstance(error, dict) or answer.status >= 500:
        return None
    reasons, told = _reasons(error), answer.told
    why = sentence(error.get("message"))
    if reasons & QUOTA:
        return RateLimited("youtube.quota", told, until=quota_ends())
    if reasons & UPLOADS:
        return RateLimited("youtube.upload_limit", told, until=datetime.now(UTC) + UPLOAD_WAIT)
    if reasons & RATE or answer.status == 429:
        return RateLimited("network.rate_limited", told, until=rate_limit_ends(answer.headers), network=LABEL)
    if reasons & GONE:
        return Refused("network.edit_gone", told, network=LABEL)
    return _of_account(reasons, answer, why) or Refused("network.refused", told, network=LABEL, why=why)


def _of_account(reasons: set[str], answer: Answer, why: str) -> AccountBlocked | None:
    if reasons & SCOPE:
        return AccountBlocked("youtube.scope", answer.told)
    if reasons & API_OFF:
        return AccountBlocked("youtube.api_off", answer.told)
    if reasons & NO_CHANNEL:
        return AccountBlocked("youtube.no_channel", answer.told)
    if answer.status == 401 or reasons & TOKEN:
        return AccountBlocked("network.credentials", answer.told, network=LABEL)
    if reasons & BLOCKED or answer.status == 403:
        return AccountBlocked("network.account_blocked", answer.told, network=LABEL, why=why)
    return None


def judge_token(answer: Answer) -> NetworkError | None:
    """What `{"error": "invalid_grant"}` of the sign-in means (RFC 6749, section 5.2); None for anything else."""
    error = answer.object.get("error")
    if not isinstance(error, str) or not 400 <= answer.status < 500 or answer.status == 429:
        return None
    if error == "invalid_grant":
        return AccountBlocked("youtube.sign_in_over", answer.told)
    return AccountBlocked("youtube.client", answer.told, why=sentence(answer.object.get("error_description") or error))


def is_gone(error: NetworkError) -> bool:
    """Whether the video that was asked for is not there any more."""
    return error.key == "network.edit_gone"


def quota_ends(now: datetime | None = None) -> datetime:
    """The next midnight in California (UTC), and a minute more: clocks differ."""
    there = (now or datetime.now(UTC)).astimezone(PACIFIC)
    midnight = datetime.combine(there.date() + timedelta(days=1), time(), PACIFIC)
    return midnight.astimezone(UTC) + timedelta(minutes=1)


def _reasons(error: Mapping[str, Any]) -> set[str]:
    """All that the error names as its reason: in `errors`, and in the newer `details`."""
    listed = [*_list(error.get("errors")), *_list(error.get("details"))]
    return {str(one.get("reason")) for one in listed if isinstance(one, dict)}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
