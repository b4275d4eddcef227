"""From an entry to a draft for one network."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from publisher.compose.card import make_card
from publisher.compose.facts import Facts, gather
from publisher.compose.kept import templates_in
from publisher.compose.templates import Templates
from publisher.compose.verify import check_words
from publisher.enums import CardStyle, Severity, ThreadStyle
from publisher.errors import InvalidInput, TemplateError
from publisher.networks.limit_types import Limits
from publisher.networks.limits import LIMITS
from publisher.text.fit import Fits, Piece, fit, join
from publisher.text.links import find_urls
from publisher.text.measure import measure
from publisher.text.quotations import capitalised, is_said, quoted
from publisher.text.thread import split_thread
from publisher.text.voice import same_person
from publisher.types import Card, Draft, Entry, Issue, Part, Quote, to_json

NO_QUOTE = Quote(text="")
AS_ONE = "compose.thread_as_one"
"""The key of what a draft says that its template wants a thread for, and the account cannot have one."""
_LAST = 1000
"""Dropped after whatever a template calls optional."""


def compose(
    entry: Entry,
    network: str,
    *,
    limits: Limits | None = None,
    language: str = "",
    template: str = "",
    hashtags: Sequence[str] = (),
    addresses: Mapping[str, str] = MappingProxyType({}),
    folder: Path | None = None,
) -> Draft:
    """Draft what `network` is to say about `entry`. Pure but for reading templates from `folder`.

    `limits`: those of the channel's server, where they differ from the network's. `language` (BCP 47) tags the
    post; the entry's by default. `template`: a file or name to use instead of the one for the entry's kind. `hashtags`
    (without #) end the text, unless the template places them; they go before anything that must stay. `addresses`:
    what is written instead of the document's own address and that of its video.
    A broken template never loses the document: the draft is then title and link, with a warning.
    Raises InvalidInput for a network that we do not know.
    """
    if limits is None:
        if network not in LIMITS:
            raise InvalidInput("compose.unknown_network", network=network, networks=", ".join(sorted(LIMITS)))
        limits = LIMITS[network]
    facts = _led(gather(entry, entry.language or language), addresses)
    issues: list[Issue] = []
    name = template_hash = ""
    tags = " ".join(f"#{tag}" for tag in hashtags)
    try:
        templates = templates_in(folder)
        name = templates.find(network, entry.kind.value, template, entry.language or language)
        texts = _from_template(
            templates, name, facts, limits, partial(_variables, entry, facts, network, limits, tags), tags
        )
        if limits.thread is ThreadStyle.NONE and LIMITS.get(network, limits).thread is not ThreadStyle.NONE:
            variables = _variables(entry, facts, network, limits, tags, NO_QUOTE)
            if templates.render(name, variables).thread:
                # Whoever asked for a thread is told that this account cannot have one.
                issues.append(Issue(field="thread", key=AS_ONE, severity=Severity.WARNING))
                texts = [text if _fits(limits)(text) else _shortest(facts, tags, limits) for text in texts]
        template_hash = templates.hash(name)  # once it has written something, so all of its files are there
    except TemplateError as error:
        name = template_hash = ""
        issues.append(
            Issue(field="template", key=error.key, params=error.params, severity=Severity.WARNING),
        )
        texts = [_shortest(facts, tags, limits)]
    parts = _with_card(texts, make_card(entry, facts), limits)
    issues += _check(parts, limits)
    issues += check_words(entry, [part.text for part in parts], language=language or entry.language)
    return Draft(
        network=network,
        kind=entry.kind,
        parts=parts,
        language=language or entry.language,
        template=name,
        template_hash=template_hash,
        issues=tuple(issues),
    )


def _led(facts: Facts, addresses: Mapping[str, str]) -> Facts:
    if not addresses:
        return facts
    return replace(facts, link=addresses.get(facts.link, facts.link), video=addresses.get(facts.video, facts.video))


def draft_to_json(draft: Draft, limits: Limits | None = None) -> dict[str, Any]:
    """The draft as the command line prints it. `limits`: the network's by default."""
    limits = limits or LIMITS[draft.network]
    parts = [
        {
            "text": part.text,
            "length": measure(part.text, limits.unit, limits.text, limits.url_length).length,
            "limit": limits.text,
            "links": [span.href for span in find_urls(part.text)],
            "media": to_json(part.media),
            "card": to_json(part.card),
        }
        for part in draft.parts
    ]
    issues = [{"field": issue.field, "key": issue.key, "message": issue.message} for issue in draft.issues]
    return {"network": draft.network, "kind": draft.kind.value, "parts": parts, "issues": issues}


def _from_template(
    templates: Templates,
    name: str,
    facts: Facts,
    limits: Limits,
    variables: Callable[[Quote], dict[str, object]],
    tags: str,
) -> list[str]:
    """The texts that the template makes, with the strongest quotation that fits whole; without one if none does."""
    fits = _fits(limits)
    text = ""
    for quote in (*facts.quotes, NO_QUOTE):
        values = variables(quote)
        rendered = templates.render(name, values)
        if rendered.thread and limits.thread is not ThreadStyle.NONE:
            whole = join(_with_tags(rendered.pieces, tags))
            return split_thread(whole, fits, numbered=rendered.thread == "numbered")
        marked = str(values["quote"])
        used = bool(marked) and marked in join(rendered.pieces)
        fitted = fit(_with_tags(rendered.pieces, tags), fits)
        text = fitted.text
        if fitted.fits and not fitted.cut and (marked in text or not used):
            break
    return [text]


def _shortest(facts: Facts, tags: str, limits: Limits) -> str:
    """Title and link."""
    pieces = [Piece(facts.title, shorten=True), Piece(f"\n\n{facts.link}")]
    return fit(_with_tags(pieces, tags), _fits(limits)).text


def _with_tags(pieces: Sequence[Piece], tags: str) -> Sequence[Piece]:
    """The hashtags at the end, where the template has not placed them; dropped after all else that may be dropped."""
    if not tags or tags in join(pieces):
        return pieces
    return [*pieces, Piece(f"\n\n{tags}", drop=_LAST)]


def _variables(entry: Entry, facts: Facts, network: str, limits: Limits, tags: str, quote: Quote) -> dict[str, object]:
    """What a template may name; docs/templates.md explains each."""
    own = not quote.text or same_person(quote.speaker, facts.speaker)
    return {
        "title": facts.title,
        "speaker": facts.speaker if own else quote.speaker,
        "byline": facts.byline if own else "",
        "quote": quoted(capitalised(quote.text), entry.language) if quote.text else "",
        "quote_in_title": bool(quote.text) and is_said(quote.text, facts.title),
        "quotes": tuple(quoted(capitalised(line.text), entry.language) for line in facts.quotes),
        "lead": facts.lead,
        "body": facts.body,
        "link": facts.link,
        "video": facts.video,
        "reference": entry.reference,
        "kind": entry.kind.value,
        "language": entry.language,
        "published": entry.published_at,
        "network": network,
        "hashtags": tags,
        "has_card": limits.card is not CardStyle.NONE,
    }


def _fits(limits: Limits) -> Fits:
    def fits(text: str) -> bool:
        if limits.text_bytes and len(text.encode()) > limits.text_bytes:
            return False
        return measure(text, limits.unit, limits.text, limits.url_length).valid

    return fits


def _with_card(texts: Sequence[str], card: Card, limits: Limits) -> tuple[Part, ...]:
    """The card belongs to the part that links to the page. Only our own cards can do without the link."""
    place = next((number for number, text in enumerate(texts) if card.url in text), None)
    if limits.card is CardStyle.OURS and place is None:
        place = 0
    shown = None if limits.card is CardStyle.NONE or not card.url else place
    return tuple(Part(text=text, card=card if number == shown else None) for number, text in enumerate(texts))


def _check(parts: Sequence[Part], limits: Limits) -> list[Issue]:
    """What stands against these texts; the same keys as `networks.base.Network.check`."""
    issues: list[Issue] = []
    if len(parts) > limits.parts:
        params: dict[str, object] = {"count": len(parts), "limit": limits.parts}
        issues.append(Issue(field="thread", key="check.too_many_parts", params=params))
    for number, part in enumerate(parts):
        field = f"parts.{number}.text" if len(parts) > 1 else "text"
        if not part.text.strip():
            issues.append(Issue(field=field, key="check.empty"))
        measured = measure(part.text, limits.unit, limits.text, limits.url_length)
        if not measured.valid:
            params = {"length": measured.length, "limit": measured.limit}
            issues.append(Issue(field=field, key="check.too_long", params=params))
        size = len(part.text.encode())
        if limits.text_bytes and size > limits.text_bytes:
            params = {"length": size, "limit": limits.text_bytes}
            issues.append(Issue(field=field, key="check.too_many_bytes", params=params))
    return issues
