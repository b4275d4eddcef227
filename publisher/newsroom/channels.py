"""Channels: connect an account, check it, pause it, take it away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args, get_origin

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from pydantic import SecretStr

from publisher.enums import ChannelHealth, PostState
from publisher.errors import AccountBlocked, InvalidInput, NetworkError
from publisher.models import Channel, Post, User
from publisher.networks import registry
from publisher.networks.base import Context, let_go
from publisher.networks.credentials import reveal
from publisher.networks.limit_types import Limits
from publisher.newsroom import access
from publisher.newsroom.alerts import notify
from publisher.newsroom.approval import eyes
from publisher.newsroom.connect import renewing
from publisher.newsroom.connect.credentials import Keeper, elsewhere, validate
from publisher.newsroom.drafts import media, public
from publisher.newsroom.record import audit
from publisher.newsroom.sealing import seal, unseal
from publisher.types import Identity, Receipt, to_json

AHEAD = (timedelta(minutes=30), timedelta(minutes=5))
"""How long before a post is due its channel is asked whether it still lets us in."""


class KnownAccount(InvalidInput):
    """The account is connected already, as the channel `channel_id`."""

    @property
    def channel_id(self) -> int:
        return int(str(self.params["channel_id"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One box of the connect form."""

    name: str
    title: str
    description: str
    secret: bool
    required: bool
    default: str
    choices: tuple[str, ...] = ()
    """All that the network takes here; blank where anything may be typed."""


def credential_fields(network: str) -> list[Field]:
    fields = []
    for name, info in registry.get(network).credentials.model_fields.items():
        extra = info.json_schema_extra
        if isinstance(extra, dict) and extra.get("internal"):
            continue
        default = "" if info.is_required() or info.default is None else info.default
        fields.append(
            Field(
                name=name,
                title=info.title or name.replace("_", " ").capitalize(),
                description=info.description or "",
                secret="SecretStr" in str(info.annotation),
                required=info.is_required(),
                default="" if isinstance(default, SecretStr) else str(default),
                choices=get_args(info.annotation) if get_origin(info.annotation) is Literal else (),
            )
        )
    return fields


def add(
    user: User,
    *,
    network: str,
    name: str = "",
    credentials: Mapping[str, str],
    language: str = "",
    sample: bool = False,
) -> Channel:
    """Connect an account: the network is asked who we are first, and nothing is kept if it does not know us.

    Raises InvalidInput (a field is missing or wrong) and NetworkError (the network said no, or nothing).
    """
    access.require(user, "manage")
    place = registry.get(network)
    rotated: dict[str, str] = {}
    checked = validate(place, credentials)
    identity = place.verify(checked, rotated.update)
    _refuse_twin(network, identity)
    with transaction.atomic():
        channel = Channel.objects.create(
            network=network,
            name=(name.strip() or identity.name or identity.handle)[:200],
            language=language.lower(),
            credentials=seal({**reveal(checked), **rotated}),
            account=to_json(identity),
            health=ChannelHealth.OK,
            checked_at=timezone.now(),
            four_eyes=eyes.colleagues(),  # alone, nobody could approve anything; the desk says so
            sample=sample,
        )
        audit.record(user.email, "channel", channel.pk, "connect", data={"network": network, "handle": identity.handle})
        # Once more: somebody, or a second click, may have connected it while we asked. Events come one at a time.
        _refuse_twin(network, identity, own=channel.pk)
    return channel


def _refuse_twin(network: str, identity: Identity, own: int = 0) -> None:
    """Each account has one channel: two would have the same drafts. Raises KnownAccount."""
    for other in Channel.objects.filter(network=network).exclude(pk=own):
        if other.account.get("id") == identity.id and other.account.get("url") == identity.url:
            raise KnownAccount("channel.known", name=other.name, channel_id=other.pk)


