"""Handles of people and institutions: written down by somebody, told of in the history, used in new drafts."""

import pytest

from publisher.enums import Role
from publisher.errors import InvalidInput, NotAllowed
from publisher.models import Event, Person, User
from publisher.networks import registry
from publisher.newsroom.documents import speakers
from publisher.newsroom.drafts.writing import write
from publisher.types import Entry, Quote
from tests.factories import make_channel, make_user

pytestmark = pytest.mark.django_db

ENTRY = Entry(
    url="https://press.example.org/1",
    title="Kaja Kallas on Ukraine",
    lead="“We act together”, Kaja Kallas said.",
    body="We act together.",
    speakers=("Kaja Kallas",),
    quotes=(Quote(text="We act together."),),
    language="en",
)


@pytest.fixture
def chief() -> User:
    return make_user(Role.ADMINISTRATOR)


@pytest.fixture
def kallas() -> Person:
    return Person.objects.create(name="Kaja Kallas")


def text_on(network: str) -> str:
    return write(ENTRY, make_channel(network), None).parts[0].text


def test_handle_is_kept_with_its_sign_and_told_in_the_history(kallas: Person, chief: User) -> None:
    assert speakers.set_handles(kallas.pk, chief, {"x": "kajakallas "}).handles == {"x": "@kajakallas"}
    event = Event.objects.get(subject="speaker")
    assert (event.verb, event.data) == ("handles", {"name": "Kaja Kallas", "handles": {"x": "@kajakallas"}})


def test_blank_handle_is_taken_away_and_one_not_named_stays(kallas: Person, chief: User) -> None:
    speakers.set_handles(kallas.pk, chief, {"x": "@kajakallas", "bluesky": "@kaja.example.eu"})
    assert speakers.set_handles(kallas.pk, chief, {"x": ""}).handles == {"bluesky": "@kaja.example.eu"}


@pytest.mark.parametrize(
    ("given", "key"),
    [({"x": "two words"}, "speaker.handle"), ({"facebook": "@x"}, "speaker.network"), ({"x": "@"}, "speaker.handle")],
)
def test_what_is_no_handle_is_refused(kallas: Person, chief: User, given: dict[str, str], key: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        speakers.set_handles(kallas.pk, chief, given)
    assert caught.value.key == key
    assert Person.objects.get().handles == {}


def test_editor_writes_no_handles_down(kallas: Person) -> None:
    with pytest.raises(NotAllowed):
        speakers.set_handles(kallas.pk, make_user(Role.EDITOR), {"x": "@kajakallas"})


def test_draft_names_a_speaker_by_the_handle_of_its_network_only(kallas: Person, chief: User) -> None:
    speakers.set_handles(kallas.pk, chief, {"x": "@kajakallas"})
    assert text_on("x").replace("@kajakallas", "Kaja Kallas") == text_on("mastodon")
    assert text_on("x").startswith("@kajakallas on Ukraine")


def test_name_stays_where_the_handle_does_not_fit(kallas: Person, chief: User) -> None:
    speakers.set_handles(kallas.pk, chief, {"x": "@" + "k" * 300})
    assert text_on("x").startswith("Kaja Kallas on Ukraine")


def test_network_without_mentions_has_no_handles() -> None:
    assert speakers.networks() == [kind for kind in registry.KINDS if registry.get_limits(kind).mentions]
    assert "facebook" not in speakers.networks()


def test_institution_is_added_once(chief: User) -> None:
    assert speakers.add(chief, " European  Commission ") == speakers.add(chief, "European Commission")
    assert [(event.subject, event.verb) for event in Event.objects.all()] == [("speaker", "add")]


def test_list_is_read_page_by_page() -> None:
    Person.objects.bulk_create(Person(name=f"Speaker {number:03}") for number in range(60))
    first, second = speakers.page(1), speakers.page(2)
    assert (len(first.items), first.has_next, len(second.items), second.has_next) == (50, True, 10, False)
    assert [person.name for person in speakers.page(1, "R 05").items] == [f"Speaker {n:03}" for n in range(50, 60)]
