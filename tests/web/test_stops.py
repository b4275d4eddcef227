"""The pages of stops and of sensitive periods."""

import pytest
from django.test import Client

from publisher.models import Hold, SensitivePeriod
from tests.factories import make_channel
from tests.web.pages import text

pytestmark = pytest.mark.django_db

LATER = "2099-01-01T10:00"


def test_topic_is_stopped_from_the_page_and_every_page_says_so(editor: Client) -> None:
    channel = make_channel(name="Office")
    asked = {"page": "1", "scope": "topic", "words": "election, poll", "channels": [channel.pk], "reason": "Silence"}
    assert editor.post("/stop/", asked).headers["Location"] == "/stop/"
    hold = Hold.objects.get()
    assert (hold.scope, hold.words, hold.channel_ids) == ("topic", ["election", "poll"], [channel.pk])
    said = "Nothing about “election, poll” goes out on Office."
    assert text(editor.get("/team/"), ".banner b") == [said]
    assert text(editor.get("/stop/"), "main .row .title") == [said]


def test_time_to_come_is_no_stop_yet(editor: Client) -> None:
    editor.post("/stop/", {"page": "1", "scope": "period", "starts_at": LATER, "ends_at": "2099-01-02T10:00"})
    page = editor.get("/stop/")
    assert text(page, "main section h2")[:2] == ["Stopped now", "To come"]
    assert (text(page, ".banner b"), text(page, "main .row .title")) == ([], ["For a time, nothing goes out at all."])


def test_what_is_missing_is_said_beside_it_and_what_was_typed_stays(editor: Client) -> None:
    answer = editor.post("/stop/", {"page": "1", "scope": "topic", "words": "", "reason": "Silence"})
    assert (answer.status_code, text(answer, "details[open] .issue")) == (422, ["This field is required."])
    assert 'value="Silence"' in answer.content.decode()
    answer = editor.post("/stop/", {"page": "1", "scope": "period", "starts_at": LATER, "ends_at": LATER})
    assert (answer.status_code, text(answer, "[role=alert]")) == (
        422,
        ["The stop must end after it begins, and later than now."],
    )


def test_only_who_may_lift_is_offered_to(editor: Client, approver: Client) -> None:
    Hold.objects.create(scope="topic", words=["election"], set_by="alice@example.org")
    page = "main .row button"
    assert (text(editor.get("/stop/"), page), len(text(approver.get("/stop/"), page))) == ([], 1)


def test_period_is_set_shown_in_words_and_ended(editor: Client, approver: Client) -> None:
    channel = make_channel(name="Office")
    asked = {"name": "State mourning", "ends_at": LATER, "channels": [channel.pk], "kinds": ["speech"], "words": "a, b"}
    assert editor.post("/periods/", asked).headers["Location"] == "/periods/"
    page = editor.get("/periods/")
    assert text(page, "main .row .why") == [
        "What a rule alone would send waits for a person: Speech, on Office, only about “a, b”."
    ]
    assert text(page, "main .row button") == []
    period = SensitivePeriod.objects.get()
    approver.post(f"/periods/{period.pk}/end/")
    assert text(approver.get("/periods/"), "[aria-labelledby=over] .title") == ["State mourning"]


def test_period_without_an_end_ahead_is_refused_beside_the_form(editor: Client) -> None:
    answer = editor.post("/periods/", {"name": "State mourning", "ends_at": "2020-01-01T10:00"})
    assert (answer.status_code, text(answer, "[role=alert]")) == (
        422,
        ["The period must end after it begins, and later than now."],
    )
