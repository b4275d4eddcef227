"""A preview as most networks need it: what differs is where their links lead and what is sent. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from publisher.enums import CardStyle
from publisher.networks.limit_types import Limits
from publisher.text.links import Span, find_links
from publisher.text.measure import measure
from publisher.types import Draft, Part, Preview, PreviewPart, Run


def show(
    draft: Draft, limits: Limits, runs: Callable[[str], Iterable[Run]], payload: Callable[[Part], Mapping[str, Any]]
) -> Preview:
    """The parts as followers see them. A card stands where the network has cards, and never beside pictures."""
    return Preview(network=draft.network, parts=tuple(_show(part, limits, runs, payload) for part in draft.parts))


def _show(
    part: Part, limits: Limits, runs: Callable[[str], Iterable[Run]], payload: Callable[[Part], Mapping[str, Any]]
) -> PreviewPart:
    most = limits.longest(part.media)
    return PreviewPart(
        runs=tuple(runs(part.text)),
        length=measure(part.text, limits.unit, most, limits.url_length).length,
        limit=most,
        media=part.media,
        card=None if part.media or limits.card is CardStyle.NONE else part.card,
        payload=payload(part),
    )


def split_runs(text: str, href: Callable[[Span], str]) -> Iterator[Run]:
    """`text` in pieces. `href` says where a link, mention or hashtag leads; blank leaves it plain text."""
    end = 0
    for span in find_links(text):
        if address := href(span):
            if span.start > end:
                yield Run(text=text[end : span.start])
            yield Run(text=span.text, href=address)
            end = span.end
    if end < len(text):
        yield Run(text=text[end:])


def only_addresses(span: Span) -> str:
    """Web addresses can be clicked nearly everywhere; of the rest nothing is promised."""
    return span.href if span.kind == "url" else ""
