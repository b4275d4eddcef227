"""The queue: what it shows, how it renews itself, how much it asks of the database."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publisher.models import Post, Source
from publisher.newsroom.approval import review
from publisher.newsroom.record import audit
from publisher.types import Card, Media, Part
from publisher.web import shown
from tests.factories import make_channel, make_document, make_post, make_rule, make_source, make_user
from tests.web.conftest import HTMX
from tests.web.pages import one, parse, text

SHA = "a" * 64


def test_queue_shows_document_with_kind_source_age_and_language(approver: Client) -> None:
    source = make_source(name="EEAS")
    came_out = timezone.now() - timedelta(hours=3)
    make_post(make_document(source, kind="speech", title="On the future", published_at=came_out, language="fr"))

    page = approver.get("/")

    assert text(page, ".document .meta") == ["Speech · EEAS · 3 h ago · French"]
    assert text(page, ".document h2") == ["On the future"]
    assert one(page, ".document time").attributes["title"].endswith("(Europe/Brussels)")


def test_day_of_publication_is_all_that_is_said_where_the_source_says_no_more(approver: Client) -> None:
    day = timezone.now().replace(year=2026, month=3, day=2, hour=11)
    make_post(make_document(published_at=day, precision="day"))
    assert text(approver.get("/"), ".document time") == ["Mon 2 Mar 2026"]


def test_newest_document_comes_first(approver: Client) -> None:
    now = timezone.now()
    make_post(make_document(title="Older", first_seen_at=now - timedelta(hours=1)))
    make_post(make_document(title="Newer", first_seen_at=now))
    assert text(approver.get("/"), ".document h2") == ["Newer", "Older"]


@pytest.mark.parametrize(
    ("network", "counter"),
    [("x", "30 / 280"), ("bluesky", "47 / 300"), ("mastodon", "30 / 500"), ("sandbox", "47 / 300")],
)
def test_preview_looks_like_its_network_and_counts_as_it_does(approver: Client, network: str, counter: str) -> None:
    parts = (Part(text="Words: https://press.example.org/detail/longer1"),)
    channel = make_channel(network)
    make_post(channel=channel, parts=parts)

    page = approver.get("/")

    assert one(page, ".preview").attributes["class"] == f"preview net-{network}"
    assert text(page, ".preview .by b") == [channel.account["name"]]
    assert text(page, ".preview .handle") == [f"@{channel.handle}"]
    assert text(page, ".preview .length") == [f"Length: {counter}"]
    link = one(page, ".preview .words a")
    assert link.attributes["href"] == "https://press.example.org/detail/longer1"
    assert link.text().startswith("press.example.org/detail")


def test_preview_shows_card_images_and_their_descriptions(approver: Client) -> None:
    card = Card(url="https://www.example.org/a", title="The title", description="About it")
    make_post(parts=(Part(text="With a card", card=card),))
    page = approver.get("/")
    assert text(page, ".preview .card") == ["From example.orgThe titleAbout it"]

    Post.objects.all().delete()
    make_post(parts=(Part(text="Picture", media=(Media(sha256=SHA, alt="Two flags", type="image/jpeg"),)),))
    page = approver.get("/")
    image = one(page, ".preview img")
    shown = f"/channels/{Post.objects.get().channel_id}/media/{SHA}/"
    assert (image.attributes["src"], image.attributes["alt"]) == (shown, "Two flags")
    assert text(page, ".preview .alts li") == ["ALT Two flags"]


def test_thread_is_shown_as_connected_parts(approver: Client) -> None:
    make_post(parts=(Part(text="One"), Part(text="Two"), Part(text="Three")))
    page = approver.get("/")
    assert "thread" in (one(page, ".preview").attributes["class"] or "")
    names = [part.attributes["aria-label"] for part in parse(page).css(".preview .part")]
    assert names == ["Part 1 of 3", "Part 2 of 3", "Part 3 of 3"]


def test_issue_stands_beside_its_part_and_stops_the_approval(approver: Client) -> None:
    make_post(parts=(Part(text="Fine"), Part(text="x" * 301)))
    page = approver.get("/")
    assert text(page, ".part + .issue") == ["The text is too long: 301 of 300."]
    assert text(page, ".length.over") == ["Length: 301 / 300"]
    assert parse(page).css_first('[data-key="a"]') is None


def test_text_from_outside_is_text(approver: Client) -> None:
    """Titles, leads, names and posts come from feeds and networks."""
    hostile = '<img src=x onerror="alert(1)">"\'<script>alert(2)</script>'
    channel = make_channel(
        name=hostile, account={"id": "1", "handle": hostile, "name": hostile, "url": "javascript:alert(3)"}
    )
    source = make_source(name=hostile, problem=hostile)
    document = make_document(source, title=hostile, lead=hostile, body=hostile, url="javascript:alert(4)")
    card = Card(url="javascript:alert(5)", title=hostile, description=hostile)
    media = (Media(alt=hostile),)
    post = make_post(document, channel, parts=(Part(text=hostile, media=media, card=card),))
    make_post(make_document(source), channel, state="published", url="javascript:alert(6)")
    audit.record(hostile, "post", post.pk, "edit", reason=hostile)

    paths = ["/", f"/documents/{document.pk}/", f"/documents/{document.pk}/text/", f"/posts/{post.pk}/edit/"]
    for path in [*paths, "/published/", "/sources/", "/channels/", "/history/", "/rules/"]:
        page = parse(approver.get(path))
        assert [node.attributes.get("src") for node in page.css("script")] == [
            node.attributes.get("src") for node in page.css("head script")
        ], path
        assert page.css("[onerror]") == [], path
        assert [node for node in page.css("a") if (node.attributes["href"] or "").startswith("javascript")] == [], path


def test_word_that_nothing_waits_goes_only_where_it_stands(approver: Client) -> None:
    """htmx complains in the browser's log about a piece whose place is not on the page."""
    first, second = make_post(), make_post()
    for told, said in (({}, True), ({"document": first.document_id, "post": first.pk}, False)):
        page = approver.get("/queue/changes/", {"token": "-", "page": 1, **told}, **HTMX).content.decode()
        assert ('<div id="empty" hx-swap-oob="delete">' in page, str(second.document.title) in page) == (said, True)


