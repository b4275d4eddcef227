"""WebSub as the Recommendation has it: which hub a feed names, what a hub is asked, what a signature is worth."""

import asyncio
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import FetchError
from publisher.watch.fetch import open_session
from publisher.watch.guard import Guard
from publisher.watch.websub import Offer, ask, is_signed, lease_of, offered, renew_at, subscription_form
from tests.ports import free_port
from tests.watch.server import Answer, Server

URL = "https://press.example.org/feed.xml"
HUB = "https://hub.example.org/"
ATOM = '<atom:link rel="hub" href="{hub}"/><atom:link rel="self" href="{topic}"/>'
ITEM = "<item><title>News</title><link>https://press.example.org/1</link></item>"


def rss(head: str = "", tail: str = "", items: str = ITEM) -> bytes:
    return f'<rss version="2.0"><channel><title>Press</title>{head}{items}{tail}</channel></rss>'.encode()


@pytest.mark.parametrize(
    "header",
    [
        f'<{HUB}>; rel="hub", <{URL}>; rel="self"',
        f"<{URL}>; rel=self, <{HUB}>; rel=hub",
        f'<{HUB}>;title="a, b; c";REL="HUB",<{URL}>;rel="alternate self"',
        f'<{HUB}>; rel="hub", <https://other.example/>; rel="hub", <{URL}>; rel="self"',
    ],
)
def test_link_header_names_hub_and_topic(header: str) -> None:
    assert offered({"Link": header}, b"", "https://press.example.org/old.xml") == Offer(HUB, URL)


def test_link_header_counts_more_than_the_feed() -> None:
    body = rss(ATOM.format(hub="https://second.example/", topic="https://press.example.org/second.xml"))
    assert offered({"Link": f'<{HUB}>; rel="hub", <{URL}>; rel="self"'}, body, URL) == Offer(HUB, URL)


@pytest.mark.parametrize(
    "body",
    [
        rss(ATOM.format(hub=HUB, topic=URL)),
        rss(tail=ATOM.format(hub=HUB, topic=URL)),
        rss(f"<atom10:link xmlns:atom10='http://www.w3.org/2005/Atom' href='{HUB}' rel='hub' />", items=""),
        f'<feed><link href="{URL}" rel="self"/><link rel="hub" href="{HUB}"></link></feed>'.encode(),
        f'{{"version": "https://jsonfeed.org/version/1.1", "hubs": [{{"type": "WebSub", "url": "{HUB}"}}]}}'.encode(),
    ],
)
def test_feed_names_its_hub_itself(body: bytes) -> None:
    assert offered({}, body, URL) == Offer(HUB, URL)


def test_address_of_the_hub_is_read_as_xml_means_it() -> None:
    body = rss('<atom:link rel="hub" href="https://hub.example.org/?a=1&amp;b=2"/>')
    assert offered({}, body, URL) == Offer("https://hub.example.org/?a=1&b=2", URL)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        rss(),
        rss(f'<!-- <atom:link rel="hub" href="{HUB}"/> -->'),
        rss(f'<description><![CDATA[<link rel="hub" href="{HUB}"/>]]></description>'),
        rss(items=f'<item><atom:link rel="hub" href="{HUB}"/></item>'),
        rss('<atom:link rel="hub" href="ftp://hub.example.org/"/>'),
        rss('<atom:link rel="hub" href="https://user:password@hub.example.org/"/>'),
        rss('<atom:link rel="hub" href=""/>'),
        rss('<atom:link rel="self" href="https://press.example.org/"/>'),
        b'{"hubs": [{"type": "rssCloud", "url": "https://hub.example.org/"}]}',
        b'{"hubs": "https://hub.example.org/"',
        b'{"hubs": [3]}',
    ],
)
def test_answer_without_a_usable_hub_offers_nothing(body: bytes) -> None:
    assert offered({}, body, URL) is None


@given(st.text(max_size=400), st.binary(max_size=2000))
def test_whatever_an_answer_holds_is_an_offer_or_none(header: str, body: bytes) -> None:
    for each in (body, b"{" + body, b'<feed><link rel="hub" href="' + body):
        found = offered({"Link": header}, each, URL)
        assert found is None or found.hub.startswith(("http://", "https://"))


@pytest.mark.parametrize("piece", [b"<!--", b"<![CDATA[", b"<link ", b"<link rel='hub' href=", b"<item"])
def test_hostile_feed_is_searched_in_no_time(piece: bytes) -> None:
    began = datetime.now(UTC)
    assert offered({"Link": '<a>; rel="' * 800}, piece * 800_000, URL) is None
    assert datetime.now(UTC) - began < timedelta(seconds=0.5)


