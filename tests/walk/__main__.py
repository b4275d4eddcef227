"""`python -m tests.walk STEPS [--minutes M] [--seed N]`: the figures, or the seed and the steps of a life that broke.

With `--minutes` it stops after that time, whatever is left of the steps.
"""

import os
import sys
import time
from collections import Counter

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django

django.setup()  # before anything that reads the settings: hence the late imports below

import argparse  # noqa: E402
import logging  # noqa: E402
import sqlite3  # noqa: E402
from typing import Any  # noqa: E402

from django.db import connection  # noqa: E402
from django.db.models.expressions import Col  # noqa: E402

from tests.walk.walk import LIFE, live  # noqa: E402
from tests.walk.world import Broken  # noqa: E402


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("steps", type=int)
    asked.add_argument("--seed", type=int, help="one life only, told step by step")
    asked.add_argument("--from-seed", type=int, default=1)
    asked.add_argument("--minutes", type=float, default=float("inf"))
    given = asked.parse_args()
    logging.disable(logging.CRITICAL)  # what goes wrong here goes wrong on purpose
    connection.creation.create_test_db(verbosity=0)
    name_columns_once()
    if given.seed is not None:
        live(given.seed, given.steps, print)
        return 0
    empty = sqlite3.connect(":memory:")
    connection.connection.backup(empty)
    total: Counter[str] = Counter()
    doubled = broken = 0
    seed, begun, computed = given.from_seed, time.monotonic(), time.process_time()
    while total["steps"] < given.steps and time.monotonic() - begun < given.minutes * 60:
        empty.backup(connection.connection)
        try:
            total += live(seed, min(LIFE, given.steps - total["steps"]))
        except Broken as error:
            broken += 1
            doubled += "sent twice" in str(error)
            total["steps"] += LIFE
            print(error, flush=True)
        seed += 1
        if seed % 100 == 0:
            print(f"{total['steps']:,} steps, {broken} broken, {time.monotonic() - begun:.0f} s", flush=True)
    seconds, computed = time.monotonic() - begun, time.process_time() - computed
    lives, days, posts = seed - given.from_seed, total["hours of simulated time"] / 24, total["posts on the network"]
    print(
        f"{total['steps']:,} steps in {lives:,} lives, {days:,.0f} simulated days, {seconds:.0f} s "
        f"({computed / total['steps'] * 1000:.1f} ms of CPU for a step): {total['faults']:,} faults, "
        f"{total['killed'] + total['die']:,} kills, {posts:,} posts, "
        f"{doubled} doubled, {broken - doubled} lost or otherwise wrong"
    )
    for name, count in sorted(total.items(), key=lambda item: (-item[1], item[0])):
        print(f"{count:>12,}  {name}")
    return 1 if broken else 0


def name_columns_once() -> None:
    """Django composes the name of each column anew in each query, of thirty columns for one post: an eighth of the time
    here. What the walk asks is the same again and again."""
    known: dict[tuple[str, str], str] = {}
    compose = Col.as_sql

    def name(self: Any, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        key = (self.alias, self.target.column)
        if key not in known:
            known[key] = compose(self, compiler, connection)[0]
        return known[key], []

    Col.as_sql = name  # type: ignore[method-assign]


if __name__ == "__main__":
    sys.exit(main())
