"""Lemmy: posts in a community, by the API of version 0.19 (`/api/v3`, as its server and its client library have it).

A post has a title, a text in Markdown, and one address or picture. The text is written so that every sign of it shows
as it is. Lemmy takes no key against doubles; what an account has posted can be read back at once.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from pydantic import Field, SecretStr, field_validator

from publisher.errors import AccountBlocked, NetworkError, RateLimited, Refused, Retry, Uncertain
from publisher.networks.base import Context, Network
from publisher.networks.credentials import Credentials
from publisher.networks.figures import count
from publisher.networks.limit_types import Limits
from publisher.networks.media import load_image
from publisher.networks.patience import CALL_TIMEOUT
from publisher.networks.preview import only_addresses, show, split_runs
from publisher.networks.server_address import origin
from publisher.networks.wire import Answer, Wire, rate_limit_ends, sentence
from publisher.text.links import find_urls
from publisher.types import Draft, Figures, Identity, Issue, Media, Part, Preview, Receipt

TITLE = 200
PAGE = 50
LIMIT_ENDS = timedelta(minutes=10)
"""Six posts in ten minutes, unless a server sets it otherwise; it does not say when they are over."""

TOKEN = {"not_logged_in", "incorrect_login"}
BARRED = {"site_ban", "person_is_banned_from_community", "banned_from_community", "only_mods_can_post_in_community"}
GONE = {"couldnt_find_post", "not_found", "couldnt_update_post"}
"""The last one also where it was deleted before."""
FILTERED = "*removed*"
"""What stands there for a word that a server's filter does not like."""
UNCLEAR = {"unknown", "couldnt_create_post"}

_TITLE = re.compile(r"\S{3}")
_SIGNS = re.compile(r"""[\\`*_\[\]<>#~^|!&]|^\s*[-+=:]|^\s*\d+(?=[.)])""", re.MULTILINE)


class LemmyCredentials(Credentials):
    base_url: str = Field(title="Server", description="Where the account is, as in https://lemmy.example.")
    username: str = Field(min_length=1, title="User name")
    password: SecretStr = Field(min_length=1, title="Password")
    community: str = Field(
        min_length=1, title="Community", description="Its name, as in press; press@lemmy.example on another server."
    )
    token: SecretStr = Field(default=SecretStr(""), json_schema_extra={"internal": True})

    @field_validator("base_url")
    @classmethod
    def _origin(cls, value: str) -> str:
        return origin(value, "lemmy.base_url")

    @field_validator("community")
    @classmethod
    def _named(cls, value: str) -> str:
        """`!press@lemmy.example`, or the address of its page, which is that on the account's own server."""
        return re.sub(r"^(https?://[^/\s]+/c/|/c/|!)", "", value).rstrip("/")


