"""X as delivery sees it: check, preview, publish, find, verify, delete, against the double in tests/peers/x.py."""

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PIL import Image
from pydantic import ValidationError

from publisher import errors
from publisher.enums import DocumentKind, Severity, ThreadStyle
from publisher.networks import registry
from publisher.networks.limits import LIMITS
from publisher.networks.x import X
from publisher.networks.x_credentials import XCredentials
from publisher.types import Draft, Media, Part, Receipt, Run
from tests.peers import x as double
from tests.peers.faults import answer, drop
from tests.peers.x import PICTURE, XServer, context_for, multipart

x_server = double.x_server

TEXT = (
    "“Peace is a daily task.” R&D <up> by 3% https://ec.europa.eu/commission/presscorner/detail/en/ip_26_1900?a=1&b=2"
)


def image(width: int = 60, height: int = 40, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(buffer, kind)
    return buffer.getvalue()


def draft(*texts: str, media: tuple[Media, ...] = ()) -> Draft:
    parts = tuple(Part(text=text, media=media) for text in texts)
    return Draft(network="x", kind=DocumentKind.STATEMENT, parts=parts)


def publish(server: XServer, text: str = TEXT, **more: Any) -> Receipt:
    return X().publish(Part(text=text), context_for(server.oauth1_fields(), **more), "hash:0")


# --- publish -----------------------------------------------------------------------------------------------------


def test_registry_has_x() -> None:
    assert isinstance(registry.get("x"), X)


@pytest.mark.parametrize("way", ["oauth1_fields", "oauth2_fields"])
def test_publish_sends_one_post_and_returns_where_it_is(x_server: XServer, way: str) -> None:
    receipt = X().publish(Part(text=TEXT), context_for(getattr(x_server, way)()), "hash:0")
    [post] = x_server.posts
    assert post.text == TEXT
    assert receipt == Receipt(id=post.id, url=f"https://x.com/pressoffice/status/{post.id}")
    assert [request.call for request in x_server.requests] == ["POST /2/tweets"]


def test_publish_sends_what_the_preview_showed(x_server: XServer) -> None:
    preview = X().preview(draft(TEXT))
    publish(x_server)
    assert x_server.requests[0].json == preview.parts[0].payload


def test_publish_makes_a_thread_of_replies(x_server: XServer) -> None:
    first = publish(x_server, "One")
    second = publish(x_server, "Two", thread=(first,))
    publish(x_server, "Three", thread=(first, second))
    assert [post.reply_to for post in x_server.posts] == ["", first.id, second.id]
    assert x_server.requests[-1].json == {"text": "Three", "reply": {"in_reply_to_tweet_id": second.id}}


def test_publish_sends_pictures_with_their_descriptions_before_the_post(x_server: XServer) -> None:
    stored = {"a": image(), "b": image(5000, 10, "JPEG")}
    media = (Media(sha256="a", alt="A blue field"), Media(sha256="b", alt="  A “wide” field – Київ "))
    context = context_for(x_server.oauth1_fields(), load=lambda media: stored[media.sha256])
    X().publish(Part(text="Two pictures", media=media), context, "hash:0")
    assert [request.call for request in x_server.requests] == [
        "POST /2/media/upload",
        "POST /2/media/metadata",
        "POST /2/media/upload",
        "POST /2/media/metadata",
        "POST /2/tweets",
    ]
    first, second = x_server.media.values()
    assert x_server.posts[0].media == (first.id, second.id)
    assert [(item.type, item.category, item.alt) for item in (first, second)] == [
        ("image/png", "tweet_image", "A blue field"),
        ("image/jpeg", "tweet_image", "A “wide” field – Київ"),
    ]
    assert Image.open(io.BytesIO(second.data)).size == (4096, 8)
    assert b"A blue field" in x_server.requests[1].body
    name, kind, data = multipart(x_server.requests[0])["media"]
    assert (name, kind, data) == ("image.png", "image/png", first.data)


def test_publish_waits_for_a_picture_that_x_processes(x_server: XServer) -> None:
    x_server.processing_looks = 3
    part = Part(text="A picture", media=(Media(sha256="a", alt="A field"),))
    X().publish(part, context_for(x_server.oauth1_fields(), load=lambda media: image()), "hash:0")
    assert len(x_server.sent("GET /2/media/upload")) == 3
    assert len(x_server.posts) == 1


@pytest.mark.parametrize(
    ("looks", "fails", "error", "key"),
    [(0, True, errors.Refused, "network.x_media_refused"), (1000, False, errors.Retry, "network.unavailable")],
)
def test_publish_sends_no_post_without_its_picture(
    x_server: XServer, looks: int, fails: bool, error: type[errors.NetworkError], key: str
) -> None:
    x_server.processing_looks, x_server.processing_fails = looks, fails
    part = Part(text="A picture", media=(Media(sha256="a", alt="A field"),))
    with pytest.raises(error) as caught:
        X().publish(part, context_for(x_server.oauth1_fields(), load=lambda media: image()), "hash:0")
    assert caught.value.key == key
    assert x_server.posts == []


@pytest.mark.parametrize("path", ["/2/media/upload", "/2/media/metadata"])
@pytest.mark.parametrize(
    "fault", [drop(after_forwarding=True), answer(503, "<html>"), answer(200, ""), answer(200, "[]")]
)
def test_publish_may_be_tried_again_when_a_picture_did_not_arrive(x_server: XServer, path: str, fault: Any) -> None:
    x_server.fail(fault, path=path)
    part = Part(text="A picture", media=(Media(sha256="a", alt="A field"),))
    context = context_for(x_server.oauth1_fields(), load=lambda media: image())
    with pytest.raises(errors.Retry):
        X().publish(part, context, "hash:0")
    assert x_server.posts == []
    X().publish(part, context, "hash:0")
    assert len(x_server.posts) == 1


def test_publish_is_refused_when_the_picture_is_gone(x_server: XServer) -> None:
    def load(media: Media) -> bytes:
        raise FileNotFoundError("/var/lib/publisher/media/a")

    part = Part(text="A picture", media=(Media(sha256="a", alt="A field"),))
    with pytest.raises(errors.Refused) as caught:
        X().publish(part, context_for(x_server.oauth1_fields(), load=load), "hash:0")
    assert caught.value.key == "media.gone"
    assert x_server.requests == []


@pytest.mark.parametrize(
    "fault",
    [
        drop(after_forwarding=True),
        answer(500, '{"title": "Internal Server Error", "detail": "x"}', after_forwarding=True),
        answer(503, "<html>Over capacity</html>", after_forwarding=True, content_type="text/html"),
        answer(200, "<html>OK</html>", after_forwarding=True, content_type="text/html"),
        answer(200, "", after_forwarding=True),
        answer(201, "[]", after_forwarding=True),
        answer(201, '{"errors": null}', after_forwarding=True),
        answer(403, "[]", after_forwarding=True),
    ],
    ids=["lost answer", "500", "503 page", "200 page", "200 nothing", "list", "errors null", "403 list"],
)
def test_publish_is_uncertain_without_a_clear_answer_and_find_settles_it(x_server: XServer, fault: Any) -> None:
    x_server.fail(fault, method="POST", path="/2/tweets")
    context = context_for(x_server.oauth1_fields())
    with pytest.raises(errors.Uncertain) as caught:
        X().publish(Part(text=TEXT), context, "hash:0")
    assert caught.value.key == "network.uncertain"
    [post] = x_server.posts
    found = X().find(Part(text=TEXT), context, "hash:0")
    assert found == Receipt(id=post.id, url=f"https://x.com/pressoffice/status/{post.id}")


@pytest.mark.parametrize("fault", [drop(after_forwarding=False), answer(503, "")], ids=["closed", "503"])
def test_publish_is_uncertain_also_when_nothing_went_out(x_server: XServer, fault: Any) -> None:
    x_server.fail(fault, method="POST", path="/2/tweets")
    context = context_for(x_server.oauth1_fields())
    with pytest.raises(errors.Uncertain):
        X().publish(Part(text=TEXT), context, "hash:0")
    assert X().find(Part(text=TEXT), context, "hash:0") is None


def test_publish_follows_no_redirect(x_server: XServer) -> None:
    elsewhere = {"Location": f"{x_server.url}/2/elsewhere"}
    x_server.fail(answer(307, "", headers=elsewhere), method="POST", path="/2/tweets")
    with pytest.raises(errors.Uncertain):
        publish(x_server)
    assert [request.call for request in x_server.requests] == ["POST /2/tweets"]


def test_publish_refuses_a_text_that_was_already_out(x_server: XServer) -> None:
    """An older post of the same words is not this one, so the editor must hear of it."""
    x_server.seed(TEXT, created_at=datetime.now(UTC) - timedelta(hours=1))
    with pytest.raises(errors.Refused) as caught:
        publish(x_server)
    assert caught.value.key == "network.duplicate"
    assert len(x_server.posts) == 1


def test_publish_recognises_the_duplicate_that_an_earlier_try_of_its_own_left(x_server: XServer) -> None:
    """The answer was lost, a look came too early, the second try is refused: the post is out all the same."""
    context = context_for(x_server.oauth1_fields())
    x_server.fail(drop(after_forwarding=True), method="POST", path="/2/tweets")
    with pytest.raises(errors.Uncertain):
        X().publish(Part(text=TEXT), context, "hash:0")
    assert X().publish(Part(text=TEXT), context, "hash:0").id == x_server.posts[0].id
    assert len(x_server.posts) == 1


@pytest.mark.parametrize(
    ("switch", "value", "error", "key"),
    [
        ("credits", False, errors.AccountBlocked, "network.x_credits"),
        ("access_token_secret", "another", errors.AccountBlocked, "network.credentials"),
        ("limited_until", datetime(2100, 1, 1, tzinfo=UTC), errors.RateLimited, "network.rate_limited"),
    ],
)
def test_publish_says_what_stands_in_the_way(
    x_server: XServer, switch: str, value: object, error: type[errors.NetworkError], key: str
) -> None:
    context = context_for(x_server.oauth1_fields())
    setattr(x_server, switch, value)
    with pytest.raises(error) as caught:
        X().publish(Part(text=TEXT), context, "hash:0")
    assert caught.value.key == key
    assert x_server.posts == []


def test_publish_waits_as_long_as_x_says(x_server: XServer) -> None:
    x_server.limited_until = datetime(2100, 1, 1, tzinfo=UTC)
    day = datetime(2100, 1, 2, tzinfo=UTC)
    x_server.limit_headers = {
        "x-user-limit-24hour-remaining": "0",
        "x-user-limit-24hour-reset": str(int(day.timestamp())),
    }
    with pytest.raises(errors.RateLimited) as caught:
        publish(x_server)
    assert caught.value.until == day
    assert len(x_server.requests) == 1


def test_publish_tells_of_the_reply_rule_when_a_thread_breaks_off(x_server: XServer) -> None:
    first = publish(x_server, "One")
    x_server.replies_allowed = False
    learnt: dict[str, int] = {}
    saved: dict[str, str] = {}
    with pytest.raises(errors.Refused) as caught:
        publish(x_server, "Two", thread=(first,), learn=learnt.update, save=saved.update)
    assert caught.value.key == "network.x_reply_rule"
    assert [post.text for post in x_server.posts] == ["One"]
    assert (learnt, saved) == ({"no_threads": 1}, {"replies": "no"}), "the next thread becomes one post"


def test_refusal_for_any_other_reason_costs_no_look_up_and_leaves_threads_as_they_are(x_server: XServer) -> None:
    x_server.fail(answer(400, json.dumps({"detail": "Your text is too long."})), method="POST", path="/2/tweets")
    learnt: dict[str, int] = {}
    saved: dict[str, str] = {}
    with pytest.raises(errors.Refused) as caught:
        publish(x_server, learn=learnt.update, save=saved.update)
    assert (caught.value.key, learnt, saved) == ("network.refused", {}, {})
    assert [request.call for request in x_server.requests] == ["POST /2/tweets"]


def test_refusal_of_a_reply_is_told_though_it_cannot_be_kept(x_server: XServer) -> None:
    def full(_: object) -> None:
        raise OSError("no space left")

    first = publish(x_server, "One")
    x_server.replies_allowed = False
    with pytest.raises(errors.Refused):
        publish(x_server, "Two", thread=(first,), learn=full)


def test_publish_tries_a_reply_again_that_came_too_early(x_server: XServer) -> None:
    with pytest.raises(errors.Retry) as caught:
        publish(x_server, "Two", thread=(Receipt(id="17", url=""),))
    assert (caught.value.key, caught.value.after) == ("network.x_parent_missing", 60)


@pytest.mark.parametrize(
    ("text", "key"),
    [("№" * 141, "network.refused"), ("Up: $ABC $DEF", "network.x_cashtags")],
    ids=["too heavy", "cashtags"],
)
def test_what_check_finds_is_what_x_refuses(x_server: XServer, text: str, key: str) -> None:
    assert [issue.field for issue in X().check(draft(text))] == ["text"]
    with pytest.raises(errors.Refused) as caught:
        publish(x_server, text)
    assert caught.value.key == key


# --- find --------------------------------------------------------------------------------------------------------


def test_find_asks_for_five_posts_since_just_before_the_first_try(x_server: XServer) -> None:
    stamp = datetime(2026, 11, 23, 12, 0, 30, tzinfo=UTC)
    assert X().find(Part(text=TEXT), context_for(x_server.oauth1_fields(), stamp=stamp), "hash:0") is None
    [request] = x_server.requests
    assert request.path == "/2/users/2244994945/tweets"
    assert request.query == (
        "max_results=5&start_time=2026-11-23T11%3A59%3A30Z&exclude=retweets"
        "&tweet.fields=created_at%2Centities%2Creferenced_tweets"
    )


def test_find_sees_neither_older_posts_nor_other_ones(x_server: XServer) -> None:
    x_server.seed(TEXT, created_at=datetime.now(UTC) - timedelta(minutes=5))
    x_server.seed("Something else")
    assert X().find(Part(text=TEXT), context_for(x_server.oauth1_fields()), "hash:0") is None


def test_find_looks_behind_the_first_page(x_server: XServer) -> None:
    ours = x_server.seed(TEXT)
    for number in range(7):
        x_server.seed(f"Post {number}")
    found = X().find(Part(text=TEXT), context_for(x_server.oauth1_fields()), "hash:0")
    assert found is not None
    assert found.id == ours.id
    assert len(x_server.requests) == 2


def test_find_stays_uncertain_where_it_cannot_see_everything(x_server: XServer) -> None:
    for number in range(51):
        x_server.seed(f"Post {number}")
    with pytest.raises(errors.Uncertain):
        X().find(Part(text=TEXT), context_for(x_server.oauth1_fields()), "hash:0")
    assert len(x_server.requests) == 10


def test_find_recognises_a_reply_also_where_x_does_not_say_to_what(x_server: XServer) -> None:
    post = {"id": "17", "text": "Two", "created_at": "2026-11-23T12:00:00.000Z"}
    x_server.fail(answer(200, json.dumps({"data": [post], "meta": {"result_count": 1}})))
    context = context_for(x_server.oauth1_fields(), thread=(Receipt(id="16", url=""),))
    assert X().find(Part(text="Two"), context, "hash:1") == Receipt(id="17", url="https://x.com/pressoffice/status/17")


def test_find_tells_parts_of_a_thread_by_what_they_reply_to(x_server: XServer) -> None:
    first, other = x_server.seed("One"), x_server.seed("Another")
    thread = (Receipt(id=first.id, url=""),)
    x_server.seed("Two", reply_to=other.id)
    context = context_for(x_server.oauth1_fields(), thread=thread)
    assert X().find(Part(text="Two"), context, "hash:1") is None
    assert X().find(Part(text="Two"), context_for(x_server.oauth1_fields()), "hash:0") is None
    ours = x_server.seed("Two", reply_to=first.id)
    found = X().find(Part(text="Two"), context, "hash:1")
    assert found is not None
    assert found.id == ours.id


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (answer(200, "{}"), errors.Retry),
        (answer(200, '{"errors": [{"title": "Authorization Error"}]}'), errors.Retry),
        (answer(200, '{"meta": {"result_count": 3}}'), errors.Retry),
        (answer(200, '{"meta": null}'), errors.Retry),
        (answer(200, '{"data": ["1"], "meta": {"result_count": 1}}'), errors.Retry),
        (answer(200, '{"data": [{"id": "1", "text": "https://t.co/a"}], "meta": {"result_count": 1}}'), errors.Retry),
        (answer(200, ""), errors.Retry),
        (answer(503, "<html>"), errors.Retry),
        (drop(after_forwarding=False), errors.Retry),
        (answer(401, ""), errors.AccountBlocked),
        (answer(400, '{"title": "Invalid Request", "detail": "x"}'), errors.Uncertain),
        (answer(404, '{"title": "Not Found", "detail": "x"}'), errors.Uncertain),
    ],
    ids=lambda value: str(value)[:60],
)
def test_find_never_takes_an_unclear_answer_for_no(x_server: XServer, fault: Any, error: type[Exception]) -> None:
    x_server.fail(fault)
    with pytest.raises(error):
        X().find(Part(text=TEXT), context_for(x_server.oauth1_fields()), "hash:0")


