"""What anyone from outside may do at the address for hubs, and what they learn there."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from publisher.enums import SubscriptionState
from publisher.models import Subscription
from publisher.newsroom.feeds import push, pushed
from publisher.newsroom.sealing import seal
from tests.factories import make_source

TOPIC = "https://press.example.org/feed.xml"
QUESTION = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "<b>abc</b>", "hub.lease_seconds": "60"}


@pytest.fixture
def asked(db: None) -> Subscription:
    return Subscription.objects.create(
        source=make_source(),
        hub="https://hub.example.org/",
        topic=TOPIC,
        token=push._new_token(),
        secret=seal({"secret": "our secret"}),
        asked_at=timezone.now(),
    )


def call(client: Client, token: str, **question: str) -> Any:
    return client.get(f"/push/{token}/", {**QUESTION, **{f"hub.{name}": value for name, value in question.items()}})


def test_question_about_what_we_asked_is_answered_with_its_challenge_as_plain_text(
    stranger: Client, asked: Subscription
) -> None:
    answer = call(stranger, asked.token)
    asked.refresh_from_db()
    assert (answer.status_code, answer.content.decode()) == (200, "<b>abc</b>")
    assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == (
        "text/plain; charset=utf-8",
        "nosniff",
    )
    assert asked.state == SubscriptionState.ACTIVE
    assert asked.lease_until is not None
    assert timedelta(seconds=55) < asked.lease_until - timezone.now() <= timedelta(seconds=60)


@pytest.mark.parametrize(
    "question",
    [
        {"topic": "https://press.example.org/other.xml"},
        {"challenge": ""},
        {"mode": "unsubscribe"},
        {"mode": "publish"},
        {"mode": ""},
    ],
)
def test_question_about_what_we_did_not_ask_is_not_found(
    stranger: Client, asked: Subscription, question: dict[str, str]
) -> None:
    answer = call(stranger, asked.token, **question)
    asked.refresh_from_db()
    assert (answer.status_code, asked.state) == (404, SubscriptionState.ASKED)


def test_refusal_of_the_hub_is_kept_in_words(stranger: Client, asked: Subscription) -> None:
    answer = call(stranger, asked.token, mode="denied", reason="Not for   you")
    asked.refresh_from_db()
    assert (answer.status_code, asked.state) == (200, SubscriptionState.DENIED)
    assert asked.problem == (
        "The hub does not push this feed to us: Not for you. The feed is read in turn; the hub is asked again tomorrow."
    )


def test_refusal_of_another_topic_changes_nothing(stranger: Client, asked: Subscription) -> None:
    answer = call(stranger, asked.token, mode="denied", topic="https://press.example.org/other.xml")
    asked.refresh_from_db()
    assert (answer.status_code, asked.state) == (404, SubscriptionState.ASKED)


@pytest.mark.parametrize("mode", ["subscribe", "unsubscribe", "denied"])
@pytest.mark.parametrize("token", ["x", "0" * 64, "é" * 64])
def test_token_that_we_never_gave_out_tells_nothing(stranger: Client, db: None, token: str, mode: str) -> None:
    assert call(stranger, token, mode=mode).status_code == 404
    assert stranger.post(f"/push/{token}/", b"<rss/>", content_type="application/rss+xml").status_code == 404


def test_hub_of_a_removed_source_may_end_and_is_told_that_it_is_over(stranger: Client, asked: Subscription) -> None:
    asked.delete()
    assert call(stranger, asked.token).status_code == 404
    assert call(stranger, asked.token, mode="unsubscribe").content == b"<b>abc</b>"
    assert stranger.post(f"/push/{asked.token}/", b"<rss/>", content_type="text/xml").status_code == 410


def test_delivery_that_is_too_large_is_refused_unread(stranger: Client, asked: Subscription) -> None:
    body = b"x" * (pushed.MOST_BYTES + 1)
    assert stranger.post(f"/push/{asked.token}/", body, content_type="text/xml").status_code == 413


def test_delivery_needs_no_sign_in_and_no_form_token(asked: Subscription) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/push/{asked.token}/", b"<rss/>", content_type="text/xml").status_code == 202


@pytest.mark.parametrize("method", ["put", "delete", "patch", "head"])
def test_other_methods_are_refused(stranger: Client, asked: Subscription, method: str) -> None:
    assert getattr(stranger, method)(f"/push/{asked.token}/").status_code == 405
