"""The videos of drafts: which documents have one that can be posted, and how it is kept for posts that need one.

A document's video is fetched only where it is a file (an enclosure, an address that ends like one) and a channel takes
nothing else; most sources name a page to watch it on instead, and nothing is taken from there.
"""

import logging
import re
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from publisher import config
from publisher.enums import Requires
from publisher.errors import FetchError, InvalidInput
from publisher.networks import video, video_notes
from publisher.networks.limit_types import Limits
from publisher.newsroom.drafts import media
from publisher.newsroom.feeds import outside
from publisher.types import Entry, Media

log = logging.getLogger(__name__)

ACCEPT = "video/mp4, video/quicktime, video/*;q=0.8"
_FILE = re.compile(r"\.(mp4|m4v|mov)$", re.IGNORECASE)


def file_of(entry: Entry) -> str:
    """The address of the document's video, where it is a file; blank where it is a page to watch it on, or none."""
    address = urlsplit(entry.video)
    return entry.video if address.scheme in {"http", "https"} and _FILE.search(address.path) else ""


def is_missing(entry: Entry, limits: Limits) -> bool:
    """Whether a network with these limits takes no post about this document as it is."""
    return limits.requires is Requires.VIDEO and not file_of(entry)


def most_bytes() -> int:
    """How much is fetched: as much as somebody may upload."""
    return config.get().upload_megabytes * 1_000_000


def keep(url: str, data: bytes) -> Media:
    """The video at `url`, without what a camera notes, as it is kept for posts.

    Raises InvalidInput for what is no MP4 or QuickTime film, OSError (disk full).
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "film"
        file.write_bytes(data)
        video_notes.strip(file)
        facts = video.read(file)
        with media.copied(file) as copy:
            sha256 = media.hashed(copy)
            media.take(copy, sha256)
    return Media(
        url=url,
        sha256=sha256,
        type=facts.type,
        width=facts.width,
        height=facts.height,
        seconds=facts.seconds,
        size=len(data),
        codecs=facts.codecs[:100],
        frame_rate=facts.frame_rate,
    )


def film_of(entry: Entry, kept: dict[str, Media], *, fetch: bool) -> Media | None:
    """The document's video among what is `kept` by address, else fetched and kept there; None where there is none."""
    url = file_of(entry)
    if url and url not in kept and fetch:
        try:
            kept[url] = keep(url, outside.fetch(url, limit=most_bytes(), accept=ACCEPT).body)
        except (FetchError, InvalidInput, OSError) as error:
            log.warning("no video for a draft: %s", error)
    return kept.get(url)
