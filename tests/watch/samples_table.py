"""Which fields of a document are found in each sample: `python -m tests.watch.samples_table [folder]` prints the table.

What must be found stands in samples.toml, with the reason for each field that cannot be; the test compares the two.
"""

import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from publisher.enums import DocumentKind
from publisher.errors import FetchError
from publisher.types import Entry
from publisher.watch.guess import understand

TABLE = Path(__file__).with_name("samples.toml")
FIELDS = (
    "url", "title", "kind", "lead", "body", "speakers", "quotes", "exchanges", "published_at", "starts_at", "place",
    "language", "alternates", "topics", "image", "alt", "credit", "video", "video_seconds", "reading_minutes",
)  # fmt: skip


def has(entry: Entry, field: str) -> bool:
    if field == "kind":
        return entry.kind is not DocumentKind.OTHER
    if field in {"alt", "credit"}:
        return bool(entry.image and getattr(entry.image, field))
    return bool(getattr(entry, field))


def found(path: Path, url: str = "") -> tuple[int, dict[str, int]]:
    """How many documents a file holds, and in how many of them each field is; only fields that are somewhere."""
    try:
        entries = understand(path.read_bytes(), "", url).entries
    except FetchError:
        return 0, {}
    counts = Counter(field for entry in entries for field in FIELDS if has(entry, field))
    return len(entries), {field: counts[field] for field in FIELDS if counts[field]}


def samples() -> dict[str, dict[str, Any]]:
    """samples.toml by file."""
    return {each["file"]: each for each in tomllib.loads(TABLE.read_text(encoding="utf-8"))["sample"]}


def rows(folder: Path) -> list[tuple[str, str, str]]:
    """File, fields found, fields missing and why."""
    table = []
    for name, sample in samples().items():
        count, fields = found(folder / name, sample.get("url", ""))
        here = ", ".join(
            field if number == count else f"{field} ({number} of {count})" for field, number in fields.items()
        )
        why = "; ".join(f"{names}: {reason}" for names, reason in sample.get("missing", {}).items())
        table.append((f"{name} ({count})", here or "–", why or "–"))
    return table


def markdown(folder: Path) -> str:
    lines = ["| File (documents) | Found | Missing, and why |", "| --- | --- | --- |"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows(folder))])


if __name__ == "__main__":
    sys.stdout.write(markdown(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/samples")) + "\n")
