"""Anchors: what was sent out cannot be taken back by whoever can write every row."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher import config
from publisher.errors import InvalidInput
from publisher.models import Event
from publisher.newsroom.record import anchors, audit, chain
from publisher.newsroom.record.anchors import Anchor
from tests.newsroom.test_chain import tamper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of the test's own, named as people name it."""
    with monkeypatch.context() as environment:
        environment.setenv("PUBLISHER_DATA_DIR", str(tmp_path))
        config.get.cache_clear()
        yield tmp_path / "anchors"
    config.get.cache_clear()


def write(count: int) -> None:
    for number in range(count):
        audit.record("alice@example.org", "post", number, "edit")


def told(*others: Anchor) -> list[str]:
    return [each.sentence for each in anchors.verify(others).findings]


def test_head_is_written_once_for_each_change(folder: Path) -> None:
    assert anchors.write() is None
    write(2)
    first = anchors.write()
    assert (first, anchors.write()) == (anchors.head(), None)
    write(1)
    second = anchors.write()
    (file,) = folder.iterdir()
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(line["number"], line["hash"]) for line in lines] == [
        (2, first and first.hash),
        (3, second and second.hash),
    ]
    assert told() == []


def test_end_cut_off_is_found() -> None:
    write(5)
    anchors.write()
    tamper("DELETE FROM publisher_event WHERE id > 3")
    assert chain.verify().intact  # the rows alone do not tell
    assert told() == ["The history ends with event 3, but event 5 had been sent out: its end is cut off."]


def test_history_written_anew_is_found() -> None:
    write(3)
    sent = anchors.head()
    assert sent is not None
    event = Event.objects.get(pk=3)
    content = {name: getattr(event, name) for name in chain.FIELDS} | {"verb": "approve"}
    forged = chain.event_hash(3, event.by.reference, content, event.previous_hash)
    tamper("UPDATE publisher_event SET verb = 'approve', hash = %s WHERE id = 3", forged)
    assert chain.verify().intact
    assert told(anchors.parse(sent.text)) == [
        "Event 3 is not the one whose fingerprint was sent out: the history was written anew."
    ]


def test_line_that_a_crash_cut_short_is_passed_over_and_the_next_one_is_written_after_it(folder: Path) -> None:
    write(1)
    anchors.write()
    (file,) = folder.iterdir()
    file.write_text(file.read_text()[:20])
    assert anchors.write() == anchors.head()
    assert anchors.read(file) == [anchors.head()]


def test_file_without_anchors_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("Hello")
    for name in ("other.txt", "none.txt"):
        with pytest.raises(InvalidInput):
            anchors.read(tmp_path / name)


@pytest.mark.parametrize("text", ["", "abc", "x:abc", "12:"])
def test_what_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        anchors.parse(text)
