"""The lead: the sentences that say more than the title does."""

import regex

from publisher.text.sentences import split_sentences
from publisher.text.voice import dangles

# What feeds put around a lead: none of it is news.
_BOILERPLATE = regex.compile(
    r"The post .{0,300} appeared first on .{0,100}$"
    r"|^European Commission (?:Statement|Press release|Speech|News|Daily News|Questions and answers)\s+"
    r"\p{Lu}[\p{L} -]{2,30}, \d{1,2} \p{L}{3,12}\.? \d{4}\s*"
    r"|Source\s*:\s*©.*$"
    r"|©\s?European Union.{0,40}$"
    r"|\b(?:Read more|Continue reading|Weiterlesen|Lire la suite|Leer más)\b[^.]{0,80}$"
    r"|\bCheck against delivery!?",
    regex.MULTILINE,
)
_A_GOOD_DEAL = 7
"""Words of meaning that the title lacks."""
_DATELINE = regex.compile(r"\p{Lu}[\p{L} .’'-]{1,40}[,–-]?\s*\d{1,2}[./ ]*\p{L}*[./ ]*\d{0,2}[./ ]?\d{4}\W*")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:[.,]\p{N}+)*")
_COMPLETE = regex.compile(r"[.!?][”’»“\"')\]]*$")
_TRUNCATED = regex.compile(r"(?:\[?(?:…|\.\.\.)\]?|\[&hellip;\])\s*$")


def find_lead(title: str, lead: str, body: str = "", language: str = "") -> str:
    """The sentences of `lead` from the first that adds to `title`; without a lead, of a full paragraph of `body`.

    Boilerplate of feeds and sentences that the feed cut off are left out. A sentence that repeats the title is
    passed over for the next one; where there is none, it stands if it adds a good deal.
    """
    for paragraph, whole in [(" ".join(lead.split()), False), *((line, True) for line in body.split("\n"))]:
        sentences = _sentences(paragraph, whole=whole)
        for number, sentence in enumerate(sentences):
            if not repeats(sentence, title) and not (number and dangles(sentence, language)):
                return " ".join(sentences[number:])
        if sentences and len(_stems(sentences[0]) - _stems(title)) >= _A_GOOD_DEAL:
            return " ".join(sentences)
    return ""


def clean_lead(lead: str) -> str:
    """`lead` in one line without boilerplate: what the card of a link shows."""
    return " ".join(_BOILERPLATE.sub("", " ".join(lead.split())).split())


def repeats(sentence: str, title: str) -> bool:
    """Whether one says again what the other says: most of the words of one stand in the other."""
    first, second = _stems(sentence), _stems(title)
    fewer = min(len(first), len(second))
    return fewer > 0 and len(first & second) >= 0.65 * fewer


def _sentences(text: str, *, whole: bool) -> list[str]:
    """The sentences of `text` that can stand; `whole`: only ones with an end, as datelines and headings have none."""
    return [
        sentence
        for sentence in split_sentences(clean_lead(text))
        if not _TRUNCATED.search(sentence)
        and not regex.match(r"…|\.\.\.", sentence)
        and not _DATELINE.fullmatch(sentence)
        and (not whole or (_COMPLETE.search(sentence) and len(sentence) >= 40))
    ]


def _stems(text: str) -> set[str]:
    """The words that carry meaning, cut to five letters: disburse and disburses are one."""
    words = (word.casefold() for word in _WORD.findall(text))
    return {word[:5] for word in words if len(word) > 3 or word[0].isdigit()}
