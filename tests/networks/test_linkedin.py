"""What only LinkedIn has: duplicates that name their twin, cards of our own, roles of a page, tokens of sixty days."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from publisher.enums import DocumentKind, Severity
from publisher.errors import AccountBlocked, NetworkError, RateLimited, Refused, Retry, Uncertain
from publisher.networks.linkedin import LinkedIn
from publisher.networks.linkedin_account import LinkedInCredentials
from publisher.networks.linkedin_answers import VERSION, version_ends, version_warning
from publisher.networks.linkedin_post import receipt
from publisher.types import Card, Draft, Identity, Media, Part, Receipt
from tests.networks.places import small_picture
from tests.networks.places.linkedin import LinkedInPlace
from tests.peers.faults import Fault, FaultProxy, answer, drop
from tests.peers.linkedin import LinkedInServer

TEXT = "Statement on Graz (and more): https://ec.europa.eu/commission/presscorner/detail/en/statement_26_1900 #EU"
KEY = "k:0"


@pytest.fixture
def place() -> Iterator[LinkedInPlace]:
    with LinkedInServer() as server, FaultProxy(server.url) as proxy:
        opened = LinkedInPlace(proxy, server=server)
        opened.verify()
        opened.store = {"a": small_picture(), "b": small_picture()}
        yield opened


def published(place: LinkedInPlace, part: Part, *, since: timedelta = timedelta(0)) -> Receipt:
    outcome = LinkedIn().publish(part, place.context(stamp=datetime.now(UTC) - since), KEY)
    assert isinstance(outcome, Receipt)
    return outcome


def found(place: LinkedInPlace, part: Part) -> Receipt | None:
    return LinkedIn().find(part, place.context(stamp=datetime.now(UTC)), KEY)


def failed(place: LinkedInPlace, status: int, **said: object) -> NetworkError:
    place.proxy.fail(answer(status, json.dumps({"status": status, **said})), path="/rest/posts")
    with pytest.raises(NetworkError) as caught:
        published(place, Part(text=TEXT))
    return caught.value


def draft(text: str) -> Draft:
    return Draft(network="linkedin", kind=DocumentKind.STATEMENT, parts=(Part(text=text),))


def test_double_speaks_as_the_specification(shared: Path, place: LinkedInPlace) -> None:
    """Third parties wrote it from LinkedIn's collections: paths, headers and two bodies are all that it has."""
    receipt = published(place, Part(text=TEXT, media=(Media(sha256="a", alt="A bridge"),)))
    LinkedIn().edit(receipt, Part(text="Other words"), place.context(), KEY)
    told = " ".join(file.read_text() for file in (shared / "specs/linkedin").glob("*.yml"))
    calls = [f"{seen.method} {seen.path.replace(quote(receipt.id, safe=''), '{postId}')}" for seen in place.proxy.seen]
    assert [call for call in calls if call.startswith("POST")] == [
        "POST /rest/images",
        "POST /rest/posts",
        "POST /rest/posts/{postId}",
    ]
    paths, words = ("/rest/images:", "/rest/posts:", "/rest/posts/{postId}:"), ("LinkedIn-Version", "$set")
    assert [word for word in (*paths, *words, "initializeUploadRequest", "commentary") if word not in told] == []


# --- what is sent --------------------------------------------------------------------------------


def test_one_picture_is_media_and_more_are_several_in_their_order(place: LinkedInPlace) -> None:
    one, two = Media(sha256="a", alt="First"), Media(sha256="b", alt="Second")
    published(place, Part(text="One", media=(one,)))
    published(place, Part(text="Two", media=(one, two)))
    uploaded = list(place.server.images)
    assert [post.body["content"] for post in place.server.posts] == [
        {"media": {"id": uploaded[0], "altText": "First"}},
        {"multiImage": {"images": [{"id": uploaded[1], "altText": "First"}, {"id": uploaded[2], "altText": "Second"}]}},
    ]