def test_empty_queue_says_what_to_do_next(administrator: Client) -> None:
    assert text(administrator.get("/"), "#empty h2") == ["No source is watched yet"]
    assert one(administrator.get("/"), "#empty a").attributes["href"] == "/sources/add/"
    make_source()
    assert text(administrator.get("/"), "#empty h2") == ["No channel is connected yet"]
    make_channel()
    assert text(administrator.get("/"), "#empty h2") == ["All done"]


def test_sample_newsroom_is_explained_and_can_be_removed(administrator: Client, viewer: Client) -> None:
    make_source(sample=True)
    page = administrator.get("/")
    assert text(page, ".steps h2") == ["This is the sample newsroom"]
    assert parse(page).css_first('.steps a[href="/timeline/"]') is not None
    assert parse(viewer.get("/")).css_first('form[action="/sample/remove/"]') is None

    assert administrator.post("/sample/remove/").headers["Location"] == "/"
    assert not Source.objects.exists()
    assert text(administrator.get("/"), "#status p") == [
        "The sample newsroom is gone. Add your own sources and channels."
    ]


def _poll(client: Client, **told: Any) -> Any:
    return client.get("/queue/changes/", told, **HTMX)


def test_nothing_new_is_answered_with_nothing(approver: Client) -> None:
    page = approver.get("/")
    address = one(page, "#changes").attributes["hx-get"]
    assert address == "/queue/changes/?token=0&page=1"
    assert approver.get(address, **HTMX).status_code == 204


def test_new_document_arrives_at_the_top_by_itself(approver: Client) -> None:
    old = make_post()
    new = make_post(make_document(title="Just in"))
    told = {"document": [old.document_id], "post": [old.pk], "seen": [f"{old.pk}:{shown.mark(old)}"]}

    answer = _poll(approver, token="before", **told)

    assert one(answer, '[hx-swap-oob="afterbegin:#queue"] .document').attributes["id"] == f"document-{new.document_id}"
    assert parse(answer).css_first(f"#post-{old.pk}") is None
    assert one(answer, "#changes").attributes["hx-get"] == "/queue/changes/?token=0&page=1"
    assert text(answer, "#count-review") == ["(2 posts wait)"]


def test_post_that_moved_on_is_renewed(approver: Client) -> None:
    post = make_post()
    seen = f"{post.pk}:{shown.mark(post)}"
    review.reject(post.pk, make_user(), revision_id=post.revision_id or 0, reason="Not ours")

    answer = _poll(approver, token="0", document=[post.document_id], post=[post.pk], seen=[seen])

    renewed = one(answer, f"#post-{post.pk}")
    assert renewed.attributes["hx-swap-oob"] == "true"
    assert text(answer, f"#post-{post.pk} .why") == ["Not ours"]


