"""`reader` (PyPI) over the same feeds, in a process of its own: `python -m tests.bench.theirs PORT FOLDER`.

A line on standard input starts a pass; a line comes back when it is done.
"""

import sys
from pathlib import Path

import feedparser_sgmllib

sys.modules["sgmllib"] = feedparser_sgmllib  # reader 3.26 counts on feedparser to bring it, under its old name

from reader import make_reader  # noqa: E402

from tests.bench.feeds import FEEDS, url_of  # noqa: E402

WORKERS = 10


def main() -> None:
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    reader = make_reader(str(folder / "reader.sqlite3"))
    for number in range(FEEDS):
        reader.add_feed(url_of(number, port))
    print("ready", flush=True)
    for _ in sys.stdin:
        reader.update_feeds(workers=WORKERS, scheduled=False)
        print(reader.get_entry_counts().total, flush=True)


if __name__ == "__main__":
    main()
