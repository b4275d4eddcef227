"""What a page says of itself to machines in JSON-LD (schema.org), as far as it is of an article. Pure."""

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from publisher.types import Image
from publisher.watch.urls import absolute

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_ARTICLE = re.compile("Article|Report|BlogPosting|Statement")


class Linked:
    """The first article among the page's JSON-LD; everything blank where there is none."""

    def __init__(self, tree: "LexborHTMLParser") -> None:
        self._data = next(_articles(tree), {})

    def text(self, name: str) -> str:
        """A field; of a list the first, of an object its address or name."""
        value = self._data.get(name)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            value = value.get("url") or value.get("name")
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """A field that may be a list, or one text with commas (keywords)."""
        value = self._data.get(name)
        values = value if isinstance(value, list) else value.split(",") if isinstance(value, str) else []
        return [text for each in values if isinstance(each, str) and (text := each.strip())]

    def minutes(self) -> int:
        """`timeRequired` as whole minutes (ISO 8601: PT9M), 0 where it is absent."""
        found = re.fullmatch(r"PT(?:(\d{1,2})H)?(?:(\d{1,3})M)?(?:\d+S)?", self.text("timeRequired"))
        return int(found[1] or 0) * 60 + int(found[2] or 0) if found else 0

    def image(self, base: str) -> Image | None:
        value = self._data.get("image")
        if isinstance(value, list) and value:
            value = value[0]
        if not isinstance(value, dict):
            return Image(url=url) if (url := absolute(value if isinstance(value, str) else "", base)) else None
        fields = {name: text if isinstance(text := value.get(name), str) else "" for name in _PICTURE}
        url = absolute(fields["url"] or fields["contentUrl"], base)
        credit = fields["creditText"] or fields["copyrightNotice"] or fields["license"]
        return Image(url=url, alt=fields["caption"] or fields["description"], credit=credit) if url else None


_PICTURE = ("url", "contentUrl", "caption", "description", "creditText", "copyrightNotice", "license")


def _articles(tree: "LexborHTMLParser") -> Iterator[dict[str, Any]]:
    for script in tree.css('script[type="application/ld+json"]'):
        try:
            data = json.loads(script.text())
        except (ValueError, RecursionError):
            continue
        graph = data.get("@graph") if isinstance(data, dict) else None
        for item in graph if isinstance(graph, list) else data if isinstance(data, list) else [data]:
            if isinstance(item, dict) and _ARTICLE.search(str(item.get("@type"))):
                yield item
