"""Speakers: people and institutions that documents name, with the handles that somebody has written down for them."""

import re
from collections.abc import Mapping
from functools import cached_property

from django.db import transaction

from publisher.errors import InvalidInput
from publisher.models import Person, User
from publisher.networks import registry
from publisher.newsroom import access
from publisher.newsroom.documents.people import LONGEST
from publisher.newsroom.pages import Page, paged
from publisher.newsroom.record import audit

ROWS = 50
_HANDLE = re.compile(r"@?[\w](?:[\w.-]*\w)?(?:@[\w.-]+\w)?")


def networks() -> list[str]:
    """The networks on which a handle in a text leads to somebody."""
    return [kind for kind in registry.KINDS if registry.get_limits(kind).mentions]


def page(number: int, search: str = "") -> Page[Person]:
    """By name, a page at a time; `search` is a part of the name."""
    return paged(Person.objects.filter(name__icontains=search.strip()), number, ROWS)


def get(person_id: int) -> Person:
    """Raises InvalidInput when there is none."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise InvalidInput("speaker.unknown", id=person_id)
    return person


def set_handles(person_id: int, user: User, handles: Mapping[str, str]) -> Person:
    """Write down a person's handles: network to handle; a blank one is taken away, one not named stays.

    Raises InvalidInput for a network without mentions, and for what is no handle.
    """
    access.require(user, "manage")
    with transaction.atomic():
        person = Person.objects.select_for_update().filter(pk=person_id).first()
        if person is None:
            raise InvalidInput("speaker.unknown", id=person_id)
        kept = dict(person.handles)
        for network, handle in handles.items():
            if network not in networks():
                raise InvalidInput("speaker.network", network=network, known=", ".join(networks()))
            if not handle.strip():
                kept.pop(network, None)
            elif _HANDLE.fullmatch(handle.strip()):
                kept[network] = "@" + handle.strip().removeprefix("@")
            else:
                raise InvalidInput("speaker.handle", handle=handle.strip())
        if kept != person.handles:
            person.handles = kept
            person.save(update_fields=["handles"])
            audit.record(user.email, "speaker", person.pk, "handles", data={"name": person.name, "handles": kept})
    return person


def add(user: User, name: str) -> Person:
    """A person or an institution that no document has named as a speaker yet. Raises InvalidInput."""
    access.require(user, "manage")
    name = " ".join(name.split())
    if not 2 <= len(name) <= LONGEST:
        raise InvalidInput("speaker.name", longest=LONGEST)
    with transaction.atomic():
        person, made = Person.objects.get_or_create(name=name)
        if made:
            audit.record(user.email, "speaker", person.pk, "add", data={"name": name})
    return person


class Handles:
    """All handles that are written down, read once, when first asked for: many drafts share them."""

    def on(self, network: str) -> dict[str, str]:
        """Name to handle of all who have one on that network."""
        return {name: handles[network] for name, handles in self._rows if network in handles}

    @cached_property
    def _rows(self) -> list[tuple[str, dict[str, str]]]:
        return list(Person.objects.exclude(handles={}).order_by().values_list("name", "handles"))
