"""The strongest lines of a speech: whole sentences of its body, word for word."""

from collections.abc import Collection
from dataclasses import dataclass

import regex

from publisher.text.languages import in_language, known, word_set
from publisher.text.quotations import find_quotations
from publisher.text.sentences import split_sentences

SHORTEST = 30
LONGEST = 240
"""Code points of a quotable line; inside, 45 to 170 is best."""

_PARAGRAPH = regex.compile(r"\n\s*\n|\n")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}'’-]*")
_QUESTIONS = regex.compile(
    r"(?:Q\s?&\s?A|Q\.|Q:|Question\b.{0,40}:|Questions? and answers?|Frage\b.{0,40}:|Fragen und Antworten|"
    r"Questions? et réponses?|Question/|Journalist\w*:|Preguntas? y respuestas?|Domande? e risposte?)",
    regex.IGNORECASE,
)
_LABEL = regex.compile(
    r"(?P<who>(?:(?:\p{Lu}[\p{L}.’'/-]*|von|van|der|den|de|del|della|di|la|le|el|bin|al|for|of|the)\s?){1,8}):\s+"
)
_END = regex.compile(r"[.!…]\]?$")
_OFFICES = word_set(
    "union eu commission council parliament affairs policy spokesperson spokesman spokeswoman president representative "
    "minister ministers secretary chancellor office government members states nations sprecher sprecherin"
)
_POINTING = word_set(
    "this these those such above dies diese dieser dieses diesem diesen ce cet cette ces este esta estos estas "
    "questo questa questi queste"
)
_REPORTING = (
    r"said|says|stressed|stresses|underlined|highlighted|added|noted|stated|commented|declared|announced|told|"
    r"sagte|sagt|erklärte|betonte|unterstrich|déclaré|souligné|affirmé|dijo|declaró|subrayó|detto|dichiarato"
)


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    score: float


def strongest_lines(body: str, *, speaker: str, language: str = "", topic: str = "", limit: int = 12) -> list[str]:
    """Up to `limit` quotable sentences that `speaker` said, strongest first; none when that is not certain.

    `body` is a speech or statement in the speaker's own words, paragraphs on lines of their own; `topic` (title
    and lead) makes sentences that are to the point rank higher. Taken as they stand, edits in square brackets
    included. Left out: all from the first question of a journalist on, what others said in a labelled
    transcript, questions, courtesies, sentences that quote somebody else, and any body that tells of the
    speaker instead of being their words.
    """
    if is_told(body, speaker) or not is_own_words(body, language):
        return []
    words_of_topic = set(_words(topic))
    lines: dict[str, Line] = {}
    for paragraph in _own_paragraphs(body, speaker):
        for sentence in split_sentences(paragraph):
            score = _score(sentence, speaker, language, words_of_topic)
            if score is not None:
                lines.setdefault(sentence, Line(sentence, score))
    ranked = sorted(lines.values(), key=lambda line: -line.score)
    return [line.text for line in ranked[:limit]]


def is_own_words(body: str, language: str = "") -> bool:
    """Whether `body` is somebody speaking: several sentences, and I or we outside quotations.

    A summary in the third person, a caption or a dateline is not, and neither is a language we cannot read.
    """
    outside = body
    for start, end in reversed(find_quotations(body)):
        outside = outside[:start] + outside[end:]
    first_person = sum(word in known(language).first_person for word in _words(outside))
    return first_person >= 2 and len(split_sentences(outside)) >= 3


def is_told(body: str, speaker: str) -> bool:
    """Whether `body` reports on the speaker: “…”, said X."""
    name = regex.escape(surname(speaker))
    if not name:
        return False
    near = r"(?:\W+\w+){0,6}?\W+"
    pattern = rf"\b{name}{near}(?:{_REPORTING})\b|[”“»\"]\W*(?:{_REPORTING}){near}{name}\b"
    return regex.search(pattern, body, regex.IGNORECASE) is not None


def surname(speaker: str) -> str:
    """The last word of a name: what a transcript would call the person; blank for an office without a name."""
    words = speaker.split()
    return words[-1] if words and words[-1].casefold() not in _OFFICES else ""


def dangles(sentence: str, language: str) -> bool:
    """Whether the sentence leans on the one before: it opens with This, But, Therefore …"""
    words = _words(sentence)
    return not words or words[0] in known(language).dangling


def _own_paragraphs(body: str, speaker: str) -> list[str]:
    """What the speaker says before the first question; in a labelled transcript only their own turns."""
    own: list[str] = []
    speaking = True
    for raw in _PARAGRAPH.split(body):
        paragraph = raw.strip()
        if _QUESTIONS.match(paragraph):
            break
        label = _LABEL.match(paragraph)
        if label and len(label["who"].split()) > 1:
            name = surname(speaker).casefold()
            speaking = bool(name) and name in label["who"].casefold()
            paragraph = paragraph[label.end() :]
        if speaking:
            own.append(paragraph)
    return own


def _score(sentence: str, speaker: str, language: str, topic: Collection[str]) -> float | None:
    """How quotable a sentence is; None = not at all."""
    words = _words(sentence)
    data = known(language)
    lower = sentence.casefold()
    if (
        not SHORTEST <= len(sentence) <= LONGEST
        or len(words) < 6
        or not _END.search(sentence)
        or not (sentence[0].isupper() or sentence[0] in "[¡" or sentence[0].isdigit())
        or find_quotations(sentence, unclosed=True)
        or "http" in lower
        or sentence.count("[") != sentence.count("]")
        or sentence.count("(") != sentence.count(")")
        or any(phrase in lower for phrase in data.empty)
        or surname(speaker).casefold() in words  # it speaks of the speaker
        or not in_language(words, language)
    ):
        return None
    score = 2.0 * sum(word in data.strong for word in set(words))
    score = min(score, 6) + min(1.5 * len(set(topic) & {word for word in words if len(word) > 4}), 4.5)
    score += 2 if set(words) & data.first_person - {"i", "ich", "je"} else 0
    score -= 6 if words[0] in data.dangling else 0
    score -= 3 if _POINTING & set(words[1:5]) else 0
    score -= 3 * min(sentence.count("["), 2)
    score -= 2 if "today" in words or "yesterday" in words else 0
    score -= 3 if ":" in sentence or ";" in sentence else 0
    score -= 2 if "(" in sentence else 0
    score -= 2 * sum(word[0].isdigit() for word in words[1:])
    score -= sum(sentence.count(mark) for mark in (",", " – ", " - ")) * 0.7
    length = len(sentence)
    return score - (max(45 - length, 0) / 10 + max(length - 170, 0) / 15)


def _words(text: str) -> list[str]:
    return [word.casefold().strip("’'-") for word in _WORD.findall(text)]
