"""Translations: a channel waits for a document in its language, so the institution's page in it is looked for.

Where it stands is what the document's own page says of its versions in other languages. It is looked for again every
half hour until the channel's time is over; nothing is looked for that nobody waits for.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from asgiref.sync import async_to_sync, sync_to_async
from django.db.models import Q
from django.utils import timezone

from publisher.errors import FetchError
from publisher.models import LanguageWait, Source
from publisher.newsroom import engine
from publisher.newsroom.documents import taking
from publisher.newsroom.documents.identity import names_of, primary, schemeless, site_of
from publisher.newsroom.documents.intake import Whole
from publisher.newsroom.documents.sifting import Found, Verdict
from publisher.newsroom.feeds import outside
from publisher.types import Entry, entry_from_json
from publisher.watch import workbench
from publisher.watch.complete import address_of, complete
from publisher.watch.fetch import Fetched, Web

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=30)
AT_ONCE = 10


def look() -> int:
    """One round over what channels wait for; gives how many of them have it now."""
    now = timezone.now()
    rows = LanguageWait.objects.filter(outcome="", until__gt=now, document__source__read_pages=True)
    rows = rows.filter(Q(looked_at=None) | Q(looked_at__lte=now - EVERY), document__sample=False)
    found = list(rows.select_related("document__source", "channel").order_by("until")[:AT_ONCE])
    due = [wait for wait in found if _claim(wait, now)]
    return async_to_sync(_look_all)(due) if due else 0


def _claim(wait: LanguageWait, now: datetime) -> bool:
    same = LanguageWait.objects.filter(pk=wait.pk, outcome="", looked_at=wait.looked_at)
    return same.update(looked_at=now) == 1


async def _look_all(waits: list[LanguageWait]) -> int:
    count = 0
    async with outside.web() as web:
        for wait in waits:
            if engine.stopping.is_set():
                break
            try:
                count += await _look(web, wait)
            except FetchError as error:
                log.info("no page in %s for document %s: %s", wait.channel.language, wait.document_id, error)
            except Exception:
                log.exception("document %s could not be looked for in another language", wait.document_id)
    return count


async def _look(web: Web, wait: LanguageWait) -> bool:
    language, document = primary(wait.channel.language), wait.document
    source = document.source
    assert source is not None
    entry = entry_from_json((await sync_to_async(lambda: document.current)()).entry)
    url = _address_in(entry, language)
    if not url and (own := address_of(entry)):
        url = _address_in(await _read(entry, await web.page(own)), language)  # it may be newer than the document
    wanted = Entry(url=url, title="", kind=entry.kind, source=entry.source, reference=entry.reference)
    if not url or not (address := address_of(wanted)):
        return False
    page = await web.page(address)
    whole = await _read(wanted, page)
    if not whole.title or primary(whole.language or language) != language:
        return False  # another language under that address: some sites show what they have
    whole = replace(whole, language=whole.language or language)
    kept = await taking.take(web, source, _found(source, whole, entry), _whole(whole, page))
    return kept is not None and kept.verdict is Verdict.LANGUAGE


async def _read(entry: Entry, page: Fetched) -> Entry:
    return await workbench.run(complete, entry, page.body, content_type=page.content_type, url=page.url)


def _address_in(entry: Entry, language: str) -> str:
    return next((each.url for each in entry.alternates if primary(each.language) == language), "")


def _found(source: Source, whole: Entry, entry: Entry) -> Found:
    """What we found is the document that we looked for, whether or not its page says so itself."""
    names = names_of(whole, source.pk, site=site_of(source.url))
    return Found(whole, replace(names, weak=(*names.weak, f"url:{schemeless(entry.url)}")), Verdict.LANGUAGE)


def _whole(entry: Entry, page: Fetched) -> Whole:
    return Whole(entry=entry, fetched_at=page.fetched_at, fetched_from=page.url, has_page=True)
