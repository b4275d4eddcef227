"""Where sentences end: by rule, for the languages that institutions write in."""

import regex

from publisher.text.languages import word_set
from publisher.text.quotations import find_quotations

# A full stop after one of these ends no sentence. Lower case, without the last full stop.
_ABBREVIATIONS = word_set(
    # English
    "mr mrs ms dr prof hon rt st jr sr gen col lt sgt capt rep sen gov approx vs cf e.g i.e eg ie inc ltd corp dept "
    "jan feb mar apr jun jul aug sept sep oct nov dec a.m p.m u.s u.k u.n e.u h.e "
    # German
    "abb bzw ca d.h z.b u.a evtl ggf hr fr frl mio mrd hrsg vgl inkl zzgl "
    # French, Spanish, Italian, Portuguese
    "m mm mme mmes mlle p.ex c.-à-d sra srta dña ud uds ee.uu dott sig avv exmo v.exa "
    # Dutch, Polish, Czech, Nordic
    "dhr mevr drs bijv jl o.a m.n np tzn godz ul tj tzv např bl.a t.ex f.eks"
)
# These only before a number: "No. 5", but "The answer is no. We go on."
_BEFORE_NUMBERS = word_set("no nos nr art arts para paras sec ch p pp vol fig abs s bd núm pág n av blz č r str § tel")
_MONTHS = (
    "jan|feb|mär|mar|apr|mai|maj|jun|jul|aug|sep|okt|oct|nov|dez|dec|"
    "tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu|"
    "led|únor|břez|dub|květ|červ|srp|září|říj|list|pros|sty|lut|kwi|cze|lip|sie|wrz|paź|gru"
)
_BOUNDARY = regex.compile(
    r"(?P<end>[.!?…]+[”’»“\"')\]]*)(?P<gap>\s+)(?=[“„«»‘\"'(\[¿¡]*[\p{Lu}\p{Lt}\p{Lo}\p{N}€$£])|(?P<line>\s*\n\s*)"
)
_LAST_WORD = regex.compile(r"[\p{L}\p{N}.'’-]*$")
_ORDINAL = regex.compile(r"(?:^|\s)\d{1,2}$")
_MONTH = regex.compile(rf"\s*(?:{_MONTHS})", regex.IGNORECASE)
_ENUMERATOR = regex.compile(r"(?:\d{1,2}|[A-Za-z]|[IVX]{1,4})")


def split_sentences(text: str) -> list[str]:
    """The sentences of `text`, in order, without the blanks between them."""
    return [text[start:end] for start, end in sentence_spans(text)]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Start and end (code points) of each sentence. The end of a line always ends one.

    Abbreviations, initials, decimals, German ordinals (9. Mai) and `Q.` do not; nothing is split inside a
    quotation within one line.
    """
    quotations = find_quotations(text)
    spans: list[tuple[int, int]] = []
    start = len(text) - len(text.lstrip())
    for match in _BOUNDARY.finditer(text):
        end = match.start() if match["line"] is not None else match.end("end")
        if match["line"] is None and (
            any(left < end < right for left, right in quotations) or not _ends(text, start, match)
        ):
            continue
        if end > start:
            spans.append((start, end))
        start = match.end()
    last = len(text.rstrip())
    if last > start:
        spans.append((start, last))
    return spans


def _ends(text: str, start: int, match: regex.Match[str]) -> bool:
    """Whether the stop that `match` found ends the sentence that began at `start`."""
    if match["end"] != ".":
        return True
    before = text[start : match.start("end")]
    found = _LAST_WORD.search(before)
    word = found[0].lower().strip("'’-") if found else ""
    if _ENUMERATOR.fullmatch(before):  # "Q. …", "1. …", "a. …" at the start
        return False
    if _ORDINAL.search(before) and _MONTH.match(text, match.end("end")):
        return False
    initial = len(word) == 1 and word.isalpha() and before[-1].isupper() and before[-1] != "I"
    numbered = word in _BEFORE_NUMBERS and text[match.end()].isdigit()
    return not (word in _ABBREVIATIONS or initial or numbered)
