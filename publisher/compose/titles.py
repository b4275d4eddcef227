"""Reading the titles that institutions give: who speaks, where, about what.

The patterns are data. What they do not clearly say is left blank: a wrong speaker is worse than none.
"""

from dataclasses import dataclass

import regex

from publisher.text.languages import known

_PREFIXES = regex.compile(
    r"^(?:press release|press statement|media release|news release|top story|breaking news|news|agenda|briefing|"
    r"pressemitteilung|pressemeldung|communiqué de presse|nota de prensa|comunicato stampa|comunicado de imprensa|"
    r"persbericht|komunikat prasowy|tisková zpráva|tlačová správa)\s*(?:[:|]|\s[-–—])\s+",
    regex.IGNORECASE,
)
_SUFFIXES = regex.compile(
    r"\s+[|]\s+(?:news|press releases?|topics|home|european parliament|european commission|eeas|consilium)\b.*$"
    r"|\s+[-–—]\s+(?:press release|european commission|consilium|gov\.uk)$",
    regex.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pattern:
    """How a language writes such titles: FORM BY somebody AFTER the rest. Regular expressions."""

    form: str
    by: str
    after: str
    name: str = r"(?:the\s+)?\p{Lu}"
    """How somebody begins; where offices are written small, a few small words may come first."""


_SMALL_OFFICE = r"(?:[\p{Ll}’'-]+\s+){0,4}\p{Lu}"
_PATTERNS = {
    "en": _Pattern(
        form=r"(?:(?:opening|closing|introductory|concluding|welcoming?|keynote|press|doorstep|video|key|main|inaugural|"
        r"acceptance|final|arrival|joint|read-?out|joint press|full)\s+)*"
        r"(?:speech|remarks|statement|address|keynote|comments|message|intervention|press point|doorstep|lecture|"
        r"video message|declaration)",
        by=r"(?:delivered\s+)?(?:by|of|from)",
        after=r"at|on|to|in|upon|before|following|after|ahead of|during|for|with|regarding|concerning|about|marking",
    ),
    "de": _Pattern(
        form=r"(?:(?:gemeinsame[rs]?|einleitende|abschließende)\s+)?"
        r"(?:rede|eröffnungsrede|grundsatzrede|ansprache|erklärung|statement|pressestatement|grußwort|videobotschaft)",
        by=r"(?:von|des|der)",
        after=r"bei|beim|auf|zu|zum|zur|vor|im|in|anlässlich|über|nach|an",
    ),
    "fr": _Pattern(
        form=r"(?:discours|allocution|déclaration|déclaration commune|déclaration conjointe|remarques|"
        r"discours d[’']ouverture|message|intervention)",
        by=r"(?:de la|de l[’']|du|de|d[’'])",
        after=r"à|au|aux|lors|devant|sur|à l[’']occasion|concernant|suite|après|pour",
        name=_SMALL_OFFICE,
    ),
    "es": _Pattern(
        form=r"(?:discurso|intervención|declaración|declaración conjunta|palabras|observaciones|mensaje)",
        by=r"(?:de la|del|de)",
        after=r"en|ante|sobre|con motivo|tras|durante|a",
        name=_SMALL_OFFICE,
    ),
    "it": _Pattern(
        form=r"(?:discorso|intervento|dichiarazione|dichiarazione congiunta|osservazioni|messaggio)",
        by=r"(?:della|del|dell[’']|di)",
        after=r"a|al|alla|in|su|sul|sulla|durante|in occasione|dopo",
        name=_SMALL_OFFICE,
    ),
}
_JOINT = regex.compile(r"\b(?:joint|gemeinsam\w*|commune|conjointe?|conjunta|congiunta)\b", regex.IGNORECASE)
_OFFICE = (
    r"(?:the\s+)?(?:executive\s+|first\s+|deputy\s+|prime\s+|acting\s+)?(?:vice[- ])?"
    r"(?:president|commissioner|high representative|hr/?vp|hrvp|hr|evp|vp|minister|secretary|chancellor|ambassador|"
    r"mr|ms|mrs|dr|king|queen|spokesperson|governor|chair|premierminister|ministre|président|commissaire|kommissar)\b"
)
_AND = r"\s+(?:and|und|et|y|e|&)\s+"
_SEVERAL = regex.compile(
    rf"{_AND}{_OFFICE}|\b(?:presidents|commissioners|ministers|leaders|ambassadors|spokespersons|heads)\b",
    regex.IGNORECASE,
)
_PAIR = regex.compile(rf"^(?!.*\b(?:for|of|für|pour|para|per)\b).+{_AND}\p{{Lu}}", regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Title:
    """What a title says. All but `text` may be blank."""

    text: str
    """The whole title without labels such as "Press release -"."""
    speaker: str = ""
    """As the title names them, like "President von der Leyen"."""
    byline: str = ""
    """The title without its form: "President von der Leyen at the …"."""
    several: bool = False
    """It names several people who did not sign one joint text: no line can be laid in one mouth."""


def clean_title(title: str) -> str:
    """`title` in one line, without the label in front and the name of the site behind."""
    text = " ".join(title.split())
    shorter = _SUFFIXES.sub("", _PREFIXES.sub("", text)).strip()
    return shorter or text


def read_title(title: str, language: str = "") -> Title:
    """What `title` says about who speaks where; only clear patterns in en, de, fr, es, it are believed."""
    text = clean_title(title)
    languages = [language.lower().split("-")[0]] if language else []
    for code in dict.fromkeys([*languages, "en"]):
        if code not in _PATTERNS:
            continue
        pattern = _PATTERNS[code]
        match = regex.fullmatch(
            rf"(?:(?P<context>[^:]+):\s+)?(?P<form>{pattern.form})\s+{pattern.by}\s*(?P<who>.+?)"
            rf"(?:(?P<comma>,)?\s+(?P<rest>(?:{pattern.after})\b.*))?",
            text,
            regex.IGNORECASE,
        )
        if match and regex.match(pattern.name, match["who"]) and not match["who"].isupper():
            return _title(text, match)
    return Title(text)


def join_names(names: tuple[str, ...], language: str = "") -> str:
    """A and B; A, B and C: in the language of the text."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {known(language).conjunction} {names[-1]}"


def _title(text: str, match: regex.Match[str]) -> Title:
    speaker = regex.sub(r"^the\s+", "", match["who"], flags=regex.IGNORECASE).strip(" ,")
    speaker = speaker[:1].upper() + speaker[1:]
    several = bool(_SEVERAL.search(match["who"]) or _PAIR.search(match["who"]))
    byline = speaker + (match["comma"] or "") + (f" {match['rest']}" if match["rest"] else "")
    if match["context"]:
        byline = f"{match['context']} – {byline}"
    return Title(
        text=text,
        speaker=speaker,
        byline=byline,
        several=several and not _JOINT.search(match["form"]),
    )
