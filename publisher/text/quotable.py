"""Quotable lines: sentences of a speaker, word for word, ranked by points that anybody can look at.

docs/quotations.md explains the rule; its table is checked against `CRITERIA`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import regex

from publisher.text.languages import Language, in_language, known, word_set
from publisher.text.quotations import find_quotations, is_said
from publisher.text.sentences import sentence_spans
from publisher.text.voice import Role, find_turns, is_own_words, is_told, surname, words_of
from publisher.types import Exchange

SHORTEST = 30
LONGEST = 240
"""Code points of a quotable line; inside, 45 to 170 is best."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """What earns or costs points. `weight` is for each time, `most` the farthest it goes (the sign of `weight`)."""

    weight: float
    most: float
    meaning: str


CRITERIA: Mapping[str, Criterion] = {
    "headline": Criterion(8, 8, "the institution itself puts these words on top"),
    "topic": Criterion(1.5, 4.5, "each longer word that title or lead has too"),
    "resolve": Criterion(2, 6, "each word of resolve: must, never, together …"),
    "first_person": Criterion(2, 2, "says we, us, our, my"),
    "names": Criterion(0.5, 1, "each name in it, after the first word"),
    "position": Criterion(1, 1, "stands in the first third of what the speaker says"),
    "leaning": Criterion(-6, -6, "opens with a word that leans on the sentence before: this, but, therefore …"),
    "pointing": Criterion(-3, -3, "this, these, such … among the next words"),
    "cut": Criterion(-1, -1, "an opening word such as “So,” was left out in front"),
    "edits": Criterion(-3, -6, "each edit of the transcript in square brackets"),
    "today": Criterion(-2, -2, "says today or yesterday: wrong as soon as it is read later"),
    "list": Criterion(-3, -3, "has a colon or a semicolon"),
    "aside": Criterion(-2, -2, "has a part in round brackets"),
    "figures": Criterion(-2, -8, "each figure after the first word"),
    "commas": Criterion(-0.7, -5, "each comma or dash: the longer the winding, the weaker the line"),
    "short": Criterion(-0.1, -2, "each character below 45"),
    "long": Criterion(-1 / 15, -5, "each character above 170"),
    "answer": Criterion(-1, -1, "was said in reply to a question"),
}

_END = regex.compile(r"[.!…]\]?$")
_POINTING = word_set(
    "this these those such above dies diese dieser dieses diesem diesen ce cet cette ces este esta estos estas "
    "questo questa questi queste"
)
_TODAY = word_set("today yesterday heute gestern aujourd’hui aujourd'hui hier hoy ayer oggi ieri")
_OPENER = regex.compile(r"(?P<word>\p{L}+(?: course)?),\s+(?=[\[\p{L}])")
_OPENERS = word_set("so well now nun alors donc entonces allora quindi") | {"of course"}
_NAME = regex.compile(r"(?<=\s)\p{Lu}[\p{L}\p{M}’'-]+(?:\s\p{Lu}[\p{L}\p{M}’'-]+)*")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that may be quoted: `text` is `body[start:end]`, in code points."""

    text: str
    start: int
    end: int
    score: float
    points: Mapping[str, float]
    """What each criterion gave or cost; those that gave nothing are left out."""
    speaker: str = ""


def quotable_lines(
    body: str,
    *,
    speaker: str,
    language: str = "",
    topic: str = "",
    headlines: Sequence[str] = (),
    exchanges: Iterable[Exchange] = (),
    own_words: bool | None = None,
    limit: int = 12,
) -> list[Line]:
    """Up to `limit` sentences that `speaker` said, best first; none when that is not certain.

    `body` is a speech or statement in the speaker's own words, paragraphs on lines of their own; `topic` is title
    and lead, `headlines` are lines that the institution itself quotes. Sentences are taken as they stand, edits
    in square brackets included. Left out: what journalists ask, what others say in a labelled transcript,
    answers by nobody knows whom, questions, courtesies, sentences that quote somebody else, and any body that
    tells of the speaker instead of being their words (`own_words`, found out when not given).
    """
    if own_words is None:
        own_words = is_own_words(body, language) and not is_told(body, speaker)
    if not own_words:
        return []
    data = known(language)
    about = {word for word in words_of(topic) if len(word) > 4}
    turns = [turn for turn in find_turns(body, speaker=speaker, exchanges=exchanges) if turn.role is Role.SPEAKER]
    first_third = sum(turn.end - turn.start for turn in turns) / 3
    said = 0
    lines: dict[str, Line] = {}
    for turn in turns:
        for start, end in sentence_spans(body[turn.start : turn.end]):
            early = said + start < first_third
            begin = start + _opening(body[turn.start + start : turn.start + end])
            text = body[turn.start + begin : turn.start + end]
            if not _may_be_quoted(text, speaker, language, data, cut=begin > start):
                continue
            points = _points(text, data, about)
            points["headline"] = float(any(is_said(headline, text) for headline in headlines))
            points["position"] = float(early)
            points["cut"] = float(begin > start)
            points["answer"] = float(turn.answer)
            given = {name: _worth(CRITERIA[name], points.get(name, 0)) for name in CRITERIA}
            given = {name: value for name, value in given.items() if value}
            line = Line(text, turn.start + begin, turn.start + end, round(sum(given.values()), 1), given, speaker)
            lines.setdefault(text, line)
        said += turn.end - turn.start
    return sorted(lines.values(), key=lambda line: -line.score)[:limit]


def _worth(criterion: Criterion, times: float) -> float:
    worth = criterion.weight * times
    return round(max(worth, criterion.most) if criterion.weight < 0 else min(worth, criterion.most), 1)


def _opening(sentence: str) -> int:
    """How much in front of a sentence only leads over to it: “So, the only way …”."""
    match = _OPENER.match(sentence)
    return match.end() if match and match["word"].casefold() in _OPENERS else 0


def _may_be_quoted(text: str, speaker: str, language: str, data: Language, *, cut: bool) -> bool:
    """Whether a sentence can stand alone between quotation marks at all."""
    words = words_of(text)
    lower = text.casefold()
    return (
        SHORTEST <= len(text) <= LONGEST
        and len(words) >= 6
        and _END.search(text) is not None
        and (cut or text[0].isupper() or text[0] in "[¡" or text[0].isdigit())
        and not find_quotations(text, unclosed=True)
        and "http" not in lower
        and text.count("[") == text.count("]")
        and text.count("(") == text.count(")")
        and not any(phrase in lower for phrase in data.empty)
        and surname(speaker).casefold() not in words  # it speaks of the speaker
        and in_language(words, language)
    )


def _points(text: str, data: Language, about: Collection[str]) -> dict[str, float]:
    """How often each criterion of the words themselves is met."""
    words = words_of(text)
    distinct = set(words)
    return {
        "topic": len(distinct & set(about)),
        "resolve": len(distinct & data.strong),
        "first_person": float(bool(distinct & data.first_person - {"i", "ich", "je"})),
        "names": len(_NAME.findall(text)),
        "leaning": float(words[0] in data.dangling),
        "pointing": float(bool(_POINTING & set(words[1:5]))),
        "edits": text.count("["),
        "today": float(bool(_TODAY & distinct)),
        "list": float(":" in text or ";" in text),
        "aside": float("(" in text),
        "figures": sum(word[0].isdigit() for word in words[1:]),
        "commas": sum(text.count(mark) for mark in (",", " – ", " - ")),
        "short": max(45 - len(text), 0),
        "long": max(len(text) - 170, 0),
    }
