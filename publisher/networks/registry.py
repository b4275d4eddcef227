"""The networks we have: one line each. A network's file, and its library, is loaded on first use."""

from functools import cache
from importlib import import_module

from publisher.errors import InvalidInput
from publisher.networks.base import Network
from publisher.networks.limit_types import Limits
from publisher.networks.limits import BY_HAND, LIMITS

NETWORKS: dict[str, tuple[str, str]] = {
    "bluesky": ("Bluesky", "bluesky:Bluesky"),
    "mastodon": ("Mastodon", "mastodon:Mastodon"),
    "x": ("X", "x:X"),
    "facebook": ("Facebook", "facebook:Facebook"),
    "linkedin": ("LinkedIn", "linkedin:LinkedIn"),
    "threads": ("Threads", "threads:Threads"),
    "instagram": ("Instagram", "instagram:Instagram"),
    "youtube": ("YouTube", "youtube:YouTube"),
    "tiktok": ("TikTok", "tiktok:TikTok"),
    "telegram": ("Telegram", "telegram:Telegram"),
    "lemmy": ("Lemmy", "lemmy:Lemmy"),
    "apprise": ("Apprise", "apprise:Apprise"),
    "manual": ("By hand", "manual:Manual"),
    "sandbox": ("Sandbox", "sandbox:Sandbox"),
}
"""By kind: what people call it, and where its class is."""

KINDS: dict[str, str] = {kind: f"{__package__}.{where}" for kind, (_, where) in NETWORKS.items()}
LABELS: dict[str, str] = {kind: label for kind, (label, _) in NETWORKS.items()}
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
