"""Who posts to TikTok: the credentials, the token of a day that they are exchanged for, and what the account is let.

A refresh token may work but once. So the new pair is stored before it is used, by one thread at a time, and a call that
still holds the old pair is given the new one.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import Field, SecretStr

from publisher.errors import AccountBlocked, Retry
from publisher.networks.credentials import Credentials
from publisher.networks.tiktok_answers import LABEL, judge
from publisher.networks.wire import Wire

API = "https://open.tiktokapis.com"
MARGIN = timedelta(minutes=1)
"""A token that ends sooner is exchanged here; before that the newsroom does it, for all its processes."""
NEEDED = "video.publish"
AUDIENCES = {
    "everyone": "PUBLIC_TO_EVERYONE",
    "followers": "FOLLOWER_OF_CREATOR",
    "friends": "MUTUAL_FOLLOW_FRIENDS",
    "only me": "SELF_ONLY",
}
NOBODY_ELSE = "SELF_ONLY"
INTERNAL: dict[str, Any] = {"internal": True}

Save = Callable[[Mapping[str, str]], None]

_lock = threading.Lock()
_renewed: dict[str, Mapping[str, str]] = {}
"""By the refresh token that was spent, in this process: what it brought."""
REMEMBERED = 64


class TikTokCredentials(Credentials):
    client_key: str = Field(
        min_length=1, title="Client key", description="Of your app at developers.tiktok.com, under Credentials."
    )
    client_secret: SecretStr = Field(min_length=1, title="Client secret", description="Beside the client key.")
    refresh_token: SecretStr = Field(
        min_length=1,
        title="Refresh token",
        description="From signing in to the app with the account, with the permission video.publish.",
    )
    audience: Literal["everyone", "followers", "friends", "only me"] = Field(
        title="Who may see posts",
        description="Until TikTok has audited the app, it takes “only me” and nothing else.",
    )
    base_url: str = Field(default=API, pattern=r"^https?://[^\s/?#@]+/?$", title="Address of the API")
    access_token: SecretStr = Field(default=SecretStr(""), json_schema_extra=INTERNAL)
    ends: str = Field(default="", json_schema_extra=INTERNAL)
    """Until when the access token holds (ISO time)."""
    sign_in_ends: str = Field(default="", json_schema_extra=INTERNAL)
    """Until when the refresh token does."""
    open_id: str = Field(default="", json_schema_extra=INTERNAL)
    uploads: SecretStr = Field(default=SecretStr(""), json_schema_extra=INTERNAL)
    """Of before rows kept sealed where a video is sent to; nobody reads it."""


@dataclass(frozen=True, slots=True)
class Creator:
    """What TikTok says of the account before a post."""

    handle: str
    name: str
    audiences: tuple[str, ...]
    comments: bool
    duets: bool
    stitches: bool
    seconds: float
    """How long a video may run; 0 where it does not say."""


def own(credentials: Credentials) -> TikTokCredentials:
    assert isinstance(credentials, TikTokCredentials), type(credentials)  # a bug, not an input
    return credentials


def wire_for(
    given: TikTokCredentials, timeout: float, before: Callable[[], None] | None = None, *, signed: bool = True
) -> Wire:
    secrets = [given.client_secret, given.refresh_token, given.access_token]
    return Wire(
        LABEL,
        given.base_url,
        timeout=timeout,
        judge=judge,
        before=before,
        headers={"Authorization": f"Bearer {given.access_token.get_secret_value()}"} if signed else {},
        secrets=[secret.get_secret_value() for secret in secrets],
    )


def signed_in(given: TikTokCredentials, save: Save, timeout: float) -> TikTokCredentials:
    """`given` with an access token that holds for a while."""
    return given if _holds(given) else renew(given, save, timeout)


def ask_creator(given: TikTokCredentials, save: Save, timeout: float) -> tuple[TikTokCredentials, Creator]:
    """What the account may post now, which TikTok wants asked before each post; signs in anew where that is needed."""
    ready = signed_in(given, save, timeout)
    try:
        return ready, _creator(ready, timeout)
    except AccountBlocked as error:
        if ready is not given or error.key != "network.credentials":
            raise
    ready = renew(given, save, timeout)  # TikTok took the token back before its time
    return ready, _creator(ready, timeout)


def require_audience(given: TikTokCredentials, creator: Creator) -> str:
    """TikTok's name for who may see posts. Raises AccountBlocked where the account does not offer it (any more)."""
    wanted = AUDIENCES[given.audience]
    if wanted not in creator.audiences:
        told = {"wanted": given.audience, "offered": ", ".join(offered(creator)) or "–"}
        raise AccountBlocked("tiktok.audience", ", ".join(creator.audiences), **told)
    return wanted