class Lemmy(Network):
    kind: ClassVar[str] = "lemmy"
    label: ClassVar[str] = "Lemmy"
    credentials: ClassVar[type[Credentials]] = LemmyCredentials

    def __init__(self, timeout: float = CALL_TIMEOUT) -> None:
        """`timeout` is in seconds for one request; uploads get three times that."""
        self._timeout = timeout

    def check(self, draft: Draft, limits: Limits | None = None) -> list[Issue]:
        """Also the title, which Lemmy takes no post without."""
        issues = super().check(draft, limits)
        for part in draft.parts if len(draft.parts) == 1 else ():
            title, _ = _title_and_text(part)
            if not _TITLE.search(title) and all(issue.key != "check.empty" for issue in issues):
                issues.append(Issue(field="text", key="check.lemmy_title", params={"title": title}))
        return issues

    def preview(self, draft: Draft, limits: Limits | None = None) -> Preview:
        shown = show(draft, limits or self.limits, lambda text: split_runs(text, only_addresses), _payload)
        return replace(shown, parts=tuple(replace(part, title=str(part.payload["name"])) for part in shown.parts))

    def publish(self, part: Part, context: Context, key: str) -> Receipt:  # noqa: ARG002  Lemmy takes no key
        payload = {**_payload(part), "community_id": int(context.account.data["community"])}
        if number := _languages(context).get(context.language.partition("-")[0]):
            payload["language_id"] = int(number)
        with self._wire(_own(context.credentials), context) as wire:
            if part.media:
                payload["url"] = self._upload(wire, part.media[0], context)
            answer = wire.send("POST", "api/v3/post", json=payload, needs=("post_view.post.id", "post_view.post.ap_id"))
        return _receipt(answer.object["post_view"]["post"])

    def find(self, part: Part, context: Context, key: str) -> Receipt | None:  # noqa: ARG002
        """Among what the account posted since `context.stamp`. Raises Uncertain where that is too much to look at."""
        wanted = _payload(part)
        with self._wire(_own(context.credentials)) as wire:
            for post in self._posted(wire, context):
                if post.get("name") == wanted["name"] and _says(post, wanted["body"]):
                    return _receipt(post)
        return None

    def verify(self, credentials: Credentials, save: Callable[[Mapping[str, str]], None]) -> Identity:
        own = _own(credentials)
        site = self._site(own) if own.token.get_secret_value() else {}
        if not site.get("my_user"):
            own = self._sign_in(own, save)
            site = self._site(own)
        if not site.get("my_user"):
            raise AccountBlocked("network.credentials", "signed in, and not known", network=self.label)
        with self._wire(own) as wire:
            needs = ("community_view.community.id", "community_view.community.actor_id")
            try:
                told = wire.ask("GET", "api/v3/community", params={"name": own.community}, needs=needs).object
            except Refused as error:
                raise AccountBlocked("lemmy.no_community", error.diagnostic, community=own.community) from None
        user, community = site["my_user"]["local_user_view"], told["community_view"]["community"]
        person = user["person"]
        if community.get("posting_restricted_to_mods") and not (_is_moderator(person, told) or _is_admin(user)):
            raise AccountBlocked("lemmy.moderators_only", "restricted to moderators", community=own.community)
        taken = set(told.get("discussion_languages") or ())
        codes = [f"{each['code']}:{each['id']}" for each in site["all_languages"] if each["id"] in taken]
        return Identity(
            id=str(person["id"]),
            handle=f"{person['name']} in {community['name']}",
            name=str(community.get("title") or community["name"]),
            url=str(community["actor_id"]),
            data={"community": str(community["id"]), "languages": " ".join(codes)},
        )

    def is_same(self, before: Identity, now: Identity) -> bool:
        """A channel is one community: the account may post to others, and those are channels of their own."""
        communities = [each.data.get("community") for each in (before, now)]
        return super().is_same(before, now) and communities[0] == communities[1]

    def edit(self, receipt: Receipt, part: Part, context: Context, key: str) -> Receipt:  # noqa: ARG002  no key
        changed = {name: value for name, value in _payload(part).items() if name != "url"}
        with self._wire(_own(context.credentials), context) as wire:
            request = {"post_id": int(receipt.id), **changed}
            answer = wire.send("PUT", "api/v3/post", json=request, needs=("post_view.post.id", "post_view.post.ap_id"))
        return _receipt(answer.object["post_view"]["post"])

    def find_edit(self, receipt: Receipt, part: Part, context: Context) -> Receipt | None:
        with self._wire(_own(context.credentials)) as wire:
            told = wire.ask("GET", "api/v3/post", params={"id": receipt.id}, needs=("post_view.post.body",)).object
        post, wanted = told["post_view"]["post"], _payload(part)
        if post.get("deleted"):  # its author still sees it
            raise Refused("network.edit_gone", f"post {receipt.id}", network=self.label)
        same = all(post.get(name) == wanted.get(name) for name in ("name", "alt_text"))
        return receipt if same and _says(post, wanted["body"]) else None

    def figures(self, receipt: Receipt, context: Context) -> Figures:
        """Votes for it (Lemmy gives each post one of its author's own) and comments; nobody passes posts on there."""
        with self._wire(_own(context.credentials)) as wire:
            needs = ("post_view.counts.upvotes", "post_view.counts.comments")
            told = wire.ask("GET", "api/v3/post", params={"id": receipt.id}, needs=needs).object["post_view"]["counts"]
        return Figures(likes=count(told["upvotes"]), replies=count(told["comments"]))

    def delete(self, receipt: Receipt, context: Context) -> None:
        with self._wire(_own(context.credentials)) as wire:
            try:
                wire.ask("POST", "api/v3/post/delete", json={"post_id": int(receipt.id), "deleted": True})
            except Refused as error:
                if error.key != "network.edit_gone":
                    raise

    def _wire(self, own: LemmyCredentials, context: Context | None = None) -> Wire:
        token = own.token.get_secret_value()
        return Wire(
            self.label,
            own.base_url,
            timeout=self._timeout,
            judge=_judge,
            before=context.before_publish if context else None,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            secrets=[token, own.password.get_secret_value()],
        )

    def _sign_in(self, own: LemmyCredentials, save: Callable[[Mapping[str, str]], None]) -> LemmyCredentials:
        form = {"username_or_email": own.username, "password": own.password.get_secret_value()}
        with self._wire(own.model_copy(update={"token": SecretStr("")})) as wire:
            token = wire.ask("POST", "api/v3/user/login", json=form, needs=("jwt",)).object["jwt"]
        if not isinstance(token, str) or not token:  # the server's people have not let the account in yet
            raise AccountBlocked("network.credentials", "no token", network=self.label)
        save({"token": token})
        return own.model_copy(update={"token": SecretStr(token)})

    def _site(self, own: LemmyCredentials) -> Mapping[str, Any]:
        """Who we are there, if anybody, and which languages there are."""
        with self._wire(own) as wire:
            return wire.ask("GET", "api/v3/site", needs=("site_view", "all_languages")).object

    def _upload(self, wire: Wire, media: Media, context: Context) -> str:
        """The address of the picture. Nobody knows it, so it may be uploaded again."""
        image = load_image(media, context.load, context.limits.image)
        name = "image." + image.type.removeprefix("image/")
        answer = wire.ask("POST", "pictrs/image", files={"images[]": (name, image.data, image.type)}, needs=("files",))
        files = answer.object["files"]
        if not isinstance(files, list) or not files or "file" not in files[0]:
            raise Retry("network.unavailable", answer.told, network=self.label)
        return f"{_own(context.credentials).base_url.rstrip('/')}/pictrs/image/{files[0]['file']}"

    def _posted(self, wire: Wire, context: Context) -> Iterator[Mapping[str, Any]]:
        """The posts of the account in this community since `context.stamp`, newest first; deleted ones left out."""
        since = context.stamp - timedelta(seconds=context.limits.lookup_back)
        asked = {"person_id": context.account.id, "sort": "New", "limit": str(PAGE)}
        for page in range(1, context.limits.lookup_posts // PAGE + 1):
            answer = wire.ask("GET", "api/v3/user", params={**asked, "page": str(page)}, needs=("posts",))
            views = answer.object["posts"]
            try:
                posts = [(_when(view["post"]["published"]), view["post"]) for view in views]
            except (KeyError, TypeError, ValueError):
                raise Retry("network.unavailable", answer.told, network=self.label) from None
            for created, post in posts:
                if created < since:
                    return
                if str(post.get("community_id")) == context.account.data["community"] and not post.get("deleted"):
                    yield post
            if len(posts) < PAGE:
                return
        raise Uncertain("network.uncertain", "not among the newest posts", network=self.label)


def _own(credentials: Credentials) -> LemmyCredentials:
    assert isinstance(credentials, LemmyCredentials), type(credentials)  # a bug, not an input
    return credentials


def _payload(part: Part) -> dict[str, Any]:
    """The request, without what only the call brings: the community, the language, the address of a picture."""
    title, text = _title_and_text(part)
    payload: dict[str, Any] = {"name": title, "body": _markdown(text)}
    if part.media:
        return {**payload, "alt_text": part.media[0].alt}
    return {**payload, "url": part.card.url} if part.card else payload


def _title_and_text(part: Part) -> tuple[str, str]:
    """The title of the card and all words; else the first line and what follows it.

    What is too long for a title is cut between words there, and no word is lost below it.
    """
    text = part.text.strip()
    first, _, rest = text.partition("\n")
    title, rest = (part.card.title, text) if part.card and part.card.title and not part.media else (first, rest.strip())
    title = " ".join(title.split())
    return (title, rest) if len(title) <= TITLE else (title[: TITLE - 1].rsplit(" ", 1)[0] + "…", text)


def _markdown(text: str) -> str:
    """`text` so that its signs show as they are (CommonMark, 2.4), its lines end where they end, and its links lead."""
    written, end = [], 0
    for span in find_urls(text):
        address = f"<{span.text}>" if span.kind == "url" else span.text
        written += [_SIGNS.sub(_escaped, text[end : span.start]), address]
        end = span.end
    whole = "".join(written) + _SIGNS.sub(_escaped, text[end:])
    return re.sub(r"(?<!\n)\n(?!\n)", r"\\\n", whole)


def _says(post: Mapping[str, Any], body: str) -> bool:
    """Whether it is `body` that a post says; words that its server filters out (`remove_slurs`) it has not refused."""
    pieces = str(post.get("body") or "").split(FILTERED)
    return re.fullmatch(r"[^\n]{1,60}".join(map(re.escape, pieces)), body) is not None


def _escaped(found: re.Match[str]) -> str:
    sign = found.group()
    return f"{sign}\\" if sign.strip().isdecimal() else f"{sign[:-1]}\\{sign[-1]}"


def _is_moderator(person: Mapping[str, Any], community: Mapping[str, Any]) -> bool:
    moderators = [each.get("moderator") or {} for each in community.get("moderators") or ()]
    return person["id"] in {each.get("id") for each in moderators}


def _is_admin(user: Mapping[str, Any]) -> bool:
    """Of the whole server: may do what moderators do."""
    return bool((user.get("local_user") or {}).get("admin"))


def _languages(context: Context) -> dict[str, str]:
    """The community's languages: code and number."""
    return dict(each.split(":", 1) for each in context.account.data.get("languages", "").split())


def _receipt(post: Mapping[str, Any]) -> Receipt:
    return Receipt(id=str(post["id"]), url=str(post["ap_id"]))


def _when(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _judge(answer: Answer) -> NetworkError | None:
    """`{"error": "post_title_too_long", "message": "…"}`; nearly all with 400."""
    code, told = answer.object.get("error"), answer.told
    if answer.status == 429 or code == "rate_limit_error":
        until = rate_limit_ends(answer.headers, LIMIT_ENDS)
        return RateLimited("network.rate_limited", told, until=until, network=Lemmy.label)
    if not isinstance(code, str) or answer.status >= 500:
        return None
    if code in UNCLEAR:
        unclear = Uncertain if answer.posting else Retry
        return unclear("network.uncertain" if answer.posting else "network.unavailable", told, network=Lemmy.label)
    if code in TOKEN:
        return AccountBlocked("network.credentials", told, network=Lemmy.label)
    if code == "missing_totp_token":
        return AccountBlocked("lemmy.second_step", told)
    why = sentence(code.replace("_", " ").capitalize())
    if code in BARRED:
        return AccountBlocked("network.account_blocked", told, network=Lemmy.label, why=why)
    if code in GONE:
        return Refused("network.edit_gone", told, network=Lemmy.label)
    return Refused("network.refused", told, network=Lemmy.label, why=why)
