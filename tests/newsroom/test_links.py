"""How a channel writes links: the very address that goes out is counted, shown and approved."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from publisher import config
from publisher.enums import DocumentKind, Role
from publisher.errors import InvalidInput, NotAllowed
from publisher.models import Channel, Event, Rule, ShortLink, User
from publisher.newsroom.approval import review
from publisher.newsroom.documents import changes
from publisher.newsroom.drafts import drafting, links, previews
from publisher.newsroom.drafts.links import Style
from publisher.newsroom.drafts.writing import write
from publisher.text.measure import measure
from publisher.types import Entry, Part, Quote
from tests.factories import make_channel, make_document, make_source, make_user
from tests.newsroom.conftest import entry
from tests.newsroom.test_way_in import look
from tests.peers.yourls import SIGNATURE, Yourls

pytestmark = pytest.mark.django_db

UTM = Style(source="{network}", medium="social", campaign="{kind}")
TAGGED = "https://press.example.org/1?utm_source={}&utm_medium=social&utm_campaign=statement"


@pytest.fixture(autouse=True)
def _own_sites(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PUBLISHER_OWN_SITES", "press.example.org")
    config.get.cache_clear()
    yield
    monkeypatch.undo()
    config.get.cache_clear()


@pytest.fixture
def shortener(monkeypatch: pytest.MonkeyPatch) -> Iterator[Yourls]:
    with Yourls() as double:
        monkeypatch.setenv("PUBLISHER_SHORTENER_URL", f"{double.url}/yourls-api.php")
        monkeypatch.setenv("PUBLISHER_SHORTENER_SIGNATURE", SIGNATURE)
        config.get.cache_clear()
        monkeypatch.setitem(links._resting, "until", 0.0)
        yield double


@pytest.fixture
def chief() -> User:
    return make_user(Role.ADMINISTRATOR)


def styled(network: str, style: Style, **fields: object) -> Channel:
    return make_channel(network, links=style.data, **fields)


def drafted(*channels: Channel) -> list[str]:
    """The texts of the drafts about one document, by channel."""
    Rule.objects.create(name="All")
    document = make_document(url="https://press.example.org/1", drafted_at=None)
    posts = {post.channel_id: post for post in drafting.draft(document.pk)}
    return ["".join(part.text for part in posts[each.pk].revision.content) for each in channels]  # type: ignore[union-attr]  # each has one


def test_each_channel_tags_links_to_our_sites_and_the_preview_counts_them(chief: User) -> None:
    mastodon, telegram = styled("mastodon", UTM), styled("telegram", UTM)
    texts = drafted(mastodon, telegram)
    assert texts[0].count(TAGGED.format("mastodon")) == texts[1].count(TAGGED.format("telegram")) == 1
    post = telegram.posts.get()
    (part,) = previews.preview(post).parts
    assert part.length == measure(texts[1], "utf16", 4096, 0).length  # type: ignore[arg-type]  # an enum's value
    assert part.payload["text"] == texts[1]


def test_card_of_ours_leads_where_the_text_does() -> None:
    bluesky = styled("bluesky", UTM)
    drafted(bluesky)
    (part,) = bluesky.posts.get().revision.content  # type: ignore[union-attr]  # it has one
    assert part.card is not None
    assert part.card.url == TAGGED.format("bluesky")


def test_words_that_are_quoted_keep_their_addresses(chief: User) -> None:
    said = "You find it at https://press.example.org/2 and that is all there is to say about it."
    speech = Entry(
        url="https://press.example.org/1", title="Speech by Anna Example", kind=DocumentKind.SPEECH, body=said,
        speakers=("Anna Example",), quotes=(Quote(text=said, speaker="Anna Example"),), language="en",
    )  # fmt: skip
    text = write(speech, styled("telegram", UTM), None).parts[0].text
    assert said in text
    assert text.count("utm_source") == 1


def test_edit_keeps_the_address_and_its_approval_signs_it(chief: User) -> None:
    channel = styled("telegram", UTM, four_eyes=False)
    drafted(channel)
    post = channel.posts.get()
    assert post.revision is not None
    typed = post.revision.content[0].text.replace("Statement", "A statement")
    edited = review.edit(post.pk, chief, revision_id=post.revision_id, parts=[Part(text=typed)])  # type: ignore[arg-type]  # it has one
    assert edited.revision is not None
    assert TAGGED.format("telegram") in edited.revision.content[0].text
    assert not previews.errors(previews.check(edited))


def test_short_links_are_asked_for_once_and_kept(shortener: Yourls) -> None:
    first, second = (styled("telegram", Style(shorten=True), name=name) for name in ("A", "B"))
    texts = drafted(first, second)
    assert all("https://go.example.org/1" in text and "press.example.org" not in text for text in texts)
    assert len(shortener.requests) == 1
    assert ShortLink.objects.get().url == "https://press.example.org/1"
    post = second.posts.get()
    source = previews.source_of(post)
    assert source is not None
    assert changes.draft_for(post, source).parts == post.revision.content  # type: ignore[union-attr]  # it has one
    assert len(shortener.requests) == 1


def test_short_links_are_wanted_before_a_document_is_stored(shortener: Yourls) -> None:
    Rule.objects.create(name="All")
    styled("telegram", Style(shorten=True, source="{network}"))
    source, news = make_source(), Entry(url="https://press.example.org/1", title="News")
    address = "https://press.example.org/1?utm_source=telegram"
    assert links.wanted(source, news) == [address]
    links.keep(address, links.ask(address))
    assert links.wanted(source, news) == []


def test_document_that_comes_in_has_its_short_link_when_it_is_stored(shortener: Yourls) -> None:
    Rule.objects.create(name="All")
    channel = styled("telegram", Style(shorten=True, source="{network}"))
    look(make_source(read_pages=False), entry(7))
    post = channel.posts.get()
    assert post.revision is not None
    assert post.revision.content[0].text.endswith("https://go.example.org/1")
    assert list(shortener.known) == ["https://press.example.org/detail/ip_26_7?utm_source=telegram"]


def test_address_that_the_shortener_knows_already_is_no_failure(shortener: Yourls) -> None:
    shortener.known["https://press.example.org/1"] = "https://go.example.org/old"
    assert "https://go.example.org/old" in drafted(styled("telegram", Style(shorten=True)))[0]


@pytest.mark.parametrize("fault", ["down", "signature"])
def test_without_a_short_link_the_long_one_stands_and_says_so(
    shortener: Yourls, fault: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shortener.down = fault == "down"
    if fault == "signature":
        monkeypatch.setenv("PUBLISHER_SHORTENER_SIGNATURE", "another-secret")
        config.get.cache_clear()
    channels = [styled("telegram", Style(shorten=True), name=name) for name in ("A", "B")]
    assert all("https://press.example.org/1" in text for text in drafted(*channels))
    issues = previews.check(channels[0].posts.get())
    assert [(issue.key, issue.severity) for issue in issues] == [("link.not_shortened", "warning")]
    assert len(shortener.requests) == 1  # it is left alone for a while
    assert "another-secret" not in caplog.text


def test_style_is_told_in_the_history_and_is_an_administrators(chief: User) -> None:
    channel = make_channel()
    links.set(channel.pk, chief, UTM)
    event = Event.objects.get(subject="channel", verb="links")
    assert (event.data, Style.of(Channel.objects.get())) == (UTM.data, UTM)
    with pytest.raises(NotAllowed):
        links.set(channel.pk, make_user(Role.APPROVER), Style())


@pytest.mark.parametrize(
    ("style", "key"),
    [
        (Style(source="{netwrk}"), "link.place"),
        (Style(medium="m" * 101), "link.too_long"),
        (Style(shorten=True), "link.no_shortener"),
    ],
)
def test_style_that_cannot_be_meant_is_refused(chief: User, style: Style, key: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        links.set(make_channel().pk, chief, style)
    assert caught.value.key == key


def test_example_shows_what_statistics_get() -> None:
    year = timezone.now().astimezone(config.get().zone).year
    shown = links.example(styled("x", Style(source="{network}", campaign="{kind}-{year}")))
    assert shown == f"https://press.example.org/news/1?utm_source=x&utm_campaign=speech-{year}"