# --- verify and delete -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["oauth1_fields", "oauth2_fields"])
def test_verify_says_who_we_are(x_server: XServer, way: str) -> None:
    identity = X().verify(XCredentials(**getattr(x_server, way)()), lambda fields: None)
    assert (identity.id, identity.handle, identity.name) == ("2244994945", "@pressoffice", "Press Office")
    assert (identity.url, identity.avatar) == ("https://x.com/pressoffice", PICTURE)


def test_verify_warns_of_an_app_that_may_only_read(x_server: XServer) -> None:
    x_server.access_level = "read"
    with pytest.raises(errors.AccountBlocked) as caught:
        X().verify(XCredentials(**x_server.oauth1_fields()), lambda fields: None)
    assert caught.value.key == "network.x_app"


@pytest.mark.parametrize(
    ("fault", "error", "key"),
    [
        (answer(401, '{"title": "Unauthorized"}'), errors.AccountBlocked, "network.credentials"),
        (answer(403, '{"detail": "Something new."}'), errors.AccountBlocked, "network.account_blocked"),
        (answer(200, '{"data": {}}'), errors.Retry, "network.unavailable"),
        (answer(500, ""), errors.Retry, "network.unavailable"),
        (drop(after_forwarding=False), errors.Retry, "network.unreachable"),
    ],
)
def test_verify_says_what_is_wrong(x_server: XServer, fault: Any, error: type[errors.NetworkError], key: str) -> None:
    x_server.fail(fault)
    with pytest.raises(error) as caught:
        X().verify(XCredentials(**x_server.oauth1_fields()), lambda fields: None)
    assert caught.value.key == key
    assert caught.value.sentence


