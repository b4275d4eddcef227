"""What changed between two texts, and whether a reader would notice."""

from dataclasses import replace
from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.text.diff import Block, Change, as_text, compare, condense, diff, is_change
from publisher.types import Entry, Image

WORDS = st.text(alphabet="ab c.\n", max_size=60)
ENTRY = Entry(
    url="https://press.example.org/ip_26_1",
    title="Commission adopts a plan",
    lead="The Commission adopted a plan.",
    body="The plan costs 23 billion euro.\n\nIt begins in May.",
)


def text_without(change: Change, blocks: list[Block]) -> str:
    kept = [block for block in blocks if block.change is not change]
    return "\n\n".join("".join(run.text for run in block.runs if run.change is not change) for block in kept)


@given(WORDS, WORDS)
def test_diff_holds_both_texts_whole(before: str, after: str) -> None:
    blocks = diff(before, after)
    assert (text_without(Change.ADDED, blocks), text_without(Change.REMOVED, blocks)) == (before, after)


@given(WORDS)
def test_text_that_stays_is_only_the_same(text: str) -> None:
    assert {block.change for block in diff(text, text)} == {Change.SAME}


def test_changed_number_is_shown_within_its_paragraph() -> None:
    (changed, same) = diff(ENTRY.body, ENTRY.body.replace("23", "32"))
    assert [(run.text, str(run.change)) for run in changed.runs] == [
        ("The plan costs ", "same"),
        ("23", "removed"),
        ("32", "added"),
        (" billion euro.", "same"),
    ]
    assert same.change is Change.SAME


def test_number_with_a_point_is_one_word() -> None:
    (block,) = diff("It costs €3.3 billion.", "It costs €3.4 billion.")
    assert [run.text for run in block.runs] == ["It costs €", "3.3", "3.4", " billion."]


def test_added_paragraph_is_one_block_and_moves_no_other() -> None:
    blocks = diff("One thing.\n\nAnother thing.", "One thing.\n\nSomething new here.\n\nAnother thing.")
    assert [str(block.change) for block in blocks] == ["same", "added", "same"]


def test_changed_paragraph_is_found_beside_one_that_is_new() -> None:
    old = "The plan costs 23 billion euro."
    blocks = diff(f"First.\n\n{old}", "First.\n\nSomething else entirely.\n\nThe plan costs 25 billion euro.")
    assert [str(block.change) for block in blocks] == ["same", "added", "changed"]


def test_terminal_shows_changes_with_a_paragraph_around_them() -> None:
    before = "One.\n\nTwo.\n\nThe plan costs 23 euro.\n\nFour.\n\nFive."
    assert as_text(diff(before, before.replace("23", "32"))) == (
        "  …\n  Two.\n~ The plan costs [-23-]{+32+} euro.\n  Four.\n  …"
    )


def test_nothing_but_a_gap_is_left_of_a_text_that_stays() -> None:
    assert condense(diff("One.\n\nTwo.", "One.\n\nTwo.")) == [None]


@pytest.mark.parametrize(
    "after",
    [
        replace(ENTRY, body=ENTRY.body.replace(" ", "\u00a0")),
        replace(ENTRY, body=ENTRY.body + "\n\n"),
        replace(ENTRY, image=Image(url="https://press.example.org/other.jpg")),
        replace(ENTRY, url="https://press.example.org/ip_26_1?from=mail"),
        replace(ENTRY, updated_at=datetime(2026, 11, 24, tzinfo=UTC)),
        replace(ENTRY, title="Commission adopts a\u00ad plan"),
    ],
)
def test_what_no_reader_notices_is_no_change(after: Entry) -> None:
    assert not is_change(ENTRY, after)


@pytest.mark.parametrize(
    "after",
    [
        replace(ENTRY, body=ENTRY.body.replace("23", "32")),
        replace(ENTRY, title="Commission drops a plan"),
        replace(ENTRY, lead=""),
        replace(ENTRY, embargo_until=datetime(2026, 11, 24, tzinfo=UTC)),
        replace(ENTRY, withdrawn=True),
    ],
)
def test_what_a_reader_notices_is_a_change(after: Entry) -> None:
    assert is_change(ENTRY, after)


def test_shape_of_quotation_marks_and_dashes_is_no_change() -> None:
    assert not is_change(replace(ENTRY, lead='He said "yes" - twice'), replace(ENTRY, lead="He said “yes” – twice"))


def test_menu_lines_count_only_on_pages_read_by_a_recipe() -> None:
    more = ENTRY.body + "\n\nMost read today"
    assert is_change(ENTRY, replace(ENTRY, body=more))
    assert not is_change(replace(ENTRY, recipe="general"), replace(ENTRY, recipe="general", body=more))


def test_fields_that_changed_are_named_in_reading_order() -> None:
    after = replace(ENTRY, title="Another title", body="Another body.")
    assert [change.field for change in compare(ENTRY, after)] == ["title", "body"]


def test_long_texts_that_share_nothing_cost_little() -> None:
    before, after = ("\n\n".join(f"{sign} " * 200 + str(number) for number in range(300)) for sign in ("one", "two"))
    began = process_time()
    diff(before, after)
    diff("a b " * 50_000, "b a " * 50_000)
    assert process_time() - began < 4
