"""The process that draws one card: a job as JSON on standard input, a picture or an error as JSON on standard output.

`compose.drawing` starts it. Typst sees a folder that holds copies of the card templates and the logo, and nothing else
of the machine; of the institution's folder each file replaces ours of the same name.
"""

import contextlib
import json
import resource
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import regex

if TYPE_CHECKING:
    from typst import FontInfo, Fonts

_LIMITS = {resource.RLIMIT_CPU: 15, resource.RLIMIT_DATA: 1_000_000_000, resource.RLIMIT_CORE: 0}
"""Seconds of computing; bytes of data, of which a card needs some 60 million."""

_FIRST, _LAST = "Noto Sans", "Noto Emoji"
"""Emoji last: its font also has digits, which are to come from the others."""
_INVISIBLE = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{White_Space}]")
_LOGOS = {".svg", ".png", ".jpg", ".jpeg"}
_LINE = regex.compile(r":(\d+):\d+")


class Fault(Exception):
    """What stands in the way, as a key of `messages` and what fills its gaps."""

    def __init__(self, key: str, diagnostic: str = "", **params: object) -> None:
        self.key = key
        self.diagnostic = diagnostic
        self.params = params
        super().__init__(key)


def main() -> None:
    for kind, most in _LIMITS.items():
        with contextlib.suppress(ValueError, OSError):  # macOS knows the names and not each thing
            resource.setrlimit(kind, (most, most))
    job = json.loads(sys.stdin.buffer.read())
    try:
        answer: dict[str, Any] = {"error": "", "picture": paint(job, Path.cwd()).hex()}
    except Fault as fault:
        answer = {"error": fault.key, "diagnostic": fault.diagnostic, "params": fault.params}
    sys.stdout.write(json.dumps(answer))


def paint(job: dict[str, Any], folder: Path) -> bytes:
    """The picture (PNG) that `job` asks for, made in `folder`, an empty one. Raises Fault."""
    import typst  # slow import

    fonts, families = _fonts(job["fonts"])
    card = job["card"] | {"fonts": families}
    _refuse_missing(card["words"] + card["speaker"] + card["source"], list(_in_order(fonts, families)))
    for source in job["folders"]:
        for file in sorted(Path(source).glob("*.typ")):
            shutil.copyfile(file, folder / file.name)
    card["logo"] = _logo(job["logo"], folder)
    if not regex.fullmatch(r"[a-z]{2,3}", card["language"]):
        card["language"] = "en"  # Typst wants one; it decides about nothing that is left on
    try:
        compiler = typst.Compiler(folder / f"{job['kind']}.typ", root=folder, font_paths=fonts)
        pictures = compiler.compile(format="png", ppi=72, sys_inputs={"card": json.dumps(card)})  # a point is a pixel
    except (typst.TypstError, OSError) as error:
        raise _named(error, card["logo"], job["logo"]) from error
    if not isinstance(pictures, bytes):
        raise Fault("card.too_long", "more than one page")
    return pictures


def _named(error: Exception, logo: str, path: str) -> Fault:
    """What Typst says, as an error of ours."""
    diagnostic = str(getattr(error, "diagnostic", error))
    message = str(getattr(error, "message", error))
    if "does not fit" in message:
        return Fault("card.too_long")
    if logo and ("failed to decode image" in message or "failed to parse SVG" in message):
        return Fault("card.logo", message, path=path)
    line = _LINE.search(diagnostic)
    return Fault("card.template", diagnostic[:300], line=int(line[1]) if line else 1, why=message.rstrip("."))


def _logo(path: str, folder: Path) -> str:
    """The name under which Typst finds the logo; blank for none."""
    if not path:
        return ""
    kind = Path(path).suffix.lower()
    if kind not in _LOGOS:
        raise Fault("card.logo", kind, path=path)
    try:
        shutil.copyfile(path, folder / f"logo{kind}")
    except OSError as error:
        raise Fault("card.logo", type(error).__name__, path=path) from error
    return f"logo{kind}"


def _fonts(own: str) -> "tuple[Fonts, list[str]]":
    """The fonts to draw with, never those of the machine, and their families: the institution's own, then Noto's."""
    import manimgx_fonts  # slow import

    sources = [own] if own else []
    ours = _open(sources).families()
    if own and not ours:
        raise Fault("card.fonts", path=own)
    fonts = _open([*sources, str(Path(manimgx_fonts.__file__).parent)])
    others = sorted(set(fonts.families()) - {_FIRST, _LAST, *ours})
    return fonts, [*ours, *(name for name in (_FIRST, *others, _LAST) if name not in ours)]


def _open(folders: list[str]) -> "Fonts":
    import typst  # slow import

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _in_order(fonts: "Fonts", families: list[str]) -> "Iterator[FontInfo]":
    for family in families:
        yield from (font for font in fonts.fonts() if font.family == family)


def _refuse_missing(text: str, fonts: "list[FontInfo]") -> None:
    """Raises Fault where `text` has letters that no font has: Typst would draw boxes in their place."""
    from fontTools.ttLib import TTFont  # slow import

    missing = set(_INVISIBLE.sub("", text))
    for font in fonts:
        if not missing:
            return
        if font.path:
            with TTFont(font.path, fontNumber=font.index, lazy=True) as opened:
                missing -= {letter for letter in missing if ord(letter) in (opened.getBestCmap() or {})}
    if missing:
        named = (letter if letter.isprintable() else f"U+{ord(letter):04X}" for letter in sorted(missing))
        raise Fault("card.letters", letters=" ".join([*named][:12]))


if __name__ == "__main__":
    main()