def get(channel_id: int) -> Channel:
    """Raises InvalidInput when there is none."""
    channel = Channel.objects.filter(pk=channel_id).first()
    if channel is None:
        raise InvalidInput("channel.unknown", id=channel_id)
    return channel


def reconnect(channel_id: int, user: User, credentials: Mapping[str, str], *, by_sign_in: bool = False) -> Channel:
    """New credentials for the same account. A field left blank keeps its old value, so nothing is wiped by accident.

    `by_sign_in`: they came whole from the network, so no secret of before is kept beside them.
    """
    channel = get(channel_id)
    access.require(user, "manage", channel)
    place = registry.get(channel.network)
    given = {name: value for name, value in credentials.items() if value}
    try:
        old = unseal(channel.credentials)
    except InvalidInput:
        old = {}  # the keys are gone: what is typed now must be complete
    shown = {field.name: field for field in credential_fields(place.kind)}
    # What is never shown must not come to light either by giving it to a server of somebody's choice.
    anew = by_sign_in or elsewhere(old, given)
    kept = {name: value for name, value in old.items() if name in shown and not (anew and shown[name].secret)}
    rotated: dict[str, str] = {}
    checked = validate(place, {**kept, **given})
    found = place.verify(checked, rotated.update)
    _refuse_other(channel, found)
    with transaction.atomic():
        Channel.objects.filter(pk=channel_id).update(
            credentials=seal({**reveal(checked), **rotated}),
            account=to_json(found),
            health=ChannelHealth.OK,
            problem="",
            diagnostic="",
            checked_at=timezone.now(),
            renewing_until=None,
        )
        audit.record(user.email, "channel", channel_id, "reconnect", data={"handle": found.handle})
        notify.channel_checked(get(channel_id))
    return get(channel_id)


def _refuse_other(channel: Channel, found: Identity) -> None:
    """What is out belongs to one account: with another's credentials its ids would be somebody else's posts.

    Raises InvalidInput.
    """
    if "id" in channel.account and not registry.get(channel.network).is_same(identity(channel), found):
        raise InvalidInput("channel.other_account", handle=found.handle, expected=channel.handle)


def check(channel_id: int, user: User | None = None, *, due_at: datetime | None = None) -> Channel:
    """Ask the network who we are; the answer becomes the channel's health. Only wrong input raises.

    `due_at` is when a post is due there: then the team is told also when the network does not answer.
    """
    channel = get(channel_id)
    if user is not None:
        access.require(user, "write", channel)
    changes: dict[str, Any] = {"checked_at": timezone.now()}
    try:
        found = _who(channel)
        _refuse_other(channel, found)
        changes |= {"health": ChannelHealth.OK, "problem": "", "diagnostic": "", "account": to_json(found)}
    except (AccountBlocked, InvalidInput) as error:
        changes |= {"health": ChannelHealth.BLOCKED, "problem": error.sentence, "diagnostic": error.diagnostic}
    except NetworkError as error:
        changes |= {"problem": error.sentence, "diagnostic": error.diagnostic}
    with transaction.atomic():
        Channel.objects.filter(pk=channel_id).update(**changes)
        channel = get(channel_id)
        notify.channel_checked(channel, due_at=due_at)
    return channel


def _who(channel: Channel) -> Identity:
    """Whose credentials they are now. Raises what `verify` does; once more where the token was renewed meanwhile."""
    place = registry.get(channel.network)
    own = renewing.fresh(channel)
    keeper = Keeper(channel, own)
    try:
        return place.verify(own, keeper)
    except AccountBlocked:
        if not keeper.overtaken:
            raise
    return place.verify(renewing.fresh(get(channel.pk)), keeper)


def unchecked_since(moment: datetime) -> list[int]:
    """Channels for the daily health check: a dead token should be known before a post is due."""
    stale = Channel.objects.filter(active=True).filter(Q(checked_at=None) | Q(checked_at__lt=moment))
    return list(stale.values_list("pk", flat=True))


