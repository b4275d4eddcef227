"""The verbs on rules: what they take, what their event tells, and who must agree where four eyes count."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publisher.enums import PostState, RuleMode
from publisher.errors import InvalidInput, NotAllowed, StaleState
from publisher.models import Channel, Event, Post, Proposal, Rule, Source, User
from publisher.newsroom import access, queries
from publisher.newsroom.approval import agreement, eyes, pairs, proposals
from publisher.newsroom.drafts import drafting, rules
from publisher.newsroom.drafts.terms import Terms
from publisher.newsroom.sending import delivery
from tests.factories import make_channel, make_source
from tests.newsroom.conftest import bring, entry

ALL: dict[str, Any] = {
    "name": "Budget",
    "mode": RuleMode.AUTOMATIC,
    "cool_off": 10,
    "per_hour": 3,
    "use_slots": True,
    "kinds": ["speech"],
    "languages": ["en-GB"],
    "people": ["Kaja Kallas"],
    "topics": ["Trade"],
    "words": [" budget ", "budget", ""],
    "not_words": ["fish"],
    "weekdays": [4, 0, 4],
    "starts": time(9),
    "ends": time(18, 30),
    "template": "campaign",
    "hashtags": ["#EUBudget", "EUBudget"],
    "position": 5,
}
OFF = "The rule “By itself”, which had scheduled this by itself, is no longer in force. Look at it before it goes out."
NOT_AGREED = (
    "On a channel with four eyes, the rule “By itself” sends nothing by itself before a second person has agreed to it "
    "(Rules). Until then a person approves its posts."
)


def test_event_tells_all_of_the_rule(administrator: User) -> None:
    source, channel = make_source(), make_channel()
    made = rules.add(administrator, Terms(**ALL, source_ids=[source.pk], channel_ids=[channel.pk]))
    told = Event.objects.get(subject="rule", verb="add").data
    assert told == {
        "name": "Budget",
        "mode": "automatic",
        "cool_off": 10,
        "per_hour": 3,
        "use_slots": True,
        "kinds": ["speech"],
        "languages": ["en"],
        "people": ["Kaja Kallas"],
        "topics": ["Trade"],
        "words": ["budget"],
        "not_words": ["fish"],
        "weekdays": [0, 4],
        "starts": "09:00",
        "ends": "18:30",
        "template": "campaign",
        "hashtags": ["EUBudget"],
        "position": 5,
        "sources": [source.pk],
        "channels": [channel.pk],
        "active": True,
    }
    assert Terms.of(rules.get(made.pk)).data == {name: said for name, said in told.items() if name != "active"}


def test_no_column_of_a_rule_is_left_out_of_what_it_says() -> None:
    of_the_row = {"id", "owner", "active", "sample", "confirmed_hash", "confirmed_by", "confirmed_at"}
    columns = {field.name for field in Rule._meta.concrete_fields}
    assert set(Terms(name="x").columns) == columns - of_the_row


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "Give the rule a name."),
        ({"mode": "maybe"}, "There is no mode maybe. We have: review, automatic, ignore."),
        ({"cool_off": -1}, "Wait between 0 and 10080 minutes (a week)."),
        ({"per_hour": 1001}, "Give a number of posts between 0 (any number) and 1000."),
        ({"weekdays": [7]}, "Weekdays are numbers from 0 (Monday) to 6 (Sunday)."),
        ({"starts": time(9), "ends": time(9)}, "The hours must end at another time than they begin."),
        ({"languages": ["English"]}, "English is no language. Give its two or three letters: en, fr, de."),
        ({"words": ["…"]}, "… has neither letters nor digits, so nothing can be found by it."),
        (
            {"hashtags": ["State of the Union"]},
            "State of the Union is no hashtag. Use letters, digits and underscores, without blanks: StateOfTheUnion.",
        ),
        (
            {"hashtags": ["2026"]},
            "2026 is no hashtag. Use letters, digits and underscores, without blanks: StateOfTheUnion.",
        ),
        ({"source_ids": [99]}, "There is no source 99."),
        ({"words": [str(number) for number in range(501)]}, "A list of a rule holds at most 500 values."),
    ],
)
def test_what_cannot_be_meant_is_refused(administrator: User, wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        rules.add(administrator, Terms(**{"name": "Rule", **wrong}))
    assert (caught.value.sentence, Rule.objects.count()) == (sentence, 0)


def test_what_only_counts_for_what_goes_out_by_itself_is_not_kept_otherwise(administrator: User) -> None:
    made = rules.add(administrator, Terms(name="Look", cool_off=5, per_hour=2, use_slots=True))
    assert (made.cool_off, made.per_hour, made.use_slots) == (0, 0, False)


def test_saving_what_is_there_already_changes_nothing(administrator: User, approver: User) -> None:
    made = rules.add(administrator, Terms(name="All"))
    rules.update(made.pk, access.operator(), Terms(name="All"))
    assert list(Event.objects.filter(subject="rule").values_list("verb", flat=True)) == ["add"]


def test_rule_is_called_by_name_or_number(administrator: User) -> None:
    one = rules.add(administrator, Terms(name="Press releases"))
    rules.add(administrator, Terms(name="Twice"))
    rules.add(administrator, Terms(name="Twice"))
    assert [rules.named("press releases"), rules.named(str(one.pk))] == [one, one]
    with pytest.raises(InvalidInput) as caught:
        rules.named("Twice")
    assert caught.value.key == "rule.ambiguous"


@pytest.mark.parametrize("role", ["viewer", "editor", "approver"])
def test_only_an_administrator_makes_and_switches_rules(
    request: pytest.FixtureRequest, administrator: User, role: str
) -> None:
    made = rules.add(administrator, Terms(name="All"))
    user = request.getfixturevalue(role)
    for act in (
        lambda: rules.add(user, Terms(name="Mine")),
        lambda: rules.update(made.pk, user, Terms(name="Mine")),
        lambda: rules.switch(made.pk, user, active=False),
        lambda: rules.remove(made.pk, user),
        lambda: agreement.ask_again(made, user),
    ):
        with pytest.raises(NotAllowed):
            act()


# --- what a rule has scheduled by itself


@pytest.fixture
def counting(source: Source, channel: Channel, administrator: User) -> Post:
    """A post that counts down, by a rule of ten minutes."""
    rules.add(administrator, Terms(name="By itself", mode=RuleMode.AUTOMATIC, cool_off=10))
    (document_id,) = bring(source, entry(1)).new
    (post,) = drafting.draft(document_id)
    post = Post.objects.get(pk=post.pk)
    assert post.counts_down
    return post


@pytest.mark.parametrize(
    ("verb", "reason"),
    [
        ("change", "The rule “Other”, which had scheduled this by itself, was changed. Look at it before it goes out."),
        ("switch off", OFF),
        ("remove", OFF),
    ],
)
def test_rule_that_no_longer_says_so_takes_back_what_it_has_scheduled(
    counting: Post, administrator: User, verb: str, reason: str
) -> None:
    rule = Rule.objects.get()
    if verb == "change":
        rules.update(rule.pk, administrator, Terms(name="Other", mode=RuleMode.AUTOMATIC))
    elif verb == "remove":
        rules.remove(rule.pk, administrator)
    else:
        rules.switch(rule.pk, administrator, active=False)
    counting.refresh_from_db()
    assert (counting.state, counting.counts_down, counting.reason) == (PostState.REVIEW, False, reason)


# --- where four eyes count


@pytest.fixture
def strict(channel: Channel) -> Channel:
    Channel.objects.update(four_eyes=True)
    return channel


def by_itself(user: User, **terms: Any) -> Rule:
    return rules.add(user, Terms(**{"name": "By itself", "mode": RuleMode.AUTOMATIC, "cool_off": 10, **terms}))


def drafted(source: Source, number: int = 1) -> Post:
    (document_id,) = bring(source, entry(number)).new
    (post,) = drafting.draft(document_id)
    return Post.objects.get(pk=post.pk)


def test_rule_sends_past_four_eyes_once_a_second_person_has_agreed(
    strict: Channel, source: Source, administrator: User, approver: User
) -> None:
    rule = by_itself(administrator)
    first = drafted(source, 1)
    assert (first.state, first.reason) == (PostState.REVIEW, NOT_AGREED)
    (proposal,) = proposals.waiting()
    with pytest.raises(NotAllowed):
        pairs.confirm(proposal.pk, administrator)
    pairs.confirm(proposal.pk, approver)
    second = drafted(source, 2)
    assert (second.state, eyes.missing(second, second.due_at)) == (PostState.SCHEDULED, 0)
    rule.refresh_from_db()
    assert (rule.confirmed_by, agreement.why_it_waits(rule)) == (approver.email, "")
    assert list(Event.objects.filter(subject="rule").values_list("verb", flat=True)) == [
        "add",
        "propose: confirm rule",
        "confirm: confirm rule",
        "agree",
    ]


def test_change_voids_the_agreement_and_what_counts_down_by_it(
    strict: Channel, source: Source, administrator: User, approver: User
) -> None:
    rule = by_itself(administrator)
    pairs.confirm(proposals.waiting().get().pk, approver)
    post = drafted(source, 1)
    rules.update(rule.pk, administrator, Terms(name="By itself", mode=RuleMode.AUTOMATIC))
    post.refresh_from_db()
    assert post.state == PostState.REVIEW
    assert drafted(source, 2).state == PostState.REVIEW
    rule.refresh_from_db()
    assert (rule.confirmed_hash, rule.confirmed_by, agreement.missing([rule])) == ("", "", {rule.pk})
    assert proposals.waiting().count() == 1, "a second person is asked anew"


def test_rule_that_changed_since_it_was_proposed_is_not_agreed_to(
    strict: Channel, administrator: User, approver: User
) -> None:
    rule = by_itself(administrator)
    first = Proposal.objects.get()
    rules.update(rule.pk, administrator, Terms(name="Other", mode=RuleMode.AUTOMATIC))
    with pytest.raises(StaleState):
        pairs.confirm(first.pk, approver)
    Rule.objects.update(words=["behind the back"])
    with pytest.raises(StaleState):
        pairs.confirm(proposals.waiting().get().pk, approver)


def test_row_that_was_changed_behind_its_verb_is_agreed_to_no_more(
    strict: Channel, source: Source, administrator: User, approver: User
) -> None:
    by_itself(administrator)
    pairs.confirm(proposals.waiting().get().pk, approver)
    post = drafted(source)
    Rule.objects.update(kinds=["press_release"])
    assert eyes.missing(post, post.due_at) == 1
    Post.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    delivery.deliver(post.pk)
    post.refresh_from_db()
    assert post.state == PostState.SCHEDULED, "what stands scheduled waits until it has what it needs"


def test_channel_that_gets_four_eyes_later_takes_the_rules_word_no_more(
    channel: Channel, source: Source, administrator: User, approver: User
) -> None:
    by_itself(administrator)
    assert proposals.waiting().count() == 0
    post = drafted(source)
    assert post.state == PostState.SCHEDULED
    Channel.objects.update(four_eyes=True)
    post = Post.objects.select_related("channel", "rule").get()
    assert eyes.missing(post, post.due_at) == 1


@pytest.mark.parametrize("terms", [{"mode": RuleMode.REVIEW}, {"mode": RuleMode.IGNORE}])
def test_rule_that_sends_nothing_by_itself_needs_nobody(strict: Channel, administrator: User, terms: Any) -> None:
    assert agreement.why_it_waits(by_itself(administrator, **terms)) == ""


def test_rule_for_other_channels_needs_nobody(strict: Channel, administrator: User) -> None:
    other = make_channel(four_eyes=False)
    assert agreement.why_it_waits(by_itself(administrator, channel_ids=[other.pk])) == ""


def test_rule_that_is_off_asks_when_it_is_switched_on(strict: Channel, administrator: User, approver: User) -> None:
    terms = Terms(name="Off", mode=RuleMode.AUTOMATIC)
    rule = rules.add(administrator, terms, active=False)
    assert proposals.waiting().count() == 0
    rules.switch(rule.pk, administrator, active=True)
    assert proposals.waiting().count() == 1


def test_nameless_hand_makes_no_such_rule(strict: Channel) -> None:
    with pytest.raises(NotAllowed) as caught:
        by_itself(access.operator())
    assert (caught.value.key, Rule.objects.count()) == ("approval.say_who", 0)


def test_newsroom_of_one_is_told_and_asks_once_a_colleague_has_joined(
    strict: Channel, source: Source, administrator: User
) -> None:
    rule = by_itself(administrator)
    assert agreement.why_it_waits(rule) == (
        "Where four eyes count, it sends nothing by itself: a second person must agree to it, and you are the only one "
        "who could. A person approves its posts until a colleague has joined."
    )
    assert (drafted(source).state, proposals.waiting().count()) == (PostState.REVIEW, 0)
    User.objects.create_user("bob@example.org", "correct horse battery", name="Bob", role="approver")
    assert agreement.why_it_waits(rule).endswith("none is asked at the moment. Ask again.")
    agreement.ask_again(rule, administrator)
    assert agreement.why_it_waits(rule) == (
        "Where four eyes count, it sends by itself once a second person has agreed to it; until then its posts wait."
    )


def test_as_many_queries_for_many_rules_as_for_two(administrator: User) -> None:
    make_channel(four_eyes=True)
    for number in range(8):
        Rule.objects.create(name=f"Rule {number}", mode=RuleMode.AUTOMATIC)
    counts = []
    for some in (queries.rules()[:2], queries.rules()):
        with CaptureQueriesContext(connection) as asked:
            assert len(agreement.why_they_wait(some)) == len(some)
        counts.append(len(asked))
    assert counts[0] == counts[1]