def test_card_is_sent_whole_with_its_picture(place: LinkedInPlace) -> None:
    card = Card(url="https://ec.europa.eu/x", title="Graz", description="What it says", image=Media(sha256="a"))
    published(place, Part(text=TEXT, card=card))
    [urn] = place.server.images
    article = {"source": "https://ec.europa.eu/x", "title": "Graz", "description": "What it says", "thumbnail": urn}
    assert place.server.posts[0].body["content"] == {"article": article}


def test_card_without_a_title_is_named_by_its_address(place: LinkedInPlace) -> None:
    published(place, Part(text=TEXT, card=Card(url="https://ec.europa.eu/x")))
    article = {"source": "https://ec.europa.eu/x", "title": "https://ec.europa.eu/x"}
    assert place.server.posts[0].body["content"] == {"article": article}


def test_card_is_left_out_beside_pictures(place: LinkedInPlace) -> None:
    card = Card(url="https://ec.europa.eu/x", title="Graz", image=Media(sha256="b"))
    published(place, Part(text=TEXT, card=card, media=(Media(sha256="a", alt="A bridge"),)))
    assert (list(place.server.posts[0].body["content"]), len(place.server.images)) == (["media"], 1)


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/x", "http://www.linkedin.com/x", "https://badlinkedin.com/x"]
)
def test_picture_and_token_go_to_no_other_address_than_linkedins(place: LinkedInPlace, address: str) -> None:
    given = {"value": {"uploadUrl": address, "image": "urn:li:image:1"}}
    place.proxy.fail(answer(200, json.dumps(given)), path="/rest/images")
    with pytest.raises(Retry):
        published(place, Part(text=TEXT, media=(Media(sha256="a", alt="A bridge"),)))
    assert place.server.posts == []


def test_upload_that_fails_is_tried_again(place: LinkedInPlace) -> None:
    place.proxy.fail(drop(after_forwarding=True), method="PUT")
    with pytest.raises(Retry):
        published(place, Part(text=TEXT, media=(Media(sha256="a", alt="A bridge"),)))
    assert place.server.posts == []


def test_text_that_only_its_signs_make_too_long_is_warned_of() -> None:
    fits, doubtful = "a" * 3000, "(" * 1501
    assert LinkedIn().check(draft(fits)) == []
    [issue] = LinkedIn().check(draft(doubtful))
    assert (issue.field, issue.key, issue.severity) == ("text", "check.linkedin_signs", Severity.WARNING)


# --- duplicates ----------------------------------------------------------------------------------


def test_duplicate_that_is_our_own_post_is_out(place: LinkedInPlace) -> None:
    first = published(place, Part(text=TEXT))
    assert published(place, Part(text=TEXT)) == first
    assert len(place.server.posts) == 1


def test_duplicate_of_what_stood_there_before_is_refused(place: LinkedInPlace) -> None:
    place.server.add("A statement", ago=timedelta(hours=2))
    with pytest.raises(Refused) as caught:
        published(place, Part(text="A statement"))
    assert (
        caught.value.sentence == "LinkedIn refused the post as a duplicate: a post with the same text is already out."
    )


def test_duplicate_of_a_post_that_was_deleted_is_told_as_such(place: LinkedInPlace) -> None:
    LinkedIn().delete(published(place, Part(text=TEXT)), place.context())
    with pytest.raises(Refused) as caught:
        published(place, Part(text=TEXT))
    assert caught.value.key == "linkedin.ghost"


@pytest.mark.parametrize("fault", [answer(500, "{}"), answer(403, '{"message": "No"}'), answer(200, '{"id": "x"}')])
def test_duplicate_that_cannot_be_read_is_uncertain(place: LinkedInPlace, fault: Fault) -> None:
    first = published(place, Part(text=TEXT))
    place.proxy.fail(fault, method="GET")
    with pytest.raises(Uncertain):
        published(place, Part(text=TEXT))
    assert found(place, Part(text=TEXT)) == first


