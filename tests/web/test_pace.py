"""When a channel sends, on the desk: its settings, what is said before a click, and the post that must wait."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from publisher.enums import LatePolicy, Outcome, PostState
from publisher.models import Channel, Post
from publisher.newsroom.sending import claiming
from tests.factories import make_attempt, make_channel, make_post
from tests.web.conftest import HTMX
from tests.web.pages import buttons, text

HOUR = timedelta(hours=1)


def form(**fields: Any) -> dict[str, Any]:
    return {"spacing": 15, "daily_cap": 8, "slots": "mon-fri 09:00, 14:30\nsat 10:00", "late": "ask", **fields}


def test_pace_is_set_and_shown(administrator: Client) -> None:
    channel = make_channel("x")
    path = f"/channels/{channel.pk}/pace/"
    answer = administrator.post(path, form(spend_cap="50", **{"late-press_release": "send"}))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/channels/")
    channel.refresh_from_db()
    assert (channel.spacing, channel.daily_cap, channel.late_by_kind) == (15, 8, {"press_release": "send"})
    told = "15 minutes between two posts · posts a day: 8 at most · best hours: mon-fri 09:00, 14:30; sat 10:00 · "
    assert told + "about $0.00 of $50.00 spent this month" in text(administrator.get("/channels/"), ".row .meta")
    page = administrator.get(path)
    assert text(page, "textarea") == ["mon-fri 09:00, 14:30 sat 10:00"]
    assert text(page, "#id_late-press_release option[selected]") == ["Send it all the same"]


def test_hours_that_cannot_be_read_stay_beside_what_is_wrong(administrator: Client) -> None:
    channel = make_channel()
    answer = administrator.post(f"/channels/{channel.pk}/pace/", form(slots="whenever"))
    assert (answer.status_code, text(answer, "textarea")) == (422, ["whenever"])
    assert text(answer, ".issue.error") == ["“whenever” names no hours. Write lines like: mon-fri 09:00, 14:30"]
    assert Channel.objects.get(pk=channel.pk).spacing == 0


def test_money_is_asked_for_where_the_network_bills(administrator: Client) -> None:
    pages = [administrator.get(f"/channels/{make_channel(kind).pk}/pace/") for kind in ("x", "bluesky")]
    assert ["US dollars a month" in page.content.decode() for page in pages] == [True, False]


# --- before the click ---------------------------------------------------------------------------------------------


def offered(client: Client, post: Post) -> tuple[list[str], list[str]]:
    """What is said about approving it, and what is offered."""
    page = client.get(f"/documents/{post.document_id}/")
    return text(page, ".post .actions .why"), [
        name for name in buttons(page, ".post") if "pprove" in name or "xpire" in name
    ]


def own_time(post: Post, due: timedelta, late: LatePolicy = LatePolicy.ASK) -> tuple[Post, str]:
    at = timezone.now() + due
    Post.objects.filter(pk=post.pk).update(due_at=at)
    Channel.objects.filter(pk=post.channel_id).update(late=late)
    return post, timezone.localtime(at).strftime("%a %-d %b %Y, %H:%M")


def test_post_with_its_own_time_is_approved_for_it_or_now(approver: Client) -> None:
    post, when = own_time(make_post(), HOUR)
    then = "Approve for then"
    assert offered(approver, post) == ([f"Its time is {when}."], ["Approve for its time", "Approve and send now", then])
    answer = approver.post(f"/posts/{post.pk}/approve/", {"revision": post.revision_id}, **HTMX)
    assert text(answer, ".toast p") == [f"Approved for {post.channel}. It goes out {when}."]


@pytest.mark.parametrize(
    ("late", "said", "button"),
    [
        (LatePolicy.ASK, "Send it now, or choose another time.", ["Approve and send now"]),
        (
            LatePolicy.EXPIRE,
            "Such posts expire on this channel; you can also send it now, or choose another time.",
            ["Let it expire", "Approve and send now"],
        ),
        (LatePolicy.SEND, "Approved, it goes out at once.", ["Approve and send"]),
    ],
)
def test_page_says_what_approving_does_when_its_time_has_passed(
    approver: Client, late: LatePolicy, said: str, button: list[str]
) -> None:
    post, when = own_time(make_post(), -HOUR, late)
    assert offered(approver, post) == ([f"Its time, {when}, has passed. {said}"], [*button, "Approve for then"])


def test_old_page_does_not_send_what_is_too_late(approver: Client) -> None:
    post, _ = own_time(make_post(), -HOUR)
    data = {"revision": post.revision_id}
    assert approver.post(f"/posts/{post.pk}/approve/", data, **HTMX).status_code == 422
    assert approver.post(f"/posts/{post.pk}/approve/", {**data, "now": "1"}, **HTMX).status_code == 200
    assert Post.objects.get(pk=post.pk).state == PostState.SCHEDULED


def test_page_says_that_a_post_would_wait(approver: Client) -> None:
    post = make_post(channel=make_channel(spacing=30))
    sent = make_attempt(make_post(channel=post.channel, state="published"), Outcome.PUBLISHED)
    until = timezone.localtime(sent.started_at + timedelta(minutes=30))
    when = until.strftime("%H:%M" if until.date() == timezone.localdate() else "%-d %B, %H:%M")
    wait = f"Waits until {when}: 30 minutes between two posts."
    assert offered(approver, post)[0] == [f"If you approve it now: {wait}"]
    answer = approver.post(f"/posts/{post.pk}/approve/", {"revision": post.revision_id}, **HTMX)
    assert text(answer, ".toast p") == [f"Approved for {post.channel}. {wait}"]


def test_post_that_waits_offers_to_send_it_anyway(approver: Client) -> None:
    post = make_post(channel=make_channel(daily_cap=1))
    make_attempt(make_post(channel=post.channel, state="published"), Outcome.PUBLISHED)
    approver.post(f"/posts/{post.pk}/approve/", {"revision": post.revision_id}, **HTMX)
    assert claiming.claim(post.pk) is None
    page = approver.get(f"/documents/{post.document_id}/")
    assert buttons(page, ".post") == ["Back to review", "Send it anyway", "Another time", "Change the time"]
    answer = approver.post(f"/posts/{post.pk}/send-anyway/", **HTMX)
    assert text(answer, ".toast p") == ["It is going out now."]
    assert claiming.claim(post.pk) is not None


def test_next_best_hour_is_named_and_given(approver: Client) -> None:
    post = make_post(channel=make_channel(slots={day: ["09:00"] for day in ("mon", "tue", "wed", "thu", "fri")}))
    (button,) = [name for name in offered(approver, post)[1] if "09:00" in name]
    answer = approver.post(f"/posts/{post.pk}/approve/", {"revision": post.revision_id, "slot": "1"}, **HTMX)
    when = button.removeprefix("Approve for ")
    assert text(answer, ".toast p") == [f"Approved for {post.channel}. It goes out {when}."]


def test_page_asks_once_for_each_channel(approver: Client, django_assert_max_num_queries: Any) -> None:
    def queries(count: int) -> int:
        with django_assert_max_num_queries(200) as captured:
            approver.get(f"/documents/{document.pk}/")
        return len(captured) - count

    channel = make_channel(spacing=30, slots={"mon": ["09:00"]})
    document = make_post(channel=channel).document
    approver.get(f"/documents/{document.pk}/")
    paced = queries(0)
    Channel.objects.update(spacing=0, slots={})
    assert paced - queries(0) <= 6
