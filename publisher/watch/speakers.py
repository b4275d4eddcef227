"""Who speaks, where a title says so plainly. Pure.

A wrong name is worse than none: whenever part of what should be a list of people cannot be read as a person,
nobody is credited. Someone named in full is given without the office, someone named by family name with it.
"""

import re
from functools import cache

from publisher.watch.data import table

_QUOTED = re.compile(r"^(?P<who>[^:“\"«„]{3,80}?)\s?:\s*[“\"«„][^“\"«„]+[”\"»“]\s*[.!?]?$")
_LONGEST_NAME = 5
"""Words in a name; more, and it is a name with something else behind it."""


def speakers_of(title: str) -> tuple[str, ...]:
    """The people a title credits, in its order: `Speech by President von der Leyen at …`, `Kaja Kallas: “…”`."""
    if quoted := _QUOTED.match(title):
        return _people(quoted["who"], to_the_end=True)
    if said := _said().search(title):
        return _people(title[said.end() :], to_the_end=False)
    return ()


def speaker_of_byline(byline: str, text: str) -> str:
    """The person that an author line names (`Marco Rubio, Secretary of State`), or blank.

    Authors are mostly web editors, so an office must stand behind the name, or the name in `text` itself.
    """
    name, _, behind = byline.partition(",")
    people = _people(name.strip(), to_the_end=True)
    if len(people) != 1:
        return ""
    holds_office = any(re.search(rf"\b{re.escape(office)}\b", behind.lower()) for office in _offices())
    return people[0] if holds_office or people[0] in text else ""


def _people(text: str, *, to_the_end: bool) -> tuple[str, ...]:
    """The people that `text` begins with; `to_the_end`: nothing else may follow."""
    words = re.sub(r"([,;:!?–—()|]|\s-\s)", r" \1 ", text).split()
    reader = _Reader(words)
    people = reader.people()
    return people if people and (not to_the_end or not reader.rest) else ()


class _Reader:
    """Reads people off the front of a list of words."""

    def __init__(self, words: list[str]) -> None:
        self.rest = words
        self.shared = ""
        """The office that a plural gives to each name after it."""

    def people(self) -> tuple[str, ...]:
        """All of the list, or nothing if one of them is no person."""
        found: list[str] = []
        while True:
            person = self._person()
            if not person:
                return ()
            found.append(person)
            more = self._list_goes_on()
            if self._office_behind():
                return () if more else tuple(found)
            # A comma with no "and" to come stands before a place or an occasion.
            comma = more and self._take([","])
            if not (self._take(table("speakers")["name"]["and"]) or comma):
                return tuple(found)

    def _person(self) -> str:
        office = self._office()
        name = self._name()
        words = [word for word in name if word not in table("speakers")["name"]["particles"]]
        never = table("speakers")["name"]["never"]
        if not words or len(name) > _LONGEST_NAME or any(_plain(word) in never for word in name):
            return ""
        if len(words) > 1:
            return " ".join(name)
        return " ".join([office[0].upper() + office[1:], *name]) if office else ""

    def _office(self) -> str:
        """The office before a name, as written; of several the last before the name that is no mere form of address."""
        title = self.shared
        while True:
            self._take(table("speakers")["skip"]["words"])
            plural = self._take_phrase(tuple(table("speakers")["office"]["many"]))
            if plural:
                self.shared = title = table("speakers")["office"]["many"][plural.lower()]
            elif single := self._take_phrase(_offices()):
                self.shared, title = "", table("speakers")["office"]["inflected"].get(single.lower(), single)
            else:
                return title

    def _name(self) -> list[str]:
        name: list[str] = []
        particles, stop = table("speakers")["name"]["particles"], table("speakers")["name"]["stop"]
        while self.rest:
            word = self.rest[0]
            follows = self.rest[1] if len(self.rest) > 1 else ""
            capital = word[0].isupper() and _plain(word) not in stop
            particle = word in particles and bool(follows) and (follows[0].isupper() or follows in particles)
            if not (capital or particle):
                break
            name.append(self.rest.pop(0))
        return name

    def _office_behind(self) -> bool:
        """Whether `, Secretary of State` stands behind the name."""
        if not self.rest or self.rest[0] != ",":
            return False
        ahead = _Reader(self.rest[1:])
        ahead._take(table("speakers")["skip"]["words"])
        return bool(ahead._take_phrase(_offices())) and not (ahead.rest and ahead.rest[0][0].isupper())

    def _list_goes_on(self) -> bool:
        """Whether an "and" comes before the occasion does: `A, B and C at …`."""
        data = table("speakers")["name"]
        for word in self.rest:
            if word in data["and"]:
                return True
            if word in {":", ";", "–", "—", "("} or (word.lower() in data["stop"] and word != "of"):
                return False
        return False

    def _take(self, words: list[str]) -> bool:
        if self.rest and self.rest[0].lower() in words:
            self.rest.pop(0)
            return True
        return False

    def _take_phrase(self, phrases: tuple[str, ...]) -> str:
        """The longest of `phrases` (lower case) that stands ahead, taken, as it is written there; or blank."""
        for phrase in phrases:
            length = len(phrase.split())
            ahead = " ".join(self.rest[:length])
            if ahead.lower() == phrase:
                del self.rest[:length]
                return ahead
        return ""


def _plain(word: str) -> str:
    return word.lower().strip(".,’'")


@cache
def _offices() -> tuple[str, ...]:
    office = table("speakers")["office"]
    return tuple(sorted([*office["one"], *office["inflected"]], key=len, reverse=True))


@cache
def _said() -> re.Pattern[str]:
    said, by = table("speakers")["said"], table("speakers")["by"]
    each = [rf"\b(?:{said[language]})\s+(?:{by[language]})(?:\s+|(?<=[’']))" for language in said]
    return re.compile("|".join(each), re.IGNORECASE)
