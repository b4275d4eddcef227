"""Telegram channels, by a bot (Bot API 10.1, core.telegram.org/bots/api).

A bot cannot read what stands in a channel, so nobody can look up what became of a call without an answer: such a post
stays uncertain until a person has looked. Texts go without markup, so no sign in them can break; Telegram itself makes
links, hashtags and mentions of channels. Pictures and videos carry no description there, so it is not sent.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from pydantic import Field, SecretStr, field_validator

from publisher.errors import AccountBlocked, NetworkError, RateLimited, Refused, Retry, Uncertain
from publisher.networks.base import Context, Network
from publisher.networks.credentials import Credentials
from publisher.networks.limit_types import Limits
from publisher.networks.media import Encoded, load_media
from publisher.networks.patience import CALL_TIMEOUT
from publisher.networks.preview import show, split_runs
from publisher.networks.wire import LONGEST_WAIT, Answer, Wire, sentence
from publisher.text.links import Span
from publisher.types import Draft, Identity, Media, Part, Preview, Receipt, Run

_TOKEN = re.compile(r"\d{5,}:[\w-]{20,}")
_CHANNEL = re.compile(r"@[A-Za-z]\w{3,31}|-100\d{5,}")
_ADDRESS = re.compile(
    r"(?:https?://)?(?:t|telegram)\.me/(?:s/)?(?:c/(?P<number>\d{5,})|(?P<name>[A-Za-z]\w{3,31}))(?:[/?].*)?"
)
"""Of a channel or of a post in it; that of a private channel has its number without the -100."""
_GONE = re.compile(r"message to (edit|delete) not found|MESSAGE_ID_INVALID", re.IGNORECASE)
_LOCKED = re.compile(
    r"message can't be (edited|deleted)|MESSAGE_DELETE_FORBIDDEN|MESSAGE_AUTHOR_REQUIRED", re.IGNORECASE
)
_UNKNOWN = re.compile(r"chat not found", re.IGNORECASE)
_RIGHTS = re.compile(
    r"administrator rights|not enough rights|no rights to|member list is inaccessible|CHAT_ADMIN_REQUIRED"
    r"|CHAT_WRITE_FORBIDDEN|CHANNEL_PRIVATE",
    re.IGNORECASE,
)
_SAME = re.compile(r"message is not modified", re.IGNORECASE)


class TelegramCredentials(Credentials):
    token: SecretStr = Field(
        title="Bot token", description="From @BotFather, after /newbot: numbers, a colon and a long word."
    )
    channel: str = Field(
        title="Channel",
        description="@name of a public channel. Of a private one the address of any post in it (Copy link), or its "
        "number, which begins with -100.",
    )
    base_url: str = Field(
        default="https://api.telegram.org",
        pattern=r"^https?://[^\s/?#@]+/?$",
        title="Bot API server",
        description="Only where the institution runs its own.",
    )

    @field_validator("token")
    @classmethod
    def _whole(cls, value: SecretStr) -> SecretStr:
        token = value.get_secret_value().strip()
        if not _TOKEN.fullmatch(token):
            raise ValueError("a bot token looks like 123456789:AAE… ; copy it from @BotFather again")
        return SecretStr(token)

    @field_validator("channel")
    @classmethod
    def _named(cls, value: str) -> str:
        name = value.strip()
        if found := _ADDRESS.fullmatch(name):
            name = f"-100{found['number']}" if found["number"] else f"@{found['name']}"
        if not _CHANNEL.fullmatch(name):
            raise ValueError("a channel is @name, or a number that begins with -100")
        return name


class Telegram(Network):
    kind: ClassVar[str] = "telegram"
    label: ClassVar[str] = "Telegram"
    credentials: ClassVar[type[Credentials]] = TelegramCredentials

    def __init__(self, timeout: float = CALL_TIMEOUT) -> None:
        """`timeout` is in seconds for one request; uploads get three times that."""
        self._timeout = timeout

    def preview(self, draft: Draft, limits: Limits | None = None) -> Preview:
        return show(draft, limits or self.limits, _runs, lambda part: _payload(part, reply_to=None))

    def publish(self, part: Part, context: Context, key: str) -> Receipt:  # noqa: ARG002  Telegram takes no key
        own = _own(context.credentials)
        parent = context.thread[-1].data.get("message") if context.thread else None
        payload = {"chat_id": context.account.id or own.channel, **_payload(part, reply_to=parent)}
        files = [load_media(media, context.load, context.limits) for media in part.media]
        with self._wire(own, context) as wire:
            result = self._post(wire, payload, files)
        message = result[0] if isinstance(result, list) else result
        number, chat = str(message["message_id"]), message["chat"]
        ids = [str(one["message_id"]) for one in result] if isinstance(result, list) else [number]
        kind = "caption" if files else "text"
        return Receipt(
            id=number, url=_address(chat, number), data={"message": number, "all": " ".join(ids), "holds": kind}
        )

    def find(self, part: Part, context: Context, key: str) -> Receipt | None:
        """Nobody can look: a bot is not shown the posts of a channel."""
        raise NotImplementedError

    def verify(self, credentials: Credentials, save: Callable[[Mapping[str, str]], None]) -> Identity:  # noqa: ARG002
        own = _own(credentials)
        with self._wire(own) as wire:
            me = _result(wire.ask("POST", "getMe", needs=("result",)))
            chat = _result(wire.ask("POST", "getChat", json={"chat_id": own.channel}, needs=("result",)))
            if chat.get("type") != "channel":
                raise AccountBlocked(
                    "telegram.no_such_kind", f"type {chat.get('type')}", title=str(chat.get("title", ""))
                )
            who = {"chat_id": own.channel, "user_id": me.get("id")}
            member = _result(wire.ask("POST", "getChatMember", json=who, needs=("result",)))
        if member.get("status") != "creator" and not member.get("can_post_messages"):
            raise AccountBlocked("telegram.rights", f"status {member.get('status')}", bot=str(me.get("username", "")))
        name = str(chat.get("username", ""))
        return Identity(
            id=str(chat["id"]),
            handle=name or str(chat["id"]),
            name=str(chat.get("title", "")),
            url=f"https://t.me/{name}" if name else "",
        )

    def edit(self, receipt: Receipt, part: Part, context: Context, key: str) -> Receipt:  # noqa: ARG002  no key
        holds = receipt.data.get("holds", "text")
        change: dict[str, Any] = {"chat_id": context.account.id, "message_id": int(receipt.id), holds: part.text}
        if holds == "text":
            change["link_preview_options"] = _payload(part, reply_to=None)["link_preview_options"]
        method = "editMessageText" if holds == "text" else "editMessageCaption"
        with self._wire(_own(context.credentials), context) as wire:
            try:
                wire.send("POST", method, json=change, needs=("result",))
            except Refused as error:
                if not _SAME.search(error.diagnostic):
                    raise
        return receipt

    def find_edit(
        self,
        receipt: Receipt,  # noqa: ARG002  nothing to ask with them
        part: Part,  # noqa: ARG002
        context: Context,  # noqa: ARG002
    ) -> Receipt | None:
        """Nobody can look, so it is given the same words again; that they stand there already is no error then."""
        return None

    def delete(self, receipt: Receipt, context: Context) -> None:
        with self._wire(_own(context.credentials)) as wire:
            for number in receipt.data.get("all", receipt.id).split():
                try:
                    wire.ask("POST", "deleteMessage", json={"chat_id": context.account.id, "message_id": int(number)})
                except Refused as error:
                    if not _GONE.search(error.diagnostic):
                        raise

    def _wire(self, own: TelegramCredentials, context: Context | None = None) -> Wire:
        token = own.token.get_secret_value()
        return Wire(
            self.label,
            f"{own.base_url.rstrip('/')}/bot{token}",
            timeout=self._timeout,
            judge=_judge,
            before=context.before_publish if context else None,
            secrets=[token],
        )

    def _post(self, wire: Wire, payload: Mapping[str, Any], given: Sequence[Encoded]) -> Any:
        if not given:
            answer = wire.send("POST", "sendMessage", json=payload, needs=("result",))
        elif len(given) == 1:
            kind = "video" if given[0].type.startswith("video/") else "photo"
            form, files = _form(payload), {kind: _file(given[0])}
            answer = wire.send("POST", f"send{kind.title()}", data=form, files=files, needs=("result",))
        else:
            rest = {name: value for name, value in payload.items() if name != "caption"}
            album: list[dict[str, str]] = [
                {"type": "photo", "media": f"attach://photo{number}"} for number in range(len(given))
            ]
            album[0]["caption"] = str(payload["caption"])
            files = {f"photo{number}": _file(image) for number, image in enumerate(given)}
            form = _form({**rest, "media": album})
            answer = wire.send("POST", "sendMediaGroup", data=form, files=files, needs=("result",))
        result = answer.object["result"]
        messages = result if isinstance(result, list) else [result]
        if not messages or not all(isinstance(one, dict) and {"message_id", "chat"} <= one.keys() for one in messages):
            raise Uncertain("network.uncertain", answer.told, network=self.label)
        return result


def _own(credentials: Credentials) -> TelegramCredentials:
    assert isinstance(credentials, TelegramCredentials), type(credentials)  # a bug, not an input
    return credentials


def _payload(part: Part, *, reply_to: str | None) -> dict[str, Any]:
    """The request's fields, without the channel and the bytes of pictures."""
    payload: dict[str, Any] = {"caption": part.text} if part.media else {"text": part.text}
    if part.media and part.media[0].is_video:
        payload |= _shape(part.media[0])
    if not part.media:
        shown = {"url": part.card.url, "prefer_large_media": True} if part.card else {"is_disabled": True}
        payload["link_preview_options"] = shown
    if reply_to:
        payload["reply_parameters"] = {"message_id": int(reply_to)}
    return payload


