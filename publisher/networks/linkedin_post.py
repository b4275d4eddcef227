"""A post of LinkedIn: the request that makes it, and the same post as LinkedIn shows it. Pure, but for what it raises.

Sources: learn.microsoft.com, "Posts API" and "MultiImage API".
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from publisher.errors import Retry
from publisher.networks.linkedin_answers import LABEL
from publisher.networks.linkedin_text import is_same, to_little
from publisher.networks.wire import Answer
from publisher.types import Media, Part, Receipt

TITLE, DESCRIPTION = 400, 4086
"""Characters that an article card may have; a document's title no more than a card's."""
_OUT = ("PUBLISHED", "PUBLISH_REQUESTED")


def payload(part: Part) -> dict[str, Any]:
    """The body of the request without its author. The URNs of pictures, which LinkedIn gives, stay blank here."""
    body: dict[str, Any] = {
        "commentary": to_little(part.text),
        "visibility": "PUBLIC",
        "distribution": {
            "feedDistribution": "MAIN_FEED",
            "targetEntities": [],
            "thirdPartyDistributionChannels": [],
        },
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }
    images = [{"id": "", "title" if media.is_document else "altText": media.alt} for media in part.media]
    if len(images) > 1:
        body["content"] = {"multiImage": {"images": images}}
    elif images:
        body["content"] = {"media": images[0]}
    elif card := part.card:
        article = {"source": card.url, "title": (card.title or card.url)[:TITLE]}
        if card.description:
            article["description"] = card.description[:DESCRIPTION]
        if card.image and card.image.sha256:
            article["thumbnail"] = ""
        body["content"] = {"article": article}
    return body


def places(body: Mapping[str, Any], part: Part) -> list[tuple[dict[str, Any], str, Media]]:
    """Where in the body the URN of each picture belongs: object and field."""
    content = body.get("content", {})
    if "article" in content:
        article = content["article"]
        image = part.card.image if part.card else None
        return [(article, "thumbnail", image)] if image and "thumbnail" in article else []
    if "multiImage" in content:
        return [(one, "id", media) for one, media in zip(content["multiImage"]["images"], part.media, strict=True)]
    return [(content["media"], "id", part.media[0])] if content else []


def posts(answer: Answer) -> list[Mapping[str, Any]]:
    """Those of a list, the last changed first. Raises Retry where the answer is none that can be read."""
    found = answer.object["elements"]
    if not isinstance(found, list) or not all(is_post(post) for post in found):
        raise Retry("network.unavailable", answer.told, network=LABEL)
    return found


def is_post(post: object) -> bool:
    """Whether it can be read: a post with its URN and its times."""
    if not isinstance(post, dict) or not post.get("id"):
        return False
    return all(isinstance(post.get(name), int) for name in ("createdAt", "lastModifiedAt"))


def says(post: Mapping[str, Any], part: Part, since: datetime) -> bool:
    """Whether `post` is `part`, made at `since` or later."""
    return (
        when(post, "createdAt") >= since
        and post.get("lifecycleState", "PUBLISHED") in _OUT
        and is_same(str(post.get("commentary", "")), part.text)
        and _count(post) == len(part.media)
    )


def when(post: Mapping[str, Any], name: str) -> datetime:
    """A time of a post, which LinkedIn gives in milliseconds."""
    return datetime.fromtimestamp(post[name] / 1000, UTC)


def receipt(urn: str) -> Receipt:
    return Receipt(id=urn, url=f"https://www.linkedin.com/feed/update/{urn}/")


def _count(post: Mapping[str, Any]) -> int:
    """How many pictures a post has; the one of an article's card is none."""
    content = post.get("content")
    if not isinstance(content, dict):
        return 0
    several = content.get("multiImage")
    if isinstance(several, dict) and isinstance(several.get("images"), list):
        return len(several["images"])
    return 1 if isinstance(content.get("media"), dict) else 0
