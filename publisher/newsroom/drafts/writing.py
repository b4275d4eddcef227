"""A post's words, as its rule has them written."""

from dataclasses import replace

from publisher import config
from publisher.compose.draft import compose
from publisher.models import Channel, Rule
from publisher.networks.check import check_part
from publisher.networks.limit_types import Limits
from publisher.newsroom import channels
from publisher.newsroom.documents.speakers import Handles
from publisher.newsroom.drafts import links
from publisher.newsroom.drafts.hashtags import Hashtags
from publisher.text.handles import with_handles
from publisher.types import Draft, Entry


class Tables:
    """What somebody has written down for all drafts; those that are written together share it."""

    def __init__(self) -> None:
        self.handles = Handles()
        self.hashtags = Hashtags()


def write(
    entry: Entry, channel: Channel, rule: Rule | None, tables: Tables | None = None, *, short: bool = True
) -> Draft:
    """What the channel is to say about `entry`. Raises what `compose` does, for a network that is unknown.

    `short`: whether short addresses are looked for.
    """
    tables = tables or Tables()
    limits = channels.limits(channel)
    written = links.written(entry, channel, short=short)
    draft = compose(
        entry,
        channel.network,
        limits=limits,
        language=entry.language,
        template=rule.template if rule else "",
        hashtags=tables.hashtags.of(entry, rule.hashtags if rule else (), limits.hashtags),
        addresses=written.addresses,
        folder=config.get().templates_dir,
    )
    draft = replace(draft, issues=(*draft.issues, *written.issues))
    return _with_handles(draft, limits, tables.handles)


def _with_handles(draft: Draft, limits: Limits, handles: Handles) -> Draft:
    """The names that we know a handle of become mentions, where the network has them and the text still fits."""
    if not limits.mentions:
        return draft
    named = with_handles([part.text for part in draft.parts], handles.on(draft.network))
    parts = []
    for part, text in zip(draft.parts, named, strict=True):
        whole = replace(part, text=text)
        fits = not any(issue.field == "text" for issue in check_part(whole, limits, draft.network))
        parts.append(whole if fits else part)
    return replace(draft, parts=tuple(parts))
