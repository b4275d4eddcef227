"""What an uploaded document is, by its content: a whole PDF that nobody has locked (ISO 32000-1, 7.5 and 7.6).

Nothing in it is run or drawn here. How many pages it has is the network's to find out.
"""

import re

from publisher.errors import InvalidInput

_END = re.compile(rb"startxref\s+\d+\s+%%EOF\s*\Z")
_LOCKED = re.compile(rb"/Encrypt\s+\d+\s+\d+\s+R")
END = 2048
"""Bytes at the end of a file in which it must say where its table stands."""


def is_pdf(head: bytes) -> bool:
    """Whether a file with these first bytes says that it is one."""
    return head.startswith(b"%PDF-")


def check(data: bytes) -> None:
    """Raises InvalidInput for what is no whole PDF, or is locked with a password."""
    if not is_pdf(data) or not _END.search(data[-END:]):
        raise InvalidInput("media.bad_document", f"{len(data)} bytes, end {data[-20:]!r}")
    if _LOCKED.search(data):
        raise InvalidInput("media.locked_document")
