"""How a feed is written down in the expected files beside the cases."""

from typing import Any

from publisher.types import entry_to_json
from publisher.watch.entries import Feed


def shown(feed: Feed) -> dict[str, Any]:
    """The feed as JSON without what is blank, and without what follows from the rest (hash, source)."""
    return {
        "title": feed.title,
        "language": feed.language,
        "issues": [issue.key for issue in feed.issues],
        "entries": [
            {
                name: value
                for name, value in entry_to_json(entry).items()
                if value and name not in {"hash", "source", "zone"}
            }
            for entry in feed.entries
        ],
    }
