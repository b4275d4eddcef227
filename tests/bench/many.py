"""Ten thousand sources in one process: `python -m tests.bench.many PORT`. Says its memory, and polls what it is told.

All were seen before and nothing has changed (304), as nine looks in ten find it. Each line on standard input polls as
many sources as it names; a line comes back.
"""

import os
import sys
from datetime import timedelta

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

SOURCES = 10_000


def main() -> None:
    port = int(sys.argv[1])
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from publisher import config
    from publisher.models import Source
    from publisher.newsroom.feeds import watching
    from tests.bench.feeds import Server, url_of

    os.environ["PUBLISHER_PRIVATE_HOSTS"] = "127.0.0.0/8"
    config.get.cache_clear()
    call_command("migrate", verbosity=0)
    server, now = Server(), timezone.now()
    later = now + timedelta(hours=1)
    etags = [server._body(number)[1] for number in range(server.feeds)]
    Source.objects.bulk_create(
        [
            Source(
                name=f"Institution {number}",
                url=url_of(number, port),
                host=url_of(number, port).split("/")[2],
                etag=etags[number % server.feeds],
                baseline_at=now,
                last_checked_at=now,
                per_week=10,
                next_check_at=later,
            )
            for number in range(SOURCES)
        ],
        batch_size=1000,
    )
    del server, etags
    print("ready", flush=True)
    for line in sys.stdin:
        some = Source.objects.filter(next_check_at__gt=timezone.now()).order_by("pk").values_list("pk", flat=True)
        Source.objects.filter(pk__in=list(some[: int(line)])).update(next_check_at=timezone.now())
        done = 0
        while watching.something_is_due():
            done += sum(each["status"] == "not_modified" for each in watching.poll_due())
        print(done, flush=True)


if __name__ == "__main__":
    main()
