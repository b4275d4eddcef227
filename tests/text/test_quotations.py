import pytest

from publisher.text.quotations import capitalised, find_quotations, find_quoted, is_said, quoted


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He said “yes” and “no”.", ["“yes”", "“no”"]),
        ("Sie sagte „ja“.", ["„ja“"]),
        ("Elle dit « oui ».", ["« oui »"]),
        ('He said "yes".', ['"yes"']),
        ("He said ‘don’t go’ twice.", ["‘don’t go’"]),
        ("It’s Europe’s moment.", []),
        ("“territory.'' Next", ["“territory.''"]),
        ('a 5" pipe', []),
        ("Hon sade ”ja”.", ["”ja”"]),
    ],
)
def test_find_quotations(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in find_quotations(text)] == found


def test_an_open_mark_counts_to_the_end_of_its_line_if_asked() -> None:
    text = "She said: “We act\nNext line"
    assert find_quotations(text) == []
    assert [text[start:end] for start, end in find_quotations(text, unclosed=True)] == ["“We act"]


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "“Yes”"), ("de", "„Yes“"), ("fr", "«\u00a0Yes\u00a0»"), ("pt-BR", "«Yes»"), ("sv", "”Yes”"), ("", "“Yes”")],
)
def test_quoted_uses_the_marks_of_the_language(language: str, shown: str) -> None:
    assert quoted("Yes", language) == shown


BODY = (
    "So, the only way to get Russia to negotiate seriously is putting some more pressure on Russia. 27 [EU] countries."
)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("The only way to get Russia to negotiate seriously is putting some more pressure on Russia", True),
        ("27 EU countries", True),
        ("the only way to get russia", True),
        ("The only way to get Ukraine to negotiate", False),
        ("way to get Russ", False),
        ("", False),
    ],
)
def test_is_said_wants_the_same_words_in_a_row(words: str, said: bool) -> None:
    assert is_said(words, BODY) is said


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        (["“We act.\n\n“We go on.” He left."], ["“We act.", "“We go on.”"]),
        (["“We act.\n\nWe go on,” he said. “Yes.”"], ["“We act.", "We go on,”", "“Yes.”"]),
        (["“One\n\nmiddle words\n\nend” she said"], ["“One", "middle words", "end”"]),
        (["„Wir\n\nund die“, sagte er"], ["„Wir", "und die“"]),
        (["« Nous\n\net eux », dit-il"], ["« Nous", "et eux »"]),
        (["“We act and\n\n1/2", "go on.” Good.\n\n2/2"], ["“We act and", "go on.”"]),
        (['She said "we act', 'and go on" there'], ['"we act', 'and go on"']),
        (["He: “We act and", "nothing more"], ["“We act and"]),
        (['it is 5" long, “so what”'], ["“so what”"]),
        (["no quotation"], []),
    ],
)
def test_find_quoted_follows_a_quotation_over_paragraphs_and_parts(parts: list[str], found: list[str]) -> None:
    assert [parts[part][start:end] for part, start, end in find_quoted(parts)] == found


def test_capitalised_changes_the_first_letter_only() -> None:
    assert [capitalised(words) for words in ("the EU", "[We] act", "élan", "")] == ["The EU", "[We] act", "Élan", ""]
