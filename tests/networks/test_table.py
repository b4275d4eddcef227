"""docs/networks.md says what each network takes: drawn from the limits, so that the page and the checks never differ.

WRITE_DOCS=1 python -m pytest tests/networks/test_table.py
"""

import os
from collections.abc import Callable
from pathlib import Path

from publisher.enums import CardStyle, Lookup, Requires, ThreadStyle, Unit
from publisher.networks import registry
from publisher.networks.limit_types import Limits

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "networks.md"
BEGIN, END = "<!-- the table of the limits begins -->\n", "<!-- the table of the limits ends -->\n"

UNITS = {
    Unit.WEIGHTED: "as X weighs",
    Unit.GRAPHEMES: "characters",
    Unit.MASTODON: "characters, links and mentions by rule",
    Unit.CODE_POINTS: "code points",
    Unit.UTF16: "UTF-16 units",
    Unit.THREADS: "characters, of an emoji its bytes",
}
CARDS = {CardStyle.NONE: "none", CardStyle.OURS: "ours", CardStyle.NETWORK: "made by the network"}
THREADS = {ThreadStyle.NONE: "none", ThreadStyle.CHAIN: "part by part", ThreadStyle.ATOMIC: "all at once"}
LOOKUPS = {Lookup.EXACT: "by our key", Lookup.SEARCH: "by searching", Lookup.NONE: "a person looks"}


def _text(limits: Limits) -> str:
    rest = [f"a link counts {limits.url_length}"] if limits.url_length else []
    rest += [f"at most {limits.text_bytes:,} bytes"] if limits.text_bytes else []
    rest += [f"{limits.caption:,} beside pictures"] if limits.caption else []
    return f"{limits.text:,} {UNITS[limits.unit]}" + "".join(f"; {each}" for each in rest)


def _pictures(limits: Limits) -> str:
    if not limits.images or limits.image is None:
        return "none"
    size = f"{limits.images} of {limits.image.bytes / 1_000_000:.0f} MB"
    return size + (", at least one" if limits.requires is Requires.PICTURE else "")


def _videos(limits: Limits) -> str:
    if limits.video is None:
        return "none"
    (_, longest), size = limits.video.seconds, f"of {limits.video.bytes / 1_000_000:,.0f} MB"
    told = f"{size}, {longest:.0f} s" if longest <= 900 else f"{size}, {longest / 60:.0f} min"
    told += ", subtitles" if limits.captions else ""
    return told + (", always one" if limits.requires is Requires.VIDEO else "; documents" if limits.document else "")


def _fold(limits: Limits) -> str:
    if not limits.fold:
        return ""
    return f"about {limits.fold} characters" + (f" or {limits.fold_lines} lines" if limits.fold_lines else "")


COLUMNS: dict[str, Callable[[Limits], str]] = {
    "Text": _text,
    "Shown before “… more”": _fold,
    "Pictures": _pictures,
    "Videos": _videos,
    "Description of a picture": lambda limits: f"{limits.alt:,}" if limits.alt else "not taken",
    "Link card": lambda limits: CARDS[limits.card],
    "Thread": lambda limits: THREADS[limits.thread],
    "Handles in the text": lambda limits: "yes" if limits.mentions else "no",
    "After an unclear answer": lambda limits: LOOKUPS[limits.lookup],
    "Edit": lambda limits: "yes" if limits.edit else "no",
    "Figures": lambda limits: "yes" if limits.figures else "no",
    "Take back": lambda limits: "yes" if limits.delete else "no",
}


def table() -> str:
    lines = ["| Network | " + " | ".join(COLUMNS) + " |", "| --- |" + " --- |" * len(COLUMNS)]
    for kind in registry.KINDS:
        page = DOCS / "networks" / f"{kind}.md"
        name = f"[{registry.LABELS[kind]}](networks/{kind}.md)" if page.exists() else registry.LABELS[kind]
        cells = " | ".join(column(registry.get_limits(kind)) for column in COLUMNS.values())
        lines.append(f"| {name} | {cells} |")
    return "\n".join(lines) + "\n"


def test_page_of_the_networks_says_what_the_limits_say() -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    stands, _, after = rest.partition(END)
    if os.environ.get("WRITE_DOCS"):
        PAGE.write_text(before + BEGIN + table() + END + after, encoding="utf-8")
        return
    assert stands == table()


def test_every_real_network_has_a_page_of_its_own() -> None:
    pages = {path.stem for path in (DOCS / "networks").glob("*.md")}
    assert registry.KINDS.keys() - {"sandbox"} == pages
