"""A small Mastodon on loopback: what a publisher sees of the API of 4.x, and of the relatives that speak it.

Statuses are kept in memory; `requests` records every request as it came. It fails on demand with the faults of
`tests.peers.faults`:

    server.fail(drop(after_forwarding=True), path="/api/v1/statuses")     # commits, then the answer is lost
    server.dialect = GOTOSOCIAL                                           # ignores Idempotency-Key, counts otherwise
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.peers.mastodon_entities import (
    VIDEO_TYPES,
    account,
    configuration,
    content,
    instance_v1,
    instance_v2,
    length,
    own_account,
)
from tests.peers.mastodon_http import Problem, Request, iso
from tests.peers.mastodon_media import Medium, Uploads

KEY_LIFETIME = timedelta(hours=1)
NOT_PROCESSED = "Cannot attach files that have not finished processing. Try again in a moment!"


class MastodonServer(Uploads):
    token = "tok-3f9a1c7e5b2d8064"
    username = "press"
    account_id = "109348684215"

    def __init__(self) -> None:
        super().__init__()
        self.scopes = ["profile", "read", "write:statuses", "write:media"]
        self.max_media = 4
        self.statuses: list[dict[str, Any]] = []
        """As committed, oldest first; `text` is what was sent."""
        self.keys: dict[str, tuple[datetime, str]] = {}

    def add_status(self, text: str, *, html: str | None = None, parent: str | None = None, ago: int = 0) -> str:
        """Put a status on the account by another way than the API; `ago` in seconds. Gives its id."""
        with self.lock:
            status = self._commit(text, {"in_reply_to_id": parent}, [])
            status["created_at"] = iso(self.now() - timedelta(seconds=ago))
            if html is not None:
                status["content"] = html
            return str(status["id"])

    # --- what a request does ------------------------------------------------------------------

    def handle(self, request: Request) -> tuple[int, Any]:
        """Status and JSON of the answer."""
        with self.lock:
            try:
                return self._route(request)
            except Problem as problem:
                return problem.status, {"error": problem.error}

    def _route(self, request: Request) -> tuple[int, Any]:  # noqa: C901, PLR0912  a table of addresses
        path = request.path.rstrip("/") if self.dialect.trailing_slash else request.path
        match request.method, path.strip("/").split("/") if not path.endswith("/") else []:
            case "GET", ["api", "v1" | "v2" as version, "instance"] if version in self.dialect.instance:
                return 200, self._instance(version)
            case "GET", ["api", "v1", "accounts", "verify_credentials"]:
                self._authorize(request, "read:accounts", "profile")
                return 200, own_account(self._account())
            case "GET", ["api", "v1", "apps", "verify_credentials"]:
                self._authorize(request)
                told = {"scopes": self.scopes} if self.dialect.scopes else {}
                return 200, {"id": "7", "name": "Publisher", "website": None, "redirect_uris": [], **told}
            case "POST", ["api", "v1" | "v2" as version, "media"] if version in self.dialect.media:
                self._authorize(request, "write:media")
                return self.upload(request, version)
            case "GET", ["api", "v1", "media", id_]:
                self._authorize(request, "write:media")
                return self.look_at(id_)
            case "PUT", ["api", "v1", "media", id_]:
                self._authorize(request, "write:media")
                self.media[id_].description = request.form.get("description")
                return self.look_at(id_)
            case "GET", [".well-known", "nodeinfo"] if self.dialect.software:
                href = "https://social.example/nodeinfo/2.0"
                return 200, {"links": [{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.0", "href": href}]}
            case "GET", ["nodeinfo", "2.0"] if self.dialect.software:
                return 200, {"version": "2.0", "software": {"name": self.dialect.software, "version": "1.0.0"}}
            case "POST", ["api", "v1", "statuses"]:
                self._authorize(request, "write:statuses")
                return 200, self._post(request)
            case "GET", ["api", "v1", "accounts", self.account_id, "statuses"]:
                self._authorize(request, "read:statuses")
                return 200, self._list(request.query)
            case "GET", ["api", "v1", "statuses", id_, "source"] if self.dialect.sources:
                self._authorize(request, "read:statuses")
                status = self._status(id_)
                return 200, {"id": id_, "text": status["text"], "spoiler_text": ""}
            case "GET", ["api", "v1", "statuses", id_]:
                self._authorize(request, "read:statuses")
                return 200, _public(self._status(id_))
            case "PUT", ["api", "v1", "statuses", id_] if self.dialect.edits:
                self._authorize(request, "write:statuses")
                return 200, self._edit(self._status(id_), request.form)
            case "DELETE", ["api", "v1", "statuses", id_]:
                self._authorize(request, "write:statuses")
                status = self._status(id_)
                self.statuses.remove(status)
                return 200, status
        raise Problem(404, "Record not found")

    def _authorize(self, request: Request, *scopes: str) -> None:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            raise Problem(self.dialect.invalid_token, "The access token is invalid")
        granted = {
            *self.scopes,
            *(scope.partition(":")[0] for scope in scopes if scope.partition(":")[0] in self.scopes),
        }
        if scopes and not any(scope in granted or scope.partition(":")[0] in granted for scope in scopes):
            raise Problem(403, "This action is outside the authorized scopes")

    def _post(self, request: Request) -> dict[str, Any]:
        key = request.headers.get("idempotency-key", "")
        if self.dialect.honours_keys and key in self.keys:
            stored, id_ = self.keys[key]
            if self.now() - stored < KEY_LIFETIME:
                return _public(self._status(id_))
        if self.dialect.refuses_keys and key:
            if key in self.keys:
                raise Problem(400, "Duplicate idempotency key.")
            self.keys[key] = (self.now(), "")
        form, text = request.form, request.form.get("status", "")
        media = [self.media.get(id_) for id_ in form.get("media_ids[]", form.get("media_ids", []))]
        self._check_media(media, answers=bool(form.get("in_reply_to_id")))
        self._check_words(form, text, bare=not media)
        status = self._commit(text, form, [medium for medium in media if medium])
        if key and not self.dialect.refuses_keys:
            # Only after the status stands (PostStatusService): two at the same time are two statuses.
            self.keys[key] = (self.now(), status["id"])
        return _public(status)

    def _check_media(self, media: list[Medium | None], *, answers: bool) -> None:
        invalid = self.dialect.invalid_post
        if self.dialect.needs_picture and not media and not answers:
            raise Problem(403, "Empty statuses are not allowed")
        if len(media) > self.max_media:
            raise Problem(invalid, "Cannot attach more than 4 files")
        if len(media) > 1 and any(medium and medium.type in VIDEO_TYPES for medium in media):
            raise Problem(invalid, "Cannot attach a video to a post that already contains images")
        if any(medium and (medium.looks or medium.broken) for medium in media):
            raise Problem(invalid, NOT_PROCESSED)

    def _check_words(self, form: dict[str, Any], text: str, *, bare: bool) -> None:
        invalid = self.dialect.invalid_post
        if bare and not text.strip():
            raise Problem(invalid, "Validation failed: Text can't be blank")
        if self._length(text) > self.dialect.text:
            raise Problem(invalid, f"Validation failed: Text character limit of {self.dialect.text} exceeded")
        if form.get("visibility", "public") not in ("public", "unlisted", "private", "direct"):
            raise Problem(invalid, f"'{form['visibility']}' is not a valid visibility")
        parent = form.get("in_reply_to_id")
        if parent and not any(status["id"] == parent for status in self.statuses):
            raise Problem(self.dialect.missing, "The post you are trying to reply to does not appear to exist.")

    def _length(self, text: str) -> int:
        return len(text) if self.dialect.counts_whole else length(text, self.dialect.url_length)

    def _shown(self, text: str) -> str:
        return content(text, self.url, markdown=self.dialect.markdown)

    def _edit(self, status: dict[str, Any], form: dict[str, Any]) -> dict[str, Any]:
        """UpdateStatusService: the text and the media are what the request names, nothing else."""
        text = form.get("status", "")
        if self._length(text) > self.dialect.text:
            raise Problem(
                self.dialect.invalid_post, f"Validation failed: Text character limit of {self.dialect.text} exceeded"
            )
        for change in form.get("media_attributes", []):
            self.media[change["id"]].description = change["description"]
        media = [self.media[id_] for id_ in form.get("media_ids[]", form.get("media_ids", []))]
        status |= {
            "text": text,
            "content": self._shown(text),
            "media_attachments": [self.attachment(medium) for medium in media],
            "edited_at": iso(self.now()),
        }
        return _public(status)

    def _commit(self, text: str, form: dict[str, Any], media: list[Medium]) -> dict[str, Any]:
        id_ = self.next_id()
        status = {
            "id": id_,
            "created_at": iso(self.now()),
            "in_reply_to_id": form.get("in_reply_to_id"),
            "in_reply_to_account_id": self.account_id if form.get("in_reply_to_id") else None,
            "sensitive": False,
            "spoiler_text": "",
            "visibility": form.get("visibility", "public"),
            "language": form.get("language", "en"),
            "uri": f"{self.url}/users/{self.username}/statuses/{id_}",
            "url": f"{self.url}/@{self.username}/{id_}",
            "content": self._shown(text),
            "text": text,
            "reblog": None,
            "application": {"name": "Publisher", "website": None},
            "account": self._account(),
            "media_attachments": [self.attachment(medium) for medium in media],
            "mentions": [],
            "tags": [],
            "emojis": [],
            "reblogs_count": 0,
            "favourites_count": 0,
            "replies_count": 0,
            "card": None,
            "poll": None,
        }
        self.statuses.append(status)
        return status

    def _list(self, query: dict[str, str]) -> list[dict[str, Any]]:
        limit = min(int(query.get("limit", "20")), 40)
        newest_first = sorted(self.statuses, key=lambda status: str(status["id"]), reverse=True)
        older = [status for status in newest_first if "max_id" not in query or status["id"] < query["max_id"]]
        return [_public(status) for status in older[:limit]]

    def _account(self) -> dict[str, Any]:
        return account(self.account_id, self.username, self.url, len(self.statuses))

    def _instance(self, version: str) -> dict[str, Any]:
        if self.dialect.max_toot_chars:
            names = {"max_toot_chars": self.dialect.text, "upload_limit": 16_000_000, "description_limit": self.alt}
            return instance_v1(names)
        configured = configuration(
            text=self.dialect.text,
            url_length=self.dialect.url_length,
            images=self.max_media,
            alt=self.alt,
            image_bytes=self.image_bytes,
        )
        return instance_v1({"configuration": configured}) if version == "v1" else instance_v2(configured, self.url)

    def _status(self, id_: str) -> dict[str, Any]:
        for status in self.statuses:
            if status["id"] == id_:
                return status
        raise Problem(404, "Record not found")


def _public(status: dict[str, Any]) -> dict[str, Any]:
    """Without the text as sent, which only the source and a deletion tell."""
    return {name: value for name, value in status.items() if name != "text"}


@pytest.fixture
def mastodon_server() -> Iterator[MastodonServer]:
    server = MastodonServer()
    server.start()
    yield server
    server.stop()
