"""A Lemmy server of version 0.19 on loopback, with one account and one community. A double.

Its limits and the names of its errors are those of the server's source (`validation.rs`, `error.rs`); it takes no
fields that the client library does not know, and lets nobody delete twice.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.peers.double import Double, Reply, Request

CREATE = {"name", "community_id", "url", "body", "alt_text", "language_id", "nsfw", "custom_thumbnail"}
EDIT = (CREATE - {"community_id"}) | {"post_id"}
COMMUNITY, PERSON = 12, 7
LANGUAGES = [{"id": 0, "code": "und"}, {"id": 32, "code": "de"}, {"id": 37, "code": "en"}, {"id": 39, "code": "fr"}]


def error(code: str, status: int = 400) -> Reply:
    return Reply(status, {"error": code})


@dataclass
class Post:
    id: int
    given: dict[str, Any]
    published: datetime = field(default_factory=lambda: datetime.now(UTC))
    deleted: bool = False


class LemmyServer(Double):
    username, password = "pressoffice", "correct horse battery staple"

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[Post] = []
        self.uploads: dict[str, bytes] = {}
        self.tokens = 0
        """How many were given out; the last one is good."""
        self.second_step = False
        self.languages = [0, 32, 37]
        self.filtered = r"\bzounds\b"
        """Words that are taken out of a text; a title with one is refused."""
        self.moderators: list[int] | None = None
        """Who alone may post; None = everybody."""
        self.communities = {"press": COMMUNITY, "cycling": COMMUNITY + 1}

    @property
    def token(self) -> str:
        return f"eyJ0eXAi.double-of-a-token.{self.tokens:06}"

    def answer(self, request: Request) -> Reply:
        call = f"{request.method} {request.path.removeprefix('/api/v3')}"
        if call == "POST /user/login":
            return self._sign_in(request.json)
        known = self.tokens > 0 and request.headers.get("authorization") == f"Bearer {self.token}"
        if call == "GET /site":
            return self._site(known=known)
        if call == "GET /community":
            return self._community(request.query["name"])
        if not known:
            return error("not_logged_in")
        if request.method == "GET":
            return self._user(request.query) if call == "GET /user" else self._post(int(request.query["id"]))
        if call == "POST /pictrs/image":
            return self._upload(request)
        calls = {"POST /post": self._create, "PUT /post": self._edit, "POST /post/delete": self._delete}
        return calls[call](request.json)

    def _sign_in(self, given: dict[str, str]) -> Reply:
        if given != {"username_or_email": self.username, "password": self.password}:
            return error("incorrect_login", 401)
        if self.second_step:
            return error("missing_totp_token")
        self.tokens += 1
        return Reply(body={"jwt": self.token, "registration_created": False, "verify_email_sent": False})

    def _site(self, *, known: bool) -> Reply:
        person = {"id": PERSON, "name": self.username}
        me = {"my_user": {"local_user_view": {"person": person}}} if known else {}
        return Reply(body={"site_view": {}, "all_languages": LANGUAGES, **me})

    def _community(self, name: str) -> Reply:
        if name not in self.communities:
            return error("not_found", 404)
        told = {"name": name, "title": "Press releases", "actor_id": f"{self.url}/c/{name}"}
        restricted = self.moderators is not None
        community = {"id": self.communities[name], "posting_restricted_to_mods": restricted, **told}
        body = {"community_view": {"community": community}, "discussion_languages": self.languages}
        return Reply(body={**body, "moderators": [{"moderator": {"id": each}} for each in self.moderators or ()]})

    def _wrong(self, given: dict[str, Any]) -> Reply | None:
        if re.search(self.filtered, given["name"]):
            return error("slurs")
        if re.search(r"\n|^.{201,}$", given["name"]) or not re.search(r"\S{3}", given["name"]):
            return error("invalid_post_title")
        if len(given.get("body", "")) > 50_000:
            return error("invalid_body_field")
        if len(given.get("alt_text", "")) > 1500:
            return error("alt_text_length_overflow")
        if not given.get("url", "https://").startswith(("http://", "https://")):
            return error("invalid_url")
        return None if given.get("language_id", 0) in self.languages else error("language_not_allowed")

    def _create(self, given: dict[str, Any]) -> Reply:
        assert set(given) <= CREATE, given
        if given["community_id"] not in self.communities.values():
            return error("couldnt_find_community")
        if self.moderators is not None and PERSON not in self.moderators:
            return error("only_mods_can_post_in_community")
        if refusal := self._wrong(given):
            return refusal
        self.posts.append(Post(len(self.posts) + 1, self._cleaned(given)))
        return Reply(body=self._shown(self.posts[-1]))

    def _cleaned(self, given: dict[str, Any]) -> dict[str, Any]:
        return {**given, "body": re.sub(self.filtered, "*removed*", given.get("body", ""))}

    def _edit(self, given: dict[str, Any]) -> Reply:
        assert set(given) <= EDIT, given
        post = self._one(given["post_id"])
        if post is None or post.deleted:
            return error("couldnt_find_post")
        if refusal := self._wrong(given):
            return refusal
        post.given |= {name: value for name, value in self._cleaned(given).items() if name != "post_id"}
        return Reply(body=self._shown(post))

    def _delete(self, given: dict[str, Any]) -> Reply:
        post = self._one(given["post_id"])
        if post is None:
            return error("couldnt_find_post")
        if post.deleted == given["deleted"]:
            return error("couldnt_update_post")
        post.deleted = given["deleted"]
        return Reply(body=self._shown(post))

    def _user(self, asked: Any) -> Reply:
        assert (asked["person_id"], asked["sort"]) == (str(PERSON), "New")
        page, limit = int(asked["page"]), int(asked["limit"])
        assert limit <= 50
        newest = sorted(self.posts, key=lambda post: post.published, reverse=True)
        shown = [self._shown(post)["post_view"] for post in newest[(page - 1) * limit : page * limit]]
        return Reply(body={"person_view": {}, "posts": shown, "comments": []})

    def _post(self, number: int) -> Reply:
        post = self._one(number)
        return Reply(body=self._shown(post)) if post else error("couldnt_find_post")

    def _upload(self, request: Request) -> Reply:
        name = f"picture-{len(self.uploads)}.jpeg"
        self.uploads[name] = request.files["images[]"].data
        return Reply(201, {"msg": "ok", "files": [{"file": name, "delete_token": "x"}]})

    def _one(self, number: int) -> Post | None:
        return next((post for post in self.posts if post.id == number), None)

    def _shown(self, post: Post) -> dict[str, Any]:
        told = {"id": post.id, "creator_id": PERSON, "ap_id": f"{self.url}/post/{post.id}", "deleted": post.deleted}
        written = f"{post.published:%Y-%m-%dT%H:%M:%S.%fZ}"
        return {"post_view": {"post": {**post.given, **told, "published": written}, "counts": {}}}

    def add(self, title: str, *, ago: timedelta = timedelta(0), community: int = COMMUNITY) -> None:
        """A post that somebody made by hand."""
        given = {"name": title, "body": "", "community_id": community}
        self.posts.append(Post(len(self.posts) + 1, given, datetime.now(UTC) - ago))
