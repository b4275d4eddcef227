"""How a channel writes links: whether statistics are told where a reader came from, and whether they are short.

Decided when a post is drafted, so that what is counted, shown and approved holds the very address that goes out. The
shortener is asked before there is a transaction, once for each address; what it said is kept.
"""

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db import transaction
from django.utils import timezone

from publisher import config
from publisher.enums import DocumentKind, RuleMode, Severity
from publisher.errors import InvalidInput, NetworkError
from publisher.models import Channel, Document, ShortLink, Source, User
from publisher.networks import shortener
from publisher.newsroom import access
from publisher.newsroom.drafts.matching import match, plans, subject_to_be
from publisher.newsroom.record import audit
from publisher.text.campaigns import PLACES, fill, tag, wrong_place
from publisher.types import Entry, Issue
from publisher.watch.urls import canonical

__all__ = ["PLACES", "Style", "Written", "ask", "example", "keep", "set", "shorten_all", "to_ask", "wanted", "written"]

log = logging.getLogger(__name__)

LONGEST = 100
"""Characters of a template."""
LONGEST_URL = 2000
"""Longer ones are no addresses for posts, and fit into no column."""
REST = 60.0
"""Seconds in which a shortener that did not answer is left alone, so that it holds up one draft and not a hundred."""
_resting = {"until": 0.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a channel's links say; the first three are templates (`text.campaigns.PLACES`), blank for none."""

    source: str = ""
    medium: str = ""
    campaign: str = ""
    shorten: bool = False

    @classmethod
    def of(cls, channel: Channel) -> "Style":
        return cls(**{each.name: channel.links[each.name] for each in fields(cls) if each.name in channel.links})

    @property
    def data(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Written:
    addresses: Mapping[str, str]
    """What is written instead of the document's own address and that of its video; of the rest, nothing."""
    issues: tuple[Issue, ...] = ()


def set(channel_id: int, user: User, wanted: Style) -> Channel:  # noqa: A001  # the verb of the house: links.set
    """Change it for what is drafted from now on. Raises InvalidInput."""
    for template in (wanted.source, wanted.medium, wanted.campaign):
        if wrong := wrong_place(template):
            raise InvalidInput("link.place", place=wrong, known=", ".join(f"{{{place}}}" for place in PLACES))
        if len(template) > LONGEST:
            raise InvalidInput("link.too_long", longest=LONGEST)
    if wanted.shorten and not config.get().shortener_url:
        raise InvalidInput("link.no_shortener")
    with transaction.atomic():
        channel = Channel.objects.select_for_update(of=("self",)).filter(pk=channel_id).first()
        if channel is None:
            raise InvalidInput("channel.unknown", id=channel_id)
        access.require(user, "manage", channel)
        if wanted != Style.of(channel):
            Channel.objects.filter(pk=channel_id).update(links=wanted.data)
            audit.record(user.email, "channel", channel_id, "links", data=wanted.data)
            channel.refresh_from_db()
    return channel


def written(entry: Entry, channel: Channel, *, short: bool = True) -> Written:
    """The addresses that a post about `entry` has. Without `short` no rows are read: long ones stand for short ones."""
    tagged = _tagged(entry, channel)
    wanted = _to_shorten(tagged.values(), channel) if short else []
    if not wanted:
        return Written(tagged)
    kept = dict(ShortLink.objects.filter(url__in=wanted).values_list("url", "short"))
    missing = [url for url in wanted if url not in kept]
    issue = Issue(field="link", key="link.not_shortened", severity=Severity.WARNING)
    return Written({own: kept.get(url, url) for own, url in tagged.items()}, (issue,) if missing else ())


def wanted(source: Source, entry: Entry) -> list[str]:
    """The addresses that the shortener is to be asked for before a document of this source is stored and drafted."""
    document = Document(kind=entry.kind, language=entry.language, source=source, sample=source.sample)
    goes_to = match(subject_to_be(document, entry), plans(), Channel.objects.filter(active=True))
    return to_ask(entry, [channel for channel, rule in goes_to if rule.mode != RuleMode.IGNORE])


def to_ask(entry: Entry, channels: Iterable[Channel]) -> list[str]:
    """The addresses that the shortener is still to be asked for, before drafts about `entry` are written."""
    found = {url for channel in channels for url in _to_shorten(_tagged(entry, channel).values(), channel)}
    if not found or time.monotonic() < _resting["until"]:
        return []
    kept = {*ShortLink.objects.filter(url__in=found).values_list("url", flat=True)}
    return sorted(found - kept)


def ask(url: str) -> str:
    """The short address; blank where the shortener does not give one, and the long one has to do. Reads no rows."""
    settings = config.get()
    try:
        return shortener.shorten(settings.shortener_url, settings.shortener_signature.get_secret_value(), url)
    except NetworkError as error:
        log.warning("no short address: %s", error)
        _resting["until"] = time.monotonic() + REST
        return ""


def keep(url: str, short: str) -> None:
    ShortLink.objects.get_or_create(url=url, defaults={"short": short})


def shorten_all(entry: Entry, channels: Iterable[Channel]) -> None:
    """Ask and keep, for callers outside any transaction."""
    for url in to_ask(entry, channels):
        if short := ask(url):
            keep(url, short)


def example(channel: Channel) -> str:
    """How the address of a speech of today is written on the channel, long; blank where no site is named as ours."""
    hosts = config.get().own_hosts
    if not hosts:
        return ""
    url = f"https://{hosts[0]}/news/1"
    entry = Entry(url=url, title="", kind=DocumentKind.SPEECH, language=channel.language, published_at=timezone.now())
    return _tagged(entry, channel)[url]


def _tagged(entry: Entry, channel: Channel) -> dict[str, str]:
    style, settings = Style.of(channel), config.get()
    templates = {"utm_source": style.source, "utm_medium": style.medium, "utm_campaign": style.campaign}
    parameters = {}
    if any(templates.values()):
        at = entry.published_at.astimezone(settings.zone) if entry.published_at else None
        values = {
            "network": channel.network,
            "channel": channel.name,
            "kind": str(entry.kind),
            "language": entry.language,
            "reference": entry.reference,
            "year": f"{at:%Y}" if at else "",
            "month": f"{at:%m}" if at else "",
            "day": f"{at:%d}" if at else "",
        }
        parameters = {name: fill(template, values) for name, template in templates.items()}
    own = [url for url in (entry.url, entry.video) if url]
    return {url: tag(_clean(url), parameters, settings.own_hosts) for url in own}


def _clean(url: str) -> str:
    """Without the tracking of others. The place on the page stays: it is part of what is meant."""
    plain, sign, place = url.partition("#")
    return (canonical(plain) or plain) + sign + place


def _to_shorten(urls: Iterable[str], channel: Channel) -> list[str]:
    wanted = Style.of(channel).shorten and config.get().shortener_url
    return [url for url in urls if len(url) <= LONGEST_URL] if wanted else []