def test_delete_twice_is_no_error(x_server: XServer) -> None:
    receipt = publish(x_server)
    for _ in range(2):
        X().delete(receipt, context_for(x_server.oauth1_fields()))
        assert x_server.posts == []
    assert [request.call for request in x_server.requests[1:]] == [f"DELETE /2/tweets/{receipt.id}"] * 2


@pytest.mark.parametrize(
    "gone",
    [
        answer(404, '{"title": "Not Found", "detail": "x"}'),
        answer(200, '{"errors": [{"type": "https://api.twitter.com/2/problems/resource-not-found", "title": "x"}]}'),
    ],
)
def test_delete_of_what_is_gone_is_no_error(x_server: XServer, gone: Any) -> None:
    x_server.fail(gone, method="DELETE")
    X().delete(Receipt(id="17", url=""), context_for(x_server.oauth1_fields()))


@pytest.mark.parametrize(
    "fault", [answer(200, '{"data": {"deleted": false}}'), answer(500, ""), drop(after_forwarding=True)]
)
def test_delete_may_be_repeated_until_it_is_confirmed(x_server: XServer, fault: Any) -> None:
    receipt = publish(x_server)
    x_server.fail(fault, method="DELETE")
    with pytest.raises(errors.Retry):
        X().delete(receipt, context_for(x_server.oauth1_fields()))


