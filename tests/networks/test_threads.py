"""What only Threads has: containers, pictures that it fetches, links that it counts, tokens that end after 60 days."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from publisher.enums import DocumentKind, Severity
from publisher.errors import AccountBlocked, NetworkError, Refused, Retry, StartAnew, Uncertain
from publisher.networks.base import Context
from publisher.networks.threads import Threads
from publisher.types import Card, Draft, Media, Part, Pending, Receipt
from tests.networks.places import finish, small_picture, small_video
from tests.networks.places.threads import ThreadsPlace
from tests.peers.faults import FaultProxy, answer
from tests.peers.files import FileServer
from tests.peers.threads import FIELDS, PARAMETERS, ThreadsServer

TEXT = "Statement on Graz: https://ec.europa.eu/commission/presscorner/detail/en/statement_26_1900 #EU"
KEY = "k:0"
PICTURE, VIDEO = Media(sha256="a", alt="A bridge", type="image/jpeg"), Media(sha256="v", alt="Bells", type="video/mp4")


@pytest.fixture
def place() -> Iterator[ThreadsPlace]:
    with FileServer() as files, ThreadsServer() as server, FaultProxy(server.url) as proxy:
        opened = ThreadsPlace(proxy, server=server, files=files)
        opened.verify()
        opened.store = {"a": small_picture(), "b": small_picture(), "v": small_video()}
        yield opened


WORDS = Part(text=TEXT)


def begun(place: ThreadsPlace, part: Part = WORDS, context: Context | None = None) -> Pending:
    outcome = Threads().publish(part, context or place.context(), KEY)
    assert isinstance(outcome, Pending)
    return outcome


def published(place: ThreadsPlace, part: Part, context: Context | None = None) -> Receipt:
    return finish(Threads(), begun(place, part, context), context or place.context())


def resumed(place: ThreadsPlace, pending: Pending, *, state: str = "", why: str = "") -> NetworkError:
    made = place.server.containers[pending.data["container"]]
    made.status, made.error = state, why
    with pytest.raises(NetworkError) as caught:
        Threads().resume(pending, place.context())
    return caught.value


def test_parameters_and_fields_are_those_of_the_collection(shared: Path) -> None:
    collection = json.loads((shared / "specs/threads/threads-api.postman_collection.json").read_text())
    queries: list[tuple[str, dict[str, str]]] = []

    def look(items: list[dict[str, object]]) -> None:
        for item in items:
            if isinstance(item.get("item"), list):
                look(item["item"])  # type: ignore[arg-type]  # a folder of the collection
            else:
                url = item["request"]["url"]  # type: ignore[index]  # JSON of others
                queries.append(("/".join(url["path"]), {one["key"]: one["value"] for one in url.get("query", ())}))

    look(collection["item"])
    for kind, used in PARAMETERS.items():
        name, _, item = kind.partition(" ")
        made = [query for path, query in queries if path == "me/threads" and query.get("media_type") == name]
        known = [set(query) for query in made if ("is_carousel_item" in query) == bool(item)]
        assert used <= set.union(*known), kind
    lists = {one["key"]: set(one["value"].split(",")) for one in collection["variable"]}
    assert FIELDS["me"] <= lists["fields_profile"]
    assert FIELDS["container"] <= lists["fields_container"]
    assert FIELDS["me/threads"] | FIELDS["post"] <= lists["fields_threads"]
    assert FIELDS["me/replies"] <= lists["fields_replies"]
    assert next(set(query) for path, query in queries if path == "me/threads_publish") == {"creation_id"}
    assert [set(query) for path, query in queries if path == "refresh_access_token"] == [{"grant_type"}]
    assert [set(query) for path, query in queries if path == "debug_token"] == [{"input_token"}]


def test_container_is_made_before_anything_is_public(place: ThreadsPlace) -> None:
    begun(place)
    assert place.server.calls()[-1] == "POST /v1.0/me/threads"
    assert place.standing() == []


def test_container_is_looked_at_before_it_is_published(place: ThreadsPlace) -> None:
    pending = begun(place, Part(text=TEXT, media=(PICTURE,)))
    assert pending.after == 30
    assert Threads().resume(pending, place.context()) == Pending(data=pending.data, after=60)
    assert place.posted() == []
    assert isinstance(Threads().resume(pending, place.context()), Receipt)


def test_container_that_says_published_is_never_published_again(place: ThreadsPlace) -> None:
    pending = begun(place)
    receipt = Threads().resume(pending, place.context())
    assert Threads().resume(pending, place.context()) == receipt
    assert len(place.posted()) == 1


def test_post_whose_address_is_not_told_yet_is_found_by_the_next_look(place: ThreadsPlace) -> None:
    pending = begun(place)
    number = f"/{int(pending.data['container']) + 1}"
    place.proxy.fail(answer(500, "{}"), path=number, method="GET")
    assert Threads().resume(pending, place.context()) == Pending(data=pending.data, after=30)
    receipt = Threads().resume(pending, place.context())
    assert isinstance(receipt, Receipt)
    assert (place.stands(receipt), len(place.posted())) == (True, 1)


@pytest.mark.parametrize(
    ("state", "why"),
    [("EXPIRED", ""), ("ERROR", "UNKNOWN"), ("ERROR", ""), ("ERROR", "FAILED_DOWNLOADING_VIDEO")],
)
def test_container_that_came_to_nothing_is_made_anew(place: ThreadsPlace, state: str, why: str) -> None:
    error = resumed(place, begun(place), state=state, why=why)
    assert isinstance(error, StartAnew)
    assert error.sentence == (
        "Threads did not finish preparing the post. Nothing was published; it will be prepared anew."
    )


def test_picture_that_threads_does_not_take_is_told(place: ThreadsPlace) -> None:
    error = resumed(place, begun(place), state="ERROR", why="INVALID_ASPEC_RATIO")
    assert isinstance(error, Refused)
    assert error.sentence == (
        "Threads does not take a picture or video of the post: INVALID_ASPEC_RATIO. Replace it and approve the post "
        "again."
    )


def test_container_that_cannot_be_seen_is_uncertain(place: ThreadsPlace) -> None:
    assert isinstance(resumed(place, begun(place), state="SOMETHING_NEW"), Retry)
    gone = Pending(data={"container": "1", "text": TEXT, "media": "0", "reply_to": ""})
    with pytest.raises(Uncertain):
        Threads().resume(gone, place.context())


def test_post_that_its_container_says_is_out_is_never_called_absent(place: ThreadsPlace) -> None:
    """The list of posts may lag behind."""
    pending = begun(place)
    Threads().resume(pending, place.context())
    place.proxy.fail(answer(200, '{"data": []}'), path="/me/threads", method="GET")
    with pytest.raises(Uncertain):
        Threads().find(Part(text=TEXT), place.context(pending=pending.data), KEY)


def test_pictures_stand_in_their_order_with_their_descriptions(place: ThreadsPlace) -> None:
    published(place, Part(text=TEXT, media=(PICTURE, Media(sha256="b", alt="A flag"), VIDEO)))
    [post] = place.posts()
    assert [(one.given["media_type"], one.given["alt_text"]) for one in post.container.children] == [
        ("IMAGE", "A bridge"),
        ("IMAGE", "A flag"),
        ("VIDEO", "Bells"),
    ]


def test_video_is_fetched_as_it_is(place: ThreadsPlace) -> None:
    published(place, Part(text=TEXT, media=(VIDEO,)))
    assert place.server.fetched == [small_video()]


def test_link_of_a_card_is_attached_and_left_out_beside_pictures(place: ThreadsPlace) -> None:
    card = Card(url="https://ec.europa.eu/x", title="Graz")
    published(place, Part(text=TEXT, card=card))
    published(place, Part(text="With a picture", card=card, media=(PICTURE,)))
    given = [post.container.given.get("link_attachment") for post in place.posts()]
    assert given == ["https://ec.europa.eu/x", None]


def test_sixth_link_is_stopped_before_it_is_sent(place: ThreadsPlace) -> None:
    links = [f"https://europa.eu/{number}" for number in range(5)]
    five = Part(text=" ".join([*links, links[0]]))
    six = Part(text=five.text, card=Card(url="https://europa.eu/5"))

    def errors(part: Part) -> list[str]:
        draft = Draft(network="threads", kind=DocumentKind.STATEMENT, parts=(part,))
        return [issue.key for issue in Threads().check(draft) if issue.severity is Severity.ERROR]

    assert (errors(five), errors(six)) == ([], ["check.too_many_links"])
    published(place, five)
    with pytest.raises(Refused):
        published(place, six)


def test_part_of_a_thread_is_found_among_the_replies(place: ThreadsPlace) -> None:
    first = published(place, Part(text="One"))
    context = place.context(thread=(first,))
    second = published(place, Part(text=TEXT), context)
    assert Threads().find(Part(text=TEXT), context, KEY) == second
    assert Threads().find(Part(text=TEXT), place.context(), KEY) is None


def test_post_with_other_pictures_is_another_post(place: ThreadsPlace) -> None:
    receipt = published(place, Part(text=TEXT, media=(PICTURE, PICTURE)))
    assert Threads().find(Part(text=TEXT, media=(PICTURE, PICTURE)), place.context(), KEY) == receipt
    assert Threads().find(Part(text=TEXT, media=(PICTURE,)), place.context(), KEY) is None
    assert Threads().find(Part(text=TEXT), place.context(), KEY) is None


def test_same_words_from_long_before_are_another_post(place: ThreadsPlace) -> None:
    place.server.add(TEXT, ago=timedelta(hours=2))
    assert Threads().find(Part(text=TEXT), place.context(stamp=datetime.now(UTC)), KEY) is None


def test_look_up_gives_no_answer_where_too_much_was_posted(place: ThreadsPlace) -> None:
    for number in range(101):
        place.server.add(f"Later post {number}")
    with pytest.raises(Uncertain):
        Threads().find(Part(text=TEXT), place.context(stamp=datetime.now(UTC)), KEY)


def test_token_is_renewed_and_kept_before_it_is_used(place: ThreadsPlace) -> None:
    place.kept.clear()
    identity = place.verify()
    assert place.kept["access_token"] == place.server.renewed
    assert identity.expires_at == datetime.fromisoformat(place.kept["ends"])
    assert timedelta(days=59) < identity.expires_at - datetime.now(UTC) < timedelta(days=60)
    assert place.server.requests[-1].headers["authorization"] == f"Bearer {place.server.renewed}"


def test_token_that_has_long_to_live_is_left_alone(place: ThreadsPlace) -> None:
    place.server.requests.clear()
    place.verify()
    assert place.server.calls() == ["GET /v1.0/me", "GET /v1.0/debug_token"]


def test_token_of_today_is_kept_until_it_can_be_renewed(place: ThreadsPlace) -> None:
    place.kept.clear()
    place.server.young = True
    assert place.verify().expires_at == place.server.ends
    place.server.tester = False  # then Threads does not tell
    assert place.verify().expires_at is None
    assert place.kept == {}


def test_right_that_the_token_lacks_is_named(place: ThreadsPlace) -> None:
    assert place.verify().warning == (
        "Posting works, and something else does not: the token lacks threads_manage_insights, needed to take posts "
        "back or to read figures. Under Channels press Reconnect, sign in and leave it ticked."
    )
    place.server.scopes = ["threads_basic"]
    with pytest.raises(AccountBlocked) as caught:
        place.verify()
    assert caught.value.params["missing"] == "threads_content_publish, threads_read_replies"


@pytest.mark.parametrize("told", ['{"access_token": "", "expires_in": 5}', '{"access_token": null, "expires_in": 5}'])
def test_empty_token_overwrites_nothing(place: ThreadsPlace, told: str) -> None:
    place.kept.clear()
    place.proxy.fail(answer(200, told), path="/refresh_access_token")
    assert place.verify().handle == "pressoffice"
    assert place.kept == {}


def test_preview_shows_links_names_and_the_topic() -> None:
    draft = Draft(network="threads", kind=DocumentKind.STATEMENT, parts=(Part(text=f"@press {TEXT} #Graz"),))
    [shown] = Threads().preview(draft).parts
    assert [run.href for run in shown.runs if run.href][1:] == [
        "https://ec.europa.eu/commission/presscorner/detail/en/statement_26_1900",
        "https://www.threads.com/search?q=EU",
    ]
