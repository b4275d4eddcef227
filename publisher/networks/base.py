"""The contract of a network: what every file beside this one implements.

`check` and `preview` are pure. `publish`, `publish_thread`, `resume`, `find`, `verify`, `edit`, `find_edit`,
`figures` and `delete` talk to the network and raise nothing but `errors.NetworkError`s. Whatever else escapes a
library after the request may have left must become `Uncertain`: a post is not idempotent, and "no answer" is not "not
sent".
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from urllib.parse import urlsplit

from publisher.enums import ThreadStyle
from publisher.errors import Refused
from publisher.networks import prices
from publisher.networks.check import check_part
from publisher.networks.credentials import Credentials
from publisher.networks.limit_types import Limits
from publisher.networks.limits import LIMITS
from publisher.networks.media import Encoded
from publisher.networks.sign_in import SignIn
from publisher.text.links import find_urls
from publisher.types import Draft, Figures, Identity, Issue, Media, Part, Pending, Preview, Receipt


def let_go() -> None:
    """Nothing stands in the way."""


def forget(_limits: Mapping[str, int]) -> None:
    """Nobody keeps them."""


def nowhere(_file: Encoded) -> str:
    """There is no address at which others could fetch it."""
    raise Refused("media.no_public_address")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything a call needs besides the part: read anew immediately before each call."""

    credentials: Credentials
    account: Identity
    limits: Limits
    stamp: datetime
    """Fixed together with the key: the same for every try to send one revision (UTC)."""
    load: Callable[[Media], bytes]
    """The stored bytes of a picture. Raises OSError when they are gone."""
    save: Callable[[Mapping[str, str]], None]
    """Seals and stores changed credential fields (rotated tokens) at once, before they are used."""
    learn: Callable[[Mapping[str, int]], None] = forget
    """Keeps what an answer tells of the account's limits (as `Identity.limits`), besides what is known of them."""
    public: Callable[[Encoded], str] = nowhere
    """An address at which anybody can fetch this file for a day, for networks that fetch. Raises Refused."""
    before_publish: Callable[[], None] = let_go
    """To be called after all uploads and look-ups, immediately before each request that followers see something of.
    What it raises must be let through: then that request is not made."""
    alive: Callable[[], None] = let_go
    """To be called between the pieces of a long upload: this worker is at it, and no other is to take over. What it
    raises must be let through."""
    language: str = ""
    pending: Mapping[str, str] = field(default_factory=dict)
    """For `find`: what `publish` left pending (`Pending.data`), where it came that far."""
    thread: tuple[Receipt, ...] = ()
    """The parts of this thread that are out, first to last; a reply goes to the last."""


class Network(ABC):
    """One kind of place to publish to. Stateless: one instance serves every channel and thread."""

    kind: ClassVar[str]
    label: ClassVar[str]
    credentials: ClassVar[type[Credentials]]
    sign_in: ClassVar[SignIn | None] = None
    """How people connect an account by signing in at the network; None where they enter all by hand."""

    @property
    def limits(self) -> Limits:
        return LIMITS[self.kind]

    def check(self, draft: Draft, limits: Limits | None = None) -> list[Issue]:
        """What stands against this draft: the same list in the editor, at approval and before sending."""
        limits = limits or self.limits
        issues: list[Issue] = []
        count = len(draft.parts)
        if count > 1 and limits.thread is ThreadStyle.NONE:
            issues.append(Issue(field="thread", key="check.no_threads", params={"network": self.label}))
        elif count > limits.parts:
            issues.append(
                Issue(field="thread", key="check.too_many_parts", params={"count": count, "limit": limits.parts})
            )
        for index, part in enumerate(draft.parts):
            prefix = f"parts.{index}." if count > 1 else ""
            issues.extend(check_part(part, limits, self.label, prefix))
        return issues

    def cost(self, part: Part) -> Decimal:
        """US dollars that the network bills for one part, by its price list."""
        listed = prices.of(self.kind)
        if listed is None:
            return prices.FREE
        descriptions = sum(1 for media in part.media if media.alt.strip())
        return listed.part(linked=self._is_linked(part.text), descriptions=descriptions)

    def _is_linked(self, text: str) -> bool:
        return bool(find_urls(text))

    @abstractmethod
    def preview(self, draft: Draft, limits: Limits | None = None) -> Preview:
        """What followers will see and what will be sent: the same path as `publish` up to the call."""

    @abstractmethod
    def publish(self, part: Part, context: Context, key: str) -> Receipt | Pending:
        """Send one part, once. `key` is stable per revision and part. Calls `context.before_publish`."""

    def publish_thread(self, parts: Sequence[Part], context: Context, keys: Sequence[str]) -> list[Receipt]:
        """Send all parts in one call; only where `limits.thread` is ATOMIC."""
        raise NotImplementedError

    def resume(self, pending: Pending, context: Context) -> Receipt | Pending:
        """Look again at what `publish` left pending; the final step never runs twice.

        Where that step is ours, it is announced by `context.before_publish`. Raises StartAnew where what was pending
        has come to nothing.
        """
        raise NotImplementedError

    @abstractmethod
    def find(self, part: Part, context: Context, key: str) -> Receipt | None:
        """The part as it stands on the network, or None when it is not there: settles an `Uncertain`."""

    @abstractmethod
    def verify(self, credentials: Credentials, save: Callable[[Mapping[str, str]], None]) -> Identity:
        """Who are these credentials? The connect button and the daily health check."""

    def is_same(self, before: Identity, now: Identity) -> bool:
        """Whether the account that a channel belongs to and the one that its credentials lead to are one.

        Servers of one network count their accounts each for itself, so the same number on another is another account.
        """
        server = self.credentials.model_fields.get("base_url")
        if server is not None and server.is_required():
            there, here = (urlsplit(each.url).hostname for each in (before, now))
            if there and here and there != here:
                return False
        return before.id == now.id

    def warm_up(self) -> None:  # noqa: B027  # most have nothing slow to load
        """Load what is slow to import now, in a worker's idle time, so that the first post does not wait for it."""

    def edit(self, receipt: Receipt, part: Part, context: Context, key: str) -> Receipt:
        """Give a part that is out these words; its pictures stay. Only where `limits.edit`.

        Doing it twice leaves the same words, so what is unclear is Uncertain until `find_edit` has looked.
        """
        raise NotImplementedError

    def find_edit(self, receipt: Receipt, part: Part, context: Context) -> Receipt | None:
        """The part, if it has these words now: settles an edit that is uncertain."""
        raise NotImplementedError

    def figures(self, receipt: Receipt, context: Context) -> Figures:
        """What followers did with a part that is out, as counted now. Only where `limits.figures`; asks, never changes.

        Raises Refused where the part is no longer there; whatever else is raised is tried again another time.
        """
        raise NotImplementedError

    def delete(self, receipt: Receipt, context: Context) -> None:
        """Take a part off the network; taking it off twice is no error. Only where `limits.delete`."""
        raise NotImplementedError
