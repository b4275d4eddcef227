"""Set-up at the start of a service: the first rule, what `.env` describes, the sample newsroom where nothing is."""

import logging

from django.db import transaction

from publisher.config import Config
from publisher.errors import PublisherError
from publisher.models import Channel, Event, Rule, Source
from publisher.newsroom import access, audit, channels, sample, sources
from publisher.newsroom.sealing import unseal

log = logging.getLogger(__name__)


def prepare(config: Config, address: str) -> list[str]:
    """Bring the newsroom to what the settings say. Returns sentences about what did not work; the rest goes on."""
    _first_rule()
    problems = from_settings(config)
    if not config.sample:
        if sample.present():
            sample.remove()
    elif sample.wanted():
        sample.open_newsroom(address)
    else:
        sample.readdress(address)
    return problems


def from_settings(config: Config) -> list[str]:
    """Sources and channels that the settings describe and that are not there yet. What a person removed stays away."""
    problems = []
    for url in config.source_urls:
        if not Source.objects.filter(url=url).exists() and not _removed("source", url):
            try:
                sources.add(access.operator(), url=url)
            except PublisherError as error:
                problems.append(f"{url}: {error.sentence}")
    for setup in config.channel_setups:
        known = _same_account(setup["network"], setup["credentials"])
        try:
            if known is None:
                channels.add(
                    access.operator(),
                    network=setup["network"],
                    name=setup.get("name", ""),
                    language=setup.get("language", ""),
                    credentials=setup["credentials"],
                )
        except PublisherError as error:
            problems.append(f"{setup['network']}: {error.sentence}")
    return problems


def _first_rule() -> None:
    """Everything waits for a person, until somebody decides otherwise."""
    if not Event.objects.exists() and not Rule.objects.exists():
        with transaction.atomic():
            rule = Rule.objects.create(name="Everything waits for review", position=1000)
            audit.record(audit.SERVICE, "rule", rule.pk, "add", data={"name": rule.name})


def _removed(subject: str, url: str) -> bool:
    return Event.objects.filter(subject=subject, verb="remove", data__url=url).exists()


def _same_account(network: str, credentials: dict[str, str]) -> Channel | None:
    """The channel that was made from these credentials: tokens change with time, so any shared value will do."""
    lasting = {name: value for name, value in credentials.items() if value and not name.endswith("base_url")}
    for channel in Channel.objects.filter(network=network):
        try:
            stored = unseal(channel.credentials)
        except PublisherError:
            continue
        if any(stored.get(name) == value for name, value in lasting.items()):
            return channel
    return None
