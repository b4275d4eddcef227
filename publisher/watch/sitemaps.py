"""A sitemap index with the sitemaps that it names: one level, a few of them, only what has changed."""

import asyncio
from datetime import datetime

from publisher.errors import FetchError
from publisher.watch import sitemap, workbench
from publisher.watch.fetch import Fetched, Request, Web


async def whole(web: Web, answer: Fetched, since: datetime | None = None) -> bytes:
    """The documents behind `answer`: its own, or those of the sitemaps that it names and that changed `since` then.

    Raises FetchError, also where none of the sitemaps can be read: an index alone says nothing of documents.
    """
    index = await workbench.run(sitemap.children, answer.body, answer.content_type, answer.url)
    if not index:
        return answer.body
    children = sitemap.worth_reading(index, since)
    found = await asyncio.gather(*(_ask(web, child.url) for child in children))
    answers = [each for each in found if isinstance(each, Fetched)]
    if children and not answers:
        raise next(each for each in found if isinstance(each, FetchError))
    bodies = [(each.body, each.content_type) for each in answers]
    return await workbench.run(sitemap.merge, bodies)


async def _ask(web: Web, url: str) -> Fetched | FetchError:
    try:
        return await web.get(Request(url))
    except FetchError as error:
        return error
