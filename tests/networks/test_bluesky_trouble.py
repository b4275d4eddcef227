"""Bluesky against the official PDS: trouble before anything is written, its limits, and no secret in any error."""

import json
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from publisher.errors import NetworkError, RateLimited, Refused, Retry
from publisher.networks.limit_types import ImageLimits
from publisher.networks.limits import LIMITS
from publisher.types import Card, Media, Part
from tests.networks import bluesky
from tests.networks.bluesky import HTML, KEY, LOGIN, PART, PUT, REFRESH, UPLOAD, Desk, expired, impatient, texts
from tests.peers.faults import Fault, FaultProxy, answer, drop, hang
from tests.peers.pds import PASSWORD, Pds

desk = bluesky.desk


@pytest.mark.parametrize(
    ("path", "fault", "key"),
    [
        (LOGIN, HTML, "network.unavailable"),
        (LOGIN, drop(after_forwarding=False), "network.unreachable"),
        (LOGIN, answer(200, "<html>A website</html>", content_type="text/html"), "bluesky.no_server"),
        (LOGIN, answer(404, "<html>Not found</html>", content_type="text/html"), "bluesky.no_server"),
        (UPLOAD, HTML, "network.unavailable"),
        (UPLOAD, answer(504, '{"error":"UpstreamTimeout"}'), "network.unavailable"),
        (UPLOAD, drop(after_forwarding=True), "network.unreachable"),
        (UPLOAD, hang(), "network.unreachable"),
        (UPLOAD, answer(200, "{}"), "bluesky.no_server"),
        (PUT, answer(400, '{"error":"BlobNotFound","message":"Could not find blob"}'), "network.unavailable"),
    ],
)
def test_trouble_before_the_write_is_tried_again(pds: Pds, desk: Desk, path: str, fault: Fault, key: str) -> None:
    desk.network = impatient(fault)
    desk.session = "" if path == LOGIN else desk.session
    image = desk.picture("p", (60, 60))
    desk.proxy.fail(fault, path=path)
    with pytest.raises(Retry) as raised:
        desk.publish(Part(text="a", card=Card(url="https://c.eu", image=image)))
    assert raised.value.key == key
    assert texts(pds, desk) == []


def test_server_that_is_down_is_tried_again(desk: Desk) -> None:
    with FaultProxy() as gone:
        pass
    desk.proxy = gone
    with pytest.raises(Retry) as raised:
        desk.publish()
    assert raised.value.key == "network.unreachable"


def test_server_that_goes_down_before_the_write_is_tried_again(desk: Desk) -> None:
    context = desk.context()
    with FaultProxy() as gone:
        pass
    moved = desk.credentials.model_copy(update={"base_url": gone.url})
    desk.proxy = gone
    with pytest.raises(Retry):
        desk.network.publish(PART, replace(context, credentials=moved), KEY)


def test_picture_that_is_gone_is_refused(pds: Pds, desk: Desk) -> None:
    with pytest.raises(Refused) as raised:
        desk.publish(Part(text="a", media=(Media(sha256="gone", alt="a"),)))
    assert raised.value.key == "media.gone"
    assert texts(pds, desk) == []


def test_picture_above_the_servers_limit_is_refused_in_plain_words(desk: Desk) -> None:
    limits = replace(LIMITS["bluesky"], card_image=ImageLimits(bytes=4_000_000))
    card = Card(url="https://c.eu", image=desk.picture("p", (2400, 1600)))
    with pytest.raises(Refused) as raised:
        desk.publish(Part(text="a", card=card), limits=limits)
    assert raised.value.sentence == (
        "Bluesky refused the post: a picture or video is too large for the server. Change it and approve it again."
    )


def test_password_never_follows_a_redirect(desk: Desk) -> None:
    desk.session = ""
    with FaultProxy() as elsewhere:
        desk.proxy.fail(answer(307, headers={"Location": f"{elsewhere.url}/xrpc/{LOGIN}"}), path=LOGIN)
        with pytest.raises(Retry):
            desk.publish()
        assert elsewhere.seen == []


def test_signing_in_too_often_waits_as_long_as_the_server_says(pds: Pds, desk: Desk) -> None:
    # The server takes its time over each guess, so they are made at once; it allows 30 in five minutes.
    guess = {"identifier": desk.account.handle, "password": "guess"}
    with httpx.Client(base_url=pds.url, timeout=60) as client, ThreadPoolExecutor(30) as pool:
        list(pool.map(lambda _: client.post(f"/xrpc/{LOGIN}", json=guess), range(30)))
    desk.session = ""
    with pytest.raises(RateLimited) as raised:
        desk.publish()
    assert 0 < raised.value.until.timestamp() - time.time() <= 300


@pytest.mark.parametrize("path", [PUT, UPLOAD])
def test_rate_limit_ends_when_the_header_says(pds: Pds, desk: Desk, path: str) -> None:
    reset = {"RateLimit-Limit": "5000", "RateLimit-Remaining": "0", "RateLimit-Reset": "4102444800"}
    desk.proxy.fail(answer(429, '{"error":"RateLimitExceeded"}', headers=reset), path=path)
    image = desk.picture("p", (60, 60))
    with pytest.raises(RateLimited) as raised:
        desk.publish(Part(text="a", card=Card(url="https://c.eu", image=image)))
    assert raised.value.until == datetime(2100, 1, 1, tzinfo=UTC)
    assert texts(pds, desk) == []


def test_rate_limit_without_any_header_waits_all_the_same(desk: Desk) -> None:
    desk.proxy.fail(answer(429, "slow down", content_type="text/plain"), path=PUT)
    with pytest.raises(RateLimited) as raised:
        desk.publish()
    assert raised.value.until > datetime.now(UTC)


@pytest.mark.parametrize("path", [LOGIN, PUT, REFRESH])
@pytest.mark.parametrize(
    "fault",
    [
        # The library's own text about this answer would quote what stands in it.
        answer(
            200, json.dumps({"accessJwt": [PASSWORD], "refreshJwt": [PASSWORD], "did": "did:plc:a", "handle": "a.eu"})
        ),
        answer(401, '{"error":"Other","message":"No."}'),
        answer(500, "[1]"),
        HTML,
        drop(after_forwarding=True),
    ],
)
def test_no_secret_in_any_error(desk: Desk, path: str, fault: Fault) -> None:
    access, refresh = desk.account.token, desk.account.refresh_token
    if path == LOGIN:
        desk.session = ""
    if path == REFRESH:
        access = expired(access)
        desk.use_tokens(access, refresh)
    for method in (path, LOGIN):
        desk.proxy.fail(fault, path=method)
    with pytest.raises(NetworkError) as raised:
        desk.publish()
    told = "".join(traceback.format_exception(raised.value)) + str(raised.value)
    assert [secret for secret in (desk.account.password, access, refresh) if secret in told] == []
