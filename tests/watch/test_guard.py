"""Which addresses are asked: in every spelling, by name, and again at each redirect."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import FetchError
from publisher.watch import fetch as fetching
from publisher.watch.fetch import fetch_one
from publisher.watch.guard import PUBLIC, Guard, is_public
from tests.watch.server import Answer, Server

OWN = "http://127.0.0.1:8000"


def refused(url: str, guard: Guard = PUBLIC) -> str:
    with pytest.raises(FetchError) as caught:
        guard.check(url)
    return caught.value.key


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/feed",
        "http://127.0.0.1./feed",
        "http://127.1/feed",
        "http://2130706433/feed",
        "http://0x7f000001/feed",
        "http://0x7f.1/feed",
        "http://0177.0.0.1/feed",
        "http://0/feed",
        "http://0.0.0.0/feed",
        "http://10.1.2.3/feed",
        "http://172.16.0.1/feed",
        "http://192.168.1.1/feed",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/feed",
        "http://192.0.0.8/feed",
        "http://198.18.0.1/feed",
        "http://224.0.0.1/feed",
        "http://255.255.255.255/feed",
        "http://[::1]/feed",
        "http://[::]/feed",
        "http://[::ffff:127.0.0.1]/feed",
        "http://[::ffff:7f00:1]/feed",
        "http://[::127.0.0.1]/feed",
        "http://[64:ff9b::7f00:1]/feed",
        "http://[64:ff9b:1::1]/feed",
        "http://[2002:7f00:1::]/feed",
        "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/feed",
        "http://[fe80::1]/feed",
        "http://[fec0::1]/feed",
        "http://[fd00::1]/feed",
        "http://[ff02::1]/feed",
        "http://[2001:db8::1]/feed",
    ],
)
def test_an_address_inside_a_network_is_refused_in_every_spelling(url: str) -> None:
    assert refused(url) == "source.inside"


@pytest.mark.parametrize(
    "url",
    [
        "https://ec.europa.eu/feed",
        "http://147.67.34.30/feed",
        "https://press.example.org:8443/feed",
        "http://[2a01:7080:14:100::666:30]/feed",
        "http://[::ffff:147.67.34.30]/feed",
        "http://[64:ff9b::9343:221e]/feed",
    ],
)
def test_a_public_address_passes(url: str) -> None:
    PUBLIC.check(url)


@pytest.mark.parametrize("port", [21, 22, 25, 110, 143, 445, 587])
def test_a_port_of_another_service_is_refused(port: int) -> None:
    assert refused(f"http://press.example.org:{port}/") == "source.port"


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org/", "file:///etc/passwd", "http://", "http://a:b@example.org/", "gopher://x/", "http://[::1/"],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    assert refused(url) == "source.address"


def test_a_password_is_not_repeated() -> None:
    with pytest.raises(FetchError) as caught:
        PUBLIC.check("http://alice:secret@example.org/")
    assert "secret" not in str(caught.value)


def spellings(address: ipaddress.IPv4Address) -> list[str]:
    number, parts = int(address), str(address).split(".")
    return [
        str(address),
        f"{address}.",
        str(number),
        hex(number),
        f"0{number:o}",
        ".".join(f"0{int(part):o}" for part in parts),
        f"{parts[0]}.{number & 0xFFFFFF}",
        f"[::ffff:{address}]",
        f"[::ffff:{number >> 16:x}:{number & 0xFFFF:x}]",
        f"[64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}]",
        f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::1]",
    ]


@given(
    st.sampled_from(
        ["10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"]
    ).flatmap(lambda network: st.ip_addresses(network=network))
)
def test_no_spelling_of_any_private_address_passes(address: ipaddress.IPv4Address) -> None:
    assert {refused(f"http://{host}/") for host in spellings(address)} == {"source.inside"}


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST.", "127.1", "2130706433"])
def test_a_name_that_leads_inside_is_not_connected_to(server: Server, host: str) -> None:
    server.serve(Answer(body=b"secret"))
    with pytest.raises(FetchError) as caught:
        fetch_one(server.url(host=host))
    assert (caught.value.key, server.asked) == ("source.inside", [])


@pytest.mark.parametrize("exceptions", ["127.0.0.0/8, ::1", "localhost 10.0.0.0/8", "127.0.0.1 ::1"])
def test_what_the_setting_names_is_read(server: Server, exceptions: str) -> None:
    server.serve(Answer(body=b"feed"))
    guard = Guard.admitting(exceptions)
    assert fetch_one(server.url(host="localhost"), guard=guard).body == b"feed"


def test_an_exception_for_one_name_admits_no_other(server: Server) -> None:
    server.serve(Answer(body=b"feed"))
    with pytest.raises(FetchError) as caught:
        fetch_one(server.url(host="127.0.0.1"), guard=Guard.admitting("localhost"))
    assert caught.value.key == "source.inside"


# --- redirects --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target", ["http://127.0.0.2:{port}/x", "http://2130706434:{port}/x", "http://[::ffff:127.0.0.2]:{port}/x"]
)
def test_a_redirect_inside_is_not_followed(server: Server, target: str) -> None:
    place = target.format(port=server.url().split(":")[2].split("/")[0])
    url = server.serve(Answer(status=302, headers={"Location": place}))
    with pytest.raises(FetchError) as caught:
        fetch_one(url, guard=Guard.admitting("127.0.0.1"))
    assert (caught.value.key, len(server.asked)) == ("source.inside", 1)


@pytest.mark.parametrize("place", ["ftp://example.org/", "file:///etc/passwd", "http://a:b@example.org/"])
def test_a_redirect_to_what_is_no_web_address_is_not_followed(server: Server, place: str) -> None:
    url = server.serve(Answer(status=301, headers={"Location": place}))
    with pytest.raises(FetchError) as caught:
        fetch_one(url, guard=Guard.admitting("127.0.0.1"))
    assert caught.value.key == "source.address"


# --- our own place ----------------------------------------------------------------------------------------------------


def test_our_own_samples_are_read_and_nothing_else_of_ours() -> None:
    guard = Guard.admitting(own=OWN)
    guard.check(f"{OWN}/sample/council.xml")
    guard.check(f"{OWN}/sample/images/ocean.jpg")
    for url in (f"{OWN}/queue/", f"{OWN}/sample/../queue/", f"{OWN}/sample", "http://127.0.0.1:8001/sample/x"):
        assert refused(url, guard) == "source.inside"


def test_what_carries_an_address_is_judged_by_it() -> None:
    assert not is_public(ipaddress.ip_address("::ffff:10.0.0.1"))
    assert is_public(ipaddress.ip_address("2002:9343:221e::1"))


@pytest.mark.parametrize(
    ("place", "key"),
    [
        ("http://press.example.org/feed", "source.downgrade"),
        ("HTTP://press.example.org/feed", "source.downgrade"),
        ("//press.example.org/feed", ""),
        ("/feed", ""),
        ("https://other.example.org/feed", ""),
    ],
)
def test_a_redirect_out_of_https_is_not_followed(place: str, key: str) -> None:
    try:
        fetching._redirected("https://press.example.org/old", place)
        found = ""
    except FetchError as error:
        found = error.key
    assert found == key
