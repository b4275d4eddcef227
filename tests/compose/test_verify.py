"""Drafts held against their documents: cases as files, and what real documents say of themselves."""

import json
from pathlib import Path

import pytest

from publisher.compose.draft import compose
from publisher.compose.facts import find_lines
from publisher.compose.verify import check_words, find_sources
from publisher.enums import Severity
from publisher.errors import FetchError
from publisher.text.credits import credited
from publisher.text.quotations import find_quotations
from publisher.types import Entry, entry_from_json
from publisher.watch.read import read_entries

CASES = sorted((Path(__file__).parent / "quotations").glob("*.json"))
DRAFTS = [
    pytest.param(case["entry"], draft, id=f"{path.stem}-{number}")
    for path in CASES
    for case in [json.loads(path.read_text(encoding="utf-8"))]
    for number, draft in enumerate(case["drafts"])
]


@pytest.mark.parametrize(("entry", "draft"), DRAFTS)
def test_draft_is_held_against_its_document(entry: dict[str, object], draft: dict[str, list[str]]) -> None:
    issues = check_words(entry_from_json(entry), draft["parts"])
    assert [[issue.field, issue.key, issue.params["words"]] for issue in issues] == draft["issues"]
    for issue in issues:
        part = int(issue.field.split(".")[1]) if issue.field.startswith("parts") else 0
        start, end = issue.params["start"], issue.params["end"]
        assert isinstance(start, int)
        assert isinstance(end, int)
        assert draft["parts"][part][start:end] == issue.params["words"]
        blocks = issue.key.startswith("quote.") and issue.key != "quote.not_speech"
        assert (issue.severity is Severity.ERROR) == blocks


@pytest.fixture
def seed(shared: Path) -> Entry:
    (entry,) = read_entries(str(shared / "samples/eeas/press-remarks-fac-2025-04-14.txt"))
    return entry


def test_the_line_that_the_institution_puts_on_top_ranks_first_and_edited_ones_low(seed: Entry) -> None:
    lines = find_lines(seed, "en")
    assert lines[0].text == (
        "the only way to get Russia to negotiate seriously is putting some more pressure on Russia."
    )
    assert lines[0].points["headline"] == 8
    edited = [number for number, line in enumerate(lines) if "[" in line.text]
    assert [number for number in edited if number < len(lines) // 2] == []


def test_answers_are_quotable_and_questions_never(seed: Entry) -> None:
    lines = find_lines(seed, "en")
    asked = [exchange.question for exchange in seed.exchanges]
    assert len(asked) == 4
    assert [line.text for line in lines if any(line.text in question for question in asked)] == []
    assert any(line.points.get("answer") for line in lines)
    assert [line for line in lines if seed.body[line.start : line.end] != line.text] == []


def test_every_quotation_of_real_releases_is_found_in_them_where_it_stands(shared: Path) -> None:
    found = 0
    for path in sorted((shared / "samples/european-parliament").glob("*.html")):
        (entry,) = read_entries(str(path))
        for start, end in find_quotations(entry.body):
            words = entry.body[start:end]
            sources = find_sources(entry, [words])
            assert [(one.source, one.said_by) for one in sources] == [("body", "")]
            spans = {span for one in sources for span in one.spans}
            assert all(entry.body[left:right].strip("“”\"' ") in words for left, right in spans)
            found += 1
    assert found >= 10


def test_people_in_real_releases_are_credited_with_their_own_words(shared: Path) -> None:
    (entry,) = read_entries(str(shared / "samples/european-parliament/ep-press-release-b9122-2.html"))
    start = entry.body.index("Our goal was an ambitious")
    assert credited(entry.body, start, start + 40) == ["Co-rapporteur Jan Olbrycht"]
    words = entry.body[start : entry.body.index("”", start)].rstrip(",. ")
    swapped = check_words(entry, [f"Margarida Marques: “{words}”"])
    assert [(issue.key, issue.params["who"]) for issue in swapped] == [
        ("quote.other_speaker", "Co-rapporteur Jan Olbrycht")
    ]


def test_every_line_of_real_speeches_verifies_and_none_is_doubted(shared: Path) -> None:
    lines = 0
    for path in sorted((shared / "samples/govuk/speech/frontend").glob("*.json")):
        (entry,) = read_entries(str(path))
        for line in find_lines(entry, entry.language):
            assert entry.body[line.start : line.end] == line.text
            assert check_words(entry, [f"{line.speaker}: “{line.text}”"]) == []
            lines += 1
    assert lines >= 20


def test_no_draft_of_the_shipped_templates_is_doubted(shared: Path) -> None:
    drafts = 0
    for path in sorted((shared / "samples").rglob("*.*")):
        if path.suffix not in {".json", ".html", ".txt", ".xml"}:
            continue
        try:
            entries = read_entries(str(path))
        except FetchError:
            continue
        for entry in entries:
            for network in ("x", "bluesky"):
                draft = compose(entry, network)
                assert [issue for issue in draft.issues if issue.key.startswith(("quote.", "claim."))] == []
                drafts += 1
    assert drafts >= 150
