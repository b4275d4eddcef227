"""Mastodon and the servers that speak its API: GoToSocial, Pleroma, Akkoma, Takahe and others.

Source of the rules: docs.joinmastodon.org (statuses, media, instance, rate limits). Only Mastodon itself honours
Idempotency-Key, for an hour; everywhere else `find` is what keeps a post from going out twice.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, cast

from pydantic import ConfigDict, Field, SecretStr, field_validator

from publisher import messages
from publisher.errors import AccountBlocked, Refused, Uncertain
from publisher.networks.base import CALL_TIMEOUT, Context, Credentials, Network
from publisher.networks.limits import Limits
from publisher.networks.mastodon_address import origin
from publisher.networks.mastodon_sign_in import MastodonSignIn
from publisher.networks.mastodon_text import fold, same_text, show
from publisher.networks.media import Encoded, load_image
from publisher.text.measure import measure
from publisher.types import Draft, Identity, Media, Part, Preview, PreviewPart, Receipt

if TYPE_CHECKING:
    from publisher.networks.mastodon_wire import Server

NEEDED_SCOPES = ("read:statuses", "write:statuses", "write:media")
CLOCK_SLACK = timedelta(minutes=5)
"""How far the server's clock may be behind ours."""
PAGE = 40
PAGES = 10
"""How many pages of statuses `find` reads before it says that it cannot tell."""
SOURCES = 10
"""How many statuses `find` asks for their source where their HTML does not settle it."""


class MastodonCredentials(Credentials):
    # An error of validation must not repeat a mistyped token.
    model_config = ConfigDict(hide_input_in_errors=True)

    base_url: str = Field(title="Server", description="The address of your server, like https://mastodon.example")
    access_token: SecretStr = Field(
        title="Access token", description="On your server: Preferences > Development > your application"
    )
    visibility: Literal["public", "unlisted", "private"] = Field(
        default="public", title="Visibility", description="Who sees the posts: public, unlisted, or followers (private)"
    )

    @field_validator("base_url")
    @classmethod
    def _origin(cls, value: str) -> str:
        return origin(value)

    @field_validator("access_token")
    @classmethod
    def _printable(cls, value: SecretStr) -> SecretStr:
        token = value.get_secret_value().strip()
        if not token or not all("!" <= letter <= "~" for letter in token):
            raise ValueError(messages.sentence("mastodon.token"))
        return SecretStr(token)


