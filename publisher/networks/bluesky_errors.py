"""What a failed call to a Bluesky server means.

Sources: the lexicons' error names, the code of the official PDS (a bad token is status 400 there), and its answers on
loopback.
"""

from datetime import UTC, datetime, timedelta

from publisher.errors import AccountBlocked, NetworkError, RateLimited, Refused, Retry
from publisher.messages import sentence

EXPIRED = ("ExpiredToken", "InvalidToken")

# XRPC error name -> key of the reason that a person reads.
BLOCKED = {
    "AccountTakedown": "bluesky.why_taken_down",
    "AccountDeactivated": "bluesky.why_deactivated",
    "AccountSuspended": "bluesky.why_taken_down",
    "RepoTakendown": "bluesky.why_taken_down",
    "RepoSuspended": "bluesky.why_taken_down",
    "RepoDeactivated": "bluesky.why_deactivated",
    "AuthFactorTokenRequired": "bluesky.why_app_password",
}
REFUSED = {
    "BlobTooLarge": "bluesky.why_image_size",
    "PayloadTooLarge": "bluesky.why_image_size",
    "InvalidMimeType": "bluesky.why_image_type",
}
REFUSED_BY_MESSAGE = {
    "grapheme too big": "bluesky.why_text_length",
    "string too big": "bluesky.why_text_length",
    "blob too big": "bluesky.why_image_size",
}


class CallError(Exception):
    """A call without a usable answer. `as_error` tells what that means when nothing was written by it."""

    def __init__(
        self, status: int, name: str = "", message: str = "", *, left: bool = True, until: datetime | None = None
    ) -> None:
        self.status = status
        """HTTP status; 0 = no answer came."""
        self.name = name
        """The XRPC error name, blank where the answer was none of XRPC's."""
        self.message = message
        self.left = left
        """Whether the request may have reached the server."""
        self.until = until
        super().__init__(self.diagnostic)

    @property
    def diagnostic(self) -> str:
        return " ".join(part for part in (str(self.status or "no answer"), self.name, self.message) if part)[:300]

    @property
    def is_definite(self) -> bool:
        """The server said no, so it has done nothing."""
        return 400 <= self.status < 500

    @property
    def rejects_token(self) -> bool:
        """A PDS says so with 400, others with 401."""
        expired = self.status in (400, 401) and self.name in EXPIRED
        return expired or (self.status == 401 and self.name not in BLOCKED)

    def as_error(self) -> NetworkError:
        """For a call that changed nothing, or that may simply be made again."""
        detail = self.diagnostic
        if self.status == 429:
            until = self.until or datetime.now(UTC) + timedelta(minutes=5)
            return RateLimited("network.rate_limited", detail, until=until, network="Bluesky")
        if passing := self._passing():
            return Retry(passing, detail, network="Bluesky")
        if key := BLOCKED.get(self.name):
            return AccountBlocked("network.account_blocked", detail, network="Bluesky", why=sentence(key))
        if self.status in (401, 403) or self.name in EXPIRED:
            return AccountBlocked("network.credentials", detail, network="Bluesky")
        return Refused("network.refused", detail, network="Bluesky", why=sentence(self._why()))

    def _passing(self) -> str:
        """The sentence for a trouble that may pass by itself; blank for others."""
        if self.status == 0:
            return "network.unreachable"
        # An upload that the server threw away again: the next try uploads anew.
        if self.status >= 500 or self.name == "BlobNotFound":
            return "network.unavailable"
        return "" if self.name else "bluesky.no_server"

    def _why(self) -> str:
        by_message = (key for start, key in REFUSED_BY_MESSAGE.items() if start in self.message)
        return REFUSED.get(self.name) or next(by_message, "bluesky.why_record")
