"""Cards as pictures: whole, in every script we promise, and never with a box or half a word."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from publisher.compose.cards import SIZES, QuoteCard, Style
from publisher.compose.drawing import draw
from publisher.compose.templates import default_folder
from publisher.errors import ConfigError, InvalidInput, PublisherError, TemplateError

STYLE = Style(background="#12305a", ink="#ffffff", accent="#ffcc00")
CARD = QuoteCard(kind="quote", words="“We keep our word.”", speaker="Ada Example", source="example.eu", language="en")
SQUARE = SIZES["1080x1080"]
WORDS = {
    "ar": "“لن نتخلى عن أوكرانيا أبدًا: لا اليوم ولا بعد ١٠ سنوات (2036).”",
    "bg": "„Свободата на Европа зависи от смелостта на всеки един от нас.“",
    "el": "«Η ελευθερία της Ευρώπης εξαρτάται από το θάρρος του καθενός μας, ΐ.»",
    "en": "“We keep our promise 🇪🇺🇺🇦: clean energy ⚡ for families 👨‍👩‍👧‍👦 by 2035 ✅️.”",
    "fr": "« La liberté de l’Œuvre : où, ÿ, ç, ê – 25 €. »",
    "hu": "„Árvíztűrő tükörfúrógép, ma és holnap.”",
    "lv": "“Ģeogrāfija, ķēdes, ņemot vērā, šodien, ļoti.”",
    "mt": "“Il-ħelsien jiddependi mill-kuraġġ, għaliex aħna żgħar.”",
    "pl": "„Zażółć gęślą jaźń – nigdy się nie poddamy.”",
    "ro": "„Libertatea și țările vecine, împreună.”",
    "uk": "«Ґанок, їжак, єдність: її свобода – це наша свобода!»",
}


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture), formats=["PNG"]).convert("RGB")


def refused(card: QuoteCard = CARD, style: Style = STYLE, folder: Path | None = None) -> PublisherError:
    with pytest.raises(PublisherError) as error:
        draw(card, style, SQUARE, folder=folder)
    return error.value


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The folder of an institution's own card templates, inside that of its post templates."""
    folder = tmp_path / "cards"
    folder.mkdir()
    return folder


@pytest.mark.parametrize(("kind", "size"), [*(("quote", size) for size in SIZES.values()), ("title", SQUARE)])
def test_a_card_has_the_size_that_was_asked_for(kind: str, size: tuple[int, int]) -> None:
    assert opened(draw(replace(CARD, kind=kind), STYLE, size)).size == size


def test_same_card_gives_the_same_bytes() -> None:
    assert draw(CARD, STYLE, SQUARE) == draw(CARD, STYLE, SQUARE)


@pytest.mark.parametrize("language", WORDS)
def test_words_of_every_script_stay_inside_the_margins(language: str) -> None:
    picture = opened(draw(replace(CARD, words=WORDS[language], language=language), STYLE, SQUARE))
    ground = picture.getpixel((0, 0))
    edges = [(0, 0, 1080, 80), (0, 1000, 1080, 1080), (0, 0, 80, 1080), (1000, 0, 1080, 1080)]
    assert [picture.crop(edge).getcolors() for edge in edges] == [[(80 * 1080, ground)]] * 4


@pytest.mark.parametrize(("language", "side"), [("en", "left"), ("ar", "right")])
def test_the_bar_stands_where_reading_begins(language: str, side: str) -> None:
    picture = opened(draw(replace(CARD, words=WORDS[language], language=language), STYLE, SQUARE))
    accent = [x for x in range(1080) if (255, 204, 0) in {picture.getpixel((x, y)) for y in range(400, 700, 20)}]
    assert accent, "there is no bar"
    assert side == ("left" if max(accent) < 540 else "right" if min(accent) > 540 else "both")


def test_words_of_a_document_are_never_typst() -> None:
    code = '#panic("x") $x_1$ *b* \\u{41} `r` // c @x <a> #image("/etc/passwd")'
    assert opened(draw(replace(CARD, words=code, speaker=code, source="#x"), STYLE, SQUARE)).size == SQUARE


