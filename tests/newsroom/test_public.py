"""Addresses at which networks fetch pictures: nobody can guess one, make one up, or use one later."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from publisher import config
from publisher.errors import Refused
from publisher.networks.media import Encoded
from publisher.newsroom.drafts import public

FILE = Encoded(b"\xff\xd8\xff bytes of a picture", "image/jpeg", 40, 20)


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PUBLISHER_PUBLIC_URL", "https://desk.example.org")
    config.get.cache_clear()
    try:
        return public.address(FILE).removeprefix("https://desk.example.org")
    finally:
        monkeypatch.undo()
        config.get.cache_clear()


def test_network_fetches_the_file_without_a_sign_in(address: str) -> None:
    answer = Client().get(address)
    assert (answer.status_code, b"".join(answer), answer["Content-Type"]) == (200, FILE.data, "image/jpeg")
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert address.endswith("/file.jpg")


def test_address_ends_after_a_day(address: str) -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25)):
        assert Client().get(address).status_code == 404


def test_address_that_was_changed_leads_nowhere(address: str) -> None:
    assert Client().get(address.replace("/public/", "/public/x")).status_code == 404


def test_file_that_is_gone_is_not_there(address: str) -> None:
    for path in (config.get().data_dir / "public").iterdir():
        path.unlink()
    assert Client().get(address).status_code == 404


def test_file_stays_while_its_address_holds_and_goes_after_it(address: str) -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=23)):
        public.prune()
        assert Client().get(address).status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(days=3)):
        public.prune()
    assert list((config.get().data_dir / "public").iterdir()) == []


def test_desk_without_a_public_address_says_which_setting_is_missing() -> None:
    with pytest.raises(Refused) as caught:
        public.address(FILE)
    assert caught.value.sentence == (
        "This network fetches pictures itself, and the desk has no address that it could reach. Set "
        "PUBLISHER_PUBLIC_URL to the desk's public address and start Publisher again."
    )
