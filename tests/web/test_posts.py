"""Acting on a post: every action in every state, undo, editing, what is typed is never lost."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from publisher.enums import Outcome, PostState
from publisher.models import Channel, Post, PostFigures, Revision
from publisher.newsroom.approval import review
from publisher.newsroom.sending import holds
from publisher.types import Card, Media, Part, PreviewPart
from publisher.web.shown import ShownPart
from tests.factories import make_attempt, make_channel, make_document, make_post, make_user
from tests.web.conftest import HTMX
from tests.web.pages import buttons, one, parse, text

FUTURE = "2099-07-01T10:30"
S = PostState

ACTIONS: dict[str, dict[str, Any]] = {
    "approve": {},
    "reject": {"reason": "Not ours"},
    "schedule": {"at": FUTURE},
    "reschedule": {"at": FUTURE},
    "send-now": {},
    "send-anyway": {},
    "unschedule": {},
    "reopen": {},
    "retry": {},
    "leave": {},
    "decide": {"out": "no"},
}
ALLOWED: dict[tuple[str, str], str] = {
    (S.REVIEW, "approve"): S.SCHEDULED,
    (S.REVIEW, "reject"): S.REJECTED,
    (S.REVIEW, "schedule"): S.SCHEDULED,
    (S.SCHEDULED, "reschedule"): S.SCHEDULED,
    (S.SCHEDULED, "send-now"): S.SCHEDULED,
    (S.SCHEDULED, "send-anyway"): S.SCHEDULED,
    (S.SCHEDULED, "unschedule"): S.REVIEW,
    (S.REJECTED, "reopen"): S.REVIEW,
    (S.EXPIRED, "reopen"): S.REVIEW,
    (S.FAILED, "retry"): S.SCHEDULED,
    (S.UNCERTAIN, "decide"): S.FAILED,
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", [state for state in PostState if state is not S.DRAFT])
def test_action_works_in_its_state_and_in_no_other(approver: Client, state: str, action: str) -> None:
    post = make_post(state=state, pace="waits" if (state, action) == (S.SCHEDULED, "send-anyway") else "")
    make_attempt(post)
    answer = approver.post(f"/posts/{post.pk}/{action}/", {"revision": post.revision_id, **ACTIONS[action]}, **HTMX)
    after = Post.objects.get(pk=post.pk).state
    if (state, action) in ALLOWED:
        assert (answer.status_code, after) == (200, ALLOWED[state, action])
    else:
        assert (answer.status_code, after) == (409, state)
        assert answer.headers["HX-Retarget"] == "#status"


OFFERED = {
    S.REVIEW: ["Approve and send", "Edit", "Schedule", "Approve for then", "Reject", "Reject it"],
    S.SCHEDULED: ["Back to review", "Send now", "Another time", "Change the time"],
    S.SENDING: [],
    S.PROCESSING: [],
    S.UNCERTAIN: ["It is out", "It is not out"],
    S.PUBLISHED: ["Withdraw"],
    S.FAILED: ["Send again", "Edit"],
    S.REJECTED: ["Back to review"],
    S.EXPIRED: ["Back to review"],
    S.WITHDRAWN: [],
}


@pytest.mark.parametrize("state", OFFERED)
def test_next_step_is_offered_in_every_state(approver: Client, state: PostState) -> None:
    post = make_post(state=state)
    assert buttons(approver.get(f"/documents/{post.document_id}/"), ".post") == OFFERED[state]


@pytest.mark.parametrize("state", [state for state in OFFERED if state is not S.REVIEW])
def test_published_page_lists_it_with_its_sentence_and_next_step(approver: Client, state: PostState) -> None:
    post = make_post(state=state, reason="A sentence about it.")
    page = approver.get(f"/published/?state={state}")
    if state is S.PROCESSING:
        page = approver.get("/published/")
    assert text(page, ".row .title") == [post.document.title]
    assert text(page, ".row .why")[0] == "A sentence about it."
    assert buttons(page, ".row") == OFFERED[state]


def test_published_post_links_to_where_followers_see_it(approver: Client) -> None:
    post = make_post(channel=make_channel("bluesky"), state=S.PUBLISHED)
    link = one(approver.get("/published/"), ".row .why a")
    assert (link.attributes["href"], link.text()) == (post.url, "See it on Bluesky")


def test_approve_answers_with_the_post_and_a_sentence(approver: Client, htmx: Callable[..., Any]) -> None:
    post = make_post()
    answer = htmx(approver, f"/posts/{post.pk}/approve/", {"revision": post.revision_id}, target=f"post-{post.pk}")
    assert one(answer, ".post").attributes["id"] == f"post-{post.pk}"
    assert text(answer, ".toast p") == [f"Approved for {post.channel}. It is going out now."]
    assert parse(answer).css_first('[data-key="u"]') is None  # what is going out cannot be taken back


def test_action_in_a_list_answers_with_the_row(approver: Client, htmx: Callable[..., Any]) -> None:
    post = make_post(state=S.FAILED)
    answer = htmx(approver, f"/posts/{post.pk}/retry/", target=f"row-{post.pk}")
    assert one(answer, ".row").attributes["id"] == f"row-{post.pk}"


def test_without_htmx_the_person_comes_back_to_where_they_acted(approver: Client) -> None:
    post = make_post()
    path, data = f"/posts/{post.pk}/approve/", {"revision": post.revision_id}
    answer = approver.post(path, data, HTTP_REFERER="http://testserver/?page=2")
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://testserver/?page=2")
    assert text(approver.get("/published/"), "#status p") == [f"Approved for {post.channel}. It is going out now."]


def test_nobody_is_led_to_another_site(approver: Client) -> None:
    post = make_post()
    path, data = f"/posts/{post.pk}/approve/", {"revision": post.revision_id}
    answer = approver.post(path, data, HTTP_REFERER="https://evil.example/")
    assert answer.headers["Location"] == f"/documents/{post.document_id}/#post-{post.pk}"


def test_approval_is_for_what_was_on_the_screen(approver: Client) -> None:
    post = make_post()
    seen = post.revision_id
    review.edit(post.pk, make_user(), revision_id=seen or 0, parts=[Part(text="Somebody else's words")])
    answer = approver.post(f"/posts/{post.pk}/approve/", {"revision": seen})
    assert (answer.status_code, Post.objects.get(pk=post.pk).state) == (409, "review")


def test_draft_that_the_network_would_refuse_is_not_approved(approver: Client) -> None:
    post = make_post(parts=(Part(text="x" * 301),))
    answer = approver.post(f"/posts/{post.pk}/approve/", {"revision": post.revision_id}, **HTMX)
    assert (answer.status_code, Post.objects.get(pk=post.pk).state) == (422, "review")
    assert "The text is too long: 301 of 300." in text(answer, ".toast p")[0]


def test_approve_all_takes_what_was_seen_and_says_what_did_not_work(approver: Client) -> None:
    document = make_document()
    good, long, unseen = make_post(document), make_post(document, parts=(Part(text="x" * 301),)), make_post(document)
    seen = [f"{post.pk}:{post.revision_id}:review" for post in (good, long)]

    answer = approver.post(f"/documents/{document.pk}/approve/", {"seen": seen}, **HTMX)

    states = dict(Post.objects.values_list("pk", "state"))
    assert states == {good.pk: "scheduled", long.pk: "review", unseen.pk: "review"}
    (sentence,) = text(answer, ".toast p")
    assert sentence.startswith(f"{good.channel}: It is going out now. {long.channel}: ")
    assert [node.attributes["id"] for node in parse(answer).css(".post")] == [f"post-{good.pk}", f"post-{long.pk}"]


def test_approve_all_of_what_is_done_says_so(approver: Client) -> None:
    post = make_post(state=S.REJECTED)
    answer = approver.post(f"/documents/{post.document_id}/approve/", {"seen": f"{post.pk}:{post.revision_id}"}, **HTMX)
    assert text(answer, ".toast p") == ["No post of this document waits for approval any more."]


def test_schedule_is_read_on_the_newsrooms_clock(approver: Client) -> None:
    post = make_post()
    page = approver.get("/")
    assert text(page, f'label[for="at-{post.pk}"]') == ["When (Europe/Brussels)"]

    answer = approver.post(f"/posts/{post.pk}/schedule/", {"revision": post.revision_id, "at": FUTURE}, **HTMX)

    assert Post.objects.get(pk=post.pk).due_at == datetime(2099, 7, 1, 10, 30, tzinfo=ZoneInfo("Europe/Brussels"))
    assert "Wed 1 Jul 2099, 10:30 (Europe/Brussels)" in text(answer, ".toast p")[0]


@pytest.mark.parametrize(
    ("at", "why"),
    [
        ("2020-01-01T10:00", "That time has passed. Choose a later one."),
        ("2099-03-29T02:30", "couldn’t be interpreted in time zone"),  # the clock skips this hour
        ("tomorrow", "Enter a valid date/time."),
        ("", "This field is required."),
    ],
)
def test_time_that_cannot_be_is_asked_for_again(approver: Client, at: str, why: str) -> None:
    post = make_post()
    answer = approver.post(f"/posts/{post.pk}/schedule/", {"revision": post.revision_id, "at": at}, **HTMX)
    assert (answer.status_code, Post.objects.get(pk=post.pk).state) == (422, "review")
    assert why in text(answer, ".toast p")[0]


@pytest.mark.parametrize(("action", "data"), [("reject", {"reason": "Not ours"}), ("schedule", {"at": FUTURE})])
def test_what_can_be_undone_offers_it(approver: Client, action: str, data: dict[str, str]) -> None:
    post = make_post()
    answer = approver.post(f"/posts/{post.pk}/{action}/", {"revision": post.revision_id, **data}, **HTMX)
    undo = one(answer, ".toast form").attributes["action"]
    assert approver.post(undo or "").status_code == 302
    assert Post.objects.get(pk=post.pk).state == "review"


def test_rejection_needs_a_reason_and_shows_it(approver: Client) -> None:
    post = make_post()
    answer = approver.post(f"/posts/{post.pk}/reject/", {"revision": post.revision_id, "reason": " "}, **HTMX)
    assert text(answer, ".toast p") == ["Why?: This field is required."]
    approver.post(f"/posts/{post.pk}/reject/", {"revision": post.revision_id, "reason": "Not ours"})
    assert text(approver.get("/published/?state=rejected"), ".row .why") == ["Not ours"]


def test_person_says_that_an_uncertain_post_is_out(approver: Client) -> None:
    post = make_post(state=S.UNCERTAIN)
    attempt = make_attempt(post)
    answer = approver.post(f"/posts/{post.pk}/decide/", {"out": "yes", "url": "https://social.example.org/1"}, **HTMX)
    post.refresh_from_db()
    attempt.refresh_from_db()
    assert (post.state, post.url, attempt.outcome) == ("published", "https://social.example.org/1", Outcome.PUBLISHED)
    assert text(answer, ".toast p") == ["Noted: it is out."]


def test_withdrawal_is_asked_for_twice_and_says_that_it_cannot_be_undone(approver: Client) -> None:
    post = make_post(state=S.PUBLISHED)
    page = approver.get(f"/posts/{post.pk}/withdraw/")
    assert "this cannot be undone" in text(page, "main p")[0]
    assert Post.objects.get(pk=post.pk).state == "published"


def test_row_that_is_on_its_way_asks_only_whether_it_moved(approver: Client) -> None:
    post = make_post(state=S.SENDING)
    address = one(approver.get("/published/"), ".row [hx-get]").attributes["hx-get"] or ""
    assert approver.get(address, **HTMX, HTTP_HX_TARGET=f"row-{post.pk}").status_code == 204
    Post.objects.filter(pk=post.pk).update(
        state="published", published_at=timezone.now(), claimed_by="", claimed_until=None
    )
    assert text(approver.get(address, **HTMX, HTTP_HX_TARGET=f"row-{post.pk}"), ".row .state") == ["Published"]


def test_title_of_a_video_stands_out_and_no_description_is_missed_where_there_are_none(approver: Client) -> None:
    video = Media(sha256="a" * 64, type="video/mp4")
    posts = [
        make_post(make_document(), make_channel(network), parts=(Part(text="Title\n\nText", media=(video,)),))
        for network in ("youtube", "threads")
    ]
    pages = [approver.get(f"/documents/{post.document_id}/") for post in posts]
    assert [text(page, ".words") for page in pages] == [["Title", "Text"], ["Title Text"]]
    assert [text(page, ".preview .alts li") for page in pages] == [[], ["ALT missing"]]


def test_text_behind_the_fold_of_a_network_is_shown_apart_and_the_doubts_in_it_too(approver: Client) -> None:
    words = "The first line says it all.\n\nThe second one tells of 4,711 things."
    post = make_post(make_document(), make_channel("instagram"), parts=(Part(text=words),))
    link = f"https://press.example.org/{'detail' * 20}"
    make_post(post.document, make_channel("facebook"), parts=(Part(text=f"Words {link}"),))
    page = approver.get(f"/documents/{post.document_id}/")
    assert text(page, ".net-facebook .folded a") == [link], "no link is cut in two"
    assert text(page, ".net-facebook .words > a") == []
    assert text(page, ".net-instagram .folded") == ["The second one tells of 4,711 things."]
    assert text(page, ".folded mark") == ["4,711"]
    assert (one(page, ".net-instagram .words").text() or "").startswith("The first line says it all.… more")


@pytest.mark.parametrize(
    ("sizes", "classes"),
    [
        ([(1600, 900)], "n1 wide"),
        ([(1600, 900), (1600, 900)], "n2 wide"),
        ([(1600, 900), (900, 900)], "n2"),
        ([(900, 1600), (1600, 900), (1600, 900)], "n3 tall"),
        ([(0, 0)] * 6, "n6 many"),
    ],
)
def test_pictures_are_laid_out_by_number_and_shape(sizes: list[tuple[int, int]], classes: str) -> None:
    media = tuple(Media(width=width, height=height) for width, height in sizes)
    part = PreviewPart(runs=(), length=0, limit=0, media=media)
    assert ShownPart(part=part, issues=[], pieces=[]).tiles == classes


# --- the editor


MEDIA = (Media(sha256="a" * 64, alt="A flag", type="image/jpeg"), Media(sha256="b" * 64, alt="", type="image/jpeg"))
CARD = Card(url="https://example.org", title="Card")


def _form(post: Post, **changes: Any) -> dict[str, Any]:
    return {"revision": post.revision_id, "base": post.revision_id, "origin": ["0"], "text": ["New words"], **changes}


def _parts(post: Post) -> tuple[Part, ...]:
    revision = Post.objects.select_related("revision").get(pk=post.pk).revision
    assert revision
    return revision.content


def test_edit_changes_text_and_descriptions_and_keeps_the_rest(approver: Client) -> None:
    post = make_post(parts=(Part(text="Old", media=MEDIA, card=CARD),))
    form = _form(post, text=["New\r\nwords"], **{"alt-0-1": "Two \r\n people"})

    answer = approver.post(f"/posts/{post.pk}/edit/", form, **HTMX)

    described = (MEDIA[0], Media(sha256="b" * 64, alt="Two people", type="image/jpeg"))
    assert _parts(post) == (Part(text="New\nwords", media=described, card=CARD),)
    assert text(answer, ".toast p") == [f"Saved for {post.channel}."]
    assert one(answer, ".post").attributes["class"] == "post is-review"


def test_edit_without_htmx_leads_to_the_document(approver: Client) -> None:
    post = make_post()
    answer = approver.post(f"/posts/{post.pk}/edit/", _form(post), HTTP_REFERER="http://testserver/posts/1/edit/")
    assert answer.headers["Location"] == f"/documents/{post.document_id}/#post-{post.pk}"
    assert _parts(post) == (Part(text="New words"),)


def test_edit_leaves_images_and_card_out_when_asked(approver: Client) -> None:
    post = make_post(parts=(Part(text="Old", media=MEDIA, card=CARD),))
    approver.post(f"/posts/{post.pk}/edit/", _form(post, **{"drop-0-0": "on", "nocard-0": "on", "alt-0-1": "B"}))
    assert _parts(post) == (Part(text="New words", media=(Media(sha256="b" * 64, alt="B", type="image/jpeg"),)),)


def test_part_can_be_added_and_removed_before_anything_is_saved(approver: Client) -> None:
    post = make_post(parts=(Part(text="One"), Part(text="Two")))
    path = f"/posts/{post.pk}/edit/"
    both = _form(post, origin=["0", "1"], text=["First", "Second"])

    more = approver.post(path, {**both, "do": "add"}, **HTMX)
    assert [node.text().strip() for node in parse(more).css("textarea[name=text]")] == ["First", "Second", ""]
    fewer = approver.post(path, {**both, "do": "remove-0"}, **HTMX)
    assert [node.text().strip() for node in parse(fewer).css("textarea[name=text]")] == ["Second"]
    assert [node.attributes["value"] for node in parse(fewer).css("input[name=origin]")] == ["1"]
    assert _parts(post) == (Part(text="One"), Part(text="Two"))

    approver.post(path, _form(post, origin=["1", "new"], text=["Second", "Third"]))
    assert _parts(post) == (Part(text="Second"), Part(text="Third"))


def test_conflict_keeps_what_was_typed_and_shows_the_other_text(approver: Client) -> None:
    post = make_post(parts=(Part(text="Old", media=MEDIA),))
    form = _form(post, text=["My words"])
    review.edit(post.pk, make_user(), revision_id=post.revision_id or 0, parts=[Part(text="Their words")])

    answer = approver.post(f"/posts/{post.pk}/edit/", form, **HTMX)

    assert answer.status_code == 409
    assert one(answer, "textarea[name=text]").text().strip() == "My words"
    assert text(answer, ".theirs .words") == ["Their words"]
    again = {name: one(answer, f"input[name={name}]").attributes["value"] for name in ("revision", "base")}
    assert again["base"] == str(post.revision_id)
    approver.post(f"/posts/{post.pk}/edit/", {**form, **again})
    assert _parts(post) == (Part(text="My words", media=MEDIA),)


def test_post_that_went_out_meanwhile_keeps_what_was_typed(approver: Client) -> None:
    post = make_post(state=S.PUBLISHED)
    answer = approver.post(f"/posts/{post.pk}/edit/", _form(post, text=["Too late"]), **HTMX)
    assert answer.status_code == 409
    assert one(answer, "textarea[name=text]").text().strip() == "Too late"
    assert len(text(answer, "[role=alert]")) == 1


@pytest.mark.parametrize(
    ("network", "typed", "counter"),
    [
        ("x", "👩‍👩‍👧‍👦 https://example.org/" + "a" * 200, "26 / 280"),
        ("bluesky", "👩‍👩‍👧‍👦 é", "3 / 300"),
        ("mastodon", "@a@example.org https://example.org/" + "a" * 200, "26 / 500"),
        ("bluesky", "x" * 301, "301 / 300 · too long"),
    ],
)
def test_counter_counts_as_one_types(approver: Client, network: str, typed: str, counter: str) -> None:
    post = make_post(channel=make_channel(network))
    answer = approver.post(f"/posts/{post.pk}/measure/", _form(post, text=[typed]), **HTMX)
    assert text(answer, f"#length-{post.pk}-0") == [counter]
    assert Revision.objects.filter(post=post).count() == 1


def test_counter_of_each_part_and_its_issues(approver: Client) -> None:
    post = make_post(parts=(Part(text="One"), Part(text="Two")))
    typed = _form(post, origin=["0", "1"], text=["Four", ""])
    answer = approver.post(f"/posts/{post.pk}/measure/", typed, **HTMX)
    assert (text(answer, f"#length-{post.pk}-0"), text(answer, f"#length-{post.pk}-1")) == (["4 / 300"], ["0 / 300"])
    assert (text(answer, f"#notes-{post.pk}-0"), text(answer, f"#notes-{post.pk}-1")) == (
        [""],
        ["The post has no text."],
    )


def test_viewer_measures_nothing_away(viewer: Client) -> None:
    post = make_post()
    assert viewer.post(f"/posts/{post.pk}/measure/", _form(post), **HTMX).status_code == 200
    assert viewer.post(f"/posts/{post.pk}/edit/", _form(post), **HTMX).status_code == 403


@pytest.mark.parametrize("broken", [{}, {"revision": "x", "base": "y"}, {"revision": 1, "base": 987654}])
def test_damaged_form_is_refused_in_words(approver: Client, broken: dict[str, Any]) -> None:
    post = make_post()
    for address in ("edit", "measure"):
        assert approver.post(f"/posts/{post.pk}/{address}/", broken, **HTMX).status_code in {404, 422}


def test_post_scheduled_under_embargo_says_when_it_goes_out(approver: Client) -> None:
    post = make_post(make_document(embargo_until=timezone.now() + timedelta(days=1)))
    answer = approver.post(f"/posts/{post.pk}/approve/", {"revision": post.revision_id}, **HTMX)
    assert text(answer, ".toast p") == [f"Approved for {post.channel}. It goes out when the embargo ends."]


def test_approved_while_something_stands_in_the_way_says_so(approver: Client) -> None:
    paused, blocked = make_channel(active=False), make_channel(health="blocked")
    stopped = make_channel()
    holds.set(make_user(), scope="channel", channel_id=stopped.pk)

    def said(channel: Channel) -> str:
        post = make_post(channel=channel)
        answer = approver.post(f"/posts/{post.pk}/approve/", {"revision": post.revision_id}, **HTMX)
        return text(answer, ".toast p")[0].removeprefix(f"Approved for {channel}. ")

    assert [said(channel) for channel in (paused, blocked, stopped)] == [
        "It waits until the channel is resumed.",
        "It waits until the channel is connected again.",
        "It waits until the stop is lifted.",
    ]


@pytest.mark.parametrize(
    ("state", "late", "asks"),
    [
        (S.SENDING, 0, True),
        (S.PROCESSING, 0, True),
        (S.SCHEDULED, 1, True),
        (S.SCHEDULED, 600, False),  # a stop holds it: nothing will change by itself
        (S.SCHEDULED, -600, False),
        (S.PUBLISHED, 0, False),
    ],
)
def test_only_a_post_that_may_change_in_a_moment_asks_again(
    approver: Client, state: str, late: int, asks: bool
) -> None:
    make_post(state=state, due_at=timezone.now() - timedelta(seconds=late))
    assert (parse(approver.get("/published/")).css_first(".row > [hx-get]") is not None) is asks


def test_answer_that_a_post_moved_on_is_also_told_to_who_cannot_see_it(approver: Client) -> None:
    post = make_post(state=S.FAILED)
    answer = approver.get(f"/posts/{post.pk}/", {"seen": "before"}, **HTMX)
    assert text(answer, "#news") == [f"{post.channel}: Failed."]
    assert text(approver.get(f"/posts/{post.pk}/", **HTMX), "#news") == []


def test_undo_renews_only_what_was_acted_on(approver: Client, htmx: Callable[..., Any]) -> None:
    post = make_post()
    data = {"revision": post.revision_id, "reason": "Not ours"}
    undo = one(htmx(approver, f"/posts/{post.pk}/reject/", data, target=f"post-{post.pk}"), ".toast form").attributes
    assert (undo["hx-post"], undo["hx-target"]) == (f"/posts/{post.pk}/reopen/", f"#post-{post.pk}")


def test_undo_takes_no_target_that_is_not_ours(approver: Client, htmx: Callable[..., Any]) -> None:
    post = make_post()
    data = {"revision": post.revision_id, "reason": "Not ours"}
    undo = one(htmx(approver, f"/posts/{post.pk}/reject/", data, target='x" onload="'), ".toast form").attributes
    assert "hx-post" not in undo


def test_saved_text_that_cannot_go_out_says_so_at_once(approver: Client) -> None:
    post = make_post()
    answer = approver.post(f"/posts/{post.pk}/edit/", _form(post, text=["x" * 301]), **HTMX)
    assert text(answer, ".toast p") == [
        f"Saved for {post.channel}. It cannot go out like this yet; what stands against it is said under it."
    ]


def test_part_that_was_added_is_where_one_goes_on_writing(approver: Client) -> None:
    post = make_post()
    answer = approver.post(f"/posts/{post.pk}/edit/", _form(post, do="add"), **HTMX)
    assert one(answer, "[data-first]").attributes["id"] == f"text-{post.pk}-1"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"due_at": datetime(2099, 7, 1, 8, 30, tzinfo=ZoneInfo("UTC"))},
            "Goes out: Wed 1 Jul 2099, 10:30 (Europe/Brussels)",
        ),
        (
            {"due_at": datetime(2020, 7, 1, 8, 30, tzinfo=ZoneInfo("UTC")), "reason": "Sending is stopped."},
            "Was due: Wed 1 Jul 2020, 10:30 (Europe/Brussels)",
        ),
        (
            {
                "due_at": datetime(2020, 7, 1, 8, 30, tzinfo=ZoneInfo("UTC")),
                "not_before": datetime(2099, 7, 1, 8, 30, tzinfo=ZoneInfo("UTC")),
                "reason": "X asks us to wait.",
            },
            "Goes out: Wed 1 Jul 2099, 10:30 (Europe/Brussels)",
        ),
    ],
)
def test_time_names_the_newsrooms_zone(approver: Client, fields: dict[str, Any], said: str) -> None:
    make_post(state=S.SCHEDULED, **fields)
    assert text(approver.get("/published/"), ".row .why")[-1] == said


def test_failure_of_a_blocked_channel_leads_to_the_channel(administrator: Client, approver: Client) -> None:
    post = make_post(channel=make_channel(health="blocked"), state=S.FAILED, reason="Not accepted.")
    assert buttons(administrator.get("/published/"), ".row")[0] == "Reconnect"
    assert text(approver.get("/published/"), ".row .wide") == ["Reconnect the channel first, then send it again."]
    assert one(administrator.get("/published/"), ".row a.primary").attributes["href"] == (
        f"/channels/{post.channel_id}/reconnect/"
    )


def test_withdrawal_that_the_network_refuses_is_told_where_it_was_asked_for(approver: Client) -> None:
    post = make_post(state=S.PUBLISHED)
    make_attempt(post, Outcome.PUBLISHED)  # a person said that it is out, so its number there is unknown
    answer = approver.post(f"/posts/{post.pk}/withdraw/")
    assert answer.status_code == 422
    assert text(answer, "[role=alert]") == [
        "We do not know this post's number on Sandbox. Delete it there by hand.",
    ]
    assert one(answer, "h1").text() == "Withdraw this post?"


def test_sentence_that_is_true_of_many_channels_is_said_once(approver: Client) -> None:
    document = make_document()
    posts = [make_post(document) for _ in range(4)]
    seen = [f"{post.pk}:{post.revision_id}" for post in posts]
    few = approver.post(f"/documents/{document.pk}/approve/", {"seen": seen[:2]}, **HTMX)
    assert text(few, ".toast p") == [f"{posts[0].channel}, {posts[1].channel}: It is going out now."]
    Post.objects.update(state="review", approved_revision=None, due_at=None)
    many = approver.post(f"/documents/{document.pk}/approve/", {"seen": seen}, **HTMX)
    assert text(many, ".toast p") == ["4 channels: It is going out now."]


def test_numbers_of_what_waits_stand_on_the_filters(approver: Client) -> None:
    for state in (S.FAILED, S.FAILED, S.UNCERTAIN, S.PUBLISHED):
        make_post(state=state)
    found = text(approver.get("/published/"), ".filters a")
    assert [label for label in found if label.endswith(")")] == ["Failed (2)", "Uncertain (1)"]


def test_figures_stand_under_a_post_that_is_out_and_in_the_list(viewer: Client) -> None:
    post = make_post(state="published")
    PostFigures.objects.create(post=post, impressions=12345, likes=0, reposts=2, read_at=timezone.now())
    said = "shown 12,345 times · likes: 0 · passed on: 2 (just now)"
    assert said in text(viewer.get(f"/documents/{post.document_id}/"), ".why")
    assert said in text(viewer.get("/published/"), ".row .why")
