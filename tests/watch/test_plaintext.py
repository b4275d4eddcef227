from pathlib import Path

import pytest

from publisher.enums import DocumentKind, Precision
from publisher.errors import FetchError
from publisher.watch.plaintext import language_of_text, parse


def lines(*text: str) -> bytes:
    return "\n".join(text).encode()


def test_the_transcript_of_a_press_conference_comes_out_whole(shared: Path) -> None:
    source = (shared / "samples/eeas/press-remarks-fac-2025-04-14.txt").read_text(encoding="utf-8")
    (entry,) = parse(source.encode()).entries
    title, dek, *paragraphs = source.strip().split("\n")
    assert (entry.title, entry.lead) == (title, dek)
    assert entry.paragraphs == tuple(paragraphs[:-1])
    assert (entry.kind, entry.speakers, entry.language) == (DocumentKind.REMARKS, ("Kaja Kallas",), "en")
    assert (entry.place, entry.precision) == ("Luxembourg", Precision.DAY)
    assert entry.published_at is not None
    assert entry.published_at.isoformat() == "2025-04-14T00:00:00+00:00"
    assert entry.video == "https://audiovisual.ec.europa.eu/en/video/I-270847v"
    (quote,) = entry.quotes
    assert entry.body[quote.start : quote.end] == quote.text
    assert quote.text == "the only way to get Russia to negotiate seriously is putting some more pressure on Russia"
    assert quote.speaker == "Kaja Kallas"
    asked = [line.removeprefix("Q. ") for line in paragraphs if line.startswith("Q. ")]
    assert [each.question for each in entry.exchanges] == asked
    assert [each.speaker for each in entry.exchanges] == ["Kaja Kallas"] * 4
    assert [each.answer for each in entry.exchanges] == [
        paragraphs[number + 1] for number, line in enumerate(paragraphs) if line.startswith("Q. ")
    ]
    for edit in ("27 [EU] countries", "[saw one of]", "[€]40 billion", "[we have already trained]", "[There are]"):
        assert edit in entry.body


ON_HER_PAGE = """
speech | Remarks by High Representative/Vice-President Kallas and Commissioner Kubilius on the White Paper for European Defence and the ReArm Europe Plan/Readiness 2030 | 9 |
press_release | Commission announces multiannual programme for Palestinian recovery and resilience worth up to €1.6 billion | 3 |
statement | Joint Statement by High Representative Kallas and Commissioners Šuica and Lahbib on the humanitarian situation in Gaza | 1 |
event | High Representative Vice-President Kallas meets Mr David Lammy, Secretary of State for Foreign, Commonwealth and Development Affairs of United Kingdom | 0 | Warsaw, Poland
event | High Representative Vice-President Kallas meets Mr Radosław Sikorski Minister of Foreign Affairs of Poland | 0 | Warsaw, Poland
"""  # noqa: E501 (a table)


def test_the_page_of_a_commissioner_comes_out_whole(shared: Path) -> None:
    entries = parse((shared / "samples/commission-website/commissioner-kallas.txt").read_bytes()).entries
    seen = [f"{entry.kind} | {entry.title} | {entry.reading_minutes} | {entry.place}" for entry in entries]
    assert seen == [line.rstrip() + (" " if line.endswith("|") else "") for line in ON_HER_PAGE.strip().splitlines()]
    days = [entry.published_at.date().isoformat() if entry.published_at else "" for entry in entries]
    assert days == ["2025-03-19", "2025-04-14", "2025-04-12", "", ""]
    begin = [entry.starts_at.isoformat() if entry.starts_at else "" for entry in entries]
    assert begin == ["", "", "", "2025-05-06T22:00:00+00:00", "2025-05-06T22:00:00+00:00"]  # midnight in Brussels
    assert [len(entry.speakers) for entry in entries] == [2, 0, 3, 0, 0]
    assert len({entry.id for entry in entries}) == 5


@pytest.mark.parametrize(
    ("glued", "title", "minutes"),
    [
        ("Plan for Readiness 20309 min read", "Plan for Readiness 2030", 9),
        ("Plan for Readiness 203012 min read", "Plan for Readiness 2030", 12),
        ("Worth €1.6 billion3 min read", "Worth €1.6 billion", 3),
        ("Situation in Gaza12 min read", "Situation in Gaza", 12),
        ("A look at version 112 min read", "A look at version 11", 2),
        ("Plain and simple 4 min read", "Plain and simple", 4),
    ],
)
def test_titles_and_minutes_that_run_together(glued: str, title: str, minutes: int) -> None:
    text = lines(f"Speech19 March 2025{glued}More", "Statement20 March 2025Another title1 min read")
    entry = parse(text).entries[0]
    assert (entry.title, entry.reading_minutes) == (title, minutes)


@pytest.mark.parametrize(
    ("line", "title", "place"),
    [
        ("Talks with Poland Warsaw, Poland", "Talks with Poland", "Warsaw, Poland"),
        ("Visits the UN New York, United States", "Visits the UN", "New York, United States"),
        ("Speaks on rivers", "Speaks on rivers", ""),
    ],
)
def test_an_event_ends_with_its_place(line: str, title: str, place: str) -> None:
    entry = parse(lines(f"07May2025{line}", "08May2025Something else")).entries[0]
    assert (entry.title, entry.place, entry.kind) == (title, place, DocumentKind.EVENT)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We are here to say that the world is not what it was, and that we will not be silent about it at all.", "en"),
        ("Wir sind hier, und das ist nicht das, was wir wollen, denn die Welt ist mit uns und wir sind froh.", "de"),
        ("Nous sommes ici et le monde est avec nous pour que la paix soit dans le monde et pour nous tous.", "fr"),
        ("Tere kõigile", ""),
    ],
)
def test_the_language_of_a_text_by_its_common_words(text: str, language: str) -> None:
    assert language_of_text(text) == language


@pytest.mark.parametrize("body", [b"", b"  \n ", b"one line"])
def test_a_text_that_is_no_document(body: bytes) -> None:
    with pytest.raises(FetchError):
        parse(body)


def test_the_same_meeting_on_two_days_is_two_events_and_twice_on_the_page_it_is_one() -> None:
    entries = parse(lines("07May2025College of Commissioners", "14May2025College of Commissioners") * 2).entries
    assert [entry.starts_at.day for entry in entries if entry.starts_at] == [6, 13]  # midnight in Brussels
    assert len({entry.id for entry in entries}) == len(entries) == 2