def unchecked_before_posts(now: datetime) -> dict[int, datetime]:
    """Channels to be asked before a post is due there, and when it is: half an hour ahead, and five minutes ahead."""
    found: dict[int, datetime] = {}
    for ahead in AHEAD:
        waiting = Post.objects.filter(state=PostState.SCHEDULED, due_at__gt=now, due_at__lte=now + ahead)
        rows = waiting.filter(channel__active=True).order_by("due_at").values_list("channel", "due_at")
        for channel_id, due_at in rows:
            assert due_at is not None
            if not Channel.objects.filter(pk=channel_id, checked_at__gte=due_at - ahead).exists():
                found.setdefault(channel_id, due_at)
    return found


def block(channel: Channel, error: AccountBlocked) -> None:
    """The network shut us out: the channel waits for a person to reconnect it."""
    with transaction.atomic():
        Channel.objects.filter(pk=channel.pk).update(
            health=ChannelHealth.BLOCKED, problem=error.sentence, diagnostic=error.diagnostic, checked_at=timezone.now()
        )
        audit.record(audit.SERVICE, "channel", channel.pk, "block", reason=error.sentence)
        notify.channel_checked(get(channel.pk))


def pause(channel_id: int, user: User) -> Channel:
    return _set_active(channel_id, user, active=False)


def resume(channel_id: int, user: User) -> Channel:
    return _set_active(channel_id, user, active=True)


def remove(channel_id: int, user: User) -> None:
    """Take a channel away, with its posts that never went out. One that has published can only be paused."""
    access.require(user, "manage", get(channel_id))
    with transaction.atomic():
        channel = Channel.objects.select_for_update().get(pk=channel_id)
        if channel.posts.filter(attempts__isnull=False).exists():
            raise InvalidInput("channel.has_published", name=channel.name)
        channel.posts.all().delete()
        channel.delete()
        notify.channel_gone(channel_id)
        told = {"name": channel.name, "network": channel.network, "described": channel.described}
        audit.record(user.email, "channel", channel_id, "remove", data=told)


def limits(channel: Channel) -> Limits:
    """The network's limits as this server or account sets them."""
    return registry.get(channel.network).limits.adjusted(channel.account.get("limits", {}))


def identity(channel: Channel) -> Identity:
    known = {**channel.account}
    expires = known.get("expires_at")
    known["expires_at"] = datetime.fromisoformat(expires) if expires else None
    return Identity(**known)


def context(
    channel: Channel,
    *,
    stamp: datetime,
    thread: tuple[Receipt, ...] = (),
    language: str = "",
    before_publish: Callable[[], None] = let_go,
) -> Context:
    """Everything a call to this channel's network needs. Raises InvalidInput when the credentials cannot be opened."""
    own = renewing.fresh(channel)
    return Context(
        credentials=own,
        account=identity(channel),
        limits=limits(channel),
        stamp=stamp,
        load=media.load,
        save=Keeper(channel, own),
        learn=learner(channel.pk),
        public=public.address,
        before_publish=before_publish,
        language=language,
        thread=thread,
    )


def learner(channel_id: int) -> Callable[[Mapping[str, int]], None]:
    """Adds to the limits of an account what an answer of its network tells of them; the next check reads all anew."""

    def learn(found: Mapping[str, int]) -> None:
        with transaction.atomic():
            channel = Channel.objects.select_for_update().get(pk=channel_id)
            account = {**channel.account, "limits": {**channel.account.get("limits", {}), **found}}
            if account != channel.account:
                Channel.objects.filter(pk=channel_id).update(account=account)
                audit.record(audit.SERVICE, "channel", channel_id, "learn", data={"limits": dict(found)})

    return learn


def _set_active(channel_id: int, user: User, *, active: bool) -> Channel:
    access.require(user, "manage", get(channel_id))
    with transaction.atomic():
        Channel.objects.filter(pk=channel_id).update(active=active)
        audit.record(user.email, "channel", channel_id, "resume" if active else "pause")
    return get(channel_id)