# --- look-ups ------------------------------------------------------------------------------------


def test_post_beyond_the_first_page_is_found(place: LinkedInPlace) -> None:
    first = published(place, Part(text=TEXT))
    for number in range(60):
        place.server.add(f"Later post {number}")
    assert found(place, Part(text=TEXT)) == first


def test_look_up_ends_where_only_older_posts_follow(place: LinkedInPlace) -> None:
    for number in range(120):
        place.server.add(f"Older post {number}", ago=timedelta(hours=2))
    place.proxy.reset()
    assert found(place, Part(text=TEXT)) is None
    assert place.proxy.paths("GET") == ["/rest/posts"]


def test_old_post_that_was_edited_lately_is_another_post(place: LinkedInPlace) -> None:
    place.server.add("A statement", ago=timedelta(hours=2)).changed = datetime.now(UTC)
    assert found(place, Part(text="A statement")) is None


def test_look_up_gives_no_answer_where_too_much_was_posted(place: LinkedInPlace) -> None:
    for number in range(201):
        place.server.add(f"Later post {number}")
    with pytest.raises(Uncertain):
        found(place, Part(text=TEXT))


def test_post_with_other_pictures_is_another_post(place: LinkedInPlace) -> None:
    published(place, Part(text=TEXT, media=(Media(sha256="a", alt="A bridge"),)))
    assert found(place, Part(text=TEXT)) is None


# --- what LinkedIn refuses -----------------------------------------------------------------------


def test_reason_is_that_of_the_field(place: LinkedInPlace) -> None:
    details = {"inputErrors": [{"code": "FIELD_LENGTH_TOO_LONG", "description": "The commentary is too long"}]}
    error = failed(place, 400, message="Bad request", errorDetails=details)
    assert error.sentence == "LinkedIn refused the post: The commentary is too long. Change it and approve it again."


def test_limit_of_a_day_ends_at_midnight_utc(place: LinkedInPlace) -> None:
    error = failed(
        place, 429, message="Resource level throttle MEMBER DAY limit for calls to this resource is reached."
    )
    assert isinstance(error, RateLimited)
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    assert (error.until.date(), error.until.hour, error.until.minute) == (tomorrow, 0, 1)


def test_version_that_has_ended_says_what_to_do(place: LinkedInPlace) -> None:
    error = failed(place, 426, code="NONEXISTENT_VERSION", message="Requested version 20240401 is not active")
    assert isinstance(error, AccountBlocked)
    assert error.sentence == (
        "LinkedIn has ended the version of its interface that Publisher speaks. Nothing was sent. Update Publisher, or "
        "enter a newer version under Channels, Reconnect; then check the channel again."
    )


def test_end_of_the_version_is_told_two_months_before() -> None:
    assert version_warning(VERSION, version_ends(VERSION) - timedelta(days=61)) == ""
    assert version_warning("202608", date(2027, 7, 1)) == (
        "LinkedIn ends the version of its interface that this channel speaks (202608) about 15 August 2027. Update "
        "Publisher before; or enter a newer version under Reconnect."
    )


def test_version_that_was_entered_is_spoken(place: LinkedInPlace) -> None:
    with pytest.raises(AccountBlocked) as caught:
        verified(place, version="202709")  # which the double has not
    assert caught.value.key == "linkedin.version"
    assert place.server.requests[-1].headers["linkedin-version"] == "202709"


def test_permission_that_is_missing_is_told_in_words(place: LinkedInPlace) -> None:
    error = failed(place, 403, code="ACCESS_DENIED", message="Not enough permissions to access: posts.CREATE")
    assert (type(error), error.key) == (AccountBlocked, "linkedin.permission")


# --- who -----------------------------------------------------------------------------------------


def verified(place: LinkedInPlace, **fields: str) -> Identity:
    given = {**place.fields(), "base_url": place.proxy.url, **fields}
    return LinkedIn().verify(LinkedInCredentials.model_validate(given), place.kept.update)


