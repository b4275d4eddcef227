"""The desk's alarms: what stands open, what changed, and what can be done about it."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from publisher.enums import AlarmKind, HoldScope
from publisher.models import Alarm, Document, Hold, Post
from publisher.newsroom.alerts import alarms
from publisher.newsroom.documents import rechecks, vanished
from publisher.types import entry_from_json
from tests.factories import make_channel, make_document, make_post, make_rule, make_source
from tests.web.pages import buttons, one, parse, text


def corrected(**fields: Any) -> tuple[Alarm, Post]:
    """A text that changed after a post about it had gone out."""
    document = make_document(make_source(), body="The plan costs 23 billion euro.")
    post = make_post(document, state="published", **fields)
    entry = replace(
        entry_from_json(document.current.entry), title="Another title", body="The plan costs 32 billion euro."
    )
    before = document.current
    after = rechecks.store(document, entry, fetched_at=timezone.now(), fetched_from=document.url)
    rechecks.on_change(document, before, after)
    return Alarm.objects.get(kind=AlarmKind.CORRECTION), post


def test_navigation_counts_the_open_alarms(viewer: Client) -> None:
    alarms.raise_alarm(AlarmKind.GAP, "source.layout", source=make_source())
    assert one(viewer.get("/"), "#count-alarms").text().startswith("(1")


def test_list_shows_each_alarm_with_its_sentence_and_subject(viewer: Client) -> None:
    alarm = alarms.raise_alarm(AlarmKind.LAYOUT, "source.layout", source=make_source(name="Press Corner"))
    answer = viewer.get("/alarms/")
    assert text(answer, ".row .said") == [alarm.sentence]
    assert text(answer, ".row .title") == ["Press Corner"]
    assert text(viewer.get("/alarms/?closed=1"), ".row .said") == []


def test_seen_closes_an_alarm_with_what_was_done(approver: Client) -> None:
    alarm = alarms.raise_alarm(AlarmKind.GAP, "source.layout", source=make_source())
    approver.post(f"/alarms/{alarm.pk}/close/", {"outcome": "Nothing is missing."})
    closed = alarms.get(alarm.pk)
    assert (closed.outcome, closed.closed_at is not None) == ("Nothing is missing.", True)
    assert text(approver.get("/alarms/?closed=1"), ".row .soft") == ["“Nothing is missing.”"]


def test_viewer_sees_an_alarm_and_no_buttons(viewer: Client) -> None:
    alarm, _ = corrected()
    assert text(viewer.get(f"/alarms/{alarm.pk}/"), "main button") == []
    assert viewer.post(f"/alarms/{alarm.pk}/close/").status_code == 403


def test_documents_behind_a_mass_change_are_drafted_on_request(approver: Client) -> None:
    source = make_source()
    documents = [make_document(source, baseline=True) for _ in range(2)]
    make_rule()
    make_channel()
    alarm = alarms.raise_alarm(
        AlarmKind.MASS_CHANGE, "source.layout", source=source, data={"documents": [one.pk for one in documents]}
    )
    page = approver.get(f"/alarms/{alarm.pk}/")
    assert text(page, ".found a") == [document.title for document in reversed(documents)]
    answer = approver.post(f"/alarms/{alarm.pk}/queue/", follow=True)
    assert text(answer, "#status p") == ["2 documents were drafted for review."]
    assert (Post.objects.filter(state="review").count(), alarms.count()) == (2, 0)


def test_rebuilt_page_leads_to_its_parts(administrator: Client) -> None:
    source = make_source(kind="listing")
    alarm = alarms.raise_alarm(AlarmKind.LAYOUT, "source.layout", source=source)
    assert (
        one(administrator.get(f"/alarms/{alarm.pk}/"), "a.primary").attributes["href"] == f"/sources/{source.pk}/parts/"
    )


def test_post_that_was_edited_in_place_says_so(approver: Client) -> None:
    document = make_document()
    first = make_post(document, state="published")
    newer = make_post(document, make_channel(), state="published", edits=first)
    page = approver.get(f"/documents/{document.pk}/")
    said = f"Replaced in place: what followers see now are the words of post {newer.pk}. See them"
    assert text(page, f"#post-{first.pk} .issue") == [said]
    assert text(page, f"#post-{newer.pk} .issue") == []


def test_correction_shows_what_changed_and_the_acts_of_the_network(approver: Client) -> None:
    alarm, _ = corrected()
    answer = approver.get(f"/alarms/{alarm.pk}/")
    assert text(answer, ".change h3") == ["Title", "Text"]
    assert text(answer, ".change:last-child .diff p") == ["The plan costs [removed] 23[added] 32 billion euro."]
    assert text(answer, ".post .issue") == ["Its words rest on what changed."]
    assert buttons(answer, ".post") == [
        "Edit it",
        "Reply with a correction",
        "Withdraw and post anew",
        "Withdraw it now",
        "Leave it",
        "Leave it",
    ]


def test_network_that_cannot_edit_offers_no_edit(approver: Client) -> None:
    alarm, post = corrected(channel=make_channel("bluesky"))
    values = [node.attributes["value"] for node in _nodes(approver.get(f"/alarms/{alarm.pk}/"), "input[name=act]")]
    assert values == ["reply", "repost", "leave"]
    refused = approver.post(f"/alarms/{alarm.pk}/posts/{post.pk}/", {"act": "edit"})
    assert refused.status_code == 422


@pytest.mark.parametrize(("act", "field"), [("edit", "edits"), ("reply", "reply_to")])
def test_act_makes_a_post_that_waits_for_review_and_says_what_it_corrects(
    approver: Client, act: str, field: str
) -> None:
    alarm, post = corrected()
    answer = approver.post(f"/alarms/{alarm.pk}/posts/{post.pk}/", {"act": act})
    made = Post.objects.latest("id")
    assert answer["Location"] == f"/documents/{post.document_id}/#post-{made.pk}"
    assert (made.state, getattr(made, field)) == ("review", post)
    page = approver.get(f"/documents/{post.document_id}/")
    said = {"edit": f"New words for post {post.pk}, in its place.", "reply": f"Answers post {post.pk}."}[act]
    assert text(page, f"#post-{made.pk} .why")[0] == said


def test_leaving_without_a_reason_is_refused(approver: Client) -> None:
    alarm, post = corrected()
    assert approver.post(f"/alarms/{alarm.pk}/posts/{post.pk}/", {"act": "leave"}).status_code == 422
    approver.post(f"/alarms/{alarm.pk}/posts/{post.pk}/", {"act": "leave", "reason": "A comma."})
    assert alarms.count() == 0


def test_document_shows_what_each_version_changed(viewer: Client) -> None:
    _, post = corrected()
    answer = viewer.get(f"/documents/{post.document_id}/")
    assert text(answer, "details.source summary")[0].startswith("Version 2")
    assert text(answer, ".change:last-child .diff ins") == ["[added] 32"]


def test_document_is_stopped_and_let_go_on_its_own_page(approver: Client) -> None:
    document = make_document(make_source())
    other = make_document(make_source())
    approver.post("/stop/", {"scope": "document", "document": document.pk, "reason": "A mistake in it."})
    hold = Hold.objects.get()
    assert (hold.scope, hold.document) == (HoldScope.DOCUMENT, document)
    page = approver.get(f"/documents/{document.pk}/")
    assert "A mistake in it." in one(page, "#stop").text()
    assert text(page, ".banner") == []
    assert "A mistake in it." not in approver.get(f"/documents/{other.pk}/").content.decode()
    approver.post(f"/stop/{hold.pk}/lift/")
    assert Hold.objects.get().lifted_at is not None


def test_posts_of_a_text_that_was_taken_down_say_why_they_wait(approver: Client) -> None:
    document: Document = make_document(make_source())
    waiting = make_post(document)
    out = make_post(document, state="published")
    vanished.gone(document)
    page = approver.get(f"/documents/{document.pk}/")
    assert "Nothing goes out about this document: The institution took the text down." in [
        " ".join(line.split()) for line in text(page, f"#post-{waiting.pk} .issue")
    ]
    alarm = approver.get(f"/alarms/{Alarm.objects.get().pk}/")
    assert [node.attributes["href"] for node in _nodes(alarm, ".post a.danger")] == [f"/posts/{out.pk}/withdraw/"]


def _nodes(answer: Any, selector: str) -> list[Any]:
    return parse(answer).css(selector)
