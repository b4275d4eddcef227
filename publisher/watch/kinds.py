"""What kind of document an entry is, and the institution's own number for it: by the tables in kinds.toml. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from publisher.enums import DocumentKind
from publisher.watch.data import table
from publisher.watch.urls import host_of, is_host

_Search = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class _Rule:
    """Fits when everything it names fits."""

    kind: DocumentKind
    words: frozenset[str]
    url: _Search | None
    title: _Search | None


def kind_of(url: str, title: str, categories: Iterable[str] = ()) -> DocumentKind:
    """The kind of the first rule that fits, or OTHER. `title` is the source's own, prefixes and all."""
    words = frozenset(" ".join(category.split()).casefold() for category in categories)
    for rule in _rules_for(not words.isdisjoint(_words())):
        if (
            (not rule.words or not rule.words.isdisjoint(words))
            and (rule.url is None or rule.url(url))
            and (rule.title is None or rule.title(title))
        ):
            return rule.kind
    return DocumentKind.OTHER


def topics_of(categories: Iterable[str]) -> tuple[str, ...]:
    """The categories that do not name a kind of document. `POLICY_AREA=CYBER,TECH`, as in Press Corner, is two."""
    topics: list[str] = []
    for category in categories:
        _, named, codes = category.partition("POLICY_AREA=")
        topics += codes.split(",") if named else [category]
    plain = (" ".join(topic.split()) for topic in topics)
    return tuple(dict.fromkeys(text for text in plain if text.casefold() not in _words()))


def reference_of(url: str, guid: str = "") -> str:
    """The institution's own number for the document at `url`, found there or in its guid, or blank."""
    rules = _references(host_of(url))
    for text in (url, guid):
        for rule in rules:
            found = rule["pattern"].search(text)
            if found:
                return re.sub(
                    r"\{(\d)(:upper)?\}",
                    lambda gap, found=found: found[int(gap[1])].upper() if gap[2] else found[int(gap[1])],  # type: ignore[misc] # (a default binds the loop's value; re.sub passes one argument)
                    rule["form"],
                )
    return ""


@lru_cache(maxsize=4096)
def _references(host: str) -> tuple[dict[str, Any], ...]:
    """The rules for documents on this host."""
    rules = (rule for rule in table("kinds")["reference"] if is_host(f"https://{host}/", rule.get("host", "")))
    return tuple({**rule, "pattern": re.compile(rule["pattern"])} for rule in rules)


@cache
def _words() -> frozenset[str]:
    """All categories that name a kind."""
    return frozenset().union(*(rule.words for rule in _rules()))


@cache
def _rules_for(named: bool) -> tuple[_Rule, ...]:
    """All rules, or where no category names a kind those that do without one."""
    return tuple(rule for rule in _rules() if named or not rule.words)


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            kind=DocumentKind(rule["kind"]),
            words=frozenset(word.casefold() for word in rule.get("words", ())),
            url=re.compile(rule["url"], re.IGNORECASE).search if "url" in rule else None,
            title=re.compile(rule["title"], re.IGNORECASE).search if "title" in rule else None,
        )
        for rule in table("kinds")["rule"]
    )
