"""`publisher hold …`, `publisher period …`"""

import pytest

from publisher.models import Hold, User
from tests.cli.conftest import Publisher
from tests.factories import make_channel

pytestmark = pytest.mark.django_db

HOLD = ["id", "scope", "channel_id", "document_id", "reason", "set_by", "set_at", "lifted_by", "lifted_at"]
HOLD += ["words", "channel_ids", "starts_at", "ends_at"]


def test_hold_stops_everything_until_lifted(publisher: Publisher) -> None:
    done = publisher("hold", "set", "--reason", "Mourning", "--json")
    assert (done.status, list(done.json)) == (0, HOLD)
    assert done.json == done.json | {"scope": "everything", "channel_id": None, "reason": "Mourning", "lifted_at": None}
    number = done.json["id"]
    assert [list(row) for row in publisher("hold", "list", "--json").json] == [HOLD]
    assert publisher("hold", "list").out.splitlines()[1].split()[:4] == [
        str(number),
        "everything",
        "Mourning",
        "command",
    ]
    lifted = publisher("hold", "lift", number, "--json").json
    assert (list(lifted), lifted["lifted_by"]) == (HOLD, "command line")
    assert publisher("hold", "lift", number).refusal == "This stop has been lifted already."
    assert publisher("hold", "list").err == "Nothing is stopped.\n"


def test_hold_of_one_channel_tells_how_to_lift_it(publisher: Publisher) -> None:
    channel = make_channel()
    done = publisher("hold", "set", "--channel", channel.pk)
    hold = Hold.objects.get()
    assert done.out == f"Stopped (hold {hold.pk}). Lift it with: publisher hold lift {hold.pk}\n"
    assert (hold.scope, hold.channel_id) == ("channel", channel.pk)
    assert publisher("hold", "lift", hold.pk).out == "Lifted.\n"


def test_viewer_may_not_stop(publisher: Publisher, viewer: User) -> None:
    refused = publisher("hold", "set", "--as", viewer.email)
    assert refused.refusal == "You may not do this. Ask an administrator of this desk."
    assert not Hold.objects.exists()


@pytest.mark.parametrize(
    ("asked", "made"),
    [
        (
            ["--topic", "election", "--topic", " poll "],
            {"scope": "topic", "words": ["election", "poll"], "ends_at": None},
        ),
        (
            ["--until", "2099-01-02T10:00", "--from", "2099-01-01T10:00"],
            {
                "scope": "period",
                "channel_ids": [],
                "starts_at": "2099-01-01T10:00:00+01:00",
                "ends_at": "2099-01-02T10:00:00+01:00",
            },
        ),
    ],
)
def test_topic_and_time_stop_what_they_name(publisher: Publisher, asked: list[str], made: dict[str, object]) -> None:
    done = publisher("hold", "set", *asked, "--json").json
    assert done == done | made
    assert [row["id"] for row in publisher("hold", "list", "--json").json] == [done["id"]]


@pytest.mark.parametrize(
    "asked", [["--document", "1", "--topic", "a"], ["--channel", "1", "--channel", "2"], ["--from", "2099-01-01T10:00"]]
)
def test_stop_that_means_nothing_is_a_wrong_command(publisher: Publisher, asked: list[str]) -> None:
    assert (publisher("hold", "set", *asked).status, Hold.objects.count()) == (2, 0)
