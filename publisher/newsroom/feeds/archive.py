"""The archive behind a source: asked for what its short feed may have lost, after a gap and every hour."""

import logging
from datetime import datetime, timedelta

from publisher.errors import FetchError
from publisher.models import Source
from publisher.types import Entry
from publisher.watch import presscorner, workbench
from publisher.watch.fetch import Request, Web

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
BACK = timedelta(days=3)
"""How far back each look goes, and at least after a gap."""
MOST_PAGES = 5


def is_due(source: Source, now: datetime) -> bool:
    """Whether the hourly look at its completeness is due. A source without an archive is never asked for it."""
    if not presscorner.archive_of(source.url):
        return False
    return source.completed_at is None or now - source.completed_at >= EVERY


async def missing(web: Web, source: Source, now: datetime) -> list[Entry] | None:
    """What the archive has had since the source's last good answer, and at least for three days. None: no answer.

    Late items are among them: nothing is left out because of its date.
    """
    language = presscorner.archive_of(source.url)
    if not language:
        return []
    since = min(source.last_success_at or now, now - BACK).date()
    found: list[Entry] = []
    for number in range(1, MOST_PAGES + 1):
        url = presscorner.search_url(language, since, number)
        try:
            answer = await web.get(Request(url))
            page = await workbench.run(
                presscorner.parse_page,
                answer.body,
                url,
                page=number,
                since=since,
                seen=[entry.reference for entry in found],
            )
        except FetchError as error:
            log.warning("the archive of source %s cannot be asked now: %s", source.pk, error)
            return None  # a page that failed is no end of the list: all of it is asked again next time
        found += page.feed.entries
        if page.last:
            break
    return found


def done(source: Source, now: datetime) -> None:
    Source.objects.filter(pk=source.pk).update(completed_at=now)
