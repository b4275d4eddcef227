"""Twelve drafts for one document: four networks in three languages, from a document that was never drafted before."""

import time
from pathlib import Path
from statistics import median

from publisher.compose import facts
from publisher.compose.draft import compose
from publisher.watch.read import read_entries

SAMPLE = Path(__file__).parents[2] / "publisher/sample/eeas.xml"
NETWORKS = ("sandbox", "bluesky", "mastodon", "x")


def milliseconds(rounds: int = 15) -> float:
    """The median, after a round that does not count."""
    (entry,) = read_entries(str(SAMPLE))
    taken = []
    for _ in range(rounds + 1):
        facts.gather.cache_clear()
        start = time.perf_counter()
        for network in NETWORKS:
            for language in ("en", "fr", "de"):
                compose(entry, network, language=language)
        taken.append((time.perf_counter() - start) * 1000)
    return median(taken[1:])
