"""The videos of drafts: which documents have one that can be posted, and which channels take nothing else."""

import re
from urllib.parse import urlsplit

from publisher.enums import Requires
from publisher.networks.limits import Limits
from publisher.types import Entry

_FILE = re.compile(r"\.(mp4|m4v|mov|webm)$", re.IGNORECASE)


def file_of(entry: Entry) -> str:
    """The address of the document's video, where it is a file; blank where it is a page to watch it on, or none."""
    address = urlsplit(entry.video)
    return entry.video if address.scheme in {"http", "https"} and _FILE.search(address.path) else ""


def is_missing(entry: Entry, limits: Limits) -> bool:
    """Whether a network with these limits takes no post about this document as it is."""
    return limits.requires is Requires.VIDEO and not file_of(entry)
