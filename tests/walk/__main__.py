"""`python -m tests.walk STEPS [--seed N]`: the figures at the end, or the seed and the steps of a life that broke."""

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

from django.db import connection  # noqa: E402

from tests.walk.walk import LIFE, live  # noqa: E402
from tests.walk.world import Broken  # noqa: E402


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("steps", type=int)
    asked.add_argument("--seed", type=int, help="one life only, told step by step")
    asked.add_argument("--from-seed", type=int, default=1)
    given = asked.parse_args()
    logging.disable(logging.CRITICAL)  # what goes wrong here goes wrong on purpose
    connection.creation.create_test_db(verbosity=0)
    if given.seed is not None:
        live(given.seed, given.steps, print)
        return 0
    empty = sqlite3.connect(":memory:")
    connection.connection.backup(empty)
    total: Counter[str] = Counter()
    seed, begun, broken = given.from_seed, time.monotonic(), 0
    while total["steps"] < given.steps:
        empty.backup(connection.connection)
        try:
            total += live(seed, min(LIFE, given.steps - total["steps"]))
        except Broken as error:
            broken += 1
            total["steps"] += LIFE
            print(error, flush=True)
        seed += 1
        if seed % 100 == 0:
            print(f"{total['steps']:,} steps, {broken} broken, {time.monotonic() - begun:.0f} s", flush=True)
    lives, seconds = seed - given.from_seed, time.monotonic() - begun
    print(f"{total['steps']:,} steps in {lives:,} lives, {seconds:.0f} s: {broken} broken")
    for name, count in sorted(total.items(), key=lambda item: (-item[1], item[0])):
        print(f"{count:>12,}  {name}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
