"""The Bot API on loopback, as a bot sees it that posts to one channel: a double of our own, for want of a test server.

It refuses what the Bot API refuses: fields it does not know, texts that are too long in UTF-16 code units, replies to
what is not there. It has no way to read the channel, as the real one has none.
"""

import io
import json
from dataclasses import dataclass
from typing import Any

from PIL import Image

from tests.peers.double import Double, Reply, Request

FIELDS: dict[str, tuple[set[str], set[str]]] = {
    "getMe": (set(), set()),
    "getChat": ({"chat_id"}, set()),
    "getChatMember": ({"chat_id", "user_id"}, set()),
    "sendMessage": ({"chat_id", "text"}, {"link_preview_options", "reply_parameters"}),
    "sendPhoto": ({"chat_id", "photo"}, {"caption", "reply_parameters"}),
    "sendVideo": (
        {"chat_id", "video"},
        {"caption", "reply_parameters", "supports_streaming", "width", "height", "duration"},
    ),
    "sendMediaGroup": ({"chat_id", "media"}, {"reply_parameters"}),
    "editMessageText": (set(), {"chat_id", "message_id", "text", "link_preview_options"}),
    "editMessageCaption": (set(), {"chat_id", "message_id", "caption"}),
    "deleteMessage": ({"chat_id", "message_id"}, set()),
}
"""What we use of each method: what it demands, and what it may have. A test holds this against the specification."""


@dataclass
class Message:
    number: int
    text: str
    photos: list[bytes]
    reply_to: int = 0
    preview: Any = None
    album: int = 0
    """The number of the first message of its album; 0 = none."""
    old: bool = False
    """Whether it was sent more than two days ago."""


class Refusal(Exception):
    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        self.reply = Reply(
            status, {"ok": False, "error_code": status, "description": description, "parameters": parameters}
        )


class TelegramServer(Double):
    token = "123456789:AAEhBOweik6ad9r_double_of_a_bot_token"
    channel = "@pressoffice"
    chat = {"id": -1001234567890, "type": "channel", "title": "Press Office", "username": "pressoffice"}

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []
        self.member: dict[str, Any] = {"status": "administrator", "can_post_messages": True}
        self._last = 0

    def answer(self, request: Request) -> Reply:
        bot, _, method = request.path.removeprefix("/").partition("/")
        if bot != f"bot{self.token}":
            return Reply(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
        if method not in FIELDS:
            return Reply(404, {"ok": False, "error_code": 404, "description": "Not Found: method not found"})
        form = request.headers.get("content-type", "").startswith("multipart/")
        given: dict[str, Any] = dict(request.fields) if form else json.loads(request.body or "{}")
        files = {name: file.data for name, file in request.files.items()} if form else {}
        for name in ("media", "reply_parameters", "link_preview_options"):
            if isinstance(given.get(name), str):
                given[name] = json.loads(given[name])
        try:
            demanded, allowed = FIELDS[method]
            names = given.keys() | ({"photo", "video"} & files.keys())
            if not demanded <= names or not names <= demanded | allowed:
                raise Refusal(400, f"Bad Request: {sorted(names)}")
            return Reply(body={"ok": True, "result": getattr(self, f"_{method}")(given, files)})
        except Refusal as refusal:
            return refusal.reply

    def _find(self, number: Any, doing: str) -> Message:
        for message in self.messages:
            if message.number == int(number):
                return message
        raise Refusal(400, f"Bad Request: message to {doing} not found")

    def _at(self, given: dict[str, Any]) -> None:
        if str(given.get("chat_id")) not in (self.channel, str(self.chat["id"])):
            raise Refusal(400, "Bad Request: chat not found")

    def _getMe(self, given: Any, files: Any) -> Any:  # noqa: N802  named after the method
        return {"id": 123456789, "is_bot": True, "first_name": "Press", "username": "pressoffice_bot"}

    def _getChat(self, given: dict[str, Any], files: Any) -> Any:  # noqa: N802  named after the method
        self._at(given)
        return self.chat

    def _getChatMember(self, given: dict[str, Any], files: Any) -> Any:  # noqa: N802  named after the method
        self._at(given)
        return self.member

    def _measure(self, text: str, photos: list[bytes]) -> None:
        if not photos and not text.strip():
            raise Refusal(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > (1024 if photos else 4096):
            raise Refusal(400, f"Bad Request: message {'caption' if photos else 'text'} is too long")

    def _put(self, text: str, photos: list[bytes], given: dict[str, Any], album: int = 0) -> dict[str, Any]:
        self._at(given)
        if not self.member.get("can_post_messages"):
            raise Refusal(400, "Bad Request: need administrator rights in the channel chat")
        self._measure(text, photos)
        parent = int((given.get("reply_parameters") or {}).get("message_id", 0))
        if parent and all(message.number != parent for message in self.messages):
            raise Refusal(400, "Bad Request: message to be replied not found")
        self._last += 1
        self.messages.append(Message(self._last, text, photos, parent, given.get("link_preview_options"), album=album))
        return {"message_id": self._last, "date": 1764000000, "chat": self.chat}

    def _sendMessage(self, given: dict[str, Any], files: Any) -> Any:  # noqa: N802  named after the method
        return self._put(given["text"], [], given)

    def _fit(self, photos: list[bytes]) -> None:
        for photo in photos:
            sides = Image.open(io.BytesIO(photo)).size
            if len(photo) > 10_000_000 or sum(sides) > 10_000 or max(sides) > 20 * min(sides):
                raise Refusal(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")

    def _sendPhoto(self, given: dict[str, Any], files: dict[str, bytes]) -> Any:  # noqa: N802  named after the method
        self._fit([files["photo"]])
        return self._put(given.get("caption", ""), [files["photo"]], given)

    def _sendVideo(self, given: dict[str, Any], files: dict[str, bytes]) -> Any:  # noqa: N802  named after the method
        return self._put(given.get("caption", ""), [files["video"]], given)

    def _sendMediaGroup(self, given: dict[str, Any], files: dict[str, bytes]) -> Any:  # noqa: N802  named after it
        if not 2 <= len(given["media"]) <= 10:
            raise Refusal(400, "Bad Request: an album has 2 to 10 items")
        self._fit(list(files.values()))
        first = self._last + 1
        return [
            self._put(item.get("caption", ""), [files[item["media"].removeprefix("attach://")]], given, first)
            for item in given["media"]
        ]

    def _edit(self, given: dict[str, Any], text: str) -> Any:
        message = self._find(given["message_id"], "edit")
        if message.text == text:
            raise Refusal(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
                "same as a current content and reply markup of the message",
            )
        self._measure(text, message.photos)
        message.text = text
        return {"message_id": message.number, "date": 1764000000, "chat": self.chat}

    def _editMessageText(self, given: dict[str, Any], files: Any) -> Any:  # noqa: N802  named after the method
        return self._edit(given, given["text"])

    def _editMessageCaption(self, given: dict[str, Any], files: Any) -> Any:  # noqa: N802  named after the method
        return self._edit(given, given["caption"])

    def _deleteMessage(self, given: dict[str, Any], files: Any) -> Any:  # noqa: N802  named after the method
        message = self._find(given["message_id"], "delete")
        if message.old and not self.member.get("can_delete_messages"):
            raise Refusal(400, "Bad Request: message can't be deleted")
        self.messages.remove(message)
        return True
