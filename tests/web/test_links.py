"""How a channel writes links, on the desk."""

from collections.abc import Iterator

import pytest
from django.test import Client

from publisher import config
from publisher.models import Channel
from tests.factories import make_channel
from tests.web.pages import text


@pytest.fixture
def _own_sites(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PUBLISHER_OWN_SITES", "press.example.org")
    config.get.cache_clear()
    yield
    monkeypatch.undo()
    config.get.cache_clear()


@pytest.mark.usefixtures("_own_sites")
def test_words_for_statistics_are_set_and_shown_in_an_example(administrator: Client) -> None:
    path = f"/channels/{make_channel('x').pk}/links/"
    answer = administrator.post(path, {"source": "{network}", "medium": "social"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/channels/")
    shown = text(administrator.get(path), "main code")
    assert "https://press.example.org/news/1?utm_source=x&utm_medium=social" in shown


def test_what_means_nothing_stays_beside_what_is_wrong(administrator: Client) -> None:
    path = f"/channels/{make_channel().pk}/links/"
    answer = administrator.post(path, {"source": "{netwrk}"})
    (wrong,) = text(answer, ".issue.error")
    assert (answer.status_code, wrong.startswith("{netwrk} means nothing here.")) == (422, True)
    assert Channel.objects.get().links == {}
    assert text(answer, ".issue.warning") == [
        "No site is named as your own, so nothing is added yet. Set PUBLISHER_OWN_SITES and start Publisher again."
    ]