@pytest.mark.parametrize(
    ("words", "letters"), [("自由", "由 自"), ("Freedom \ue000", "U+E000")], ids=["a script", "private use"]
)
def test_a_letter_that_no_font_has_is_refused_with_the_mend(words: str, letters: str) -> None:
    error = refused(replace(CARD, words=words))
    assert isinstance(error, InvalidInput)
    assert error.sentence == (
        f"No font at hand has these letters: {letters}. Put a font file that has them into a folder, and name the "
        "folder in PUBLISHER_CARD_FONTS."
    )


@pytest.mark.parametrize("words", ["word " * 500, "x" * 150], ids=["many words", "one long word"])
def test_words_that_do_not_fit_whole_are_refused(words: str) -> None:
    error = refused(replace(CARD, words=words))
    assert error.sentence == (
        "The words do not fit on a card of 1080 × 1080, even in small type. Choose fewer words, or a taller card."
    )


def test_own_template_takes_the_place_of_ours_and_may_use_our_parts(own: Path) -> None:
    (own / "quote.typ").write_text('#import "parts.typ": *\n#set page(width: 10pt, height: 20pt, margin: 0pt)\n#v(0pt)')
    assert opened(draw(CARD, STYLE, SQUARE, folder=own.parent)).size == (10, 20)
    assert opened(draw(replace(CARD, kind="title"), STYLE, SQUARE, folder=own.parent)).size == SQUARE


@pytest.mark.parametrize(
    ("template", "line", "why"),
    [
        ("\n#let x =", 2, "expected expression"),
        ("#let f(x) = f(x)\n#f(1)", 1, "maximum function call depth exceeded"),
    ],
)
def test_broken_template_is_named_with_its_line(own: Path, template: str, line: int, why: str) -> None:
    (own / "quote.typ").write_text(template)
    error = refused(folder=own.parent)
    assert isinstance(error, TemplateError)
    assert (error.params["file"], error.params["line"], error.params["why"]) == ("cards/quote.typ", line, why)


@pytest.mark.parametrize("template", ['#read("../../etc/passwd")', '#import "@preview/a:1.0.0"'])
def test_a_template_reads_nothing_of_the_machine_and_fetches_nothing(own: Path, template: str) -> None:
    (own / "quote.typ").write_text(template)
    assert refused(folder=own.parent).key == "card.template"


def test_a_template_that_eats_the_memory_costs_only_its_process(own: Path) -> None:
    (own / "quote.typ").write_text("#range(1000000000).len()")
    assert refused(folder=own.parent).key == "card.slow"


def test_the_logo_stands_on_the_card(tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9H0z" fill="#f00"/></svg>'
    )
    picture = opened(draw(CARD, replace(STYLE, logo=logo), SQUARE))
    assert picture.getpixel((1080 - 130, 1080 - 130)) == (255, 0, 0)


@pytest.mark.parametrize("name", ["logo.svg", "logo.gif", "gone.png"])
def test_a_logo_that_cannot_be_drawn_is_refused_by_its_setting(tmp_path: Path, name: str) -> None:
    if not name.startswith("gone"):
        (tmp_path / name).write_text("nonsense")
    error = refused(style=replace(STYLE, logo=tmp_path / name))
    assert isinstance(error, ConfigError)
    assert error.sentence == (
        f"The logo {tmp_path / name} cannot be drawn. PUBLISHER_CARD_LOGO must name a whole SVG, PNG or JPEG file."
    )


def test_own_font_goes_before_ours(tmp_path: Path) -> None:
    import manimgx_fonts

    font = Path(manimgx_fonts.__file__).parent / "NotoSansSymbols[wght].ttf"
    (tmp_path / "own.ttf").write_bytes(font.read_bytes())
    assert draw(CARD, replace(STYLE, fonts=tmp_path), SQUARE) != draw(CARD, STYLE, SQUARE)


def test_a_folder_without_fonts_is_refused_by_its_setting(tmp_path: Path) -> None:
    error = refused(style=replace(STYLE, fonts=tmp_path))
    assert isinstance(error, ConfigError)
    assert error.sentence == (
        f"There is no font in {tmp_path}. PUBLISHER_CARD_FONTS must name a folder with TrueType or OpenType files "
        "(.ttf, .otf)."
    )


def test_there_is_a_template_for_each_kind_of_card() -> None:
    names = {path.name for path in (default_folder() / "cards").iterdir()}
    assert names == {"quote.typ", "title.typ", "parts.typ"}
