"""How it is found out whether an uncertain post is out: the same in the data, the code, the document, on the desk.

WRITE_DOCS=1 python -m pytest tests/newsroom/test_lookups.py
"""

import dataclasses
import os
from datetime import datetime
from pathlib import Path

import pytest
from django.utils import timezone

from publisher.enums import Lookup, PostState
from publisher.models import Post
from publisher.networks import limits, mastodon, prices, registry, x
from publisher.newsroom.sending import lookups
from publisher.types import Part
from tests.factories import make_attempt, make_channel, make_post

SENT = datetime(2026, 11, 23, 10, 30, tzinfo=timezone.get_default_timezone())
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"


def uncertain(network: str) -> Post:
    parts = (Part(text="Europe stands by its word, today and for as long as it takes."),)
    post = make_post(channel=make_channel(network), state=PostState.UNCERTAIN, parts=parts)
    make_attempt(post, stamp=SENT)
    return post


def test_data_says_what_the_networks_do() -> None:
    said = {kind: registry.get_limits(kind) for kind in ("mastodon", "x")}
    assert said["mastodon"].lookup_posts == mastodon.PAGE * mastodon.PAGES
    assert said["mastodon"].lookup_back == mastodon.CLOCK_SLACK.total_seconds()
    assert said["x"].lookup_posts == x.PAGE * x.PAGES
    assert said["x"].lookup_back == x.LOOK_BACK.total_seconds()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("network", "sentence"),
    [
        ("bluesky", "Bluesky is asked by the key that the post was given, so its answer is certain."),
        (
            "mastodon",
            "Its text is looked for among the account's posts on Mastodon since 10:25, the newest 400 at most.",
        ),
        (
            "x",
            (
                "Its text is looked for among the account's posts on X since 10:29, the newest 50 at most. "
                "A look costs up to 0.25 US dollars there."
            ),
        ),
    ],
)
def test_person_reads_how_it_is_looked_up(network: str, sentence: str) -> None:
    assert lookups.explain(uncertain(network)) == sentence


@pytest.mark.django_db
def test_person_reads_what_to_look_for_where_the_network_cannot_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    blind = dataclasses.replace(limits.LIMITS["sandbox"], lookup=Lookup.NONE)
    monkeypatch.setitem(limits.LIMITS, "sandbox", blind)
    assert lookups.explain(uncertain("sandbox")) == (
        "Sandbox cannot be asked. Look at the account for a post of 10:30 or later that begins with “Europe stands by "
        "its word, today and for”."
    )
    assert lookups.waiting(PostState.UNCERTAIN) == []


def test_table_of_look_ups_in_the_document_is_the_data() -> None:
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines(keepends=True)
    stands = [number for number, line in enumerate(lines) if line.startswith("| look-up on ")]
    rows = [row_of(kind) + "\n" for kind in registry.KINDS]
    if os.environ.get("WRITE_DOCS"):
        lines[stands[0] : stands[-1] + 1] = rows
        DOCUMENT.write_text("".join(lines), encoding="utf-8")
        return
    assert [lines[number] for number in stands] == rows


def row_of(kind: str) -> str:
    limits = registry.get_limits(kind)
    label = registry.LABELS[kind]
    if limits.lookup is Lookup.EXACT:
        return f"| look-up on {label} | our key | – | at once | nothing |"
    if limits.lookup is Lookup.NONE:
        return f"| look-up on {label} | none: a person looks | – | – | nothing |"
    billed = prices.of(kind)
    cost = f"${limits.lookup_posts * billed.read:.2f} at most" if billed else "nothing"
    back = f"the newest {limits.lookup_posts} posts since {limits.lookup_back} s before the first try"
    return f"| look-up on {label} | text and parent | {back} | after {limits.lookup_delay} s | {cost} |"
