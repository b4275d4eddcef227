"""A card as a picture: drawn by Typst in a process of its own, which has little time and none of our secrets.

The same card, style and templates give the same bytes, so an approval can cover them by their hash.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import publisher
from publisher.compose.cards import QuoteCard, Style, check_style
from publisher.compose.templates import default_folder
from publisher.errors import ConfigError, InvalidInput, PublisherError, TemplateError

_at_once = threading.BoundedSemaphore(2)
"""Cards drawn at one time by this process; the others wait."""
SECONDS = 20
"""How long drawing may take; it takes a third of one on a machine with nothing else to do."""

_KINDS: dict[str, type[PublisherError]] = {
    "card.letters": InvalidInput,
    "card.too_long": InvalidInput,
    "card.template": TemplateError,
    "card.logo": ConfigError,
    "card.fonts": ConfigError,
}
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH")


def draw(card: QuoteCard, style: Style, size: tuple[int, int], *, folder: Path | None = None) -> bytes:
    """The card as a PNG of `size` (width and height in pixels). `folder` holds the institution's own templates.

    Raises InvalidInput where the words do not fit or a letter is in no font, ConfigError where the style has a fault,
    TemplateError where the card's template has one. Nothing is ever cut, and no letter becomes a box.
    """
    check_style(style)
    width, height = size
    job = {
        "kind": card.kind,
        "folders": [str(each / "cards") for each in (default_folder(), folder) if each is not None],
        "logo": str(style.logo.absolute()) if style.logo else "",
        "fonts": str(style.fonts.absolute()) if style.fonts else "",
        "card": {
            "width": width,
            "height": height,
            "words": card.words,
            "speaker": card.speaker,
            "source": card.source,
            "language": card.language.lower().split("-")[0],
            "right_to_left": card.right_to_left,
            "background": style.background,
            "ink": style.ink,
            "accent": style.accent,
        },
    }
    found = _drawn(job, f"{card.kind}.typ")
    if found["error"]:
        params = {"size": f"{width} × {height}", "file": f"cards/{card.kind}.typ", **found["params"]}
        raise _KINDS[found["error"]](found["error"], found["diagnostic"], **params)
    return bytes.fromhex(found["picture"])


def _drawn(job: dict[str, Any], file: str) -> dict[str, Any]:
    """What the process answers. Raises TemplateError where it takes too long or dies: then the template is at fault."""
    home = str(Path(publisher.__file__).parent.parent)
    with _at_once, tempfile.TemporaryDirectory(prefix="card-") as folder:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "publisher.compose.easel"],
                input=json.dumps(job).encode(),
                capture_output=True,
                timeout=SECONDS,
                check=True,
                cwd=folder,
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
                | {"HTTPS_PROXY": "http://127.0.0.1:9"}  # a template that imports a package must not fetch it
                | {"PYTHONPATH": os.pathsep.join([home, *map(os.path.abspath, filter(None, sys.path))])},
            )
        except subprocess.TimeoutExpired as error:
            raise TemplateError("card.slow", file=f"cards/{file}", seconds=SECONDS) from error
        except subprocess.CalledProcessError as error:
            why = error.stderr.decode(errors="replace").strip().splitlines()
            raise TemplateError("card.slow", " ".join(why[-1:])[:300], file=f"cards/{file}", seconds=SECONDS) from error
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
