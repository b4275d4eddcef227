"""`publisher confirm`, `publisher emergency` and the policy of a channel."""

import pytest

from publisher.models import Channel, Event, Post, User
from tests.cli.conftest import Publisher
from tests.factories import make_channel, make_post, make_user

pytestmark = pytest.mark.django_db


def test_laxer_policy_takes_two_people(publisher: Publisher, administrator: User) -> None:
    channel, second = make_channel(four_eyes=True), make_user("administrator")
    nameless = publisher("channel", "approval", channel.pk, "--no-four-eyes")
    assert nameless.refusal.startswith("Two people must be told apart here")
    publisher("channel", "approval", channel.pk, "--no-four-eyes", "--reason", "Summer", "--as", administrator.email)
    (listed,) = publisher("confirm", "list", "--json").json
    assert (listed["act"], listed["by"], listed["reason"]) == ("relax approval", administrator.email, "Summer")
    own = publisher("confirm", "yes", listed["id"], "--as", administrator.email)
    assert own.refusal == "You proposed this, so somebody else must confirm it."
    assert publisher("confirm", "yes", listed["id"], "--as", second.email).out == "Done: relax approval.\n"
    assert not Channel.objects.get(pk=channel.pk).four_eyes


def test_stricter_policy_counts_at_once(publisher: Publisher) -> None:
    channel = make_channel()
    done = publisher("channel", "approval", channel.pk, "--four-eyes", "--kind", "statement=2", "--json").json
    assert (done["four_eyes"], done["approvals"], done["approvals_by_kind"]) == (True, 1, {"statement": 2})


def test_proposal_is_dropped(publisher: Publisher, administrator: User) -> None:
    channel = make_channel(four_eyes=True)
    publisher("channel", "approval", channel.pk, "--no-four-eyes", "--as", administrator.email)
    (listed,) = publisher("confirm", "list", "--json").json
    assert publisher("confirm", "no", listed["id"], "--json").json["outcome"] == "dropped"
    assert publisher("confirm", "list").err == "Nothing waits for a second person.\n"


def test_emergency_is_published_listed_and_looked_at(publisher: Publisher, administrator: User, approver: User) -> None:
    post = make_post(channel=make_channel(four_eyes=True))
    publisher("queue", "edit", post.pk, "--text", "Evacuate.", "--as", approver.email)
    own = publisher("queue", "approve", post.pk, "--as", approver.email)
    assert own.refusal == "You wrote or edited this post, so somebody else must approve it."
    publisher("emergency", "publish", post.pk, "--reason", "Flood", "--as", approver.email)
    assert Post.objects.get(pk=post.pk).state == "scheduled"
    assert Event.objects.get(verb="approve").actor == approver.email
    (listed,) = publisher("emergency", "list", "--json").json
    assert publisher("emergency", "look", listed["id"], "--as", approver.email).status == 1
    looked = publisher("emergency", "look", listed["id"], "--note", "Right.", "--as", administrator.email, "--json")
    assert (looked.json["reviewed_by"], looked.json["note"]) == (administrator.email, "Right.")


def test_revision_that_was_read_must_still_be_the_current_one(publisher: Publisher, approver: User) -> None:
    post = make_post()
    publisher("queue", "edit", post.pk, "--text", "Other words.")
    stale = publisher("queue", "approve", post.pk, "--revision", post.revision_id)
    assert stale.refusal == "Somebody changed this post meanwhile. Look at it again before you decide."


def test_sensitive_period_is_set_listed_and_ended(publisher: Publisher) -> None:
    made = publisher("period", "add", "Mourning", "--until", "2099-01-01T00:00", "--kind", "speech", "--json").json
    assert (made["name"], made["kinds"], made["channels"]) == ("Mourning", ["speech"], [])
    assert [row["id"] for row in publisher("period", "list", "--json").json] == [made["id"]]
    assert publisher("period", "end", made["id"]).out == "Ended.\n"
    assert publisher("period", "list").err == "There is none.\n"
    assert publisher("period", "add", "Mourning", "--until", "soon").status == 2
