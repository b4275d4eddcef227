"""Identity: the names by which a document is known, so that one text is one document however it comes. Pure.

| Key | Names | Holds for |
| --- | --- | --- |
| `ref:IP/26/1900` | the institution's own number | every language, every source |
| `guid:7:…` | a feed's guid, without scheme | one source |
| `guids:example.org:…` | a guid without the language at its end (`…_EN`) | every language, one site |
| `ref:IP/26/1900:fr` | the same, as older rows have it (looked for only) | one language |
| `url:…` | the canonical address, without scheme | one language |
| `other:…` | the address of a version in another language | that language |
| `text:en:…` | what a reader sees, where that is enough to know it again | one language |

The first three are sure. `other:` names a document only where it has nothing in that language yet, because careless
sites call their front page the translation of everything; `text:` is weighed by `intake` with the dates.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from publisher.types import Entry, digest
from publisher.watch.urls import host_of, is_front

LONGEST = 2000
"""Characters that the columns for addresses hold, and bytes that a key may have: an index on PostgreSQL takes 2,700."""
LONGEST_TITLE = 200
"""Characters that the column for plain titles holds."""
ENOUGH_TEXT = 40
"""Characters of lead or body from which on a text is told from others by its words."""
_LANGUAGE_END = re.compile(r"[_.-]([a-z]{2})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Names:
    """The keys of one entry. All are looked for; `own` and `others` are remembered."""

    own: tuple[str, ...]
    """Sure ones, strongest first."""
    others: tuple[str, ...] = ()
    """What is to be remembered of its versions in other languages."""
    weak: tuple[str, ...] = ()
    """Looked for only: they name the document in another language."""
    texts: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.own, *self.weak, *self.texts)

    @property
    def own_kept(self) -> tuple[str, ...]:
        """`own` without what is only looked for: the key of a reference in one language, as older rows have it."""
        return tuple(key for key in self.own if not (key.startswith("ref:") and key.count(":") > 1))

    @property
    def kept(self) -> tuple[str, ...]:
        return (*self.own_kept, *self.others, *self.texts)

    def without_address(self) -> "Names":
        return replace(self, own=tuple(key for key in self.own if not key.startswith("url:")))

    def with_page(self, entry: Entry) -> "Names":
        """These, and what the document's own page adds: its translations, its whole text."""
        weak, others = _translations(entry)
        return replace(
            self,
            weak=tuple(dict.fromkeys((*self.weak, *weak))),
            others=tuple(dict.fromkeys((*self.others, *others))),
            texts=tuple(dict.fromkeys((*self.texts, *_texts(entry)))),
        )


def names_of(entry: Entry, source_id: int, *, site: str = "", url_is_shared: bool = False) -> Names:
    """The names of `entry` as source `source_id`, an address on `site`, shows it.

    An address that several entries of one feed share, or that of a front page, tells nothing and is left out where
    there is something else to go by.
    """
    language = primary(entry.language)
    own = []
    weak, others = _translations(entry)
    if entry.reference:
        own += [f"ref:{entry.reference}:{language}", f"ref:{entry.reference}"]
    if entry.guid:
        own.append(f"guid:{source_id}:{schemeless(entry.guid)}")
        found = _LANGUAGE_END.search(entry.guid)
        if found and site and found[1].lower() == language:
            own.append(f"guids:{site}:{schemeless(entry.guid[: found.start()])}")
    if entry.url and not (own and (url_is_shared or is_front(entry.url))):
        own.append(f"url:{schemeless(entry.url)}")
        weak = (*weak, _fitting(f"other:{schemeless(entry.url)}"))
    return Names(tuple(map(_fitting, own)), others, weak, _texts(entry))


def _translations(entry: Entry) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """By which keys to look for versions in other languages, and which to remember for them."""
    language = primary(entry.language)
    urls = [each.url for each in entry.alternates if primary(each.language) != language and _is_page(each.url)]
    places = [schemeless(url) for url in urls]
    return tuple(_fitting(f"url:{place}") for place in places), tuple(_fitting(f"other:{place}") for place in places)


def primary(language: str) -> str:
    return language.lower().partition("-")[0]


def site_of(url: str) -> str:
    return host_of(url).removeprefix("www.")


def schemeless(url: str) -> str:
    """http and https, with and without a slash at the end, are one address."""
    for scheme in ("https://", "http://"):
        if url.startswith(scheme):
            return url.removeprefix(scheme).rstrip("/")
    return url


def plain_title(title: str) -> str:
    """A title as it is compared: letters and digits only, without regard to case."""
    return " ".join(re.sub(r"[\W_]+", " ", title.casefold()).split())


def comparable_title(title: str) -> str:
    """As much of a plain title as documents keep to be found by."""
    return plain_title(title)[:LONGEST_TITLE]


def shared_urls(entries: Sequence[Entry]) -> set[str]:
    """Addresses that several different entries of one batch have. Language versions may share one."""
    seen: dict[str, set[tuple[str, str]]] = {}
    for entry in entries:
        seen.setdefault(entry.url, set()).add((entry.reference or entry.guid, primary(entry.language)))
    return {url for url, holders in seen.items() if len(holders) > 1}


def _texts(entry: Entry) -> tuple[str, ...]:
    text = entry.body or entry.lead
    if len(text) < ENOUGH_TEXT:
        return ()
    return (f"text:{primary(entry.language)}:{digest([plain_title(entry.title), ' '.join(text.split())])}",)


def _is_page(url: str) -> bool:
    """Whether an address can be one document's: more than a front page (`/`, `/fr`)."""
    parts = urlsplit(url)
    return len(parts.path.strip("/")) > 3 or bool(parts.query)


def _fitting(key: str) -> str:
    return key if len(key.encode()) <= LONGEST else f"{key[:200]}…{digest(key)}"