# --- check and preview -------------------------------------------------------------------------------------------


def test_check_warns_of_threads() -> None:
    [issue] = X().check(draft("One", "Two"))
    assert (issue.field, issue.key, issue.severity) == ("thread", "check.x_thread", Severity.WARNING)
    assert issue.message


@pytest.mark.parametrize(("replies", "thread"), [("no", ThreadStyle.NONE), ("yes", ThreadStyle.CHAIN)])
def test_account_that_may_not_answer_itself_has_no_threads(
    x_server: XServer, replies: str, thread: ThreadStyle
) -> None:
    context = context_for({**x_server.oauth1_fields(), "replies": replies})
    limits = LIMITS["x"].adjusted(X().verify(context.credentials, context.save).limits)
    assert limits.thread is thread
    keys = [issue.key for issue in X().check(draft("One", "Two"), limits)]
    assert keys == (["check.x_one_post"] if replies == "no" else ["check.x_thread"])


def test_check_names_the_part_with_too_many_cashtags() -> None:
    issues = X().check(draft("One $ABC", "Two $ABC $DEF"))
    [issue] = [issue for issue in issues if issue.key == "check.x_cashtags"]
    assert (issue.field, issue.params, issue.severity) == ("parts.1.text", {"count": 2}, Severity.ERROR)
    assert issue.message


