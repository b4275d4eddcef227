"""A post as a video on YouTube: title, description and tags from its words, and how the video stands there. Pure.

Sources: developers.google.com/youtube/v3/docs/videos; specs of the fields in the discovery document of the Data API v3.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from publisher import messages
from publisher.errors import Refused, Retry
from publisher.networks.preview import split_runs
from publisher.networks.wire import sentence
from publisher.networks.youtube_answers import LABEL
from publisher.text.links import Span, find_links
from publisher.types import Part, Receipt, Run

TITLE = 100
"""Characters of a title."""
TAGS = 500
"""Characters of all tags together, as YouTube counts them."""
FORBIDDEN = "<>"
"""What neither title nor description may hold."""
SNIPPET = ("title", "description", "tags", "categoryId", "defaultLanguage", "defaultAudioLanguage")
"""What `videos.update` sets of a snippet; what it is not told it takes away."""

REASONS = {
    "duplicate",
    "length",
    "copyright",
    "claim",
    "trademark",
    "inappropriate",
    "termsOfUse",
    "legal",
    "codec",
    "conversion",
    "invalidFile",
    "emptyFile",
    "tooSmall",
}
"""Why a video is rejected or failed (VideoStatus.rejectionReason, failureReason), as far as there is a sentence."""


def title_and_description(text: str) -> tuple[str, str]:
    """The first line, and what follows it. Of a longer first line the title is its beginning, and nothing is lost."""
    first, _, rest = text.strip().partition("\n")
    first = first.strip()
    if len(first) <= TITLE:
        return first, rest.strip()
    words = first[: TITLE - 1].rsplit(" ", 1)[0] if " " in first[:TITLE] else first[: TITLE - 1]
    return words.rstrip(" ,;:–-") + "…", text.strip()


def tags(text: str) -> list[str]:
    """The hashtags of the text, as many as fit; a tag with a blank in it would count two more, and these have none."""
    found: list[str] = []
    for span in find_links(text):
        tag = span.text.removeprefix("#")
        if span.kind == "hashtag" and tag not in found and len(",".join([*found, tag])) <= TAGS:
            found.append(tag)
    return found


def payload(part: Part, language: str) -> dict[str, Any]:
    """The video's resource, without what each channel sets: category, who sees it, whether it is made for children."""
    title, description = title_and_description(part.text)
    snippet: dict[str, Any] = {"title": title, "description": description}
    if named := tags(part.text):
        snippet["tags"] = named
    if language:
        snippet |= {"defaultLanguage": language, "defaultAudioLanguage": language}
    return {"snippet": snippet}


def runs(text: str) -> Iterator[Run]:
    """YouTube makes links of addresses and hashtags."""

    def href(span: Span) -> str:
        tag = span.text.removeprefix("#")
        return f"https://www.youtube.com/hashtag/{tag.lower()}" if span.kind == "hashtag" else span.href

    return split_runs(text, href)


def receipt(number: str) -> Receipt:
    return Receipt(id=number, url=f"https://www.youtube.com/watch?v={number}")


def number(text: object) -> int | None:
    """A count, which YouTube writes as text; None where it hides it."""
    return int(text) if isinstance(text, str) and text.isdecimal() else None


def is_out(status: Mapping[str, Any]) -> bool:
    """Whether others than the channel's own people can see a video of this status."""
    return status.get("privacyStatus") in {"public", "unlisted"}


def may_come_out(status: Mapping[str, Any]) -> bool:
    """Whether it is out or can still be: neither rejected nor failed nor deleted."""
    return status.get("uploadStatus") in {"uploaded", "processed"}


def is_ready(status: Mapping[str, Any]) -> bool:
    """Whether YouTube has processed the video.

    Raises Refused where nothing will come of it, Retry where its state is none that we know.
    """
    state = status.get("uploadStatus")
    if state in {"uploaded", "processed"}:
        return bool(state == "processed")
    reason = str(status.get("rejectionReason") or status.get("failureReason") or "")
    if state in {"failed", "rejected"}:
        why = messages.sentence(f"youtube.why_{reason}") if reason in REASONS else sentence(reason)
        raise Refused("youtube.video_refused", f"{state} {reason}"[:200], why=why)
    if state == "deleted":
        raise Refused("youtube.video_gone", "uploadStatus deleted")
    raise Retry("network.unavailable", f"uploadStatus {state!r}"[:200], network=LABEL)


def says(snippet: Mapping[str, Any], title: str, description: str) -> bool:
    """Whether a video has these words; YouTube trims them."""
    return _same(snippet.get("title"), title) and _same(snippet.get("description"), description)


def _same(one: object, other: str) -> bool:
    return " ".join(str(one or "").split()) == " ".join(other.split())
