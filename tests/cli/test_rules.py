"""`publisher rule …`"""

import pytest

from publisher.models import Event, Rule
from tests.cli.conftest import Publisher
from tests.factories import make_channel, make_document, make_rule, make_source

pytestmark = pytest.mark.django_db

FIELDS = ["id", "name", "position", "mode", "kinds", "template", "active", "sources", "channels"]


def test_added_rule_holds_all_that_was_said(publisher: Publisher) -> None:
    source, channel = make_source(), make_channel()
    done = publisher(
        *("rule", "add", "Press releases", "--kind", "press_release", "--kind", "news", "--automatic"),
        *("--source", source.pk, "--channel", channel.pk, "--position", 10, "--json"),
    )
    assert (done.status, list(done.json)) == (0, FIELDS)
    assert done.json == {
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
    assert rows == [{"document": speech.pk, "kind": "speech", "title": "Opening speech", "channels": ["Press"]}]
    assert publisher("rule", "test", rule.pk).out.splitlines()[1].split() == [
        *(str(speech.pk), "speech", "Opening", "speech", channel.name)
    ]
    assert not speech.posts.exists()


def test_rule_that_would_have_taken_nothing(publisher: Publisher) -> None:
    done = publisher("rule", "test", make_rule().pk, "--days", 1)
    assert (done.status, done.out, done.err) == (0, "", "It would have taken nothing.\n")


def test_remove(publisher: Publisher) -> None:
    first, second = make_rule(), make_rule(name="Second")
    assert publisher("rule", "remove", first.pk).out == f"Rule {first.pk} is taken away.\n"
    assert publisher("rule", "remove", second.pk, "--json").json["name"] == "Second"
    assert not Rule.objects.exists()