def test_request_asks_for_ten_days_and_gives_the_secret() -> None:
    assert subscription_form("subscribe", Offer(HUB, URL), "https://desk.example.org/push/t/", "s") == {
        "hub.mode": "subscribe",
        "hub.topic": URL,
        "hub.callback": "https://desk.example.org/push/t/",
        "hub.lease_seconds": "864000",
        "hub.secret": "s",
    }


def test_unsubscription_tells_no_secret() -> None:
    assert set(subscription_form("unsubscribe", Offer(HUB, URL), "https://desk.example.org/push/t/", "s")) == {
        "hub.mode",
        "hub.topic",
        "hub.callback",
    }


def refusal(hub: str, exceptions: str = "127.0.0.1") -> FetchError:
    """How asking this hub fails."""
    guard = Guard.admitting(exceptions)

    async def call() -> None:
        async with open_session(guard=guard) as session:
            await ask(session, hub, {}, guard)

    with pytest.raises(FetchError) as error:
        asyncio.run(call())
    return error.value


def test_hub_that_is_not_there_is_a_sentence() -> None:
    assert refusal(f"http://127.0.0.1:{free_port()}/hub").key == "push.hub_unreachable"


@pytest.mark.parametrize("hub", ["http://127.0.0.1:8000/hub", "http://localhost:8000/hub", "http://169.254.169.254/"])
def test_hub_inside_our_own_net_is_never_asked(hub: str) -> None:
    assert refusal(hub, "").key == "source.inside"


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (Answer(status=400), "push.hub_refused"),
        (Answer(status=500), "push.hub_refused"),
        (Answer(status=302, headers={"Location": "/other"}), "push.hub_refused"),
        (Answer(status=307, headers={"Location": "/hub"}), "push.hub_refused"),
        (Answer(status=308, headers={"Location": "http://10.0.0.1/"}), "source.inside"),
        (Answer(raw=b"no HTTP"), "push.hub_unreachable"),
    ],
    ids=["refuses", "fails", "sends on wrongly", "sends in a circle", "sends inside", "speaks no HTTP"],
)
def test_hub_that_does_not_take_the_request_is_a_sentence(server: Server, answer: Answer, key: str) -> None:
    assert refusal(server.serve(answer, "/hub")).key == key


@pytest.mark.parametrize(
    ("seconds", "days"), [("864000", 10), ("86400", 1), ("", 10), ("soon", 10), ("-5", 10), ("9" * 12, 30), ("٣", 10)]
)
def test_lease_is_what_the_hub_grants_within_reason(seconds: str, days: int) -> None:
    assert lease_of(seconds) == timedelta(days=days)


@given(st.integers(min_value=0, max_value=10**9))
def test_lease_is_renewed_at_four_fifths_and_never_within_a_minute(seconds: int) -> None:
    asked = datetime(2026, 11, 24, tzinfo=UTC)
    renewed = renew_at(asked, asked + timedelta(seconds=seconds))
    assert renewed == asked + max(timedelta(seconds=60), timedelta(seconds=seconds) * 0.8)


BODY, SECRET = b"<rss/>", "our secret"


def signature(method: str, secret: str = SECRET, body: bytes = BODY) -> str:
    return f"{method}={hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()}"


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_signature_by_each_method_of_the_recommendation_counts(method: str) -> None:
    assert is_signed({"X-Hub-Signature": signature(method)}, BODY, SECRET)
    assert is_signed({"X-Hub-Signature": signature(method).upper()}, BODY, SECRET)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "sha256",
        "sha256=",
        "md5=" + hmac.new(SECRET.encode(), BODY, hashlib.md5).hexdigest(),
        signature("sha256", "another secret"),
        signature("sha256", body=b"<rss></rss>"),
        signature("sha256")[:-1],
        signature("sha256").replace("sha256", "sha512"),
        "sha256=é",
    ],
)
def test_missing_weak_or_wrong_signature_does_not_count(given: str) -> None:
    assert not is_signed({"X-Hub-Signature": given}, BODY, SECRET)


def test_of_two_signatures_the_stronger_decides() -> None:
    weak, strong = signature("sha1"), signature("sha256")
    wrong = signature("sha256", "another secret")
    assert is_signed({"X-Hub-Signature": signature("sha1", "x"), "X-Hub-Signature-256": strong}, BODY, SECRET)
    assert not is_signed({"X-Hub-Signature": weak, "X-Hub-Signature-256": wrong}, BODY, SECRET)


@pytest.mark.parametrize("method", ["sha1", "sha256"])
def test_without_a_secret_nothing_is_signed(method: str) -> None:
    assert not is_signed({"X-Hub-Signature": signature(method, "")}, BODY, "")
