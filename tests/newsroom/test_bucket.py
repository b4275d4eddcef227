"""Files for networks that fetch, in S3-compatible storage: a real server on loopback."""

import time
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from pydantic import SecretStr

from publisher import config
from publisher.errors import Refused, Retry
from publisher.networks.media import Encoded
from publisher.newsroom.drafts import bucket, media, public
from tests.networks.places import closed_address
from tests.peers.s3 import BUCKET, KEY, s3  # noqa: F401  # the server

FILE = Encoded(b"\xff\xd8\xff bytes of a picture", "image/jpeg", 40, 20)


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set the storage of the desk."""

    def settings(endpoint: str, *, name: str = BUCKET, key: str = KEY, secret: str = KEY) -> None:
        given = {"s3_endpoint": endpoint, "s3_bucket": name, "s3_access_key": key, "s3_secret_key": SecretStr(secret)}
        for field, value in given.items():
            monkeypatch.setattr(config.get(), field, value)
        bucket.forget()

    return settings


def fetch(address: str, **headers: str) -> httpx.Response:
    return httpx.get(address, headers=headers, trust_env=False)


def test_network_fetches_the_file_by_its_signed_address(s3: str, use: Callable[..., None]) -> None:  # noqa: F811
    use(s3)
    address = public.address(FILE)
    assert address.startswith(f"{s3}/{BUCKET}/{media.name_of(FILE.data)}.jpg?")
    answer = fetch(address)
    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == (200, FILE.data, "image/jpeg")
    piece = fetch(public.address(FILE), Range="bytes=3-8")
    assert (piece.status_code, piece.content) == (206, FILE.data[3:9])


def test_address_that_has_ended_leads_nowhere(s3: str, use: Callable[..., None]) -> None:  # noqa: F811
    use(s3)
    address = bucket.address(FILE, "soon.jpg", timedelta(seconds=1))
    assert fetch(address).status_code == 200
    time.sleep(1.1)  # the address lives by the server's clock
    assert fetch(address).status_code == 403


def test_storage_that_does_not_let_us_is_said_and_nothing_is_tried_again(s3: str, use: Callable[..., None]) -> None:  # noqa: F811
    for wrong in ({"key": "nobody"}, {"name": "not-there"}):
        use(s3, secret="a-secret", **wrong)
        with pytest.raises(Refused) as refused:
            public.address(FILE)
        assert (refused.value.key, "a-secret" in str(refused.value)) == ("media.bucket_refused", False), wrong


def test_storage_that_does_not_answer_is_asked_again_later(use: Callable[..., None]) -> None:
    use(closed_address())
    with pytest.raises(Retry) as put_off:
        public.address(FILE)
    assert put_off.value.key == "media.bucket_unreachable"
