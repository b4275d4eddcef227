"""Post templates that stay compiled as long as no file of theirs changes."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

from publisher.compose.templates import Templates, default_folder

_kept = threading.local()  # a Templates is used by one thread at a time


def templates_in(folder: Path | None) -> Templates:
    """The templates of `folder` (those shipped by default) as they stand on disk now."""
    folder = folder or default_folder()
    stamp = tuple(found for each in dict.fromkeys((folder, default_folder())) for found in sorted(_stamp(each)))
    known: dict[Path, tuple[tuple[object, ...], Templates]] = _kept.__dict__.setdefault("known", {})
    if folder not in known or known[folder][0] != stamp:
        known[folder] = (stamp, Templates(folder))
    return known[folder][1]


def _stamp(folder: Path | str) -> Iterator[tuple[str, int, int]]:
    """Name, time of change and size of each file below `folder`: another as soon as one is written."""
    try:
        with os.scandir(folder) as there:
            for each in there:
                if each.is_dir():
                    yield from _stamp(each.path)
                elif each.name.endswith(".j2"):
                    known = each.stat()
                    yield each.path, known.st_mtime_ns, known.st_size
    except OSError:
        return  # taken away this moment
