"""Questions and answers in a text, each answer with who gives it. Pure.

They are known by the marks of transcripts ("Q."), or by bold questions as in the Commission's questions and answers.
Journalists ask and are never the speaker. Where more than one person may be answering and none is named, nobody is
credited: a wrong name is worse than none.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache

from publisher.types import Exchange
from publisher.watch.data import table

FEWEST = 3
"""Bold questions that make an interview of a text whose kind does not say that it is one."""
_NAMED = re.compile(r"(?P<who>[A-ZÀ-Ž][^\s:.!?]*(?: [^\s:.!?]+){0,7}):\s+(?=\S)")
_QUESTION = re.compile(r"[?;？؟]\W*$")


def exchanges_of(
    body: str, speakers: Sequence[str] = (), strong: Collection[str] = (), *, asked_by_itself: bool = False
) -> tuple[Exchange, ...]:
    """The exchanges in `body`, in order. `strong` are its paragraphs that are headings or wholly bold; with
    `asked_by_itself` the document's kind is questions and answers.
    """
    paragraphs = body.split("\n\n")
    bold = [text for text in paragraphs if text in strong and _QUESTION.search(text)]
    marked = any(_after("asks", text) is not None for text in paragraphs)
    if not marked and not (bold and asked_by_itself) and len(bold) < FEWEST:
        return ()
    found: list[Exchange] = []
    for question, answer in _pairs(paragraphs, strong, marked=marked):
        for speaker, said in _told_apart(answer, speakers):
            found.append(Exchange(question=question, answer="\n\n".join(said), speaker=speaker))
    return tuple(found)


def _pairs(paragraphs: list[str], strong: Collection[str], *, marked: bool) -> Iterator[tuple[str, list[str]]]:
    """Each question with the paragraphs up to the next one, or to a heading that is none."""
    question = ""
    answer: list[str] = []
    for text in paragraphs:
        is_strong = text in strong
        asked = _after("asks", text) if marked else text if is_strong and _QUESTION.search(text) else None
        if asked is not None:
            if question and answer:
                yield question, answer
                question = ""
            # Two questions in a row are one turn: they are answered together.
            question = "\n\n".join(filter(None, [question, asked]))
            answer = []
        elif not question:
            continue
        elif is_strong and not answer and marked:
            question = f"{question}\n\n{text}"
        elif is_strong:
            if answer:
                yield question, answer
            question, answer = "", []
        else:
            answer.append(text)
    if question and answer:
        yield question, answer


def _told_apart(answer: list[str], speakers: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """The turns of those who answer, with who speaks. What the host of the questions says is nobody's answer."""
    alone = speakers[0] if len(speakers) == 1 else ""
    speaker, said = alone, list[str]()
    speaking = True
    for text in answer:
        spoken: str | None = None
        if _after("hosts", text) is not None:
            named, speaking_next = "", False
        elif (plain := _after("answers", text)) is not None:
            named, speaking_next, spoken = alone, True, plain
        elif label := _NAMED.match(text):
            who = _who(label["who"], speakers)
            if who is None:
                said += [text] if speaking else []
                continue
            named, speaking_next, spoken = who, True, text[label.end() :]
        else:
            said += [text] if speaking else []
            continue
        if said and (named != speaker or not speaking_next):
            yield speaker, said
            said = []
        speaker, speaking = named, speaking_next
        said += [spoken] if spoken else []
    if said:
        yield speaker, said


def _who(label: str, speakers: Sequence[str]) -> str | None:
    """Whom a label before a colon names: one of the speakers, somebody else in capitals, or (None) nobody."""
    words = set(re.findall(r"[^\W\d_]+", label.casefold()))
    for speaker in speakers:
        family = re.findall(r"[^\W\d_]+", speaker.casefold())
        if family and family[-1] in words:
            return speaker
    initials = {"".join(word[0] for word in speaker.split() if word[0].isupper()): speaker for speaker in speakers}
    if label in initials:
        return initials[label]
    return label if label.isupper() and len(label) > 3 else None


def _after(marks: str, text: str) -> str | None:
    """What follows one of these marks at the beginning of `text`; None where none stands there."""
    found = _marks(marks).match(text)
    return text[found.end() :].strip() if found else None


@cache
def _marks(name: str) -> re.Pattern[str]:
    return re.compile("|".join(table("exchanges")[name]))
