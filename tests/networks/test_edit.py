"""Other words for a post that is out, on every network that can: the contract of `edit` and `find_edit`."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from publisher.errors import Held, Refused, Retry, Uncertain
from publisher.models import SandboxPost
from publisher.networks import registry
from publisher.networks.limits import LIMITS
from publisher.types import Card, Part, Receipt
from tests.networks.places import Place, finish, open_place
from tests.networks.places.sandbox import SandboxPlace
from tests.networks.test_conformance import KEY, NEEDS_DATABASE, jpeg
from tests.networks.test_limits import PART, TEXT
from tests.peers.faults import Fault, answer, drop
from tests.ports import closed_address

pytestmark = pytest.mark.urls("publisher.sandbox.urls")

EDITING = [kind for kind in registry.KINDS if LIMITS[kind].edit]
RIGHT = Part(text=TEXT.replace("18 Sept.", "19 Sept."))


@pytest.fixture(params=[pytest.param(kind, marks=NEEDS_DATABASE.get(kind, ())) for kind in EDITING])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    with open_place(request.param, request) as opened:
        opened.verify()
        opened.proxy.reset()
        yield opened


def publish(place: Place, part: Part = PART) -> Receipt:
    context = place.context()
    return finish(place.network, place.network.publish(place.dress(part), context, KEY), context)


def fail(place: Place, fault: Fault) -> None:
    """Let the next edit fail like this."""
    method, path = place.editing
    place.proxy.fail(fault, method=method, path=path)


def test_edit_gives_the_same_post_other_words(place: Place) -> None:
    receipt = publish(place)
    edited = place.network.edit(receipt, RIGHT, place.context(), KEY)
    assert (edited.id, edited.url) == (receipt.id, receipt.url)
    assert [(one.id, one.text) for one in place.standing()] == [(receipt.id, RIGHT.text)]


def test_edit_keeps_the_pictures_and_renews_their_descriptions(place: Place) -> None:
    names = ("one", "two")[: place.network.limits.images]
    pictures = tuple(place.picture(name, f"A picture of {name}", jpeg()) for name in names)
    receipt = publish(place, replace(PART, media=pictures))
    place.network.edit(receipt, replace(RIGHT, media=pictures), place.context(), KEY)
    if not place.network.limits.alt:
        assert [one.text for one in place.standing()] == [RIGHT.text]
        return
    described = tuple(each.alt for each in pictures)
    assert [one.alts for one in place.standing()] == [described]
    if not place.network.limits.edit_alts:
        return  # the desk says so before anybody tries (newsroom/drafts/previews.py)
    renamed = (replace(pictures[0], alt="Somebody else"), *pictures[1:])
    place.network.edit(receipt, replace(RIGHT, media=renamed), place.context(), KEY)
    assert [one.alts for one in place.standing()] == [("Somebody else", *described[1:])]
    assert len(place.pictures()) == len(names)


def test_edit_that_is_stopped_before_its_call_changes_nothing(place: Place) -> None:
    def stop() -> None:
        raise Held("held.hold", by="bob@example.org", why="Mourning")

    receipt = publish(place)
    with pytest.raises(Held):
        place.network.edit(receipt, RIGHT, place.context(before_publish=stop), KEY)
    assert [one.text for one in place.standing()] == [TEXT]


def test_edit_whose_answer_is_lost_is_uncertain_and_settled_by_looking(place: Place) -> None:
    receipt = publish(place)
    fail(place, drop(after_forwarding=True))
    with pytest.raises(Uncertain):
        place.network.edit(receipt, RIGHT, place.context(), KEY)
    found = place.network.find_edit(receipt, RIGHT, place.context())
    assert found == (receipt if place.shows_edits else None)


def test_edit_that_is_made_again_leaves_the_same_words(place: Place) -> None:
    receipt = publish(place)
    for _ in range(2):
        assert place.network.edit(receipt, RIGHT, place.context(), KEY).id == receipt.id
    assert [(one.id, one.text) for one in place.standing()] == [(receipt.id, RIGHT.text)]


def test_edit_that_did_not_happen_is_not_found(place: Place) -> None:
    receipt = publish(place)
    fail(place, answer(502, "<html>Bad gateway</html>", content_type="text/html"))
    with pytest.raises(Uncertain):
        place.network.edit(receipt, RIGHT, place.context(), KEY)
    assert place.network.find_edit(receipt, RIGHT, place.context()) is None


def test_edit_of_a_post_that_is_gone_is_refused(place: Place) -> None:
    receipt = publish(place)
    place.network.delete(receipt, place.context())
    with pytest.raises(Refused):
        place.network.edit(receipt, RIGHT, place.context(), KEY)
    if place.shows_edits:
        with pytest.raises(Refused):
            place.network.find_edit(receipt, RIGHT, place.context())
    assert place.standing() == []


def test_edit_on_a_network_that_is_away_is_tried_again(place: Place) -> None:
    receipt = publish(place)
    with pytest.raises(Retry):
        place.network.edit(receipt, RIGHT, place.context(closed_address()), KEY)


def test_too_long_an_edit_is_refused_and_changes_nothing(place: Place) -> None:
    receipt = publish(place)
    with pytest.raises(Refused):
        place.network.edit(receipt, Part(text="x" * (place.network.limits.text + 1)), place.context(), KEY)
    assert [one.text for one in place.standing()] == [TEXT]


def test_edit_of_the_sandbox_replaces_the_card(request: pytest.FixtureRequest, transactional_db: None) -> None:
    with open_place("sandbox", request) as place:
        assert isinstance(place, SandboxPlace)
        receipt = publish(place, replace(PART, card=Card(url="https://example.org/old", title="Old")))
        part = replace(RIGHT, card=Card(url="https://example.org/new", title="New"))
        place.network.edit(receipt, part, place.context(), KEY)
        assert SandboxPost.objects.get().card == {"url": "https://example.org/new", "title": "New", "description": ""}
