"""Who is mentioned in a comment: `@` and a colleague's name, first name, or e-mail address. Pure."""

import re
from collections import Counter
from collections.abc import Sequence

from publisher.models import User


def find(text: str, people: Sequence[User]) -> list[User]:
    """Those of `people` whom the text names, in capitals or not.

    A first name, or what stands before the @ of an address, counts where only one of them has it. Whatever else follows
    an @ (an account on a network, say) is left alone.
    """
    said = text.casefold()
    short = Counter(key for person in people for key in _short(person))
    return [
        person
        for person in people
        if any(_is_named(key, said) for key in [person.name, *(one for one in _short(person) if short[one] == 1)])
        or re.search(rf"(?<![\w@])@{re.escape(person.email)}(?!\w)", said)
    ]


def _short(person: User) -> set[str]:
    keys = {person.name.split()[0] if person.name.split() else "", person.email.partition("@")[0]}
    return {key.casefold() for key in keys if key}


def _is_named(key: str, said: str) -> bool:
    return bool(key) and re.search(rf"(?<![\w@])@{re.escape(key.casefold())}(?![\w@]|[-.]\w)", said) is not None