@pytest.mark.parametrize(
    ("text", "issues"),
    [
        ("a" * 280, 0),
        ("a" * 281, 1),
        ("№" * 140, 0),
        ("Київ" * 70, 0),
        ("a" * 256 + " https://example.eu/" + "b" * 500, 0),
    ],
)
def test_check_counts_as_x_counts(text: str, issues: int) -> None:
    assert len(X().check(draft(text))) == issues


def test_preview_shows_text_length_and_request() -> None:
    [part] = X().preview(draft("Read https://www.example.eu/commission/statement/17 @EU")).parts
    assert part.runs == (
        Run(text="Read "),
        Run(text="example.eu/commission/sta…", href="https://www.example.eu/commission/statement/17"),
        Run(text=" "),
        Run(text="@EU", href="https://x.com/EU"),
    )
    assert (part.length, part.limit) == (5 + 23 + 1 + 3, 280)
    assert part.payload == {"text": "Read https://www.example.eu/commission/statement/17 @EU"}


# --- credentials -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "Enter the four keys and tokens of OAuth 1.0a, or a client ID with tokens of OAuth 2.0"),
        ({"consumer_key": "a-key"}, "Still missing: API key secret, Access token, Access token secret"),
        ({"client_id": "an-id"}, "Still missing: OAuth 2.0 access token, OAuth 2.0 refresh token"),
        (
            {"consumer_key": "a-key", "client_id": "an-id", "oauth2_access_token": "a-token"},
            "Still missing: OAuth 2.0 refresh token",
        ),
        ({"consumer_key": "ключ-ключ"}, "holds a character that no key has: copy it again from console.x.com"),
    ],
)
def test_credentials_say_what_is_missing(fields: dict[str, str], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        XCredentials(**fields)  # type: ignore[arg-type]  # pydantic makes the secrets
    assert caught.value.errors()[0]["msg"] == f"Value error, {message}"
    assert not any(value in str(caught.value) for value in fields.values())


def test_credentials_are_stripped_of_what_a_paste_brings(x_server: XServer) -> None:
    fields = {name: f" {value}\n" for name, value in x_server.oauth1_fields().items()}
    assert X().verify(XCredentials(**fields), lambda fields: None).handle == "@pressoffice"  # type: ignore[arg-type]


def test_the_base_url_loses_its_last_slash() -> None:
    fields = {"client_id": "a", "oauth2_access_token": "b", "oauth2_refresh_token": "c"}
    assert XCredentials(**fields, base_url="https://x.example/api/").base_url == "https://x.example/api"  # type: ignore[arg-type]
    assert XCredentials(**fields).base_url == "https://api.x.com"  # type: ignore[arg-type]


# --- the double itself -------------------------------------------------------------------------------------------


def test_the_double_checks_signatures(x_server: XServer) -> None:
    fields = x_server.oauth1_fields()
    for name in ("consumer_key", "consumer_secret", "access_token", "access_token_secret"):
        with pytest.raises(errors.AccountBlocked):
            X().verify(XCredentials(**{**fields, name: "another"}), lambda fields: None)  # type: ignore[arg-type]
