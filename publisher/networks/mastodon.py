"""Mastodon and the servers that speak its API: GoToSocial, Akkoma, Takahe, Pixelfed, Friendica and others.

Source of the rules: docs.joinmastodon.org (statuses, media, instance, rate limits); for its relatives what they answer
by their own code. Only Mastodon itself honours Idempotency-Key, for an hour; Pixelfed refuses a key that it has seen,
others ignore it: there `find` is what keeps a post from going out twice.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, cast

from pydantic import ConfigDict, Field, SecretStr, field_validator

from publisher import messages
from publisher.errors import Refused, Retry, StartAnew, Uncertain
from publisher.networks import crop
from publisher.networks.base import Context, Network
from publisher.networks.credentials import Credentials
from publisher.networks.figures import added, count
from publisher.networks.limit_types import Limits
from publisher.networks.mastodon_instance import check_scopes, limits_of, read_instance, read_software
from publisher.networks.mastodon_sign_in import MastodonSignIn
from publisher.networks.mastodon_text import fold, same_text, show, told
from publisher.networks.media import load_media
from publisher.networks.patience import CALL_TIMEOUT
from publisher.networks.server_address import origin
from publisher.text.measure import measure
from publisher.types import Draft, Figures, Identity, Media, Part, Pending, Preview, PreviewPart, Receipt

if TYPE_CHECKING:
    from publisher.networks.mastodon_wire import Server

CLOCK_SLACK = timedelta(minutes=5)
"""How far the server's clock may be behind ours."""
PAGE = 40
PAGES = 10
"""How many pages of statuses `find` reads before it says that it cannot tell."""
LOOK = 15.0
"""Seconds between two looks at a video that the server is still working on."""
KEY_LIFETIME = 3700.0
"""Seconds; servers that know keys keep them for an hour."""
_KEY_KNOWN = re.compile(r"idempotency", re.IGNORECASE)
MARKDOWN = ("friendica",)
"""Software that reads what we send as Markdown, and keeps only what that means."""
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
        check_scopes(server)
        instance, software = read_instance(server), read_software(server)
        domain = str(instance.get("domain") or instance.get("uri") or base_url)
        return Identity(
            id=str(account["id"]),
            handle=f"{account.get('username', '')}@{domain.rpartition('//')[2].strip('/')}",
            name=str(account.get("display_name") or account.get("username") or ""),
            url=_address(account, "url", "uri") or base_url,
            avatar=_address(account, "avatar"),
            limits=limits_of(instance, software),
            data={"software": software} if software else {},
        )

    def publish(self, part: Part, context: Context, key: str) -> Receipt | Pending:
        """Pending where the server needs longer for a video than anybody should wait for in line."""
        server = self._connect(context.credentials)
        media = []
        for item in part.media:
            file = load_media(item, context.load, context.limits)
            media.append(server.upload(file, item.alt, focus=_focus(item)))
        if not all(server.wait_for(each.id) for each in media if not each.ready):
            ids = " ".join(each.id for each in media)
            return Pending(data={"media": ids, "text": part.text, "key": key}, after=LOOK)
        return self._post(server, part, [each.id for each in media], context, key)

    def resume(self, pending: Pending, context: Context) -> Receipt | Pending:
        """Post what was uploaded once all of it is ready, unless it is out already: only some servers know our key."""
        server = self._connect(context.credentials)
        ids, text = pending.data["media"].split(), pending.data["text"]
        ready = [server.is_ready(each) for each in ids]
        part = Part(text=text, media=tuple(Media() for _ in ids))
        found = self._search(server, part, context) if all(ready) or None in ready else None
        if found:
            return found
        if None in ready:
            raise StartAnew("mastodon.media_processing", f"media {ids}: gone")
        if not all(ready):
            return Pending(data=pending.data, after=LOOK)
        return self._post(server, part, ids, context, pending.data["key"])

    def find(self, part: Part, context: Context, key: str) -> Receipt | None:  # noqa: ARG002  no server tells the key again
        return self._search(self._connect(context.credentials), part, context)

    def _post(self, server: "Server", part: Part, media: Sequence[str], context: Context, key: str) -> Receipt:
        context.before_publish()
        answer = server.call(
            "status_post",
            **_form(part, context.language, _own(context.credentials).visibility),
            in_reply_to_id=_parent(context) or None,
            media_ids=list(media) or None,
            # None leaves it to the account's own preference.
            sensitive=None,
            idempotency_key=key,
            posting=True,
        )
        if answer.status == 400 and _KEY_KNOWN.search(answer.message):
            # Pixelfed notes a key before it looks at the post: there may be one or not, and this key is used up.
            found = self._search(server, part, context)
            if found is None:
                raise Retry("mastodon.key_known", answer.message, after=KEY_LIFETIME, server=server.address)
            return found
        status = server.result(answer, needs="write:statuses", posting=True)
        if not isinstance(status, dict) or not status.get("id"):
            raise server.error(answer, needs="write:statuses", posting=True)
        return _receipt(status, context)

    def _search(self, server: "Server", part: Part, context: Context) -> Receipt | None:
        """Among what the account posted since the stamp."""
        markdown = context.account.data.get("software") in MARKDOWN
        unlike = []
        for status in _recent(server, context):
            if str(status.get("in_reply_to_id") or "") != _parent(context):
                continue
            attachments = status.get("media_attachments")
            if (len(attachments) if isinstance(attachments, list) else 0) != len(part.media):
                continue
            if any(same_text(said, part.text, markdown=markdown) for said in told(status)):
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
        if answer.status in (404, 405, 501):  # the post is there: it is the editing that is not
            raise Refused("mastodon.no_edits", f"HTTP {answer.status}", server=server.address)
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

    def figures(self, receipt: Receipt, context: Context) -> Figures:
        """GET /api/v1/statuses/:id. It counts no views; a quotation (since 4.5) passes a post on as well."""
        server = self._connect(context.credentials)
        answer = server.read(f"/api/v1/statuses/{receipt.id}")
        if answer.status in (404, 410) and answer.json is not None:
            raise Refused("network.edit_gone", f"HTTP {answer.status}", network=self.label)
        status = server.result(answer, needs="read:statuses")
        if not isinstance(status, dict):
            raise server.error(answer, needs="read:statuses")
        return Figures(
            likes=count(status.get("favourites_count")),
            replies=count(status.get("replies_count")),
            reposts=added(count(status.get("reblogs_count")), count(status.get("quotes_count"))),
        )

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


def _own(credentials: Credentials) -> MastodonCredentials:
    return cast("MastodonCredentials", credentials)


def _form(part: Part, language: str, visibility: str) -> dict[str, Any]:
    """The fields of a status. Mastodon knows languages by ISO 639 code: pt-BR would be taken for none at all."""
    form: dict[str, Any] = {"status": part.text, "visibility": visibility}
    if language:
        form["language"] = language.replace("_", "-").partition("-")[0].lower()
    return form


def _focus(media: Media) -> tuple[float, float] | None:
    """Where a picture's centre of attention lies, from -1 to 1; None where nobody said."""
    return crop.pair(media.focus)


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
