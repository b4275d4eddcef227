"""The networks we have: one line each. A network's file, and its library, is loaded on first use."""

from functools import cache
from importlib import import_module

from publisher.errors import InvalidInput
from publisher.networks.base import Network
from publisher.networks.limits import BY_HAND, LIMITS, Limits

KINDS: dict[str, str] = {
    "bluesky": "publisher.networks.bluesky:Bluesky",
    "mastodon": "publisher.networks.mastodon:Mastodon",
    "x": "publisher.networks.x:X",
    "facebook": "publisher.networks.facebook:Facebook",
    "linkedin": "publisher.networks.linkedin:LinkedIn",
    "threads": "publisher.networks.threads:Threads",
    "instagram": "publisher.networks.instagram:Instagram",
    "youtube": "publisher.networks.youtube:YouTube",
    "tiktok": "publisher.networks.tiktok:TikTok",
    "telegram": "publisher.networks.telegram:Telegram",
    "apprise": "publisher.networks.apprise:Apprise",
    "manual": "publisher.networks.manual:Manual",
    "sandbox": "publisher.networks.sandbox:Sandbox",
}

LABELS: dict[str, str] = {
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
    "x": "X",
    "facebook": "Facebook",
    "linkedin": "LinkedIn",
    "threads": "Threads",
    "instagram": "Instagram",
    "youtube": "YouTube",
    "tiktok": "TikTok",
    "telegram": "Telegram",
    "apprise": "Apprise",
    "manual": "By hand",
    "sandbox": "Sandbox",
}

CALLED: tuple[str, ...] = tuple(kind for kind in KINDS if kind not in BY_HAND)
"""Those that a program posts to."""


@cache
def get(kind: str) -> Network:
    """The network of that kind. Raises InvalidInput for a kind we do not have."""
    if kind not in KINDS:
        raise InvalidInput("network.unknown", kind=kind, known=", ".join(KINDS))
    module, _, name = KINDS[kind].partition(":")
    network: Network = getattr(import_module(module), name)()
    return network


def get_limits(kind: str) -> Limits:
    """What that network takes, without loading its library."""
    return LIMITS[kind]
