"""The text of a page of a site that we have no recipe for, by trafilatura: what looks like an article on it."""

import logging

from publisher.watch.prose import NOTHING, Prose, read_html

LEAST = 250
"""Characters; with less than this, what was found is more likely a teaser or a notice than the text."""

MOST_TAGS = 20_000
"""A long press release has a tenth of them; beyond, the search for the article would take seconds."""


def article_of(text: str, url: str) -> Prose:
    """What looks like the article on the page `text`, or NOTHING."""
    if text.count("<") > MOST_TAGS:
        return NOTHING
    import trafilatura  # slow import

    # It tells of each page that holds nothing; that is an answer, no trouble.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = trafilatura.extract(
            text,
            url=url or None,
            output_format="html",
            include_comments=False,
            include_tables=True,
            include_images=False,
            include_links=False,
            include_formatting=True,
            with_metadata=False,
            deduplicate=False,
        )
    except Exception:  # noqa: BLE001 (it fails in many ways on hostile pages; the caller has another way)
        return NOTHING
    prose = read_html(found, url) if found else NOTHING
    return prose if len(prose.text) >= LEAST else NOTHING