@pytest.mark.parametrize(
    "page",
    [
        "2414183",
        "press-office",
        "urn:li:organization:2414183",
        "https://www.linkedin.com/company/press-office/posts/?feedView=all",
        "https://www.linkedin.com/company/2414183/admin/dashboard/",
    ],
)
def test_page_is_found_by_its_address_name_or_number(place: LinkedInPlace, page: str) -> None:
    who = verified(place, page=page)
    assert (who.id, who.handle, who.name) == ("2414183", "press-office", "Press Office")
    assert who.url == "https://www.linkedin.com/company/press-office"


@pytest.mark.parametrize("page", ["999", "nobody"])
def test_page_that_is_not_there_is_told(place: LinkedInPlace, page: str) -> None:
    with pytest.raises(AccountBlocked) as caught:
        verified(place, page=page)
    assert caught.value.key == "linkedin.no_page"


@pytest.mark.parametrize("page", ["Press Office", "https://example.org/company/x", "a/b"])
def test_page_that_can_be_none_is_refused_with_the_mend(page: str) -> None:
    with pytest.raises(ValueError, match="a page is its address, https://www"):
        LinkedInCredentials.model_validate({"access_token": "x", "page": page})


def test_member_who_may_not_post_as_the_page_is_told_before_trying(place: LinkedInPlace) -> None:
    place.server.roles = [{"organization": place.server.page, "role": "ANALYST"}]
    with pytest.raises(AccountBlocked) as caught:
        verified(place)
    assert caught.value.key == "linkedin.role"


def test_role_beyond_the_first_hundred_pages_counts(place: LinkedInPlace) -> None:
    others = [{"organization": f"urn:li:organization:{number}", "role": "ADMINISTRATOR"} for number in range(100)]
    place.server.roles = [*others, {"organizationTarget": place.server.page, "role": "ADMINISTRATOR"}]
    assert verified(place).id == "2414183"


def test_token_ends_on_the_day_that_was_entered(place: LinkedInPlace) -> None:
    assert verified(place).expires_at is None
    assert verified(place, expires_on="2099-01-23").expires_at == datetime(2099, 1, 23, tzinfo=UTC)


def test_day_that_is_over_says_nothing_of_a_token_that_works(place: LinkedInPlace) -> None:
    assert verified(place, expires_on="2026-01-23").expires_at is None


def test_day_that_is_none_is_refused_with_the_mend() -> None:
    with pytest.raises(ValueError, match="a day is written like 2027-01-23"):
        LinkedInCredentials.model_validate({"access_token": "x", "page": "1", "expires_on": "23.1.2027"})


def with_app(place: LinkedInPlace) -> Identity:
    app = {"client_id": place.server.client_id, "client_secret": place.server.client_secret}
    return verified(place, expires_on="2027-01-23", **app)


def test_end_of_the_token_is_known_with_the_app(place: LinkedInPlace) -> None:
    assert with_app(place).expires_at == datetime(2027, 1, 15, 8, 0, tzinfo=UTC)


def test_missing_permission_is_named_with_the_app(place: LinkedInPlace) -> None:
    place.server.scopes = "w_organization_social,rw_organization_admin"
    with pytest.raises(AccountBlocked) as caught:
        with_app(place)
    assert caught.value.sentence == (
        "The token lacks r_organization_social. Under Channels press Reconnect and sign in again; where LinkedIn does "
        "not offer it, request the Community Management API first, in the app's settings under Products."
    )


def test_token_that_is_dead_is_told_with_the_app(place: LinkedInPlace) -> None:
    place.server.active = False
    with pytest.raises(AccountBlocked):
        with_app(place)


def test_receipt_leads_to_the_post() -> None:
    assert receipt("urn:li:share:1").url == "https://www.linkedin.com/feed/update/urn:li:share:1/"
