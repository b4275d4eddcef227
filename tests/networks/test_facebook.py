"""What only Facebook has: unpublished pictures, errors behind which a post may stand, tokens of people and of pages."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from publisher.enums import DocumentKind
from publisher.errors import AccountBlocked, NetworkError, RateLimited, Refused, Retry, Uncertain
from publisher.networks.facebook import Facebook
from publisher.networks.graph import USAGE_WAIT, limit_ends
from publisher.types import Card, Draft, Identity, Media, Part, Receipt
from tests.networks.places import small_picture
from tests.networks.places.facebook import FacebookPlace
from tests.peers.faults import FaultProxy, answer
from tests.peers.graph import PARAMETERS, FacebookServer

TEXT = "Statement on Graz: https://ec.europa.eu/commission/presscorner/detail/en/statement_26_1900 #EU"
KEY = "k:0"


@pytest.fixture
def place() -> Iterator[FacebookPlace]:
    with FacebookServer() as server, FaultProxy(server.url) as proxy:
        opened = FacebookPlace(proxy, server=server)
        opened.verify()
        opened.store = {"a": small_picture(), "b": small_picture()}
        yield opened


def published(place: FacebookPlace, part: Part) -> Receipt:
    receipt = Facebook().publish(part, place.context(), KEY)
    assert isinstance(receipt, Receipt)
    return receipt


def failed(
    place: FacebookPlace, code: int, message: str = "It failed", status: int = 400, **more: object
) -> NetworkError:
    told = {"error": {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code, **more}}
    place.proxy.fail(answer(status, json.dumps(told)), path="/feed")
    with pytest.raises(NetworkError) as caught:
        published(place, Part(text=TEXT))
    return caught.value


def test_parameters_are_those_of_the_specification(shared: Path) -> None:
    calls = {
        "POST feed": ("Page", "feed"),
        "POST photos": ("Page", "photos"),
        "POST post": ("PagePost", None),
        "POST videos": ("Page", "videos"),
    }
    for call, used in PARAMETERS.items():
        name, edge = calls[call]
        apis = json.loads((shared / f"specs/meta/{name}.json").read_text())["apis"]
        [api] = [api for api in apis if api["method"] == "POST" and api.get("endpoint") == edge]
        # The file itself is named `source` in the documentation of Pages; the specification lists only `url`.
        assert used <= {parameter["name"] for parameter in api["params"]}


def test_link_of_a_card_is_named_and_left_out_beside_pictures(place: FacebookPlace) -> None:
    card = Card(url="https://ec.europa.eu/x", title="Graz")
    published(place, Part(text=TEXT, card=card))
    published(place, Part(text="With a picture", card=card, media=(Media(sha256="a", alt="A bridge"),)))
    assert [post.link for post in place.server.posts] == ["https://ec.europa.eu/x", ""]


def test_pictures_stand_in_their_order_with_their_descriptions(place: FacebookPlace) -> None:
    published(place, Part(text=TEXT, media=(Media(sha256="a", alt="First"), Media(sha256="b", alt="Second"))))
    assert [photo.alt for photo in place.server.posts[0].photos] == ["First", "Second"]


@pytest.mark.parametrize("code", [1, 2])
@pytest.mark.parametrize("status", [400, 500])
def test_unknown_error_of_a_post_may_have_published(place: FacebookPlace, code: int, status: int) -> None:
    assert isinstance(failed(place, code, "An unknown error occurred", status), Uncertain)


def test_error_that_is_called_transient_may_have_published(place: FacebookPlace) -> None:
    assert isinstance(failed(place, 99, is_transient=True), Uncertain)


def test_unknown_error_of_an_upload_is_tried_again(place: FacebookPlace) -> None:
    told = {"error": {"message": "(#1) Please reduce the amount of data", "code": 1}}
    place.proxy.fail(answer(500, json.dumps(told)), path="/photos")
    with pytest.raises(Retry):
        published(place, Part(text=TEXT, media=(Media(sha256="a", alt="A bridge"),)))
    assert place.server.posts == []


@pytest.mark.parametrize("code", [4, 17, 32, 613, 80001])
def test_every_code_of_a_limit_waits(place: FacebookPlace, code: int) -> None:
    assert isinstance(failed(place, code, "Limit reached", 403), RateLimited)


def test_limit_ends_when_the_longest_of_the_headers_says() -> None:
    usage = {"1": [{"type": "pages", "estimated_time_to_regain_access": 19}, {"estimated_time_to_regain_access": 5}]}
    wait = limit_ends({"X-Business-Use-Case-Usage": json.dumps(usage)}) - datetime.now(UTC)
    assert timedelta(minutes=18, seconds=55) < wait <= timedelta(minutes=19)


@pytest.mark.parametrize("header", ["", "no json", '{"1": [{"call_count": 100}]}', "[]"])
def test_limit_without_a_time_waits_a_quarter_of_an_hour(header: str) -> None:
    wait = limit_ends({"X-Business-Use-Case-Usage": header}) - datetime.now(UTC)
    assert USAGE_WAIT - timedelta(seconds=5) < wait <= USAGE_WAIT


def test_permission_that_is_missing_is_told_in_words(place: FacebookPlace) -> None:
    error = failed(place, 200, "Requires pages_manage_posts permission", 403)
    assert isinstance(error, AccountBlocked)
    assert error.sentence == (
        "Facebook says that this channel may not do that: Requires pages_manage_posts permission. Connect it again and "
        "leave every permission ticked."
    )


def test_page_that_facebook_blocks_is_paused(place: FacebookPlace) -> None:
    assert isinstance(failed(place, 368, "The action attempted has been deemed abusive"), AccountBlocked)


DUPLICATES = [(506, "Duplicate status message"), (368, "You've already posted this")]


@pytest.mark.parametrize(("code", "message"), DUPLICATES)
def test_duplicate_of_another_post_is_refused(place: FacebookPlace, code: int, message: str) -> None:
    place.server.add(TEXT, ago=timedelta(hours=2))
    place.proxy.fail(answer(400, json.dumps({"error": {"message": message, "code": code}})), path="/feed")
    with pytest.raises(Refused) as caught:
        Facebook().publish(Part(text=TEXT), place.context(stamp=datetime.now(UTC)), KEY)
    assert caught.value.key == "network.duplicate"


@pytest.mark.parametrize(("code", "message"), DUPLICATES)
def test_duplicate_of_a_try_before_is_that_post(place: FacebookPlace, code: int, message: str) -> None:
    first = published(place, Part(text=TEXT))
    place.proxy.fail(answer(400, json.dumps({"error": {"message": message, "code": code}})), path="/feed")
    assert published(place, Part(text=TEXT)).id == first.id
    assert len(place.server.posts) == 1


def test_duplicate_that_nobody_can_look_up_is_uncertain(place: FacebookPlace) -> None:
    place.server.add(TEXT)
    place.proxy.fail(answer(503), path="/published_posts")
    with pytest.raises(Uncertain):
        published(place, Part(text=TEXT))


def test_words_for_the_person_are_preferred(place: FacebookPlace) -> None:
    error = failed(place, 100, "Invalid parameter", error_user_msg="This link is not allowed")
    assert error.sentence == "Facebook refused the post: This link is not allowed. Change it and approve it again."


def test_post_beyond_the_first_page_is_found(place: FacebookPlace) -> None:
    receipt = published(place, Part(text=TEXT))
    for number in range(30):
        place.server.add(f"Later post {number}")
    found = Facebook().find(Part(text=TEXT), place.context(stamp=datetime.now(UTC)), KEY)
    assert found == Receipt(id=receipt.id, url=f"https://www.facebook.com/{receipt.id}")


def test_same_words_from_long_before_are_another_post(place: FacebookPlace) -> None:
    place.server.add(TEXT, ago=timedelta(hours=2))
    assert Facebook().find(Part(text=TEXT), place.context(stamp=datetime.now(UTC)), KEY) is None


def test_look_up_gives_no_answer_where_too_much_was_posted(place: FacebookPlace) -> None:
    for number in range(101):
        place.server.add(f"Later post {number}")
    with pytest.raises(Uncertain):
        Facebook().find(Part(text=TEXT), place.context(stamp=datetime.now(UTC)), KEY)


def test_post_with_other_pictures_is_another_post(place: FacebookPlace) -> None:
    published(place, Part(text=TEXT, media=(Media(sha256="a", alt="A bridge"),)))
    assert Facebook().find(Part(text=TEXT), place.context(stamp=datetime.now(UTC)), KEY) is None


def test_token_of_a_person_is_told_apart_from_that_of_a_page(place: FacebookPlace) -> None:
    place.server.is_page = False
    with pytest.raises(AccountBlocked) as caught:
        place.verify()
    assert caught.value.key == "facebook.not_a_page"


def with_app(place: FacebookPlace, secret: str = FacebookServer.app_secret) -> Identity:
    fields = {**place.fields(), "app_id": place.server.app_id, "app_secret": secret}
    credentials = Facebook.credentials.model_validate({**fields, "base_url": place.proxy.url})
    return Facebook().verify(credentials, place.kept.update)


def test_app_that_requires_its_secret_gets_the_proof_of_it(place: FacebookPlace) -> None:
    place.server.wants_proof = True
    assert with_app(place).id == place.server.page
    for secret in ("", "the secret of another app"):
        with pytest.raises(AccountBlocked) as caught:
            with_app(place, secret)
        assert caught.value.key == "graph.proof"


def test_end_of_the_token_is_known_with_the_app(place: FacebookPlace) -> None:
    place.server.ends = 1_800_000_000
    assert with_app(place).expires_at == datetime(2027, 1, 15, 8, 0, tzinfo=UTC)


def test_missing_permission_is_named_with_the_app(place: FacebookPlace) -> None:
    place.server.scopes = ["pages_read_engagement"]
    with pytest.raises(AccountBlocked) as caught:
        with_app(place)
    assert caught.value.sentence == (
        "The token lacks pages_manage_posts. Under Channels press Reconnect, sign in and leave it ticked; where "
        "Facebook does not offer it, add it first in the app's settings under Use cases, Permissions. Or enter a token "
        "of the page that has it."
    )


def test_preview_shows_links_and_hashtags_and_leaves_names_alone() -> None:
    draft = Draft(network="facebook", kind=DocumentKind.STATEMENT, parts=(Part(text=f"@press {TEXT}"),))
    [shown] = Facebook().preview(draft).parts
    assert [(run.text, run.href) for run in shown.runs if run.href] == [
        (
            "https://ec.europa.eu/commission/presscorner/detail/en/statement_26_1900",
            "https://ec.europa.eu/commission/presscorner/detail/en/statement_26_1900",
        ),
        ("#EU", "https://www.facebook.com/hashtag/EU"),
    ]
