"""Kinds of values that several settings have. What refuses one repeats no value: it may be a secret."""

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator


def _file(path: Path) -> Path:
    if not path.is_file():
        raise ValueError("there is no such file")
    return path


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise ValueError("there is no such folder")
    return path


def _colour(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError("it must be a colour like #12305a")
    return value.lower()


AtHome = Annotated[Path, AfterValidator(Path.expanduser)]
"""A path that may begin with ~."""

File = Annotated[AtHome, AfterValidator(_file)]
Folder = Annotated[AtHome, AfterValidator(_folder)]
Colour = Annotated[str, AfterValidator(_colour)]


def parts_of(url: str) -> SplitResult:
    """The parts of an address. The error does not repeat it: there may be a password in it."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # it is read, and may be wrong, only when asked for
    except ValueError:
        raise ValueError("it is no address; in a password write / as %2F, @ as %40, # as %23") from None
    return parts
