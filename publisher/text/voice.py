"""Whose words a text is: who speaks where in it, whether somebody speaks at all, what a transcript calls them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import regex

from publisher.text.languages import known, word_set
from publisher.text.quotations import find_quotations
from publisher.text.sentences import split_sentences
from publisher.types import Exchange

PARAGRAPH = regex.compile(r"\n\s*\n|\n")
WORD = regex.compile(r"[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}'’-]*")
_QUESTIONS = regex.compile(
    r"(?:Q\s?&\s?A|Q\.|Q:|Question\b.{0,40}:|Questions? and answers?|Frage\b.{0,40}:|Fragen und Antworten|"
    r"Questions? et réponses?|Question/|Journalist\w*:|Preguntas? y respuestas?|Domande? e risposte?)",
    regex.IGNORECASE,
)
_QUESTION = regex.compile(r"(?:Q\.|Q:|Question\b.{0,40}:|Frage\b.{0,40}:|Journalist\w*:)", regex.IGNORECASE)
_LABEL = regex.compile(
    r"(?P<who>(?:(?:\p{Lu}[\p{L}.’'/-]*|von|van|der|den|de|del|della|di|la|le|el|bin|al|for|of|the)\s?){1,8}):\s+"
)
_OFFICES = word_set(
    "union eu commission council parliament affairs policy spokesperson spokesman spokeswoman president representative "
    "minister ministers secretary chancellor office government members states nations sprecher sprecherin"
)
REPORTING = (
    r"said|says|stressed|stresses|underlined|highlighted|added|noted|stated|commented|declared|announced|told|"
    r"sagte|sagt|erklärte|betonte|unterstrich|déclaré|souligné|affirmé|dijo|declaró|subrayó|detto|dichiarato"
)


class Role(StrEnum):
    SPEAKER = "speaker"
    """The one whose document it is."""
    OTHER = "other"
    """Somebody else who is named in the transcript."""
    QUESTION = "question"
    """A journalist."""
    UNKNOWN = "unknown"
    """After the first question, where nobody says who answers."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A paragraph of a body, code points `start` to `end`, without the label in front of it."""

    start: int
    end: int
    role: Role
    who: str = ""
    answer: bool = False
    """Said in reply to a question."""


def find_turns(body: str, *, speaker: str = "", exchanges: Iterable[Exchange] = ()) -> list[Turn]:
    """Who says each paragraph of `body`, first to last.

    All are the speaker's until a label names another ("Commissioner Other: …"). `exchanges` say what is question
    and what answer; without them nothing after the first question is anybody's for certain.
    """
    told = _exchange_spans(body, exchanges)
    turns: list[Turn] = []
    role, who, asked = Role.SPEAKER, speaker, False
    for start, end in paragraphs(body):
        text = body[start:end]
        known_as = next((span for span in told if span[0] <= start < span[1]), None)
        if known_as:
            _, _, is_question, answers = known_as
            asked = True
            if is_question:
                turns.append(Turn(start, end, Role.QUESTION))
                role, who = Role.UNKNOWN, ""
                continue
            # An answer in which somebody unnamed may be speaking belongs to nobody.
            role = Role.UNKNOWN if not answers else Role.SPEAKER if same_person(answers, speaker) else Role.OTHER
            who = answers
        elif _QUESTIONS.match(text):
            asked = True
            role, who = Role.UNKNOWN, ""
            turns.append(Turn(start, end, Role.QUESTION if _QUESTION.match(text) else Role.UNKNOWN))
            continue
        label = _LABEL.match(text)
        named = label is not None and len(label["who"].split()) > 1
        if named and label:
            who = label["who"].strip()
            role = Role.SPEAKER if _is_label_of(speaker, who) else Role.OTHER
        begin = start + label.end() if named and label else start
        turns.append(Turn(begin, end, role, who, answer=asked))
    return turns


def is_own_words(body: str, language: str = "") -> bool:
    """Whether `body` is somebody speaking: several sentences, and I or we outside quotations.

    A summary in the third person, a caption or a dateline is not, and neither is a language we cannot read.
    """
    outside = body
    for start, end in reversed(find_quotations(body)):
        outside = outside[:start] + outside[end:]
    first_person = sum(word in known(language).first_person for word in words_of(outside))
    return first_person >= 2 and len(split_sentences(outside)) >= 3


def is_told(body: str, speaker: str) -> bool:
    """Whether `body` reports on the speaker: “…”, said X."""
    name = regex.escape(surname(speaker))
    if not name:
        return False
    near = r"(?:\W+\w+){0,6}?\W+"
    pattern = rf"\b{name}{near}(?:{REPORTING})\b|[”“»\"]\W*(?:{REPORTING}){near}{name}\b"
    return regex.search(pattern, body, regex.IGNORECASE) is not None


def surname(speaker: str) -> str:
    """The last word of a name: what a transcript would call the person; blank for an office without a name."""
    words = speaker.split()
    return words[-1] if words and words[-1].casefold() not in _OFFICES else ""


def same_person(one: str, other: str) -> bool:
    """Whether two ways to name somebody mean one person: "Kaja Kallas", "High Representative Kaja Kallas"."""
    return one == other or (bool(surname(one)) and surname(one) == surname(other))


def dangles(sentence: str, language: str) -> bool:
    """Whether the sentence leans on the one before: it opens with This, But, Therefore …"""
    words = words_of(sentence)
    return not words or words[0] in known(language).dangling


def words_of(text: str) -> list[str]:
    """The words of `text` in lower case, without the marks around them."""
    return [word.casefold().strip("’'-") for word in WORD.findall(text)]


def _is_label_of(speaker: str, label: str) -> bool:
    name = surname(speaker).casefold()
    return bool(name) and name in label.casefold()


def paragraphs(body: str) -> list[tuple[int, int]]:
    """Start and end of each paragraph that has any text, without the blanks around it."""
    bounds = [0, *(place for gap in PARAGRAPH.finditer(body) for place in gap.span()), len(body)]
    found = []
    for start, end in zip(bounds[::2], bounds[1::2], strict=True):
        text = body[start:end]
        if text.strip():
            found.append((start + len(text) - len(text.lstrip()), start + len(text.rstrip())))
    return found


def _exchange_spans(body: str, exchanges: Iterable[Exchange]) -> list[tuple[int, int, bool, str]]:
    """Start, end, whether it is the question, who answers: of what the exchanges have of `body`, in its order."""
    spans: list[tuple[int, int, bool, str]] = []
    cursor = 0
    for exchange in exchanges:
        for text, is_question in ((exchange.question, True), (exchange.answer, False)):
            for paragraph in filter(None, (piece.strip() for piece in PARAGRAPH.split(text))):
                start = body.find(paragraph, cursor)
                if start < 0:
                    continue
                cursor = start + len(paragraph)
                line = body.rfind("\n", 0, start) + 1  # "Q. " may stand before the question
                spans.append((line, cursor, is_question, "" if is_question else exchange.speaker))
    return spans
