"""`publisher hashtag`."""

import pytest

from tests.cli.conftest import Publisher

pytestmark = pytest.mark.django_db


def test_hashtag_is_set_listed_and_removed(publisher: Publisher) -> None:
    row = publisher("hashtag", "set", "Green Deal", "green deal", "--language", "en", "--json").json
    assert row == {"id": row["id"], "topic": "Green Deal", "language": "en", "tag": "GreenDeal"}
    assert publisher("hashtag", "list", "--search", "deal", "--json").json == [row]
    publisher("hashtag", "remove", str(row["id"]))
    assert publisher("hashtag", "list", "--json").json == []