def test_post_that_is_being_edited_is_left_alone(approver: Client) -> None:
    """An editor on the screen tells its post but not what it has seen, so nothing wipes what is typed there."""
    post = make_post()
    form = approver.get(f"/posts/{post.pk}/edit/", **HTMX)
    told = [node.attributes["name"] for node in parse(form).css("[data-told]")]
    assert told == ["post"]

    review.reject(post.pk, make_user(), revision_id=post.revision_id or 0, reason="Not ours")
    answer = _poll(approver, token="0", document=[post.document_id], post=[post.pk])
    assert parse(answer).css_first(f"#post-{post.pk}") is None


def test_post_for_another_channel_joins_its_document(approver: Client) -> None:
    first = make_post()
    second = make_post(first.document)
    told = {"document": [first.document_id], "post": [first.pk], "seen": [f"{first.pk}:{shown.mark(first)}"]}
    answer = _poll(approver, token="before", **told)
    assert [
        node.attributes["id"]
        for node in parse(answer).css(f'[hx-swap-oob="beforeend:#posts-{first.document_id}"] .post')
    ] == [f"post-{second.pk}"]


@pytest.mark.parametrize("told", [{"seen": "x:y"}, {"seen": "::"}, {"page": "-3"}, {"page": "x"}, {"document": "é"}])
def test_nonsense_about_what_is_shown_is_no_error(approver: Client, told: dict[str, str]) -> None:
    assert _poll(approver, token="before", **told).status_code == 200


def _count(client: Client, path: str) -> int:
    client.get(path)  # what is read once per process is not counted
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


LISTS = ["/", "/published/", "/documents/", "/sources/", "/channels/", "/rules/", "/team/", "/history/"]


@pytest.mark.parametrize("path", LISTS)
def test_page_of_three_asks_the_database_as_often_as_a_page_of_one(administrator: Client, path: str) -> None:
    from tests.factories import make_rule

    def add() -> None:
        source, channel, other = make_source(), make_channel(), make_channel("x")
        make_post(make_document(source), channel)
        make_post(make_document(source), other)
        make_post(make_document(source), channel, state="published")
        make_rule().sources.add(source)
        make_user("viewer")
        audit.record("alice@example.org", "source", source.pk, "add")

    add()
    for_one = _count(administrator, path)
    add()
    add()
    assert _count(administrator, path) == for_one


def test_post_that_waits_for_another_reason_is_renewed(approver: Client) -> None:
    """It was sent and put off within one look of the page: the same state, and yet something to tell."""
    post = make_post(state="scheduled")
    seen = f"{post.pk}:{shown.mark(post)}"
    Post.objects.filter(pk=post.pk).update(reason="The network asks us to wait.")
    answer = _poll(approver, token="before", document=[post.document_id], post=[post.pk], seen=[seen])
    assert text(answer, f"#post-{post.pk} .why")[0] == "The network asks us to wait."


def test_viewer_is_told_no_step_that_only_an_administrator_may_take(viewer: Client, administrator: Client) -> None:
    make_source(sample=True)
    assert [len(text(client.get("/"), ".steps li")) for client in (viewer, administrator)] == [2, 3]


def test_post_that_a_rule_sends_soon_counts_down_in_the_queue_and_one_key_holds_it(editor: Client) -> None:
    due = timezone.now() + timedelta(hours=1, minutes=2, seconds=30)
    rule = make_rule(name="By itself", mode="automatic")
    post = make_post(state="scheduled", due_at=due, counts_down=True, rule=rule)
    make_post(state="scheduled")

    page = editor.get("/")

    (said,) = text(page, "[data-post] .why b")
    assert re.fullmatch("The rule “By itself” sends it by itself in 1:02:[0-3][0-9]", said)
    assert one(page, "[data-countdown]").attributes["datetime"] == due.isoformat()
    assert text(page, '[data-key="h"]') == [f"Hold it {post.channel}"]

    held = editor.post(f"/posts/{post.pk}/unschedule/", headers=HTMX)
    post.refresh_from_db()
    assert (post.state, post.counts_down) == ("review", False)
    assert parse(held).css_first("[data-countdown]") is None
