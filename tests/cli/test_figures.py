"""`publisher post figures`, and `publisher document language`."""

import pytest
from django.utils import timezone

from publisher.models import LanguageWait, PostFigures
from tests.cli.conftest import Publisher
from tests.factories import make_channel, make_document, make_post, make_rule

pytestmark = pytest.mark.django_db


def test_figures_are_listed_and_shown_with_every_answer(publisher: Publisher) -> None:
    quiet, seen = make_post(state="published"), make_post(state="published")
    past = [{"at": "2026-11-24T10:00:00+00:00", "likes": 3}]
    PostFigures.objects.create(post=seen, impressions=500, likes=4, read_at=timezone.now(), past=past)
    rows = {row["id"]: (row["impressions"], row["likes"]) for row in publisher("post", "figures", "--json").json}
    assert rows == {quiet.pk: (None, None), seen.pk: (500, 4)}
    assert publisher("post", "figures", str(seen.pk), "--json").json["past"] == past
    assert "likes" in publisher("post", "figures", str(seen.pk)).out


def test_figures_are_not_asked_for_where_there_are_none(publisher: Publisher) -> None:
    post = make_post(channel=make_channel("telegram"), state="published")
    assert publisher("post", "read-figures", str(post.pk)).refusal == "Telegram tells us no figures of a post."


def test_channel_that_waits_for_its_language_is_given_another(publisher: Publisher) -> None:
    make_rule()
    channel = make_channel("telegram", language="de")
    document = make_document(tagged=True)
    LanguageWait.objects.create(document=document, channel=channel, until=timezone.now())
    (wait,) = publisher("document", "show", str(document.pk), "--json").json["waits"]
    assert (wait["channel_id"], wait["language"], wait["asks"]) == (channel.pk, "de", True)
    command = ("document", "language", str(document.pk), "--channel", str(channel.pk), "--use", "en")
    assert publisher(*command, "--json").json["state"] == "review"
    assert publisher(*command).refusal.startswith("The channel does not wait for this document's language any more")
