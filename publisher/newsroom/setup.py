"""Set-up: the first rule, the sample newsroom where nothing is configured, and what the settings describe."""

from typing import Any

from django.db import transaction

from publisher.config import Config
from publisher.errors import PublisherError
from publisher.models import Channel, Event, Rule, Source
from publisher.newsroom import access, audit, channels, moves, sample, sources
from publisher.types import digest


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

    Returns a sentence for each that did not work; the rest goes on, and the next call tries again.
    """
    problems = []
    for url in config.source_urls:
        if not (Source.objects.filter(url=url).exists() or _removed("source", url=url) or moves.was_known(url)):
            try:
                sources.add(access.operator(), url=url)
            except PublisherError as error:
                problems.append(f"{url}: {error.sentence}")
    for setup in config.channel_setups:
        try:
            _connect(setup)
        except PublisherError as error:
            problems.append(f"{setup['network']}: {error.sentence}")
    return problems


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
