"""Apprise: which addresses are taken, and that a post goes out once and whole whatever its address asks for."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from publisher.errors import Uncertain
from publisher.networks.apprise import Apprise, AppriseCredentials
from publisher.networks.base import Context
from publisher.types import Identity, Part, Receipt
from tests.networks.places.apprise import TOKEN, ApprisePlace, Hook
from tests.peers.faults import FaultProxy, answer

PART = Part(text="Europe stands by its word.")


@pytest.fixture
def place() -> Iterator[ApprisePlace]:
    with Hook() as server, FaultProxy(server.url) as proxy:
        yield ApprisePlace(proxy, server=server)


def context(place: ApprisePlace, more: str, **changes: Any) -> Context:
    return place.context(credentials=AppriseCredentials(address=place.given()["address"] + more), **changes)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("Slack", "it is of no service that Apprise knows; appriseit.com/services lists the forms"),
        ("slack://", "it is of no service that Apprise knows; appriseit.com/services lists the forms"),
        ("dbus://", "dbus:// shows messages on this machine only, where nobody looks. Choose another service"),
        ("mastodon://token@example.org", "Publisher posts to Mastodon itself; connect the account as Mastodon"),
        ("kodi://example.org", "Kodi/XBMC cuts texts after some lines; choose another service"),
    ],
)
def test_address_that_is_of_no_use_is_told_why(address: str, why: str) -> None:
    with pytest.raises(ValidationError) as caught:
        AppriseCredentials(address=address)
    [error] = caught.value.errors()
    assert error["msg"].removeprefix("Value error, ") == why


@pytest.mark.parametrize(
    ("address", "name", "limits"),
    [
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "Discord", {"text": 2000, "images": 4}),
        ("json://127.0.0.1:9/hook", "JSON", {"text": 32768, "images": 4}),
        ("ifttt://webhook_id/event", "IFTTT", {"text": 32768, "images": 0}),
    ],
)
def test_limits_are_those_of_the_service(address: str, name: str, limits: dict[str, int]) -> None:
    found = Apprise().verify(AppriseCredentials(address=address), lambda _: None)
    assert (found.name, found.limits) == (name, limits)


def test_account_is_told_apart_by_its_room_and_not_by_its_password() -> None:
    def account(address: str) -> Identity:
        return Apprise().verify(AppriseCredentials(address=address), lambda _: None)

    assert account("json://press:one@127.0.0.1:9/a") == account("json://press:two@127.0.0.1:9/a")
    assert account("json://press:one@127.0.0.1:9/a").id != account("json://press:one@127.0.0.1:9/b").id


def test_address_that_asks_for_retries_is_tried_once(place: ApprisePlace) -> None:
    place.proxy.fail(answer(500, "{}", after_forwarding=True), path=TOKEN, method="POST", times=9)
    with pytest.raises(Uncertain):
        place.network.publish(PART, context(place, "?retry=3&wait=0"), "key")
    assert (len(place.posted()), len(place.standing())) == (1, 1)


@pytest.mark.parametrize("mode", ["split", "truncate"])
def test_long_text_is_neither_split_nor_cut(place: ApprisePlace, mode: str) -> None:
    text = "Europe stands by its word. " * 2000 + "End"
    assert place.network.publish(Part(text=text), context(place, f"?overflow={mode}"), "key") == Receipt(id="", url="")
    assert [one.text for one in place.standing()] == [text]


def test_answer_that_leads_elsewhere_is_not_followed(place: ApprisePlace) -> None:
    elsewhere = answer(307, "{}", headers={"Location": f"{place.server.url}/{TOKEN}"})
    place.proxy.fail(elsewhere, path=TOKEN, method="POST")
    with pytest.raises(Uncertain):
        place.network.publish(PART, context(place, ""), "key")
    assert place.standing() == []