def _shape(video: Media) -> dict[str, Any]:
    """What Telegram would have to find out: without it a film may stand there square, and not play at once."""
    known = {"width": video.width, "height": video.height, "duration": round(video.seconds)}
    return {"supports_streaming": True, **{name: value for name, value in known.items() if value}}


def _form(payload: Mapping[str, Any]) -> dict[str, str]:
    """In a form, what is no text is JSON (core.telegram.org/bots/api, "Making requests")."""
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in payload.items()}


def _file(file: Encoded) -> tuple[str, bytes, str]:
    return file.type.replace("/", "."), file.data, file.type


def _runs(text: str) -> Iterator[Run]:
    """Telegram leads from names to channels, from hashtags to a search in its app, and from addresses."""

    def href(span: Span) -> str:
        if span.kind == "mention":
            return f"https://t.me/{span.text.lstrip('@')}"
        return f"tg://search_hashtag?hashtag={span.text[1:]}" if span.kind == "hashtag" else span.href

    return split_runs(text, href)


def _address(chat: Mapping[str, Any], number: str) -> str:
    """Where the post stands; that of a private channel opens for its members only."""
    if name := chat.get("username"):
        return f"https://t.me/{name}/{number}"
    return f"https://t.me/c/{str(chat.get('id', '')).removeprefix('-100')}/{number}"


