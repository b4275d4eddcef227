"""Quote cards and title cards: what stands on one, in which style, and how it is described. Drawn by `compose.drawing`.

The look of a card is a Typst file in the folder `cards` of the post templates; docs/cards.md tells how to change it.
"""

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from publisher.compose.facts import gather, plain
from publisher.compose.verify import check_words
from publisher.config import Config
from publisher.enums import Severity
from publisher.errors import ConfigError, InvalidInput
from publisher.text.quotations import capitalised, quoted
from publisher.types import Entry

SIZES: dict[str, tuple[int, int]] = {
    "1200x630": (1200, 630),
    "1080x1080": (1080, 1080),
    "1080x1350": (1080, 1350),
    "1080x1920": (1080, 1920),
}
"""Width and height in pixels: a link's preview, a square, Instagram's tallest picture, a whole phone."""

QUOTE, TITLE = "quote", "title"
"""The kinds of cards; each has a template of that name."""

LEGIBLE = 4.5
"""Contrast of words and ground: WCAG 2.2, 1.4.3 (AA), as for small type, because a feed shows cards small."""
VISIBLE = 3.0
"""Contrast of other signs and ground: WCAG 2.2, 1.4.11."""

_LABELS = {
    QUOTE: {
        "en": "Quote card",
        "de": "Zitatkarte",
        "fr": "Carte avec citation",
        "es": "Tarjeta con cita",
        "it": "Scheda con citazione",
    },
    TITLE: {
        "en": "Title card",
        "de": "Titelkarte",
        "fr": "Carte avec titre",
        "es": "Tarjeta con título",
        "it": "Scheda con titolo",
    },
}
"""What a description opens with. In other languages it opens with the words: rather no label than a foreign one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """The institution's own: colours like #12305a, a logo file, a folder with font files."""

    background: str
    ink: str
    accent: str
    logo: Path | None = None
    fonts: Path | None = None


def style_of(settings: Config) -> Style:
    return Style(
        background=settings.card_background,
        ink=settings.card_text,
        accent=settings.card_accent,
        logo=settings.card_logo,
        fonts=settings.card_fonts,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteCard:
    """What stands on a card. `words` of a quote card stand in the quotation marks of their language."""

    kind: str
    words: str
    speaker: str = ""
    source: str = ""
    """The host that the document comes from."""
    language: str = ""
    alt: str = ""

    @property
    def right_to_left(self) -> bool:
        """By the first letter that has a direction, as a browser decides it."""
        strong = (unicodedata.bidirectional(letter) for letter in self.words)
        return next((kind for kind in strong if kind in {"L", "R", "AL"}), "L") != "L"


def quote_card(entry: Entry, *, number: int = 1, words: str = "") -> QuoteCard:
    """The card of one of the document's quotable lines, the strongest is 1; or of `words` that stand in it.

    Raises InvalidInput where there is no such line, or where the words are not the speaker's, word for word.
    """
    facts = gather(entry, entry.language)
    speaker = facts.speaker
    if not words:
        if not 1 <= number <= len(facts.quotes):
            key = "card.no_number" if facts.quotes else "card.no_quote"
            raise InvalidInput(key, f"{number} of {len(facts.quotes)}", number=number, count=len(facts.quotes))
        words, speaker = facts.quotes[number - 1].text, facts.quotes[number - 1].speaker
    marked = quoted(capitalised(" ".join(plain(words).split()).strip('“”„«»" ')), entry.language)
    credit = f"{marked} – {speaker}" if speaker else marked
    for issue in check_words(entry, [credit], language=entry.language):
        if issue.severity is Severity.ERROR:
            raise InvalidInput(issue.key, "", **issue.params)
    return QuoteCard(
        kind=QUOTE,
        words=marked,
        speaker=speaker,
        source=_host(entry),
        language=entry.language,
        alt=_described(QUOTE, credit, entry.language),
    )


def title_card(entry: Entry) -> QuoteCard:
    """The card of the document's title. Raises InvalidInput where it has none."""
    title = " ".join(gather(entry, entry.language).title.split())
    if not title:
        raise InvalidInput("card.no_title")
    alt = _described(TITLE, title, entry.language)
    return QuoteCard(kind=TITLE, words=title, source=_host(entry), language=entry.language, alt=alt)


def check_style(style: Style) -> None:
    """Whether everybody can read a card in this style. Raises ConfigError, which names a colour that would do."""
    for setting, colour, least in (("TEXT", style.ink, LEGIBLE), ("ACCENT", style.accent, VISIBLE)):
        found = contrast(colour, style.background)
        if found < least:
            better = max("#ffffff", "#000000", key=lambda other: contrast(other, style.background))
            raise ConfigError(
                "card.contrast",
                f"{found:.2f}:1",
                setting=f"PUBLISHER_CARD_{setting}",
                colour=colour,
                ground=f"{style.background} (PUBLISHER_CARD_BACKGROUND)",
                found=f"{int(found * 10) / 10:g}",
                least=f"{least:g}",
                better=better,
            )


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours like #12305a: from 1 (the same) to 21 (black on white), as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance, from 0 (black) to 1 (white): WCAG 2.2, "relative luminance"."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _described(kind: str, words: str, language: str) -> str:
    label = _LABELS[kind].get(language.lower().split("-")[0] or "en", "")
    return f"{label}: {words}" if label else words


def _host(entry: Entry) -> str:
    return (urlsplit(entry.url).hostname or "").removeprefix("www.")
