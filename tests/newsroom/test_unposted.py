"""On the site and not on our channels: told after half an hour, settled by whatever decides it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from publisher.enums import DocumentKind, PostState
from publisher.models import Alarm, Document, Post, User
from publisher.newsroom.alerts import alarms
from publisher.newsroom.documents import unposted
from tests.factories import make_channel, make_document, make_post, make_rule, make_source

NOW = timezone.now()
OUT_OR_COMING = ["scheduled", "sending", "processing", "uncertain", "published", "withdrawn"]
FOR_A_PERSON = ["review", "failed", "expired"]


def make_late(minutes: int = 31, **fields: Any) -> Document:
    then = NOW - timedelta(minutes=minutes)
    given = {"first_seen_at": then, "published_at": then, "drafted_at": then}
    return make_document(make_source(), **{**given, **fields})


def raised() -> list[tuple[int | None, str]]:
    return list(Alarm.objects.filter(closed_at=None).order_by("pk").values_list("document", "key"))


@pytest.mark.parametrize("state", FOR_A_PERSON)
def test_document_whose_post_waits_for_a_person_is_told_after_half_an_hour(db: None, state: str) -> None:
    post = make_post(make_late(31), state=state)
    make_post(make_late(29), state=state)
    unposted.look(NOW)
    assert raised() == [(post.document_id, "alarm.waiting")]
    assert Alarm.objects.get().sentence == (
        "Published on the site more than 30 minutes ago, not yet on our channels. Approve a post about it, or reject "
        "its posts if nothing is to go out."
    )


@pytest.mark.parametrize("state", OUT_OR_COMING)
def test_document_with_one_post_out_or_on_its_way_is_no_alarm(db: None, state: str) -> None:
    document = make_late()
    make_post(document, state="review")
    make_post(document, state=state)
    unposted.look(NOW)
    assert raised() == []


def test_document_whose_posts_were_all_rejected_is_no_alarm(db: None) -> None:
    make_post(make_late(), state="rejected")
    unposted.look(NOW)
    assert raised() == []


def test_document_is_told_once(db: None) -> None:
    make_post(make_late())
    unposted.look(NOW)
    unposted.look(NOW + timedelta(minutes=1))
    assert len(raised()) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"baseline": True},
        {"sample": True},
        {"kind": DocumentKind.EVENT},
        {"embargo_until": NOW + timedelta(hours=1)},
        {"published_at": NOW + timedelta(hours=1)},
        {"vanished_at": NOW},
        {"first_seen_at": NOW - timedelta(days=3)},
    ],
)
def test_document_that_need_not_be_out_yet_is_no_alarm(db: None, fields: dict[str, Any]) -> None:
    make_post(make_late(**fields))
    unposted.look(NOW)
    assert raised() == []


@pytest.mark.parametrize("fields", [{"drafted_at": None}, {"problem": "No post could be drafted."}])
def test_document_without_a_post_is_told_when_a_rule_fits(db: None, fields: dict[str, Any]) -> None:
    document = make_late(**fields)
    make_channel()
    unposted.look(NOW)
    assert raised() == []
    make_rule()
    unposted.look(NOW)
    assert raised() == [(document.pk, "alarm.waiting_undrafted")]


def test_document_that_no_rule_wanted_is_no_alarm_when_a_rule_comes_later(db: None) -> None:
    make_late()
    make_channel()
    make_rule()
    unposted.look(NOW)
    assert raised() == []


@pytest.mark.parametrize(
    ("state", "fields", "outcome"),
    [
        ("published", {"published_at": NOW}, "It is out or scheduled."),
        ("rejected", {}, "Every post about it was rejected."),
    ],
)
def test_alarm_settles_when_the_post_is_decided(db: None, state: str, fields: dict[str, Any], outcome: str) -> None:
    post = make_post(make_late())
    unposted.look(NOW)
    Post.objects.filter(pk=post.pk).update(state=state, **fields)
    unposted.look(NOW)
    closed = Alarm.objects.get()
    assert (closed.closed_by, closed.outcome) == ("publisher", outcome)


def test_alarm_settles_when_the_institution_takes_the_text_down(db: None) -> None:
    document = make_post(make_late()).document
    unposted.look(NOW)
    Document.objects.filter(pk=document.pk).update(vanished_at=NOW)
    unposted.look(NOW)
    assert Alarm.objects.get().outcome == "The institution took it down."


def test_alarm_comes_again_when_what_was_scheduled_is_so_no_more(db: None) -> None:
    post = make_post(make_late())
    unposted.look(NOW)
    revision = post.revision
    Post.objects.filter(pk=post.pk).update(state="scheduled", due_at=NOW, approved_revision=revision)
    unposted.look(NOW)
    Post.objects.filter(pk=post.pk).update(state="review", due_at=None, approved_revision=None)
    unposted.look(NOW)
    assert len(raised()) == 1


def test_alarm_that_a_person_has_closed_stays_closed(db: None, administrator: User) -> None:
    make_post(make_late())
    unposted.look(NOW)
    alarms.close(Alarm.objects.get().pk, administrator.email, "After the summit.")
    unposted.look(NOW)
    assert raised() == []


def test_number_of_queries_does_not_grow_with_the_documents(db: None) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            unposted.look(NOW)
        return len(captured)

    channel = make_channel()
    make_post(make_late(), channel)
    unposted.look(NOW)
    few = queries()
    for _ in range(20):
        make_post(make_late(), channel, state="published")
        make_late()
    assert queries() == few


@given(st.sets(st.sampled_from(list(PostState))))
def test_every_set_of_states_is_waiting_decided_or_rejected(states: set[PostState]) -> None:
    decided = bool(states & set(OUT_OR_COMING))
    for_a_person = bool(states & {"draft", *FOR_A_PERSON})
    assert unposted.is_waiting(states) == (for_a_person and not decided)
    assert decided or for_a_person or states <= {PostState.REJECTED}
