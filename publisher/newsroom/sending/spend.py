"""What a channel's network bills: what this month has cost so far and what a post would, by the price list (estimated).

Each attempt carries what it cost, from before its call: a post that is lost without an answer counts until it is found
absent.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

from django.db.models import F, Sum
from django.utils import timezone

from publisher import config
from publisher.models import Attempt, Channel, Post
from publisher.networks import prices, registry
from publisher.networks.prices import FREE, Prices
from publisher.newsroom.sending import attempts

EXACT = Decimal("0.0001")
"""As costs are kept; SQLite adds them up in binary."""
LOOK_UP = 5
"""Posts that a look-up reads, as a rule: one page."""


@dataclass(frozen=True, slots=True)
class Spend:
    """A channel's money of one month."""

    spent: Decimal
    cap: Decimal | None
    prices: Prices

    @property
    def written(self) -> str:
        return written(self.spent)


def is_billed(channel: Channel) -> bool:
    return prices.of(channel.network) is not None


def of(channel: Channel, now: datetime | None = None) -> Spend | None:
    """None where the network bills nothing."""
    return of_all([channel], now).get(channel.pk)


def of_all(channels: Iterable[Channel], now: datetime | None = None) -> dict[int, Spend]:
    """The same for those of many whose networks bill, by their numbers, with one question to the database."""
    listed = {channel: prices.of(channel.network) for channel in channels}
    billed = {channel: found for channel, found in listed.items() if found}
    sums = _sums(list(billed), now or timezone.now()) if billed else {}
    return {one.pk: Spend(sums.get(one.pk, FREE), one.spend_cap, found) for one, found in billed.items()}


def spent(channel: Channel, moment: datetime) -> Decimal:
    """US dollars from the beginning of the calendar month that `moment` is in, on the newsroom's calendar."""
    return _sums([channel], moment).get(channel.pk, FREE)


def _sums(channels: Collection[Channel], moment: datetime) -> dict[int, Decimal]:
    local = moment.astimezone(config.get().zone)
    begins = datetime.combine(local.date().replace(day=1), time(), local.tzinfo)
    found = Attempt.objects.filter(started_at__gte=begins, cost__gt=0, post__channel__in=channels)
    rows = found.order_by().values_list("post__channel").annotate(Sum("cost"))
    return {channel_id: Decimal(cost).quantize(EXACT) for channel_id, cost in rows}


def estimate(post: Post) -> Decimal:
    """What the parts of a post that are not out yet will cost; new words for one that is out are no new post."""
    if post.revision is None or post.edits_id or not is_billed(post.channel):
        return FREE
    network = registry.get(post.channel.network)
    return sum((network.cost(part) for part in post.revision.content[len(attempts.receipts(post)) :]), FREE)


def charge(billed: Iterable[Attempt], price: str, times: int = 1) -> None:
    """Add to attempts what came after them: posts that a look-up read (`read`), a deletion (`delete`)."""
    for attempt in billed:
        listed = prices.of(attempt.post.channel.network)
        if listed is not None:
            Attempt.objects.filter(pk=attempt.pk).update(cost=F("cost") + times * getattr(listed, price))


def written(amount: Decimal) -> str:
    """An amount as people read it: cents, and never 0.00 for what costs something."""
    return f"{amount:.2f}" if amount >= Decimal("0.01") or not amount else f"{amount.normalize():f}"
