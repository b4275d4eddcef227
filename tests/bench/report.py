"""`python -m tests.bench.report`: all figures of docs/performance.md, in one run, as the table there."""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.drafts import milliseconds
from tests.bench.feeds import FEEDS
from tests.bench.many import SOURCES
from tests.bench.tree import Cost, measured, memory
from tests.bench.watch import DEMANDED, PASSES, compare, first_pass, line, middle, started

PAGE = Path(__file__).parents[2] / "docs/performance.md"
BEGIN, END = "<!-- figures: made by `make bench` -->", "<!-- end of figures -->"
LOOKS = 2000


def table(rounds: int) -> Iterator[str]:
    python, today = sys.version.split()[0], f"{datetime.now(UTC):%d %B %Y}"
    busy = [os.getloadavg()[0]]
    found, waits = compare(rounds)
    busy.append(os.getloadavg()[0])
    load = "a load of {:.1f} before the first pass and {:.1f} after the last (ours are up to three)".format(*busy)
    counted = f"medians of {rounds} rounds" if rounds > 1 else "one round"
    yield f"{os.cpu_count()} cores, Python {python}, {today}; {counted}, with {load}."
    yield ""
    yield "| 1,000 feeds, 19,750 entries | Publisher | reader 3.26, 10 workers | ratio in time | in CPU | wanted |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for name in PASSES:
        costs = middle(found["ours"][name]), middle(found["theirs"][name])
        yield row(name, *costs, f"{DEMANDED[name]:.0f} ×")
    yield row("first pass, dense markup, once", *first_pass("dense"), "–")
    yield ""
    yield "| | figure | wanted |"
    yield "| --- | --- | --- |"
    for count, some in waits.items():
        some.sort()
        figures = f"median {some[len(some) // 2]:.2f} s, p95 {some[int(len(some) * 0.95)]:.2f} s"
        yield f"| new entry to draft in the queue, {count} at once | {figures} | p95 < 1 s |"
    seconds, megabytes = many()
    yield f"| {SOURCES:,} sources in one process | {megabytes:.0f} MB; {seconds * SOURCES:.0f} s CPU an hour | – |"
    yield f"| twelve drafts for one document | {milliseconds():.0f} ms | < 50 ms |"


def row(name: str, ours: Cost, theirs: Cost, wanted: str) -> str:
    cells = [
        f"{FEEDS / each.seconds:,.0f} feeds/s · {each.seconds:.2f} s · {each.cpu:.2f} s CPU · {each.memory:.0f} MB"
        for each in (ours, theirs)
    ]
    ratios = f"{theirs.seconds / ours.seconds:.1f} × | {theirs.cpu / ours.cpu:.1f} × | {wanted}"
    return f"| {name} | {' | '.join(cells)} | {ratios} |"


def many() -> tuple[float, float]:
    """CPU seconds for one look that finds nothing new, and the most memory meanwhile."""
    with started("feeds") as (_, port), started("many", port) as (process, _):
        assert process.stdin
        with measured(process.pid) as cost:
            process.stdin.write(f"{LOOKS}\n")
            process.stdin.flush()
            done = int(line(process.stdout))
        if done != LOOKS:
            raise SystemExit(f"{done} of {LOOKS} sources were unchanged")
        return cost.cpu / done, max(cost.memory, memory(process.pid))


def main() -> None:
    text = "\n".join(table(int(sys.argv[1]) if sys.argv[1:] else 3))
    print(text)
    page = PAGE.read_text(encoding="utf-8")
    before, after = page.partition(BEGIN)[0], page.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
