"""Numbers and dates in a text, by what they mean and not by how they are written."""

from decimal import Decimal

import regex

_SCALES = {
    Decimal(10) ** 2: "hundred hundert",
    Decimal(10) ** 3: "thousand tausend mille mil mila tsd k",
    Decimal(10) ** 6: "million millions mio mn m millionen millones millón millón milione milioni miljoen",
    Decimal(10) ** 9: "billion billions bn mrd milliarde milliarden milliard milliards miliardo miliardi miljard",
    Decimal(10) ** 12: "trillion trillions tn billionen billón billones bilione bilioni",
}
_SCALE_OF = {word: scale for scale, words in _SCALES.items() for word in words.split()}
_UNITS = {
    "%": "% percent prozent procent pct",
    "€": "€ eur euro euros",
    "$": "$ usd dollar dollars",
    "£": "£ gbp pound pounds sterling",
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_PER_HUNDRED = r"per\s+cent\b|pour\s+cent\b|por\s+ciento\b|per\s+cento\b"
_SCALE = "|".join(sorted(map(regex.escape, _SCALE_OF), key=len, reverse=True))
_UNIT_WORD = "|".join(sorted((regex.escape(word) for word in _UNIT_OF if word.isalpha()), key=len, reverse=True))
_NUMBER = regex.compile(
    rf"(?P<sign>[€$£]|(?:(?<!\w)(?:EUR|USD|GBP)))?[\]\s]*(?<![\w.,]\B)(?<!\p{{L}})"
    rf"(?P<digits>\d+(?:[.,'’ \u00a0\u202f]\d{{3}}(?!\d))*(?:[.,]\d+)?)"
    rf"(?:(?:st|nd|rd|th|er|ère|e|º|ª)\b)?"
    rf"(?:[\s\u00a0\u202f-]*(?P<scale>(?i:{_SCALE}))(?!\p{{L}}))?"
    rf"(?:\.?[\s\u00a0\u202f]*(?:of|de|d’|d')?[\s\u00a0\u202f]*(?P<unit>[%€$£]|(?i:{_PER_HUNDRED}|(?:{_UNIT_WORD})(?!\p{{L}}))))?"
)
_SCALE_AFTER = regex.compile(rf"[\s-]+({_SCALE})(?!\p{{L}})", regex.IGNORECASE)
_COUNTED = regex.compile(r"[ \u00a0-]\p{L}")
_SPELLED = {
    word: number
    for words in (
        "two three four five six seven eight nine ten eleven twelve",
        "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "deux trois quatre cinq six sept huit neuf dix onze douze",
        "dos tres cuatro cinco seis siete ocho nueve diez once doce",
        "due tre quattro cinque sei sette otto nove dieci undici dodici",
    )
    for number, word in enumerate(words.split(), 2)
}
MONTHS = {
    word: number
    for words in (
        "january february march april may june july august september october november december",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "jan feb mar apr may jun jul aug sep oct nov dec",
    )
    for number, word in enumerate(words.split(), 1)
}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>[0-3]?\d)"
_DATES = [
    regex.compile(rf"(?<!\d){_DAY}(?:st|nd|rd|th|er|º|\.)?\s+(?:of\s+|de\s+)?(?P<name>{_MONTH})\b\.?(?:,?\s+(?:de\s+|del\s+)?{_YEAR}\b)?",
                  regex.IGNORECASE),
    regex.compile(rf"\b(?P<name>{_MONTH})\b\.?\s+{_DAY}(?:st|nd|rd|th)?(?!\d|%|\s*(?:per cent|million|billion))"
                  rf"(?:,?\s+{_YEAR}\b)?", regex.IGNORECASE),
    regex.compile(rf"(?<!\d){_YEAR}-(?P<month>[01]\d)-{_DAY}(?!\d)"),
    regex.compile(rf"(?<![\d.,]){_DAY}[./](?P<month>[01]?\d)[./]{_YEAR}?(?!\d)"),
]  # fmt: skip


def numbers_in(text: str) -> list[tuple[int, int, set[tuple[Decimal, str]]]]:
    """Start and end (code points) of each number, and every value and unit (% € $ £ or blank) that may be meant."""
    found: list[tuple[int, int, set[tuple[Decimal, str]]]] = []
    for match in _NUMBER.finditer(text):
        scale = _SCALE_OF.get((match["scale"] or "").lower(), Decimal(1))
        unit = _unit(match["sign"]) or _unit(match["unit"])
        start = match.start("sign") if match["sign"] else match.start("digits")
        values = _values(match["digits"])
        found.append((start, match.end(), {((value * scale).normalize(), unit) for value in values}))
    for word in regex.finditer(r"\p{L}+", text):
        number = _SPELLED.get(word[0].casefold())
        if number and _COUNTED.match(text, word.end()):
            after = _SCALE_AFTER.match(text, word.end())
            times = _SCALE_OF[after[1].lower()] if after else Decimal(1)
            found.append((word.start(), after.end() if after else word.end(), {((number * times).normalize(), "")}))
    return found


def _unit(sign: str | None) -> str:
    sign = (sign or "").lower()
    return "%" if regex.fullmatch(_PER_HUNDRED, sign) else _UNIT_OF.get(sign, "")


def _values(digits: str) -> set[Decimal]:
    """What a row of digits may mean: 1.600 is sixteen hundred to some and one point six to others."""
    plain = regex.sub(r"['’ \u00a0\u202f]", "", digits)
    marks = [sign for sign in plain if sign in ".,"]
    if not marks:
        return {Decimal(plain)}
    last = plain.rfind(marks[-1])
    whole, part = regex.sub(r"[.,]", "", plain[:last]), plain[last + 1 :]
    grouped = Decimal(whole + part)
    decimal = Decimal(f"{whole}.{part}")
    if len(marks) > 1:
        return {grouped} if marks[0] == marks[-1] else {decimal}
    return {grouped, decimal} if len(part) == 3 else {decimal}


def dates_in(text: str) -> list[tuple[int, int, tuple[int, int, int]]]:
    """Start and end (code points) of each date, and its year (0 where none is given), month and day."""
    found: list[tuple[int, int, tuple[int, int, int]]] = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            month = MONTHS[groups["name"].lower()] if groups.get("name") else int(groups["month"])
            day = int(match["day"])
            overlaps = any(start < match.end() and match.start() < end for start, end, _ in found)
            if 1 <= day <= 31 and 1 <= month <= 12 and not overlaps:
                found.append((*match.span(), (int(match["year"] or 0), month, day)))
    return sorted(found)


def same_day(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    """Whether two dates may be one: of the year they need to agree only where both have it."""
    return one[1:] == other[1:] and (not one[0] or not other[0] or one[0] == other[0])
