"""LinkedIn, for the page of an organisation (Posts, Images and Videos API, version in linkedin_answers.py).

LinkedIn takes no key of ours, but refuses a text that is already out and names that post: it is read before anybody is
told that it failed. What is unclear is looked up among the posts of the page. LinkedIn does not read the page behind a
link, so a card is sent whole, with its picture; pictures go up first and leave nothing that followers see.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from publisher.enums import Severity
from publisher.errors import NetworkError, Refused, Retry, StartAnew, Uncertain
from publisher.networks.base import Context, Network
from publisher.networks.credentials import Credentials
from publisher.networks.figures import count
from publisher.networks.limit_types import Limits
from publisher.networks.linkedin_account import LinkedInCredentials, find_page, look_at_roles, read_token
from publisher.networks.linkedin_answers import LABEL, VERSION, is_gone, judge, version_warning
from publisher.networks.linkedin_media import is_available, upload_document, upload_image, upload_video
from publisher.networks.linkedin_post import TITLE, is_post, payload, places, posts, receipt, says, when
from publisher.networks.linkedin_sign_in import LinkedInSignIn
from publisher.networks.linkedin_text import find_runs, is_same, to_little
from publisher.networks.media import load_document, load_image, load_video
from publisher.networks.patience import CALL_TIMEOUT
from publisher.networks.preview import show
from publisher.networks.sign_in import SignIn
from publisher.networks.wire import Wire
from publisher.text.measure import measure
from publisher.types import Draft, Figures, Identity, Issue, Media, Part, Pending, Preview, Receipt

PAGE = 50
"""Posts in one answer of a look-up."""
LOOK = 15.0
"""Seconds between two looks at a video that LinkedIn prepares."""


class LinkedIn(Network):
    kind: ClassVar[str] = "linkedin"
    label: ClassVar[str] = LABEL
    credentials: ClassVar[type[Credentials]] = LinkedInCredentials
    sign_in: ClassVar[SignIn | None] = LinkedInSignIn()

    def __init__(self, timeout: float = CALL_TIMEOUT) -> None:
        """`timeout` is in seconds for one request; uploads get three times that."""
        self._timeout = timeout

    def check(self, draft: Draft, limits: Limits | None = None) -> list[Issue]:
        limits = limits or self.limits
        issues = super().check(draft, limits)
        for index, part in enumerate(draft.parts):
            fits = measure(part.text, limits.unit, limits.text).valid
            # LinkedIn does not say whether the backslashes count, and refuses what is too long.
            if fits and not measure(to_little(part.text), limits.unit, limits.text).valid:
                field = f"parts.{index}.text" if len(draft.parts) > 1 else "text"
                issues.append(Issue(field=field, key="check.linkedin_signs", severity=Severity.WARNING))
            titles = [len(media.alt) for media in part.media if media.is_document and len(media.alt) > TITLE]
            for length in titles:  # a document's description is its title there
                issues.append(Issue(field="alt", key="check.alt_too_long", params={"length": length, "limit": TITLE}))
        return issues

    def preview(self, draft: Draft, limits: Limits | None = None) -> Preview:
        return show(draft, limits or self.limits, find_runs, payload)

    def publish(self, part: Part, context: Context, key: str) -> Receipt | Pending:  # noqa: ARG002  no key here
        """Pending where LinkedIn has a video or document to prepare."""
        body = payload(part)
        with self._wire(context.credentials, context) as wire:
            for place, name, media in places(body, part):
                if media.is_video or media.is_document:
                    place[name] = _prepared(wire, media, context)
                    if not is_available(wire, place[name]):
                        data = {"media": place[name], "text": part.text, "alt": media.alt, "type": media.type}
                        return Pending(data=data, after=LOOK)
                    continue
                limits = context.limits.card_image if name == "thumbnail" else context.limits.image
                image = load_image(media, context.load, limits)
                place[name] = upload_image(wire, image, _author(context), _own(context.credentials).base_url)
            return self._post(wire, body, part, context)

    def resume(self, pending: Pending, context: Context) -> Receipt | Pending:
        """Post the video or document once it is there, unless a worker that died has done so."""
        urn, data = pending.data["media"], pending.data
        part = Part(text=data["text"], media=(Media(alt=data["alt"], type=data["type"]),))
        with self._wire(context.credentials, context) as wire:
            try:
                if not is_available(wire, urn):
                    return Pending(data=data, after=LOOK)
            except Refused as error:
                if error.key == "linkedin.file_refused":
                    raise
                if not is_gone(error):  # of the look: it says nothing of the post
                    raise Retry("network.unavailable", error.diagnostic, network=self.label) from None
                if found := self.find(part, context, ""):
                    return found
                raise StartAnew("network.unavailable", error.diagnostic, network=self.label) from None
            if found := self.find(part, context, ""):
                return found
            body = payload(part)
            body["content"]["media"]["id"] = urn
            return self._post(wire, body, part, context)

    def _post(self, wire: Wire, body: Mapping[str, Any], part: Part, context: Context) -> Receipt:
        try:
            answer = wire.send("POST", "posts", json={"author": _author(context), **body})
        except Refused as error:
            if error.key != "network.duplicate":
                raise
            return self._twin(wire, part, context, error)
        urn = answer.headers.get("x-restli-id", "")
        if not urn.startswith("urn:li:"):
            raise Uncertain("network.uncertain", answer.told, network=self.label)
        return receipt(urn)

    def find(self, part: Part, context: Context, key: str) -> Receipt | None:  # noqa: ARG002  LinkedIn takes no key
        """Looks through what the page posted or changed since `context.stamp`, last changed first.

        Raises Uncertain where that is more than `limits.lookup_posts`: then "not seen" is not "not there".
        """
        since = _since(context)
        with self._wire(context.credentials) as wire:
            for start in range(0, context.limits.lookup_posts, PAGE):
                asked = {"q": "author", "author": _author(context), "sortBy": "LAST_MODIFIED"}
                params = {**asked, "start": str(start), "count": str(PAGE)}
                answer = wire.ask(
                    "GET", "posts", params=params, headers={"X-RestLi-Method": "FINDER"}, needs=("elements",)
                )
                found = posts(answer)
                for post in found:
                    if when(post, "lastModifiedAt") < since:
                        return None
                    if says(post, part, since):
                        return receipt(str(post["id"]))
                if not found:
                    return None
        raise Uncertain(
            "network.uncertain", f"not among the {context.limits.lookup_posts} newest posts", network=self.label
        )

    def verify(self, credentials: Credentials, save: Callable[[Mapping[str, str]], None]) -> Identity:  # noqa: ARG002
        own = _own(credentials)
        expires_at = read_token(own, self._timeout)
        with self._wire(credentials) as wire:
            page = find_page(wire, own.page)
            number = str(page["id"])
            look_at_roles(wire, number)
        name = str(page.get("vanityName") or number)
        return Identity(
            id=number,
            handle=name,
            name=str(page["localizedName"]),
            url=f"https://www.linkedin.com/company/{name}",
            expires_at=expires_at,
            warning=version_warning(own.version or VERSION, datetime.now(UTC).date()),
        )

    def edit(self, receipt: Receipt, part: Part, context: Context, key: str) -> Receipt:  # noqa: ARG002  no key
        patch = {"patch": {"$set": {"commentary": to_little(part.text)}}}
        with self._wire(context.credentials, context) as wire:
            wire.send("POST", _path(receipt.id), json=patch, headers={"X-RestLi-Method": "PARTIAL_UPDATE"})
        return receipt

    def find_edit(self, receipt: Receipt, part: Part, context: Context) -> Receipt | None:
        with self._wire(context.credentials) as wire:
            post = wire.ask("GET", _path(receipt.id), needs=("id",)).object
        return receipt if is_same(str(post.get("commentary", "")), part.text) else None

    def figures(self, receipt: Receipt, context: Context) -> Figures:
        """The page's share statistics of this post (learn.microsoft.com, "Organization Share Statistics")."""
        named = "ugcPosts" if receipt.id.startswith("urn:li:ugcPost:") else "shares"
        author = quote(_author(context), safe="")
        path = f"organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={author}"
        with self._wire(context.credentials) as wire:
            answer = wire.ask("GET", f"{path}&{named}=List({quote(receipt.id, safe='')})", needs=("elements",))
        rows = answer.object["elements"]
        rows = (
            [row for row in rows if isinstance(row, dict) and _is_of(row, receipt.id)] if isinstance(rows, list) else []
        )
        told = rows[0].get("totalShareStatistics") if rows else {}
        if not isinstance(told, dict):
            raise Retry("network.unavailable", answer.told, network=self.label)
        # A post that nobody has seen yet has no row.
        return Figures(
            impressions=count(told.get("impressionCount", 0)),
            likes=count(told.get("likeCount", 0)),
            replies=count(told.get("commentCount", 0)),
            reposts=count(told.get("shareCount", 0)),
        )

    def delete(self, receipt: Receipt, context: Context) -> None:
        with self._wire(context.credentials) as wire:
            try:
                wire.ask("DELETE", _path(receipt.id), headers={"X-RestLi-Method": "DELETE"})
            except Refused as error:
                if not is_gone(error):
                    raise

    def _wire(self, credentials: Credentials, context: Context | None = None) -> Wire:
        own = _own(credentials)
        token = own.access_token.get_secret_value()
        return Wire(
            self.label,
            f"{own.base_url.rstrip('/')}/rest",
            timeout=self._timeout,
            judge=judge,
            headers={
                "Authorization": f"Bearer {token}",
                "LinkedIn-Version": own.version or VERSION,
                "X-Restli-Protocol-Version": "2.0.0",
            },
            before=context.before_publish if context else None,
            secrets=[token, own.client_secret.get_secret_value()],
        )

    def _twin(self, wire: Wire, part: Part, context: Context, error: Refused) -> Receipt:
        """The post that ours is a duplicate of, if it is this part: then it is out.

        Raises Refused where it is another, or is gone; Uncertain where nobody can tell.
        """
        urn = str(error.params["urn"])
        if not urn:
            raise error
        try:
            answer = wire.ask("GET", _path(urn), needs=("id",))
        except Refused as missing:
            if is_gone(missing):
                raise Refused("linkedin.ghost", error.diagnostic) from None
            raise error from None
        except NetworkError as failed:
            raise Uncertain("network.uncertain", failed.diagnostic, network=self.label) from None
        post = answer.object
        if not is_post(post):
            raise Uncertain("network.uncertain", answer.told, network=self.label)
        if post.get("author") == _author(context) and says(post, part, _since(context)):
            return receipt(urn)
        raise error


def _prepared(wire: Wire, media: Media, context: Context) -> str:
    """The URN of a video or document, which LinkedIn has from now on."""
    base_url = _own(context.credentials).base_url
    if media.is_document:
        document = load_document(media, context.load, context.limits)
        return upload_document(wire, document, _author(context), base_url)
    video = load_video(media, context.load, context.limits.video)
    return upload_video(wire, video, _author(context), base_url, context.alive)


def _own(credentials: Credentials) -> LinkedInCredentials:
    assert isinstance(credentials, LinkedInCredentials), type(credentials)  # a bug, not an input
    return credentials


def _is_of(row: Mapping[str, Any], urn: str) -> bool:
    """Whether a row of statistics is not of another post."""
    return (row.get("share") or row.get("ugcPost") or urn) == urn


def _author(context: Context) -> str:
    return f"urn:li:organization:{context.account.id}"


def _since(context: Context) -> datetime:
    return context.stamp - timedelta(seconds=context.limits.lookup_back)


def _path(urn: str) -> str:
    return f"posts/{quote(urn, safe='')}"
