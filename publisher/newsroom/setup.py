"""Set-up: the first rule, the sample newsroom where nothing is configured, and what the settings describe."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from publisher.config import Config
from publisher.errors import FetchError, PublisherError
from publisher.models import Channel, Event, Rule, Source
from publisher.newsroom import access, channels, sample
from publisher.newsroom.feeds import moves, sources
from publisher.newsroom.record import audit
from publisher.types import digest
from publisher.watch.schedule import next_check

AGAIN = timedelta(minutes=4)
"""After the first failure to add what the settings describe; doubled after each further one, up to a day."""


def prepare(config: Config, address: str) -> None:
    """The first rule, and the sample newsroom where nothing is configured. `address`: where this machine reaches us."""
    _first_rule()
    if not config.sample:
        if sample.present():
            sample.remove()
    elif sample.wanted() and not (config.source_urls or config.channel_setups):
        sample.open_newsroom(address)
    else:
        sample.readdress(address)


def from_settings(config: Config) -> list[str]:
    """Sources and channels that the settings describe and that are not there yet. What a person removed stays away.

    Returns a sentence for each that did not work now; the rest goes on, and a later call tries again.
    """
    problems = []
    for url in config.source_urls:
        known = Source.objects.filter(url=url).exists() or _removed("source", url=url) or moves.was_known(url)
        if not known and _is_due(url):
            try:
                sources.add(access.operator(), url=url)
            except PublisherError as error:
                problems.append(f"{url}: {error.sentence}")
                _come_back_later(url, error)
    for setup in config.channel_setups:
        try:
            _connect(setup)
        except PublisherError as error:
            problems.append(f"{setup['network']}: {error.sentence}")
    return problems


_failed: dict[str, tuple[int, datetime]] = {}
"""For each address that could not be added: how often in a row, and not before when it is tried again."""


def _is_due(url: str) -> bool:
    return url not in _failed or _failed[url][1] <= timezone.now()


def _come_back_later(url: str, error: PublisherError) -> None:
    """Soon at first, for the network may just have been away; each time later, as nobody likes to be asked in vain."""
    failures = _failed.get(url, (0, timezone.now()))[0]
    not_before = error.retry_after if isinstance(error, FetchError) else None
    due = next_check(url, timezone.now(), interval=AGAIN, failures=failures, not_before=not_before)
    _failed[url] = (failures + 1, due)


def _connect(setup: dict[str, Any]) -> None:
    """One channel as the settings describe it. Known by a hash of what they say; other words for it reconnect it."""
    described = digest([setup["network"], setup["credentials"]])
    if Channel.objects.filter(described=described).exists() or _removed("channel", described=described):
        return
    operator = access.operator()
    try:
        channel = channels.add(
            operator,
            network=setup["network"],
            name=setup.get("name", ""),
            language=setup.get("language", ""),
            credentials=setup["credentials"],
        )
    except channels.KnownAccount as known:
        channel = channels.reconnect(known.channel_id, operator, setup["credentials"])
    Channel.objects.filter(pk=channel.pk).update(described=described)


def _first_rule() -> None:
    """Everything waits for a person, until somebody decides otherwise."""
    if not Event.objects.exists() and not Rule.objects.exists():
        with transaction.atomic():
            rule = Rule.objects.create(name="Everything waits for review", position=1000)
            audit.record(audit.SERVICE, "rule", rule.pk, "add", data={"name": rule.name})


def _removed(subject: str, **told: str) -> bool:
    told = {f"data__{name}": value for name, value in told.items()}
    return Event.objects.filter(subject=subject, verb="remove", **told).exists()
