"""Who a LinkedIn channel is: its credentials, its page, whether the token's member may post there, and until when.

Sources: learn.microsoft.com, "Organization Lookup", "Organization Access Control by Role", "Token Introspection".
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pydantic import Field, SecretStr, field_validator

from publisher.errors import AccountBlocked, Refused, Retry
from publisher.networks.credentials import Credentials
from publisher.networks.linkedin_answers import LABEL, is_gone, judge
from publisher.networks.wire import Wire

API = "https://api.linkedin.com"
SIGN_IN = "https://www.linkedin.com"
ROLES_PAGE = 100
ROLES = ("ADMINISTRATOR", "CONTENT_ADMIN", "CONTENT_ADMINISTRATOR", "DIRECT_SPONSORED_CONTENT_POSTER")
"""Of a page, with which a member may post as the page."""
NEEDED = ("w_organization_social", "r_organization_social", "rw_organization_admin")

_ADDRESS = re.compile(
    r"(?:https?://)?(?:[a-z]+\.)?linkedin\.com/(?:company|showcase|school)/([^/?#]+).*", re.IGNORECASE
)
_URN = re.compile(r"urn:li:organization:(\d+)")
_NAME = re.compile(r"[\w-]{1,100}")


class LinkedInCredentials(Credentials):
    access_token: SecretStr = Field(
        title="Access token", description="Of a member who administers the page; see the steps."
    )
    page: str = Field(
        title="Page",
        description="Address of the page, as https://www.linkedin.com/company/press-office, or its number.",
    )
    expires_on: str = Field(
        default="",
        title="Last day of the token",
        description="Such as 2027-01-23: 60 days after you made it. Not needed with the client ID and secret.",
    )
    client_id: str = Field(
        default="",
        title="Client ID",
        description="With the secret: tells what the token may and until when.",
    )
    client_secret: SecretStr = Field(default=SecretStr(""), title="Client secret")
    refresh_token: SecretStr = Field(default=SecretStr(""), json_schema_extra={"internal": True})
    """Only where LinkedIn gave one when somebody signed in."""
    ends: str = Field(default="", json_schema_extra={"internal": True})
    refresh_ends: str = Field(default="", json_schema_extra={"internal": True})
    """Until when either holds (ISO time), as LinkedIn said."""
    version: str = Field(
        default="",
        pattern=r"^(20\d\d(0[1-9]|1[0-2]))?$",
        title="Version of the interface",
        description="Blank: the one that Publisher speaks. Where LinkedIn has ended that, a newer one, as 202709.",
    )
    base_url: str = Field(default=API, pattern=r"^https?://[^\s/?#@]+/?$", title="Address of the API")

    @field_validator("page")
    @classmethod
    def _named(cls, value: str) -> str:
        found = _ADDRESS.fullmatch(value) or _URN.fullmatch(value)
        name = found[1] if found else value
        if not _NAME.fullmatch(name):
            raise ValueError("a page is its address, https://www.linkedin.com/company/…, or its number")
        return name

    @field_validator("expires_on")
    @classmethod
    def _dated(cls, value: str) -> str:
        try:
            return value and date.fromisoformat(value).isoformat()
        except ValueError:
            raise ValueError("a day is written like 2027-01-23") from None


def find_page(wire: Wire, name: str) -> Mapping[str, Any]:
    """The organisation of that number or name, as `{"id": …, "localizedName": …, "vanityName": …}`."""
    try:
        if name.isdecimal():
            return wire.ask("GET", f"organizations/{name}", needs=("id", "localizedName")).object
        params = {"q": "vanityName", "vanityName": name}
        answer = wire.ask("GET", "organizations", params=params, needs=("elements",))
    except Refused as error:
        if is_gone(error):
            raise AccountBlocked("linkedin.no_page", error.diagnostic, page=name) from None
        raise
    found = answer.object["elements"]
    if not found:
        raise AccountBlocked("linkedin.no_page", answer.told, page=name)
    if not isinstance(found, list) or not isinstance(found[0], dict) or not {"id", "localizedName"} <= set(found[0]):
        raise Retry("network.unavailable", answer.told, network=LABEL)
    return found[0]


def look_at_roles(wire: Wire, number: str) -> None:
    """Raises AccountBlocked where the member whose token this is has no role of the page that lets them post."""
    ours, held = f"urn:li:organization:{number}", []
    for row in _roles(wire):
        # The first is its name in newer versions of the interface, the second in older ones.
        if ours in (row.get("organization"), row.get("organizationTarget")):
            held.append(str(row.get("role")))
            if held[-1] in ROLES:
                return
    raise AccountBlocked("linkedin.role", f"roles: {held}"[:200])


def pages_of(wire: Wire) -> list[str]:
    """The numbers of the pages that the member whose token this is may post as."""
    found: dict[str, None] = {}
    for row in _roles(wire):
        urn = _URN.fullmatch(str(row.get("organization") or row.get("organizationTarget") or ""))
        if urn and str(row.get("role")) in ROLES:
            found.setdefault(urn[1])
    return list(found)


def _roles(wire: Wire) -> Iterator[Mapping[str, Any]]:
    """What the member is on which page."""
    for start in range(0, 10 * ROLES_PAGE, ROLES_PAGE):
        params = {"q": "roleAssignee", "state": "APPROVED", "start": str(start), "count": str(ROLES_PAGE)}
        answer = wire.ask("GET", "organizationAcls", params=params, needs=("elements",))
        rows = answer.object["elements"]
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Retry("network.unavailable", answer.told, network=LABEL)
        yield from rows
        if len(rows) < ROLES_PAGE:
            return


def read_token(own: LinkedInCredentials, timeout: float) -> datetime | None:
    """Until when the token holds: as LinkedIn says, where the app is known, else as the person said.

    Raises AccountBlocked where it holds no longer, or may too little.
    """
    token, secret = own.access_token.get_secret_value(), own.client_secret.get_secret_value()
    if not own.client_id or not secret:
        ends = datetime.fromisoformat(own.expires_on).replace(tzinfo=UTC) if own.expires_on else None
        # A day that is over belongs to a token of before: one that has ended is refused by the calls that follow.
        return ends if ends and ends > datetime.now(UTC) - timedelta(days=1) else None
    base = own.base_url.rstrip("/")
    form = {"client_id": own.client_id, "client_secret": secret, "token": token}
    address = SIGN_IN if base == API else base
    with Wire(LABEL, address, timeout=timeout, judge=judge, secrets=[token, secret]) as wire:
        answer = wire.ask("POST", "oauth/v2/introspectToken", data=form, needs=("active",))
    told = answer.object
    if told["active"] is not True:
        raise AccountBlocked("network.credentials", answer.told, network=LABEL)
    granted = str(told.get("scope") or "")
    missing = [name for name in NEEDED if name not in re.split(r"[,\s]+", granted)]
    if granted and missing:
        raise AccountBlocked("linkedin.scopes", granted[:200], missing=", ".join(missing))
    if own.refresh_token.get_secret_value() and own.refresh_ends:
        return datetime.fromisoformat(own.refresh_ends)  # until then the token is renewed
    until = told.get("expires_at")
    return datetime.fromtimestamp(until, UTC) if isinstance(until, int) and until > 0 else None
