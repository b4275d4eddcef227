"""From the bytes of a document to its text, whatever its labels say.

Labels are wrong more often than bytes: a byte order mark is believed first, then UTF-8 that decodes (other
encodings hardly ever do by chance), then what the document says of itself, then what the server says of it.
"""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NULS = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"), (b"{\0", "utf-16-le"), (b"\0{", "utf-16-be"))
_OWN_LABEL = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)|<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]+)"""
)
_SERVER_LABEL = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_SEVEN_BIT = re.compile(r"iso2022|hz")
"""Encodings that are valid ASCII, and so valid UTF-8: here the label decides."""
_SUPERSETS = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030"}
"""What people send when they write the name on the left (WHATWG Encoding)."""


def decode(body: bytes, content_type: str = "") -> str:
    """The text of `body`; never fails: what no encoding explains becomes U+FFFD."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    for start, encoding in _NULS:
        if body.startswith(start):
            return body.decode(encoding, "replace")
    labels = _labels(body, content_type)
    candidates = [label for label in labels if _SEVEN_BIT.match(label)] + ["utf-8", *labels]
    for encoding in candidates:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return body.decode("cp1252", "replace")


def _labels(body: bytes, content_type: str) -> list[str]:
    """The encodings that the document and the server name, by Python's names; unknown ones are left out."""
    own = _OWN_LABEL.search(body[:2048])
    server = _SERVER_LABEL.search(content_type)
    named = [(own[1] or own[2]).decode("ascii") if own else "", server[1] if server else ""]
    labels = []
    for name in filter(None, named):
        try:
            known = codecs.lookup(name)
        except (LookupError, ValueError):
            continue
        if known._is_text_encoding and known.name not in {"utf-7", "idna", "punycode"}:  # noqa: SLF001 (no public way to tell rot13 from a charset)
            labels.append(_SUPERSETS.get(known.name, known.name))
    return labels
