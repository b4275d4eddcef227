"""`publisher channel links`."""

import pytest

from tests.cli.conftest import Publisher
from tests.factories import make_channel

pytestmark = pytest.mark.django_db


def test_links_are_set_in_parts_and_what_is_not_given_stays(publisher: Publisher) -> None:
    command = ("channel", "links", str(make_channel("x").pk))
    publisher(*command, "--source", "{network}", "--medium", "social")
    row = publisher(*command, "--medium", "", "--campaign", "{kind}", "--json").json
    assert row["links"] == {"source": "{network}", "medium": "", "campaign": "{kind}", "shorten": False}
    assert publisher(*command, "--shorten").refusal.startswith("No shortener is set up.")
