"""Which language a document is in, by what its source says. Pure."""

import re

from publisher.watch.data import table

_TAG = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?(?:-[a-z0-9-]+)?$")
_IN_PATH = re.compile(r"/(?:breg-)?([a-z]{2})(?:-[a-z]{2})?(?=/|$)|[_.]([a-z]{2})(?:\.html?|\.xml)?/?$")


def language_tag(text: str) -> str:
    """`text` as BCP 47: primary tag lower, script capitalised, region upper case; blank if it is no language tag."""
    found = _TAG.match(text.strip().replace("_", "-").lower())
    if not found or found[1] in {"und", "mul", "zxx", "xx"}:
        return ""
    language, script, region = found.groups()
    return "-".join(filter(None, [language, (script or "").capitalize(), (region or "").upper()]))


def language_of_url(url: str) -> str:
    """The language that an address names (`/news/en/…`, `…_fr`, `/breg-de/…`), or blank."""
    path = re.sub(r"^[a-z]+://[^/]*", "", url.lower()).split("?")[0].split("#")[0]
    for found in _IN_PATH.finditer(path):
        tag = found[1] or found[2]
        if tag in table("tidy")["languages"]["in_address"]:
            return tag
    return ""