def _result(answer: Answer) -> dict[str, Any]:
    result = answer.object["result"]
    if not isinstance(result, dict):
        raise Retry("network.unavailable", answer.told, network=Telegram.label)
    return result


def _judge(answer: Answer) -> NetworkError | None:
    """`{"ok": false, "error_code": 400, "description": "…", "parameters": {…}}`; None for anything else."""
    said = answer.object
    if said.get("ok") is not False or answer.status >= 500:
        return None
    why, told = str(said.get("description", "")), answer.told
    parameters = said.get("parameters")
    if answer.status == 429:
        after = parameters.get("retry_after") if isinstance(parameters, dict) else None
        wait = timedelta(seconds=after) if isinstance(after, int) else timedelta(minutes=1)
        until = datetime.now(UTC) + min(wait, LONGEST_WAIT)
        return RateLimited("network.rate_limited", told, until=until, network=Telegram.label)
    if _GONE.search(why):
        return Refused("network.edit_gone", told, network=Telegram.label)
    if _LOCKED.search(why):  # it stands, and is older than two days or somebody else's
        return Refused("telegram.locked", told)
    if answer.status in (401, 404):  # 404: no bot has this token
        return AccountBlocked("network.credentials", told, network=Telegram.label)
    if _UNKNOWN.search(why):
        return AccountBlocked("telegram.no_channel", told)
    if answer.status == 403 or _RIGHTS.search(why):
        reason = why.removeprefix("Bad Request: ").removeprefix("Forbidden: ")
        return AccountBlocked("telegram.rights_lost", told, why=sentence(reason[:1].upper() + reason[1:]))
    if isinstance(parameters, dict) and "migrate_to_chat_id" in parameters:
        return AccountBlocked("telegram.moved", told, new=str(parameters["migrate_to_chat_id"]))
    return Refused("network.refused", told, network=Telegram.label, why=sentence(why.removeprefix("Bad Request: ")))
