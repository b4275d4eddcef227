"""Drafting: rules, pictures, broken templates, and a document that is never lost."""

from pathlib import Path
from typing import Any

import pytest

from publisher import config
from publisher.enums import PostState, RuleMode
from publisher.errors import InvalidInput
from publisher.models import Channel, Document, Event, Post, Rule, Source, User
from publisher.newsroom import queries
from publisher.newsroom.drafts import drafting, media, previews
from publisher.types import Image
from tests.newsroom.conftest import bring, entry


def drafted(source: Source, **fields: Any) -> list[Post]:
    (document_id,) = bring(source, entry(1, **fields)).to_draft
    return drafting.draft(document_id)


def test_first_rule_that_fits_counts(source: Source, channel: Channel) -> None:
    Rule.objects.create(name="Later", position=20, mode=RuleMode.AUTOMATIC)
    first = Rule.objects.create(name="First", position=10)
    (post,) = drafted(source)
    assert (post.rule, post.state) == (first, PostState.REVIEW)


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        ({}, True),
        ({"kinds": ["press_release"]}, True),
        ({"kinds": ["speech"]}, False),
        ({"active": False}, False),
    ],
)
def test_rule_takes_its_kinds(source: Source, channel: Channel, rule: dict[str, Any], fits: bool) -> None:
    Rule.objects.create(name="Rule", **rule)
    assert bool(drafted(source)) is fits


def test_rule_takes_its_sources(source: Source, channel: Channel) -> None:
    other = Source.objects.create(name="Other", url="http://127.0.0.1:9/other.xml")
    Rule.objects.create(name="Rule").sources.add(other)
    assert drafted(source) == []


@pytest.mark.parametrize(
    ("spoken", "written", "fits"), [("fr", "en", False), ("en", "en-gb", True), ("", "en", True), ("fr", "", True)]
)
def test_text_goes_where_its_language_is_spoken(
    source: Source, channel: Channel, review_all: Rule, spoken: str, written: str, fits: bool
) -> None:
    Channel.objects.update(language=spoken)
    assert bool(drafted(source, language=written)) is fits


def test_rule_that_ignores_drafts_nothing_and_the_history_says_so_once(source: Source, channel: Channel) -> None:
    rule = Rule.objects.create(name="No press releases", mode=RuleMode.IGNORE)
    assert drafted(source) == []
    document = Document.objects.get()
    drafting.draft_language(document.pk, "en")
    event = Event.objects.get(subject="document", verb="ignore")
    assert (event.actor, event.data) == (f"rule: {rule.name}", {"rule": rule.pk, "channels": [channel.name]})
    assert event.reason == ("The rule “No press releases” ignores it for The Commission, so nothing is drafted there.")
    assert document.drafted_at is not None
    assert queries.document_detail(document.pk).ignored == [event.reason]


def test_ignored_document_is_drafted_when_somebody_asks_for_it(
    source: Source, channel: Channel, approver: User
) -> None:
    Rule.objects.create(name="Nothing", mode=RuleMode.IGNORE, position=1)
    later = Rule.objects.create(name="All", mode=RuleMode.AUTOMATIC, position=2)
    assert drafted(source) == []
    (post,) = drafting.draft_by_hand(Document.objects.get().pk, approver)
    post.refresh_from_db()
    assert (post.rule, post.state) == (later, PostState.REVIEW)
    assert post.reason == "Somebody asked for this draft, so a person looks at it before it goes out."


def test_picture_of_a_card_is_kept_with_its_description(
    source: Source, channel: Channel, review_all: Rule, live_server: Any
) -> None:
    image = Image(url=f"{live_server.url}/sample/images/ocean.jpg", alt="Waves")
    (post,) = drafted(source, image=image)
    card = post.revision.content[0].card  # type: ignore[union-attr]
    assert (card.image.alt, card.image.type) == ("Waves", "image/jpeg")
    assert media.path(card.image.sha256).stat().st_size > 1000


def test_picture_that_cannot_be_fetched_is_told_and_costs_nothing_else(
    source: Source, channel: Channel, review_all: Rule
) -> None:
    (post,) = drafted(source, image=Image(url="http://127.0.0.1:9/none.jpg", alt="Nothing"))
    assert [issue.key for issue in previews.check(post)] == ["check.image_missing"]


def test_broken_template_is_named_and_the_document_is_drafted_all_the_same(
    source: Source, channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "any").mkdir()
    (tmp_path / "any" / "press_release.txt.j2").write_text("{{ title }}\n{{ titel }}")
    monkeypatch.setenv("PUBLISHER_TEMPLATES_DIR", str(tmp_path))
    config.get.cache_clear()
    Rule.objects.create(name="Press releases", mode=RuleMode.AUTOMATIC)
    try:
        (post,) = drafted(source)
    finally:
        monkeypatch.delenv("PUBLISHER_TEMPLATES_DIR")
        config.get.cache_clear()
    (issue,) = previews.check(post)
    assert issue.message.startswith("The post template any/press_release.txt.j2 has a mistake in line 2:")
    assert post.state == PostState.REVIEW, "what a rule would have sent, a person must look at now"
    assert post.revision.parts[0]["text"].startswith("Commission adopts measure number 1")  # type: ignore[union-attr]


def test_trouble_with_one_channel_is_told_and_the_others_get_their_posts(
    source: Source, channel: Channel, review_all: Rule
) -> None:
    Channel.objects.create(network="sandbox", name="Broken", credentials="", account={"limits": {"text": "many"}})
    posts = drafted(source)
    assert [post.channel for post in posts] == [channel]
    (item,) = queries.queue_page().items
    assert item.document.problem.startswith("No post could be written for Broken.")


def test_remembered_document_is_drafted_by_hand_for_review(source: Source, channel: Channel, approver: User) -> None:
    Rule.objects.create(name="Rule", mode=RuleMode.AUTOMATIC)
    Source.objects.update(baseline_at=None)
    (document_id,) = bring(source, entry(1)).new
    assert drafting.draft(document_id) == []
    (post,) = drafting.draft_by_hand(document_id, approver)
    assert (post.state, Document.objects.get().baseline) == (PostState.REVIEW, False)
    assert drafting.draft_by_hand(document_id, approver) == []


def test_unknown_document_is_named(approver: User) -> None:
    with pytest.raises(InvalidInput) as caught:
        drafting.draft_by_hand(7, approver)
    assert caught.value.sentence == "There is no document 7."
