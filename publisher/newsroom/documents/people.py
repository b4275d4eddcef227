"""People: who speaks in a document, as rows with a handle for each network."""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

from publisher.models import Document, Person
from publisher.watch.data import table

LONGEST = 200
"""Characters that the column for names holds."""
Key = tuple[str, ...]
"""A name as it is compared, word by word."""


def link(documents: Sequence[tuple[Document, Iterable[str]]]) -> None:
    """Tie documents to the people whom they name as their speakers. Who is not known yet is added.

    Titles and accents do not count: "High Representative Kaja Kallas" is Kaja Kallas. A family name alone is the one
    person who bears it, if there is one; nobody is made of it.
    """
    wanted = [(document, name[:LONGEST]) for document, names in documents for name in names if name.strip()]
    if not wanted:
        return
    known = {key(name): pk for pk, name in Person.objects.values_list("pk", "name")}
    ties: dict[tuple[int, int], None] = {}
    for document, name in wanted:
        person = _known(name, known)
        if person is None:
            if len(key(name)) < 2:
                continue
            made, _ = Person.objects.get_or_create(name=_without_office(name))
            person = known[key(name)] = made.pk
        ties[document.pk, person] = None
    for document, _ in documents:
        if people := [person for tied, person in ties if tied == document.pk]:
            document.speakers.add(*people)


def _known(name: str, known: dict[Key, int]) -> int | None:
    said = key(name)
    if said in known:
        return known[said]
    bearers = {person for other, person in known.items() if bears(other, said)}
    return bearers.pop() if len(bearers) == 1 else None


def key(name: str) -> Key:
    """The name as it is compared: no office, no accents, no case."""
    letters = unicodedata.normalize("NFKD", _without_office(name).casefold())
    plain = "".join(" " if each in "-’'" else each for each in letters if not unicodedata.combining(each))
    return tuple(plain.split())


def bears(person: Key, name: Key) -> bool:
    """Whether the person is called so: by the whole name, or by its last words."""
    return bool(name) and person[-len(name) :] == name


def _without_office(name: str) -> str:
    words = name.split()
    while True:
        most = min(len(words) - 1, 5)
        sizes = (size for size in range(most, 0, -1) if " ".join(words[:size]).casefold() in _offices())
        size = next(sizes, 0)
        if not size:
            return " ".join(words)
        words = words[size:]


@cache
def _offices() -> frozenset[str]:
    speakers = table("speakers")
    return frozenset((*speakers["office"]["one"], *speakers["office"]["inflected"], *speakers["skip"]["words"]))
