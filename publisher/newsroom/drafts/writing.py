"""A post's words, as its rule has them written."""

from publisher import config
from publisher.compose.draft import compose
from publisher.models import Channel, Rule
from publisher.newsroom import channels
from publisher.types import Draft, Entry


def write(entry: Entry, channel: Channel, rule: Rule | None) -> Draft:
    """What the channel is to say about `entry`. Raises what `compose` does, for a network that is unknown."""
    return compose(
        entry,
        channel.network,
        limits=channels.limits(channel),
        language=entry.language,
        template=rule.template if rule else "",
        hashtags=rule.hashtags if rule else (),
        folder=config.get().templates_dir,
    )
