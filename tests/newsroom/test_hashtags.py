"""Hashtags by topic: those of the document's language, as many as are wise on the network."""

from dataclasses import replace

import pytest

from publisher.enums import Role
from publisher.errors import InvalidInput, NotAllowed
from publisher.models import Event, Hashtag, Rule, User
from publisher.newsroom.drafts import hashtags, previews
from publisher.newsroom.drafts.writing import write
from publisher.types import Entry, Part
from tests.factories import make_channel, make_document, make_post, make_user

pytestmark = pytest.mark.django_db

ENTRY = Entry(
    url="https://press.example.org/1",
    title="A deal",
    language="en",
    topics=("Green Deal", "Trade policy", "EU budget", "Energy", "Health", "Justice"),
)


@pytest.fixture
def chief() -> User:
    user = make_user(Role.ADMINISTRATOR)
    for topic, tag in zip(
        ENTRY.topics, ("green deal", "#EUTrade", "EUBudget", "Energy", "Health", "Justice"), strict=True
    ):
        hashtags.set(user, topic, tag)
    hashtags.set(user, "Green deal ", "GrünerDeal", "de-AT")
    return user


def tags_on(network: str, entry: Entry = ENTRY, rule: Rule | None = None) -> list[str]:
    text = write(entry, make_channel(network), rule).parts[0].text
    return [word for word in text.split() if word.startswith("#")]


@pytest.mark.usefixtures("chief")
def test_draft_has_as_many_as_are_wise_on_its_network() -> None:
    assert tags_on("threads") == ["#GreenDeal"]
    assert tags_on("x") == ["#GreenDeal", "#EUTrade"]
    assert tags_on("instagram") == ["#GreenDeal", "#EUTrade", "#EUBudget", "#Energy", "#Health"]
    assert tags_on("apprise") == []


@pytest.mark.usefixtures("chief")
def test_language_of_its_own_comes_before_the_one_for_all() -> None:
    assert tags_on("x", replace(ENTRY, language="de")) == ["#GrünerDeal", "#EUTrade"]
    assert tags_on("x", replace(ENTRY, language="")) == ["#GreenDeal", "#EUTrade"]


@pytest.mark.usefixtures("chief")
def test_hashtags_of_the_rule_all_stay_and_none_stands_twice() -> None:
    rule = Rule(name="r", hashtags=["greendeal", "Mine", "Ours"])
    assert tags_on("x", rule=rule) == ["#greendeal", "#Mine", "#Ours"]
    assert tags_on("mastodon", rule=Rule(name="r", hashtags=["greendeal"])) == ["#greendeal", "#EUTrade", "#EUBudget"]


def test_each_change_is_told_in_the_history(chief: User) -> None:
    row = hashtags.set(chief, "Green Deal", "EUGreenDeal")
    hashtags.set(chief, "Green Deal", "EUGreenDeal")
    hashtags.remove(row.pk, chief)
    events = Event.objects.filter(subject="hashtag", subject_id=row.pk).order_by("pk")
    assert [event.verb for event in events] == ["add", "change", "remove"]
    with pytest.raises(NotAllowed):
        hashtags.set(make_user(Role.EDITOR), "Trade", "Trade")


@pytest.mark.parametrize(
    ("given", "key"),
    [
        (("", "Trade", ""), "hashtag.topic"),
        (("Trade", "#", ""), "hashtag.wrong"),
        (("Trade", "a-b", ""), "hashtag.wrong"),
        (("Trade", "2028", ""), "hashtag.wrong"),
        (("Trade", "Trade", "english"), "rule.language"),
    ],
)
def test_what_is_no_hashtag_is_refused(given: tuple[str, str, str], key: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        hashtags.set(make_user(Role.ADMINISTRATOR), *given)
    assert caught.value.key == key
    assert not Hashtag.objects.exists()


def test_editor_is_told_of_a_compound_without_capitals() -> None:
    document = make_document(body="The Green Deal goes on.", title="The Green Deal goes on")
    post = make_post(document, parts=(Part(text="Out now #greendeal"),))
    (issue,) = [issue for issue in previews.check(post) if issue.key.startswith("hashtag.")]
    assert (issue.severity, issue.message) == (
        "warning",
        "#greendeal is read out as one word. With a capital for each word, as #GreenDeal, everybody can follow.",
    )
