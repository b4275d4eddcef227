"""What TikTok's error codes mean (developers.tiktok.com, the references of the Content Posting API and of OAuth).

An error may come with any status, 200 too: `{"data": {}, "error": {"code": "…", "message": "…", "log_id": "…"}}`.
"""

from datetime import UTC, datetime, timedelta

from publisher.errors import AccountBlocked, NetworkError, RateLimited, Refused, StartAnew, Uncertain
from publisher.networks.wire import Answer, rate_limit_ends, sentence

LABEL = "TikTok"
CAP_WAIT = timedelta(hours=1)
"""Where the posts of a day are used up, of which nobody says when it began."""

TOKEN = {"access_token_invalid", "invalid_grant", "invalid_client", "invalid_request", "unauthorized_client"}
SCOPE = {"scope_not_authorized", "scope_permission_missed"}
TOO_OFTEN = "rate_limit_exceeded"
USED_UP = {"spam_risk_too_many_posts", "spam_risk_too_many_pending_share", "reached_active_user_cap"}
BANNED = "spam_risk_user_banned_from_posting"
UNAUDITED = "unaudited_client_can_only_post_to_private_accounts"
FOREIGN_ADDRESS = "url_ownership_unverified"
UNKNOWN_NUMBER = {"invalid_publish_id", "token_not_authorized_for_specified_publish_id"}
OUT_OF_ORDER = {"internal_error", "internal"}

PASSING = {"internal", "video_pull_failed", "photo_pull_failed", "auth_removed", "spam_risk_too_many_posts", BANNED}
"""Why a post may come to nothing that says nothing against the post; what stands in the way shows at the next try."""


def judge(answer: Answer) -> NetworkError | None:
    """None where the answer has no error of TikTok's, or one that says no more than its status."""
    code, why, log = _error(answer)
    if code in {"", "ok"} | OUT_OF_ORDER or answer.status >= 500:
        return None
    told = f"{code}, log_id {log}; {answer.told}"
    if code in TOKEN:
        return AccountBlocked("network.credentials", told, network=LABEL)
    if code in SCOPE:
        return AccountBlocked("connect.scopes", told, missing="video.publish", network=LABEL)
    if code in USED_UP:
        return RateLimited("network.rate_limited", told, until=datetime.now(UTC) + CAP_WAIT, network=LABEL)
    if code == TOO_OFTEN or answer.status == 429:
        return RateLimited("network.rate_limited", told, until=rate_limit_ends(answer.headers), network=LABEL)
    if code == BANNED:
        return AccountBlocked("network.account_blocked", told, network=LABEL, why=sentence(why))
    if code == UNAUDITED:
        return AccountBlocked("tiktok.unaudited", told)
    if code == FOREIGN_ADDRESS:
        return Refused("tiktok.domain", told)
    if code in UNKNOWN_NUMBER:
        return Uncertain("network.uncertain", told, network=LABEL)
    return Refused("network.refused", told, network=LABEL, why=sentence(why))


def came_to_nothing(reason: str, diagnostic: str) -> NetworkError:
    """What it means that a post FAILED: it is not out, and never will be."""
    if reason in PASSING:
        return StartAnew("network.container_lost", diagnostic, network=LABEL)
    return Refused("network.media_refused", diagnostic, network=LABEL, why=sentence(reason.replace("_", " ")))


def _error(answer: Answer) -> tuple[str, str, str]:
    """Code, message and number for TikTok's support. OAuth's answers have them beside one another (RFC 6749, 5.2)."""
    said = answer.object
    error = said.get("error")
    if isinstance(error, dict):
        return tuple(str(error.get(name) or "") for name in ("code", "message", "log_id"))  # type: ignore[return-value]
    return str(error or ""), str(said.get("error_description") or ""), str(said.get("log_id") or "")
