"""What only Lemmy has: a title, Markdown, a community with its languages."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from publisher.enums import DocumentKind
from publisher.errors import AccountBlocked, NetworkError, RateLimited, Refused, Retry, Uncertain
from publisher.networks.lemmy import Lemmy, LemmyCredentials
from publisher.types import Card, Draft, Media, Part, Receipt
from tests.networks.places import small_picture
from tests.networks.places.lemmy import LemmyPlace
from tests.peers.faults import FaultProxy, answer
from tests.peers.lemmy import COMMUNITY, PERSON, LemmyServer

BODIES = json.loads((Path(__file__).parent / "cases/lemmy/body.json").read_text())
KEY = "k:0"


@pytest.fixture
def place() -> Iterator[LemmyPlace]:
    with LemmyServer() as server, FaultProxy(server.url) as proxy:
        opened = LemmyPlace(proxy, server=server)
        opened.verify()
        opened.store = {"a": small_picture()}
        yield opened


def payload(part: Part) -> Any:
    return Lemmy().preview(Draft(network="lemmy", kind=DocumentKind.STATEMENT, parts=(part,))).parts[0].payload


@pytest.mark.parametrize("case", BODIES, ids=lambda case: case["name"])
def test_every_sign_of_the_text_shows_as_it_is(case: dict[str, str]) -> None:
    card = Card(url="https://europa.eu/x", title="On Graz")
    assert payload(Part(text=case["text"], card=card))["body"] == case["body"]


def test_title_is_that_of_the_card_or_the_first_line_and_no_word_is_lost() -> None:
    card = Card(url="https://europa.eu/x", title="On Graz")
    long = ("word " * 60).strip()
    found = [payload(Part(text=text, card=card)) for text in ("One\n\nTwo",)]
    found += [payload(Part(text=text)) for text in ("One\n\nTwo", "One", long)]
    assert [(each["name"], each["body"]) for each in found] == [
        ("On Graz", "One\n\nTwo"),
        ("One", "Two"),
        ("One", ""),
        ("word " * 38 + "word…", long),
    ]


@pytest.mark.parametrize("text", ["", "No", "Yes"])
def test_what_check_finds_is_what_lemmy_refuses(place: LemmyPlace, text: str) -> None:
    part = Part(text=text, media=(Media(sha256="a", alt="A bridge"),))
    found = Lemmy().check(Draft(network="lemmy", kind=DocumentKind.STATEMENT, parts=(part,)))
    try:
        Lemmy().publish(part, place.context(), KEY)
    except Refused:
        assert [issue.field for issue in found] == ["text"]
    else:
        assert found == []


def test_preview_names_the_title() -> None:
    draft = Draft(network="lemmy", kind=DocumentKind.STATEMENT, parts=(Part(text="One\n\nTwo"),))
    assert Lemmy().preview(draft).parts[0].title == "One"


def test_picture_takes_the_place_of_the_link(place: LemmyPlace) -> None:
    card = Card(url="https://europa.eu/x", title="On Graz")
    part = Part(text="One", card=card, media=(Media(sha256="a", alt="A bridge"),))
    Lemmy().publish(part, place.context(), KEY)
    [post] = place.server.posts
    assert post.given["url"] == f"{place.proxy.url}/pictrs/image/picture-0.jpeg"
    assert post.given["alt_text"] == "A bridge"


@pytest.mark.parametrize(("language", "number"), [("en", 37), ("de-AT", 32), ("fr", None), ("", None)])
def test_language_is_named_where_the_community_has_it(place: LemmyPlace, language: str, number: int | None) -> None:
    Lemmy().publish(Part(text="Hello"), place.context(language=language), KEY)
    assert place.server.posts[0].given.get("language_id") == number


def test_token_that_was_taken_back_is_asked_for_anew(place: LemmyPlace) -> None:
    place.verify()
    assert place.server.tokens == 1
    place.server.tokens = 2
    place.verify()
    assert place.kept["token"] == place.server.token


@pytest.mark.parametrize(
    ("status", "body", "kind", "key"),
    [
        (400, '{"error": "rate_limit_error"}', RateLimited, "network.rate_limited"),
        (429, "", RateLimited, "network.rate_limited"),
        (400, '{"error": "not_logged_in"}', AccountBlocked, "network.credentials"),
        (400, '{"error": "site_ban"}', AccountBlocked, "network.account_blocked"),
        (400, '{"error": "banned_from_community"}', AccountBlocked, "network.account_blocked"),
        (400, '{"error": "person_is_banned_from_community"}', AccountBlocked, "network.account_blocked"),
        (400, '{"error": "only_mods_can_post_in_community"}', AccountBlocked, "network.account_blocked"),
        (400, '{"error": "language_not_allowed"}', Refused, "network.refused"),
        (400, '{"error": "unknown", "message": "a database error"}', Uncertain, "network.uncertain"),
        (400, '{"error": "couldnt_create_post"}', Uncertain, "network.uncertain"),
    ],
)
def test_error_is_read(place: LemmyPlace, status: int, body: str, kind: type[NetworkError], key: str) -> None:
    place.proxy.fail(answer(status, body), path="/post", method="POST")
    with pytest.raises(NetworkError) as caught:
        Lemmy().publish(Part(text="Hello"), place.context(), KEY)
    assert (caught.type, caught.value.key) == (kind, key)


def test_error_of_its_database_says_nothing_of_a_post_that_is_looked_for(place: LemmyPlace) -> None:
    place.proxy.fail(answer(400, '{"error": "unknown"}'), path="/user", method="GET")
    with pytest.raises(Retry) as caught:
        Lemmy().find(Part(text="Hello"), place.context(), KEY)
    assert caught.value.key == "network.unavailable"


@pytest.mark.parametrize("code", ["couldnt_find_post", "not_found", "couldnt_update_post"])
def test_post_that_is_not_there_counts_as_taken_back(place: LemmyPlace, code: str) -> None:
    receipt = Lemmy().publish(Part(text="Hello"), place.context(), KEY)
    place.proxy.fail(answer(400, json.dumps({"error": code})), path="/delete", method="POST")
    Lemmy().delete(receipt, place.context())


def test_account_with_a_second_step_and_unknown_community_are_told(place: LemmyPlace) -> None:
    place.server.second_step = True
    for changes, key in (({}, "lemmy.second_step"), ({"community": "presse"}, "lemmy.no_community")):
        given = {**place.given(), **changes, **({} if changes else {"token": ""})}
        with pytest.raises(AccountBlocked) as caught:
            place.network.verify(place.network.credentials.model_validate(given), place.kept.update)
        assert caught.value.key == key


def test_account_that_is_no_moderator_is_told_where_only_they_may_post(place: LemmyPlace) -> None:
    place.server.moderators = [PERSON + 1]
    with pytest.raises(AccountBlocked) as caught:
        place.verify()
    assert caught.value.key == "lemmy.moderators_only"
    place.server.moderators.append(PERSON)
    assert place.verify().handle == "pressoffice in press"


def test_text_is_known_again_after_the_filter_of_its_server(place: LemmyPlace) -> None:
    receipt = Lemmy().publish(Part(text="Hello\n\nHe said zounds and left."), place.context(), KEY)
    assert place.server.posts[0].given["body"] == "He said *removed* and left."
    for text, found in (("He said zounds and left.", receipt), ("He said zounds and stayed.", None)):
        assert Lemmy().find(Part(text=f"Hello\n\n{text}"), place.context(), KEY) == found


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://lemmy.example/u/press", "https://lemmy.example"),
        ("lemmy.example", "https://lemmy.example"),
        ("http://lemmy.example", ""),
    ],
)
def test_server_as_people_paste_it_is_never_spoken_to_in_the_open(typed: str, meant: str) -> None:
    given = {"username": "press", "password": "secret", "community": "https://lemmy.example/c/press", "base_url": typed}
    if not meant:
        with pytest.raises(ValueError, match="Enter it with https://"):
            LemmyCredentials.model_validate(given)
        return
    found = LemmyCredentials.model_validate(given)
    assert (found.base_url, found.community) == (meant, "press")


@pytest.mark.parametrize("other", [{"ago": timedelta(hours=1)}, {"community": COMMUNITY + 1}], ids=["before", "there"])
def test_same_words_from_long_before_or_in_another_community_are_another_post(
    place: LemmyPlace, other: dict[str, Any]
) -> None:
    place.server.add("Hello", **other)
    stamp = datetime.now(UTC)
    assert Lemmy().find(Part(text="Hello"), place.context(stamp=stamp), KEY) is None
    place.server.add("Hello")
    found = Lemmy().find(Part(text="Hello"), place.context(stamp=stamp), KEY)
    assert found == Receipt(id="2", url=f"{place.server.url}/post/2")


PICTURED = Part(text="Hello\n\nWords", media=(Media(sha256="a", alt="A bridge"),))


@pytest.mark.parametrize(
    ("change", "arrived"),
    [({}, True), ({"name": "Hallo"}, False), ({"body": "Other words"}, False), ({"alt_text": "A tunnel"}, False)],
    ids=str,
)
def test_edit_has_arrived_when_title_text_and_description_are_the_new_ones(
    place: LemmyPlace, change: dict[str, str], arrived: bool
) -> None:
    receipt = Lemmy().publish(PICTURED, place.context(), KEY)
    place.server.posts[0].given |= change
    assert Lemmy().find_edit(receipt, PICTURED, place.context()) == (receipt if arrived else None)


def test_edit_of_a_post_that_its_author_deleted_cannot_arrive(place: LemmyPlace) -> None:
    receipt = Lemmy().publish(PICTURED, place.context(), KEY)
    place.server.posts[0].deleted = True
    with pytest.raises(Refused) as caught:
        Lemmy().find_edit(receipt, PICTURED, place.context())
    assert caught.value.key == "network.edit_gone"


def test_limit_of_posts_is_waited_for_ten_minutes(place: LemmyPlace) -> None:
    place.proxy.fail(answer(400, '{"error": "rate_limit_error"}'), path="/post", method="POST")
    with pytest.raises(RateLimited) as caught, time_machine.travel(datetime(2026, 9, 1, 12, tzinfo=UTC), tick=False):
        Lemmy().publish(Part(text="Hello"), place.context(), KEY)
    assert caught.value.until == datetime(2026, 9, 1, 12, 10, tzinfo=UTC)


def test_look_up_gives_no_answer_where_too_much_was_posted(place: LemmyPlace) -> None:
    for number in range(101):
        place.server.add(f"Later post {number}")
    with pytest.raises(Uncertain):
        Lemmy().find(Part(text="Hello"), place.context(stamp=datetime.now(UTC)), KEY)
