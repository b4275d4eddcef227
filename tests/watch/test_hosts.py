"""The table of hosts: whom it speaks of, and that every row can be read."""

from datetime import UTC, datetime

import pytest

from publisher.watch.data import table
from publisher.watch.hosts import Manners, manners_of


@pytest.mark.parametrize("host", list(table("hosts")["hosts"]))
def test_every_row_is_readable(host: str) -> None:
    manners = manners_of(host)
    manners.is_open(datetime.now(UTC))
    assert 0 <= manners.opens < manners.closes <= 24
    assert manners.shortest_minutes >= 5


def test_a_row_holds_for_the_hosts_below_it_and_the_nearest_counts() -> None:
    assert manners_of("competition-policy.ec.europa.eu") == manners_of("ec.europa.eu")
    assert manners_of("www.eeas.europa.eu").shortest_minutes == 15
    assert manners_of("data.europa.eu").shortest_minutes == 60
    assert manners_of("press.example.org") == manners_of("") == Manners()
