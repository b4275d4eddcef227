"""Instagram's professional accounts, by the token of the Facebook page that they belong to (Graph API, "IG User").

A post is a picture, several in a carousel, or a reel; none is without. As on Threads a container is made first, whose
pictures Instagram fetches from a public address of ours, and published once it is ready.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar

from publisher.enums import Severity
from publisher.errors import AccountBlocked, Refused
from publisher.networks.base import Context
from publisher.networks.containers import Listing, TwoSteps, address_of
from publisher.networks.credentials import Credentials
from publisher.networks.figures import of_media
from publisher.networks.graph_token import PageCredentials, page_wire, read_token
from publisher.networks.limit_types import ImageLimits, Limits
from publisher.networks.meta_sign_in import InstagramSignIn
from publisher.networks.preview import show, split_runs
from publisher.networks.sign_in import SignIn
from publisher.networks.wire import Wire
from publisher.text.links import Span, find_links
from publisher.types import Draft, Figures, Identity, Issue, Media, Part, Pending, Preview, Receipt, Run

NEEDED = ("instagram_basic", "instagram_content_publish", "pages_read_engagement")
SIGN_IN = InstagramSignIn()
ACCOUNT = "instagram_business_account{id,username,name,profile_picture_url}"
ALIKE = 1.02
"""How much wider one picture may be than another of the same shape."""
HASHTAGS, FOUND_BY, MENTIONS = 30, 5, 20
"""The most hashtags in a caption; how many of them count since December 2025; the most names."""


class Instagram(TwoSteps):
    kind: ClassVar[str] = "instagram"
    label: ClassVar[str] = "Instagram"
    credentials: ClassVar[type[Credentials]] = PageCredentials
    sign_in: ClassVar[SignIn | None] = SIGN_IN
    publishing: ClassVar[str] = "media_publish"
    status: ClassVar[str] = "status_code"
    why: ClassVar[str] = "status"

    def check(self, draft: Draft, limits: Limits | None = None) -> list[Issue]:
        issues = super().check(draft, limits)
        for part in draft.parts[:1]:  # there are no threads
            issues += self._check_words(part)
            if not _are_alike(part.media, (limits or self.limits).image):
                issues.append(Issue(field="media", key="check.carousel_shapes", severity=Severity.WARNING))
        return issues

    def preview(self, draft: Draft, limits: Limits | None = None) -> Preview:
        return show(draft, limits or self.limits, _runs, _payload)

    def publish(self, part: Part, context: Context, key: str) -> Pending:  # noqa: ARG002  Instagram takes no key
        payload, path = _payload(part), self._path(context, "media")
        with self._wire(context.credentials, context) as wire:
            if len(part.media) == 1:
                payload |= address_of(part.media[0], context)
            else:
                payload["children"] = ",".join(self._child(wire, path, media, context) for media in part.media)
            container = str(wire.ask("POST", path, data=payload, needs=("id",)).object["id"])
        return self._pending(container, part, context)

    def verify(self, credentials: Credentials, save: Callable[[Mapping[str, str]], None]) -> Identity:  # noqa: ARG002
        with self._wire(credentials) as wire:
            try:
                told = wire.ask("GET", "me", params={"fields": f"id,category,{ACCOUNT}"}, needs=("id",)).object
            except Refused as error:
                # Only a page has a category: Graph refuses the field for a person.
                raise AccountBlocked("facebook.not_a_page", error.diagnostic) from None
            account = told.get("instagram_business_account")
            if not isinstance(account, dict) or not {"id", "username"} <= account.keys():
                raise AccountBlocked("instagram.no_account", f"page {told['id']}")
            expires_at, granted = read_token(wire, credentials, NEEDED)
        return Identity(
            id=str(account["id"]),
            handle=str(account["username"]),
            name=str(account.get("name") or account["username"]),
            url=f"https://www.instagram.com/{account['username']}/",
            avatar=str(account.get("profile_picture_url") or ""),
            expires_at=expires_at,
            warning=SIGN_IN.what_is_missing(granted),
        )

    def figures(self, receipt: Receipt, context: Context) -> Figures:
        with self._wire(context.credentials) as wire:
            return of_media(wire, receipt.id)

    def _path(self, context: Context, edge: str) -> str:
        return f"{context.account.id}/{edge}"

    def _listing(self, context: Context, reply_to: str) -> Listing:  # noqa: ARG002  there are no threads
        return Listing(self._path(context, "media"), "caption")

    def _wire(self, credentials: Credentials, context: Context | None = None) -> Wire:
        return page_wire(self.label, credentials, self._timeout, context)

    def _child(self, wire: Wire, path: str, media: Media, context: Context) -> str:
        """The number of one picture of several. Nobody sees it, so it may be made again."""
        child = {"is_carousel_item": "true", "alt_text": media.alt, **address_of(media, context)}
        return str(wire.ask("POST", path, data=child, needs=("id",)).object["id"])

    def _check_words(self, part: Part) -> list[Issue]:
        kinds = [span.kind for span in find_links(part.text)]
        tags, names = kinds.count("hashtag"), kinds.count("mention")
        found = []
        if tags > HASHTAGS:
            params = {"count": tags, "limit": HASHTAGS, "network": self.label}
            found.append(Issue(field="text", key="check.too_many_hashtags", params=params))
        elif tags > FOUND_BY:
            params = {"count": tags, "limit": FOUND_BY, "network": self.label}
            found.append(Issue(field="text", key="check.many_hashtags", params=params, severity=Severity.WARNING))
        if names > MENTIONS:
            params = {"count": names, "limit": MENTIONS, "network": self.label}
            found.append(Issue(field="text", key="check.too_many_mentions", params=params))
        return found


def _payload(part: Part) -> dict[str, str]:
    """The fields of the container, without what only the call brings: addresses and numbers of pictures."""
    payload = {"caption": part.text}
    if len(part.media) != 1:
        return {**payload, "media_type": "CAROUSEL"}
    if part.media[0].is_video:
        return {**payload, "media_type": "REELS"}  # a reel takes no description
    return {**payload, "alt_text": part.media[0].alt}


def _are_alike(media: Sequence[Media], limits: ImageLimits | None) -> bool:
    """Whether the pictures of a carousel have one shape, as far as it is known: Instagram crops all to the first."""
    tallest, widest = limits.aspect if limits and limits.aspect else (0.0, math.inf)
    shapes = [min(max(each.width / each.height, tallest), widest) for each in media if each.width and each.height]
    return not shapes or max(shapes) <= min(shapes) * ALIKE


def _runs(text: str) -> Iterator[Run]:
    """Instagram makes links of names and hashtags, and none of addresses."""

    def href(span: Span) -> str:
        if span.kind == "mention":
            return f"https://www.instagram.com/{span.text.removeprefix('@')}/"
        tag = span.text.removeprefix("#")
        return f"https://www.instagram.com/explore/tags/{tag}/" if span.kind == "hashtag" else ""

    return split_runs(text, href)
