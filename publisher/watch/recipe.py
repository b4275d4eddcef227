"""Recipes of listing pages: selectors kept as data, shipped in listings.toml or picked by a person. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

from publisher.errors import InvalidInput
from publisher.watch.data import table
from publisher.watch.urls import is_host

PARTS = ("title", "link", "date", "kind", "lead", "place", "language", "image")
"""What a selector can be given for, inside an item."""
_LONGEST = 500
"""Characters of one selector or pattern."""
_MOST = 20
"""Selectors for one part, patterns of one sort."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a listing is read. Each part has selectors in order: the first that finds something counts."""

    item: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    link: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    image: tuple[str, ...] = ()
    meta: tuple[str, ...] = ()
    """Elements that hold kind, date or reading time in any order."""
    except_: tuple[str, ...] = ()
    """Items that fit one of these are no documents."""
    only: tuple[str, ...] = ()
    not_: tuple[str, ...] = ()
    """Patterns with * that the addresses of documents must, or must not, fit."""
    empty: tuple[str, ...] = ()
    """What the page has when its list is rightly empty."""
    owner: tuple[str, ...] = ()
    """Of a calendar: whose events count, by words of their categories; none for all."""

    def admits(self, url: str) -> bool:
        """Whether a document at `url` belongs to what is watched."""
        wanted = not self.only or any(fits(url, pattern) for pattern in self.only)
        return wanted and not any(fits(url, pattern) for pattern in self.not_)


def fits(url: str, pattern: str) -> bool:
    """Whether `url` fits a pattern with * for anything; without a * it needs only to stand in the address."""
    address, wanted = unquote(url).casefold(), unquote(pattern).casefold().replace("[", "[[]").replace("?", "[?]")
    return fnmatchcase(address, wanted if "*" in wanted else f"*{wanted}*")


def recipe_of(data: Mapping[str, Any] | None) -> Recipe:
    """The recipe in `data`, as a row or a TOML file has it. Raises InvalidInput where it is none."""
    names = {field.name.rstrip("_"): field.name for field in fields(Recipe)}
    found: dict[str, tuple[str, ...]] = {}
    for name, value in (data or {}).items():
        if name in {"name", "host"}:
            continue
        if name not in names:
            raise InvalidInput("source.recipe_part", part=name, known=", ".join(names))
        given = [value] if isinstance(value, str) else value
        sound = isinstance(given, (list, tuple)) and len(given) <= _MOST
        if not sound or any(not isinstance(each, str) or len(each) > _LONGEST for each in given):
            raise InvalidInput("source.recipe_value", part=name)
        found[names[name]] = tuple(each.strip() for each in given if each.strip())
    return Recipe(**found)


def check(data: Mapping[str, Any] | None) -> Recipe:
    """The same, with every selector tried on an empty page. Raises InvalidInput."""
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError  # slow import

    recipe = recipe_of(data)
    nothing = LexborHTMLParser("<html><body></body></html>")
    for part in ("item", *PARTS, "meta", "except_", "empty"):
        for selector in getattr(recipe, part):
            css, _ = split(selector)
            try:
                nothing.css(css)
            except (SelectolaxError, ValueError) as error:
                raise InvalidInput(
                    "source.recipe_selector", type(error).__name__, part=part.rstrip("_"), selector=selector
                ) from error
    return recipe


def split(selector: str) -> tuple[str, str]:
    """`time@datetime` as the selector and the attribute; blank for the text."""
    css, at, attribute = selector.rpartition("@")
    if at and attribute.replace("-", "").isalnum():
        return css.strip(), attribute
    return selector, ""


def shipped(url: str) -> dict[str, Any]:
    """The recipe that comes with us for the page at `url`, as data; empty where there is none."""
    return next((dict(recipe) for recipe in table("listings")["recipe"] if is_host(url, recipe["host"])), {})
