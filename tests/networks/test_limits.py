"""What every network says of a draft before anything is sent, by its limits alone. No peer is asked."""

import pytest

from publisher.enums import DocumentKind, Requires, Severity, ThreadStyle, Unit
from publisher.networks import registry
from publisher.networks.base import Network
from publisher.networks.credentials import Credentials
from publisher.networks.limits import LIMITS
from publisher.types import Draft, Media, Part

LINK = "https://ec.europa.eu/commission/presscorner/detail/en/ip_26_1900"
TEXT = f"“Europe will continue to deliver the support Ukraine needs.” – Київ, 18 Sept. {LINK}"
PART = Part(text=TEXT)

ASTRONAUT = {
    Unit.WEIGHTED: 2,
    Unit.GRAPHEMES: 1,
    Unit.MASTODON: 1,
    Unit.CODE_POINTS: 3,
    Unit.UTF16: 5,
    Unit.THREADS: 11,
}
"""What the one emoji 👩‍🚀 counts as: two emoji and a joiner."""

every_network = pytest.mark.parametrize("network", [registry.get(kind) for kind in registry.KINDS], ids=registry.KINDS)


def draft(network: Network, *parts: Part) -> Draft:
    return Draft(network=network.kind, kind=DocumentKind.PRESS_RELEASE, parts=parts, language="en")


NEEDS = {"check.needs_picture", "check.needs_video"}
"""What every text alone is missing there; a test of its own looks at that."""


def errors_of(network: Network, *parts: Part) -> list[tuple[str, str]]:
    found = network.check(draft(network, *parts))
    errors = [(issue.field, issue.key) for issue in found if issue.severity is Severity.ERROR]
    return [(field, key) for field, key in errors if key not in NEEDS]


@every_network
def test_network_is_what_the_registry_says(network: Network) -> None:
    assert registry.KINDS[network.kind].endswith(f":{type(network).__name__}")
    assert registry.LABELS[network.kind] == network.label
    assert network.limits is LIMITS[network.kind]


@every_network
def test_connect_form_can_be_made_from_the_credentials(network: Network) -> None:
    assert issubclass(network.credentials, Credentials)
    for field in network.credentials.model_fields.values():
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        assert field.title or extra.get("internal")


# --- check: the limits ---------------------------------------------------------------------------


@every_network
def test_text_may_be_exactly_as_long_as_the_limit(network: Network) -> None:
    assert errors_of(network, Part(text="a" * network.limits.text)) == []
    assert errors_of(network, Part(text="a" * (network.limits.text + 1))) == [("text", "check.too_long")]


@every_network
def test_post_without_what_the_network_requires_is_stopped(network: Network) -> None:
    missing = {Requires.PICTURE: ["check.needs_picture"], Requires.VIDEO: ["check.needs_video"]}
    found = [issue.key for issue in network.check(draft(network, Part(text="Hello"))) if issue.key in NEEDS]
    assert found == missing.get(network.limits.requires, [])


@every_network
def test_link_counts_as_the_network_counts_it(network: Network) -> None:
    link = "https://example.org/" + "a" * 200
    counted = network.limits.url_length or len(link)
    fill = "a" * (network.limits.text - counted - 1)
    assert errors_of(network, Part(text=f"{fill} {link}")) == []
    assert errors_of(network, Part(text=f"{fill}a {link}")) == [("text", "check.too_long")]


@every_network
def test_joined_emoji_counts_as_the_network_counts_it(network: Network) -> None:
    fit = network.limits.text // ASTRONAUT[network.limits.unit]
    if network.limits.text_bytes:
        fit = min(fit, network.limits.text_bytes // len("👩‍🚀".encode()))
    assert errors_of(network, Part(text="👩‍🚀" * fit)) == []
    assert errors_of(network, Part(text="👩‍🚀" * (fit + 1))) != []


@every_network
def test_every_limit_on_pictures_is_checked(network: Network) -> None:
    limits = network.limits
    good = Media(sha256="a", alt="A flag" if limits.alt else "")
    assert errors_of(network, Part(text="Hello", media=(good,) * limits.images)) == []
    too_many = (good,) * (limits.images + 1)
    assert errors_of(network, Part(text="Hello", media=too_many)) == [("media", "check.too_many_images")]
    if not limits.alt:
        return  # no descriptions there: none is missing, and none is too long
    assert errors_of(network, Part(text="Hello", media=(Media(sha256="a"),))) == [("alt", "check.alt_missing")]
    long = Media(sha256="a", alt="a" * (limits.alt + 1))
    assert errors_of(network, Part(text="Hello", media=(long,))) == [("alt", "check.alt_too_long")]


@every_network
def test_text_beside_pictures_may_be_as_long_as_the_network_says(network: Network) -> None:
    limits = network.limits
    media = (Media(sha256="a", alt="A flag"),)
    most = limits.caption or limits.text
    assert errors_of(network, Part(text="a" * most, media=media)) == []
    assert errors_of(network, Part(text="a" * (most + 1), media=media)) == [("text", "check.too_long")]


@every_network
def test_empty_post_and_endless_thread_are_stopped(network: Network) -> None:
    assert errors_of(network, Part(text=" \n")) == [("text", "check.empty")]
    parts = [Part(text=f"Part {number}") for number in range(network.limits.parts + 1)]
    expected = "check.no_threads" if network.limits.thread is ThreadStyle.NONE else "check.too_many_parts"
    assert errors_of(network, *parts) == [("thread", expected)]


@every_network
def test_issue_of_a_thread_names_its_part(network: Network) -> None:
    unthreaded = [("thread", "check.no_threads")] if network.limits.thread is ThreadStyle.NONE else []
    assert errors_of(network, Part(text="One"), Part(text="")) == [*unthreaded, ("parts.1.text", "check.empty")]


@every_network
def test_preview_shows_the_text_and_where_its_links_lead(network: Network) -> None:
    [shown] = network.preview(draft(network, PART)).parts
    links = [LINK] if network.limits.clickable else []
    assert [run.href for run in shown.runs if run.href.startswith("http")] == links
    whole = "".join(LINK if run.href == LINK else run.text for run in shown.runs)
    assert whole == TEXT
    assert shown.limit == network.limits.text
    link = network.limits.url_length or len(LINK)
    assert shown.length == len(TEXT) - len(LINK) + link