class Mastodon(Network):
    kind = "mastodon"
    label = "Mastodon"
    credentials = MastodonCredentials
    sign_in = MastodonSignIn()

    def __init__(self, *, timeout: float = CALL_TIMEOUT, wait: Callable[[float], None] = time.sleep) -> None:
        """`timeout` in seconds; `wait` passes the seconds between two looks at a picture that is still processed."""
        self._timeout = timeout
        self._wait = wait

    def warm_up(self) -> None:
        import publisher.networks.mastodon_wire  # noqa: F401  # slow import

    def preview(self, draft: Draft, limits: Limits | None = None) -> Preview:
        """`payload` holds the form fields of POST /api/v1/statuses; its visibility is the channel's when sent."""
        limits = limits or self.limits
        parts = []
        for part in draft.parts:
            measured = measure(part.text, limits.unit, limits.text, limits.url_length)
            parts.append(
                PreviewPart(
                    runs=show(part.text),
                    length=measured.length,
                    limit=measured.limit,
                    media=part.media,
                    # The server makes a card from the first link, but none beside pictures.
                    card=None if part.media else part.card,
                    payload=_form(part, draft.language, "public"),
                )
            )
        return Preview(network=self.kind, parts=tuple(parts))

    def verify(self, credentials: Credentials, save: Callable[[Mapping[str, str]], None]) -> Identity:  # noqa: ARG002  its tokens do not rotate
        server, base_url = self._connect(credentials), _own(credentials).base_url
        answer = server.call("account_verify_credentials")
        account = server.result(answer, needs="read:accounts")
        if not isinstance(account, dict) or not account.get("id"):
            raise server.error(answer, needs="read:accounts")
        _check_scopes(server)
        instance = _read_instance(server)
        domain = str(instance.get("domain") or instance.get("uri") or base_url)
        return Identity(
            id=str(account["id"]),
            handle=f"{account.get('username', '')}@{domain.rpartition('//')[2].strip('/')}",
            name=str(account.get("display_name") or account.get("username") or ""),
            url=_address(account, "url", "uri") or base_url,
            avatar=_address(account, "avatar"),
            limits=_limits_of(instance),
        )

    def publish(self, part: Part, context: Context, key: str) -> Receipt:
        server = self._connect(context.credentials)
        media = [server.upload(self._fitted(item, context), item.alt) for item in part.media]
        context.before_publish()
        answer = server.call(
            "status_post",
            **_form(part, context.language, _own(context.credentials).visibility),
            in_reply_to_id=_parent(context) or None,
            media_ids=media or None,
            # None leaves it to the account's own preference.
            sensitive=None,
            idempotency_key=key,
            posting=True,
        )
        status = server.result(answer, needs="write:statuses", posting=True)
        if not isinstance(status, dict) or not status.get("id"):
            raise server.error(answer, needs="write:statuses", posting=True)
        return _receipt(status, context)

    def find(self, part: Part, context: Context, key: str) -> Receipt | None:  # noqa: ARG002  no server tells the key again
        server = self._connect(context.credentials)
        unlike = []
        for status in _recent(server, context):
            if str(status.get("in_reply_to_id") or "") != _parent(context):
                continue
            attachments = status.get("media_attachments")
            if (len(attachments) if isinstance(attachments, list) else 0) != len(part.media):
                continue
            if same_text(str(status.get("content") or ""), part.text):
                return _receipt(status, context)
            unlike.append(status)
        # Some servers mark text up (quotes, markdown); what was sent is then still in the source.
        for status in unlike[:SOURCES]:
            source = server.read(f"/api/v1/statuses/{status['id']}/source").json
            text = source.get("text") if isinstance(source, dict) else None
            if isinstance(text, str) and fold(text) == fold(part.text):
                return _receipt(status, context)
        return None

    def edit(self, receipt: Receipt, part: Part, context: Context, key: str) -> Receipt:  # noqa: ARG002  an edit knows no keys
        """PUT /api/v1/statuses/:id. What it does not name is taken away, so the pictures are named again."""
        server = self._connect(context.credentials)
        standing = server.read(f"/api/v1/statuses/{receipt.id}")
        if standing.status in (404, 410) and standing.json is not None:
            raise Refused("network.edit_gone", f"HTTP {standing.status}", network=self.label)
        status = server.result(standing, needs="read:statuses")
        pictures = status.get("media_attachments") if isinstance(status, dict) else None
        context.before_publish()
        answer = server.call(
            "status_update", receipt.id, part.text, **_kept_media(pictures or [], part.media), posting=True
        )
        changed = server.result(answer, needs="write:statuses", posting=True)
        if not isinstance(changed, dict) or not changed.get("id"):
            raise server.error(answer, needs="write:statuses", posting=True)
        return _receipt(changed, context)

    def find_edit(self, receipt: Receipt, part: Part, context: Context) -> Receipt | None:
        server = self._connect(context.credentials)
        answer = server.read(f"/api/v1/statuses/{receipt.id}/source")
        if answer.status in (404, 410) and answer.json is not None:
            raise Refused("network.edit_gone", f"HTTP {answer.status}", network=self.label)
        source = server.result(answer, needs="read:statuses")
        text = source.get("text") if isinstance(source, dict) else None
        if not isinstance(text, str):
            raise server.error(answer, needs="read:statuses")
        return receipt if fold(text) == fold(part.text) else None

    def delete(self, receipt: Receipt, context: Context) -> None:
        server = self._connect(context.credentials)
        answer = server.call("status_delete", receipt.id, delete_media=True)
        gone = answer.status in (404, 410) and answer.json is not None
        if not gone:
            server.result(answer, needs="write:statuses")

    def _connect(self, credentials: Credentials) -> "Server":
        from publisher.networks.mastodon_wire import Server  # slow import

        own = _own(credentials)
        return Server(own.base_url, own.access_token.get_secret_value(), timeout=self._timeout, wait=self._wait)

    def _fitted(self, media: Media, context: Context) -> Encoded:
        limits = context.limits.image or self.limits.image
        return load_image(media, context.load, limits)


def _own(credentials: Credentials) -> MastodonCredentials:
    return cast("MastodonCredentials", credentials)


def _form(part: Part, language: str, visibility: str) -> dict[str, Any]:
    """The fields of a status. Mastodon knows languages by ISO 639 code: pt-BR would be taken for none at all."""
    form: dict[str, Any] = {"status": part.text, "visibility": visibility}
    if language:
        form["language"] = language.replace("_", "-").partition("-")[0].lower()
    return form


