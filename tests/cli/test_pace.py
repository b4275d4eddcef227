"""`publisher channel pace`, and what of it the other commands tell."""

import pytest
from django.utils import timezone

from publisher.enums import Outcome, PostState
from publisher.models import Channel, Post
from tests.cli.conftest import Publisher
from tests.factories import make_attempt, make_channel, make_post

pytestmark = pytest.mark.django_db


def test_pace_is_set_in_parts_and_what_is_not_given_stays(publisher: Publisher) -> None:
    channel = make_channel("x", name="Press on X")
    command = ("channel", "pace", str(channel.pk))
    done = publisher(*command, "--spacing", "15", "--hours", "mon-fri 9:00", "--hours", "sat 10:00", "--spend", "49.9")
    assert done.out == "Press on X: saved.\n"
    row = publisher(*command, "--daily", "8", "--late", "expire", "--late-kind", "speech=send", "--json").json
    assert row["pace"] == {
        "spacing": 15,
        "daily_cap": 8,
        "slots": {**{day: ["09:00"] for day in ("mon", "tue", "wed", "thu", "fri")}, "sat": ["10:00"]},
        "spend_cap": "49.90",
        "late": "expire",
        "late_by_kind": {"speech": "send"},
        "language_hours": 0,
    }
    row = publisher(*command, "--hours", "none", "--spend", "none", "--late-kind", "speech=", "--json").json
    assert (row["pace"]["slots"], row["pace"]["spend_cap"], row["pace"]["late_by_kind"]) == ({}, None, {})


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--hours", "whenever"], "“whenever” names no hours. Write lines like: mon-fri 09:00, 14:30"),
        (
            ["--spend", "much"],
            "The limit of a month is an amount in US dollars, such as 50 or 49.90, or nothing at all.",
        ),
        (["--spacing", "9999"], "The minutes between two posts are a number from 0 to 1440."),
        (["--late", "never"], "There is no rule “never” for what is too late. Choose ask, expire or send."),
    ],
)
def test_what_means_nothing_is_refused_in_words(publisher: Publisher, options: list[str], sentence: str) -> None:
    channel = make_channel()
    done = publisher("channel", "pace", str(channel.pk), *options)
    assert done.refusal == sentence


def test_show_tells_what_the_month_has_cost(publisher: Publisher) -> None:
    channel = make_channel("x")
    make_attempt(make_post(channel=channel, state="published"), Outcome.PUBLISHED, cost="0.2")
    assert publisher("channel", "show", str(channel.pk), "--json").json["spend"] == {
        "spent": "0.2000",
        "prices": {"source": "https://docs.x.com/x-api/getting-started/pricing", "as_of": "2026-08-22"},
    }
    assert publisher("channel", "show", str(make_channel().pk), "--json").json["spend"] is None


def test_post_that_waits_is_sent_anyway(publisher: Publisher) -> None:
    post = make_post(state=PostState.SCHEDULED, pace="waits", due_at=timezone.now())
    row = publisher("queue", "send-anyway", str(post.pk), "--reason", "Breaking news", "--json").json
    assert (row["state"], row["pace"], row["reason"]) == ("scheduled", "anyway", "Breaking news")


def test_post_is_approved_for_the_next_best_hour(publisher: Publisher) -> None:
    post = make_post(channel=make_channel(slots=dict.fromkeys(("mon", "thu"), ("09:00",))))
    publisher("queue", "approve", str(post.pk), "--best-hour")
    due = Post.objects.get(pk=post.pk).due_at
    assert due is not None
    assert timezone.localtime(due).strftime("%H:%M") == "09:00"
    Channel.objects.update(slots={})
    done = publisher("queue", "schedule", str(post.pk), "--best-hour")
    assert done.refusal.endswith("names no best hours. Enter them under Channels, or choose a time.")