def offered(creator: Creator) -> list[str]:
    """The audiences that the account has now, widest first, as people call them here."""
    return [name for name, audience in AUDIENCES.items() if audience in creator.audiences]


def when(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _holds(given: TikTokCredentials) -> bool:
    ends = when(given.ends)
    return bool(given.access_token.get_secret_value() and ends and ends - datetime.now(UTC) > MARGIN)


def renew(given: TikTokCredentials, save: Save, timeout: float) -> TikTokCredentials:
    """`given` with new tokens, or those that another call of this process got for it; stored before they are used."""
    with _lock:
        known = given
        while fields := _renewed.get(known.refresh_token.get_secret_value()):
            known = _with(known, fields)
        fields = {name: value for name, value in _plain(known).items() if value}
        if known is given or not _holds(known):
            fields = _exchange(known, timeout)
            _renewed[known.refresh_token.get_secret_value()] = fields
            while len(_renewed) > REMEMBERED:
                del _renewed[next(iter(_renewed))]
        try:
            save(fields)
        except Exception as error:  # a store may fail in any way; the pair waits in memory
            raise Retry("network.not_prepared", type(error).__name__, network=LABEL) from error
        return _with(known, fields)


def _plain(given: TikTokCredentials) -> dict[str, str]:
    return {
        "access_token": given.access_token.get_secret_value(),
        "refresh_token": given.refresh_token.get_secret_value(),
        "ends": given.ends,
        "sign_in_ends": given.sign_in_ends,
        "open_id": given.open_id,
    }


def _with(given: TikTokCredentials, fields: Mapping[str, str]) -> TikTokCredentials:
    secret = {name: SecretStr(value) for name, value in fields.items() if name.endswith("_token")}
    return given.model_copy(update={**fields, **secret})


def _exchange(spent: TikTokCredentials, timeout: float) -> dict[str, str]:
    form = {
        "client_key": spent.client_key,
        "client_secret": spent.client_secret.get_secret_value(),
        "grant_type": "refresh_token",
        "refresh_token": spent.refresh_token.get_secret_value(),
    }
    needs = ("access_token", "open_id", "expires_in", "scope")
    with wire_for(spent, timeout, signed=False) as wire:
        told = wire.ask("POST", "v2/oauth/token/", data=form, needs=needs).object
    if NEEDED not in str(told["scope"]).split(","):
        raise AccountBlocked("connect.scopes", f"scope {told['scope']}", missing=NEEDED, network=LABEL)
    return {
        "access_token": str(told["access_token"]),
        "refresh_token": str(told.get("refresh_token") or form["refresh_token"]),
        "ends": _after(told["expires_in"]),
        "sign_in_ends": _after(told.get("refresh_expires_in")),
        "open_id": str(told["open_id"]),
    }


def _after(seconds: object) -> str:
    if not isinstance(seconds, int):
        return ""
    return (datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)).isoformat()


def _creator(given: TikTokCredentials, timeout: float) -> Creator:
    with wire_for(given, timeout) as wire:
        return read_creator(wire)


def read_creator(wire: Wire) -> Creator:
    needs = ("data.creator_username", "data.privacy_level_options")
    told = wire.ask("POST", "v2/post/publish/creator_info/query/", json={}, needs=needs).object["data"]
    longest = told.get("max_video_post_duration_sec")
    return Creator(
        handle=str(told["creator_username"]),
        name=str(told.get("creator_nickname") or told["creator_username"]),
        audiences=tuple(map(str, told["privacy_level_options"] or ())),
        comments=not told.get("comment_disabled"),
        duets=not told.get("duet_disabled"),
        stitches=not told.get("stitch_disabled"),
        seconds=float(longest) if isinstance(longest, int | float) else 0,
    )
