"""`publisher rule …`"""

from datetime import time

import pytest

from publisher.models import Event, Rule
from tests.cli.conftest import Publisher
from tests.factories import make_channel, make_document, make_rule, make_source, make_user

pytestmark = pytest.mark.django_db

FIELDS = [
    *("id", "name", "position", "mode", "kinds", "template", "active", "sources", "channels", "cool_off", "per_hour"),
    *("use_slots", "languages", "people", "topics", "words", "not_words", "weekdays", "starts", "ends", "hashtags"),
    *("agreed_by", "agreed_at", "waits_for_second"),
]


def test_added_rule_holds_all_that_was_said(publisher: Publisher) -> None:
    source, channel = make_source(), make_channel()
    done = publisher(
        *("rule", "add", "Press releases", "--kind", "press_release", "--kind", "news", "--automatic"),
        *("--source", source.pk, "--channel", channel.pk, "--position", 10, "--json"),
    )
    assert (done.status, list(done.json)) == (0, FIELDS)
    assert {name: done.json[name] for name in FIELDS[:9]} == {
        "id": Rule.objects.get().pk,
        "name": "Press releases",
        "position": 10,
        "mode": "automatic",
        "kinds": ["press_release", "news"],
        "template": "",
        "active": True,
        "sources": [source.pk],
        "channels": [channel.pk],
    }
    assert Event.objects.get(subject="rule").actor == "command line"


def test_rule_waits_for_review_unless_said_otherwise(publisher: Publisher) -> None:
    done = publisher("rule", "add", "All")
    assert done.out == f"Rule {Rule.objects.get().pk}: All.\n"
    assert Rule.objects.get().mode == "review"


def test_rule_needs_a_name(publisher: Publisher) -> None:
    assert publisher("rule", "add", " ").refusal == "Give the rule a name."


def test_list_is_in_the_order_in_which_rules_are_tried(publisher: Publisher) -> None:
    make_rule(name="Last", position=20)
    make_rule(name="First", position=10, kinds=["speech", "remarks"])
    rows = publisher("rule", "list", "--json").json
    assert [list(row) for row in rows] == [FIELDS, FIELDS]
    assert [row["name"] for row in rows] == ["First", "Last"]
    heading, first, _last = publisher("rule", "list").out.splitlines()
    assert heading.split() == ["id", "position", "name", "mode", "kinds", "sources", "channels", "active"]
    assert first.split()[1:] == ["10", "First", "review", "speech,", "remarks", "yes"]


def test_without_rules_the_list_says_so(publisher: Publisher) -> None:
    done = publisher("rule", "list")
    assert (done.out, done.err) == ("", "There is no rule, so nothing is drafted: publisher rule add NAME\n")


def test_show(publisher: Publisher) -> None:
    rule = make_rule(name="All")
    assert list(publisher("rule", "show", rule.pk, "--json").json) == FIELDS
    assert publisher("rule", "show", rule.pk).out.splitlines()[1].split() == ["name", "All"]


def test_rule_is_tried_on_the_past_and_drafts_nothing(publisher: Publisher) -> None:
    rule, channel = make_rule(kinds=["speech"]), make_channel(name="Press")
    speech = make_document(kind="speech", title="Opening speech")
    make_document(kind="news")
    rows = publisher("rule", "test", rule.pk, "--json").json
    assert rows == [
        {
            "document": speech.pk,
            "kind": "speech",
            "title": "Opening speech",
            "channel": "Press",
            "outcome": "review",
            "reason": "",
            "due": None,
            "text": f"Opening speech\n\nWhat it says, in one sentence.\n\n{speech.url}",
        }
    ]
    assert publisher("rule", "test", "by-name").refusal == "There is no rule by-name."
    assert publisher("rule", "test", rule.name).out.splitlines()[1].split()[:6] == [
        *(str(speech.pk), "speech", "Opening", "speech", channel.name, "review")
    ]
    assert not speech.posts.exists()


def test_rule_that_would_have_taken_nothing(publisher: Publisher) -> None:
    done = publisher("rule", "test", make_rule().pk, "--days", 1)
    assert (done.status, done.out, done.err) == (0, "", "It would have taken nothing.\n")


def test_all_that_the_desk_can_say_the_command_can_say(publisher: Publisher) -> None:
    publisher(
        *("rule", "add", "Budget", "--automatic", "--wait", 10, "--per-hour", 3, "--slots", "--word", "budget"),
        *("--word", "euro", "--not-word", "fish", "--person", "Kaja Kallas", "--topic", "Trade", "--language", "en"),
        *("--day", "mon", "--from", "09:00", "--until", "18:30", "--hashtag", "#EUBudget", "--off"),
    )
    made = Rule.objects.get()
    assert (made.mode, made.cool_off, made.per_hour, made.use_slots, made.active) == ("automatic", 10, 3, True, False)
    assert (made.words, made.not_words, made.people) == (["budget", "euro"], ["fish"], ["Kaja Kallas"])
    assert (made.topics, made.languages, made.hashtags) == (["Trade"], ["en"], ["EUBudget"])
    assert (made.weekdays, made.starts, made.ends) == ([0], time(9), time(18, 30))


def test_change_leaves_what_is_not_named(publisher: Publisher) -> None:
    publisher("rule", "add", "Budget", "--automatic", "--wait", 10, "--word", "budget", "--from", "09:00")
    done = publisher(
        *("rule", "change", "budget", "--name", "Money"), *("--anything", "word", "--anything", "from", "--json")
    )
    kept = {name: done.json[name] for name in ("name", "mode", "cool_off", "words", "starts")}
    assert kept == {"name": "Money", "mode": "automatic", "cool_off": 10, "words": [], "starts": ""}


@pytest.mark.parametrize("wrong", [("--day", "someday"), ("--from", "noon"), ("--automatic", "--ignore")])
def test_what_the_command_cannot_read_is_refused(publisher: Publisher, wrong: tuple[str, ...]) -> None:
    assert (publisher("rule", "add", "Rule", *wrong).status, Rule.objects.count()) == (2, 0)


def test_rule_past_four_eyes_needs_a_name_and_says_what_it_waits_for(publisher: Publisher) -> None:
    make_channel(four_eyes=True)
    user, _colleague = make_user("administrator"), make_user("approver")
    refused = publisher("rule", "add", "By itself", "--automatic")
    assert refused.refusal == (
        "Two people must be told apart here, so say who you are: use --as with your e-mail address."
    )
    done = publisher("rule", "add", "By itself", "--automatic", "--as", user.email)
    assert done.out == (
        f"Rule {Rule.objects.get().pk}: By itself. Where four eyes count, it sends by itself once a second person has "
        "agreed to it; until then its posts wait.\n"
    )
    assert publisher("rule", "ask", "By itself", "--as", user.email, "--json").json["waits_for_second"] is True


def test_rule_is_switched_off_and_on(publisher: Publisher) -> None:
    rule = make_rule(name="All")
    assert publisher("rule", "off", "All").out == f"Rule {rule.pk} is off.\n"
    assert publisher("rule", "on", rule.pk, "--json").json["active"] is True


def test_remove(publisher: Publisher) -> None:
    first, second = make_rule(), make_rule(name="Second")
    assert publisher("rule", "remove", first.pk).out == f"Rule {first.pk} is taken away.\n"
    assert publisher("rule", "remove", second.pk, "--json").json["name"] == "Second"
    assert not Rule.objects.exists()