def _kept_media(attached: Sequence[Mapping[str, Any]], media: Sequence[Media]) -> dict[str, Any]:
    """What an edit says of the pictures: all that hang there stay; a description is sent where it is another one."""
    ids = [str(item["id"]) for item in attached if item.get("id")]
    alts = [str(item.get("description") or "") for item in attached]
    if not ids or len(ids) != len(media) or alts == [item.alt for item in media]:
        return {"media_ids": ids or None}
    # Mastodon.py makes the ids from these; given both, it fails.
    return {"media_attributes": [{"id": id_, "description": item.alt} for id_, item in zip(ids, media, strict=True)]}


def _parent(context: Context) -> str:
    return context.thread[-1].id if context.thread else ""


def _receipt(status: Mapping[str, Any], context: Context) -> Receipt:
    id_ = str(status["id"])
    url = _address(status, "url", "uri") or f"{context.account.url}/{id_}"
    return Receipt(id=id_, url=url, data={"id": id_})


def _address(entity: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that is a web address; people will click on it."""
    values = [str(entity.get(name) or "") for name in names]
    return next((value for value in values if value.startswith(("https://", "http://"))), "")


def _recent(server: "Server", context: Context) -> Iterator[dict[str, Any]]:
    """The account's statuses since the stamp, newest first. Raises Uncertain where there are too many to read."""
    since = context.stamp - CLOCK_SLACK
    max_id = None
    for _ in range(PAGES):
        answer = server.call("account_statuses", context.account.id, exclude_reblogs=True, limit=PAGE, max_id=max_id)
        page = server.result(answer, needs="read:statuses")
        if not isinstance(page, list) or not all(isinstance(status, dict) and status.get("id") for status in page):
            raise server.error(answer, needs="read:statuses")
        fresh = [status for status in page if _created(status) >= since]
        yield from fresh
        if not page or len(fresh) < len(page):
            return
        max_id = page[-1]["id"]
    diagnostic = f"more than {PAGE * PAGES} statuses since {since.isoformat()}"
    raise Uncertain("network.uncertain", diagnostic, network=Mastodon.label)


def _created(status: Mapping[str, Any]) -> datetime:
    try:
        created = datetime.fromisoformat(str(status.get("created_at")))
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)
    return created if created.tzinfo else created.replace(tzinfo=UTC)


def _check_scopes(server: "Server") -> None:
    """Raises AccountBlocked when the token's application lacks what posting takes; older servers do not tell."""
    answer = server.call("app_verify_credentials")
    application = answer.json if answer.status == 200 else None
    scopes = application.get("scopes") if isinstance(application, dict) else None
    if not isinstance(scopes, list) or not scopes:
        return
    missing = [needed for needed in NEEDED_SCOPES if needed not in scopes and needed.partition(":")[0] not in scopes]
    if missing:
        raise AccountBlocked("mastodon.scopes", f"scopes: {scopes}", missing=", ".join(missing))


def _read_instance(server: "Server") -> dict[str, Any]:
    """The Instance entity, version 2 or else 1; nothing where the server has neither."""
    for path in ("/api/v2/instance", "/api/v1/instance"):
        answer = server.read(path)
        data = answer.json
        if answer.status == 200 and isinstance(data, dict):
            return data
        if answer.status == 429 or answer.status >= 500:
            # To go on with our own numbers would overwrite the right ones that an earlier check brought.
            raise server.error(answer, needs="read:accounts")
    return {}


def _limits_of(instance: Mapping[str, Any]) -> dict[str, int]:
    """Fields of Limits as this server sets them; Pleroma's names where it has no `configuration`."""
    configuration = _object(instance, "configuration")
    statuses, attachments = _object(configuration, "statuses"), _object(configuration, "media_attachments")
    found: dict[str, object] = {
        "text": statuses.get("max_characters") or instance.get("max_toot_chars"),
        "images": statuses.get("max_media_attachments"),
        "image_bytes": attachments.get("image_size_limit") or instance.get("upload_limit"),
        "alt": attachments.get("description_limit") or instance.get("description_limit"),
    }
    limits = {name: value for name, value in found.items() if isinstance(value, int) and value > 0}
    url_length = statuses.get("characters_reserved_per_url")
    if isinstance(url_length, int) and url_length >= 0:
        limits["url_length"] = url_length
    elif "text" in limits and "max_characters" not in statuses:
        # Pleroma counts a link as long as it is.
        limits["url_length"] = 0
    return limits


def _object(parent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}
