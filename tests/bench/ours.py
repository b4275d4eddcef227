"""Publisher over the same feeds, in a process of its own: `python -m tests.bench.ours PORT FEEDS`.

SQLite, one rule for review, and at first no channel: then the work is the same as that of a feed reader. Each line on
standard input starts a pass; a line of JSON comes back when it is done: how many documents there are, and how long new
ones took to the queue.

| Line | Pass over |
| --- | --- |
| blank | all sources |
| `draft` | all sources, with a channel on the sandbox network from now on |
| `draft 10` | the first ten of those that `/advance` gives something new |
"""

import json
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django


def main() -> None:
    port, feeds = int(sys.argv[1]), int(sys.argv[2])
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from publisher import config
    from publisher.models import Channel, Document, Post, Rule, Source
    from publisher.newsroom.feeds import watching
    from tests.bench.feeds import url_of

    os.environ["PUBLISHER_PRIVATE_HOSTS"] = "127.0.0.0/8"
    config.get.cache_clear()
    call_command("migrate", verbosity=0)
    Rule.objects.create(name="Everything waits for review", mode="review")
    urls = [url_of(number, port) for number in range(feeds)]
    Source.objects.bulk_create([Source(name=url, url=url, host=url.split("/")[2], read_pages=False) for url in urls])
    print("ready", flush=True)
    for line in sys.stdin:
        start = timezone.now()
        command, _, few = line.strip().partition(" ")
        if command:
            Channel.objects.get_or_create(network="sandbox", name="sandbox", account={"id": "1", "handle": "press"})
        asked = urls[::10][: int(few)] if few else urls
        Source.objects.filter(url__in=asked).update(next_check_at=start)
        while watching.something_is_due():
            watching.poll_due()
        made = Post.objects.filter(created_at__gte=start).select_related("document")
        waits = sorted((post.created_at - post.document.first_seen_at).total_seconds() for post in made)
        problems = list(Source.objects.exclude(problem="").values_list("problem", flat=True)[:3])
        print(json.dumps({"documents": Document.objects.count(), "waits": waits, "problems": problems}), flush=True)


if __name__ == "__main__":
    main()
