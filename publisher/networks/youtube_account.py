"""Who a YouTube channel is: its credentials, and the access token that each hour needs a new one of.

Sources: developers.google.com/identity/protocols/oauth2/web-server, "Refreshing an access token"; the Data API v3.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import Field, SecretStr

from publisher.errors import AccountBlocked, Retry
from publisher.networks.base import Context
from publisher.networks.credentials import Credentials
from publisher.networks.wire import Wire
from publisher.networks.youtube_answers import LABEL, judge, judge_token
from publisher.types import Identity

API = "https://youtube.googleapis.com"
SIGN_IN = "https://oauth2.googleapis.com"
SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"
"""The one that covers all of our calls (the discovery document names those of each): no other allows subtitles."""
MARGIN = timedelta(minutes=5)
"""A token that ends sooner is renewed first: an upload must not outlive it."""
SHORT = 15 * 60
"""Seconds that a video may last until the channel is confirmed by telephone."""


class YouTubeCredentials(Credentials):
    client_id: str = Field(
        min_length=1,
        title="Client ID",
        description="Of the OAuth client in Google Cloud; ends with .apps.googleusercontent.com.",
    )
    client_secret: SecretStr = Field(min_length=1, title="Client secret", description="Beside the client ID.")
    refresh_token: SecretStr = Field(
        min_length=1,
        title="Refresh token",
        description="From signing in as the channel; begins with 1//. See the steps.",
    )
    privacy: Literal["public", "unlisted"] = Field(
        default="public", title="Who sees the videos", description="unlisted: whoever has the link."
    )
    category: str = Field(
        default="25",
        pattern=r"^\d{1,3}$",
        title="Category",
        description="Its number at YouTube: 25 is News & Politics, 27 Education, 28 Science & Technology.",
    )
    for_children: Literal["no", "yes"] = Field(
        default="no",
        title="Made for children",
        description="Whether the videos of this channel are; YouTube then shows them without comments and notices.",
    )
    base_url: str = Field(default=API, pattern=r"^https?://[^\s/?#@]+/?$", title="Address of the API")
    access_token: SecretStr = Field(default=SecretStr(""), json_schema_extra={"internal": True})
    ends: str = Field(default="", json_schema_extra={"internal": True})
    """Until when the access token holds (ISO time)."""
    sign_in_ends: str = Field(default="", json_schema_extra={"internal": True})
    """Until when the refresh token does, where Google says so: of a project in testing, a week."""


def own(credentials: Credentials) -> YouTubeCredentials:
    assert isinstance(credentials, YouTubeCredentials), type(credentials)  # a bug, not an input
    return credentials


def wire_for(
    credentials: Credentials, save: Callable[[Mapping[str, str]], None], timeout: float, context: Context | None = None
) -> Wire:
    """The API, with a token that holds for minutes yet. `context` where followers may see something of the calls.

    Raises what `fresh` does.
    """
    mine = own(credentials)
    if not _holds(mine):
        mine = fresh(mine, save, timeout)
    token = mine.access_token.get_secret_value()
    return Wire(
        LABEL,
        mine.base_url,
        timeout=timeout,
        judge=judge,
        headers={"Authorization": f"Bearer {token}"},
        before=context.before_publish if context else None,
        secrets=_secrets(mine),
    )


def fresh(mine: YouTubeCredentials, save: Callable[[Mapping[str, str]], None], timeout: float) -> YouTubeCredentials:
    """The credentials with a new access token, stored before it is used.

    Raises AccountBlocked where the sign-in is over, Retry where nobody answers.
    """
    form = {
        "grant_type": "refresh_token",
        "client_id": mine.client_id,
        "client_secret": mine.client_secret.get_secret_value(),
        "refresh_token": mine.refresh_token.get_secret_value(),
    }
    base = mine.base_url.rstrip("/")
    address = SIGN_IN if base == API else base
    with Wire(LABEL, address, timeout=timeout, judge=judge_token, secrets=_secrets(mine)) as wire:
        told = wire.ask("POST", "token", data=form, needs=("access_token", "expires_in")).object
    token, seconds = told["access_token"], told["expires_in"]
    if not isinstance(token, str) or not token or not isinstance(seconds, int):
        raise Retry("network.unavailable", "no token in the answer", network=LABEL)
    granted = str(told.get("scope") or "").split()
    if granted and SCOPE not in granted:
        raise AccountBlocked("youtube.scope", " ".join(granted)[:200])
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)
    changed = {"access_token": token, "ends": until.isoformat()}
    if isinstance(told.get("refresh_token"), str) and told["refresh_token"]:
        changed["refresh_token"] = told["refresh_token"]
    left = told.get("refresh_token_expires_in")
    if isinstance(left, int) and left > 0:
        changed["sign_in_ends"] = (until + timedelta(seconds=left - seconds)).isoformat()
    save(changed)
    secret = {name: SecretStr(value) for name, value in changed.items() if name.endswith("_token")}
    return mine.model_copy(update={**changed, **secret})


def find_channel(wire: Wire) -> Identity:
    """Whose channel the token opens. Raises AccountBlocked where the person who signed in has none."""
    params = {"part": "snippet,contentDetails,status", "mine": "true"}
    answer = wire.ask("GET", "youtube/v3/channels", params=params, needs=("kind",))
    found = answer.object.get("items")
    if not found:
        raise AccountBlocked("youtube.no_channel", answer.told)
    channel = found[0] if isinstance(found, list) else None
    if not isinstance(channel, dict) or not {"id", "snippet", "contentDetails"} <= channel.keys():
        raise Retry("network.unavailable", answer.told, network=LABEL)
    number, shown = str(channel["id"]), _dict(channel["snippet"])
    uploads = _dict(_dict(channel["contentDetails"]).get("relatedPlaylists")).get("uploads")
    long = _dict(channel.get("status")).get("longUploadsStatus", "allowed")
    return Identity(
        id=number,
        handle=str(shown.get("customUrl") or number),
        name=str(shown.get("title", "")),
        url=f"https://www.youtube.com/channel/{number}",
        avatar=str(_dict(_dict(shown.get("thumbnails")).get("default")).get("url", "")),
        limits={} if long == "allowed" else {"video_seconds": SHORT},
        data={"uploads": str(uploads or "")},
    )


def _holds(mine: YouTubeCredentials) -> bool:
    try:
        ends = datetime.fromisoformat(mine.ends)
    except ValueError:
        return False
    return bool(mine.access_token.get_secret_value()) and ends - datetime.now(UTC) > MARGIN


def _secrets(mine: YouTubeCredentials) -> list[str]:
    return [value.get_secret_value() for _, value in mine if isinstance(value, SecretStr)]


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
