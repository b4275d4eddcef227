"""Post templates that stay compiled as long as no file of theirs changes."""

import threading
from pathlib import Path

from publisher.compose.templates import Templates, default_folder

_kept = threading.local()  # a Templates is used by one thread at a time


def templates_in(folder: Path | None) -> Templates:
    """The templates of `folder` (those shipped by default) as they stand on disk now."""
    folder = folder or default_folder()
    stamp = (*_stamp(folder), *_stamp(default_folder()))
    known: dict[Path, tuple[tuple[object, ...], Templates]] = _kept.__dict__.setdefault("known", {})
    if folder not in known or known[folder][0] != stamp:
        known[folder] = (stamp, Templates(folder))
    return known[folder][1]


def _stamp(folder: Path) -> list[tuple[str, int, int]]:
    """Name, time of change and size of each file below `folder`: another as soon as one is written."""
    found = []
    for path in folder.rglob("*.j2"):
        try:
            known = path.stat()
        except OSError:
            continue  # taken away this moment
        found.append((str(path), known.st_mtime_ns, known.st_size))
    return sorted(found)
