"""Signing in at a network: begun here, agreed to there, answered to one fixed address of ours, then an account chosen.

What may go wrong with that is old (RFC 9700): so the state is a number that nobody guesses, kept as a hash, good for
ten minutes, once, in the session and for the person that began it, and for that network alone; the verifier and what
came never leave this side; nothing is looked at or changed before the state holds.
"""

import dataclasses
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from django.utils import timezone

from publisher.errors import InvalidInput, PublisherError
from publisher.models import Channel, Handshake, User
from publisher.networks.sign_in import App, Choice
from publisher.networks.wire import sentence
from publisher.newsroom import access, channels
from publisher.newsroom.connect import apps
from publisher.newsroom.sealing import seal, unseal

LASTS = timedelta(minutes=10)
"""From the beginning to the answer, and from the answer to the choice."""
MOST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Begun:
    address: str
    """Where to send the browser."""
    redirect: str
    """Where it comes back to."""
    ends_at: datetime


def begin(user: User, network: str, *, server: str = "", channel_id: int | None = None, session: str = "") -> Begun:
    """`session` names the browser's session; blank on the command line. Raises InvalidInput, NetworkError."""
    channel = channels.get(channel_id) if channel_id is not None else None
    access.require(user, "manage", channel)
    sign_in = apps.need(network)
    if sign_in.servers:
        app = apps.at_server(sign_in, network, server or _server_of(channel))
    else:
        found = apps.find(network)
        if found is None:
            raise InvalidInput("connect.no_app", network=sign_in.label)
        app = found
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    ends_at = timezone.now() + LASTS
    prune()
    Handshake.objects.create(
        network=network,
        server=app.base_url if sign_in.servers else "",
        channel=channel,
        user=user if user.pk else None,
        session=_hash(session),
        state=_hash(state),
        sealed=seal({"verifier": verifier}),
        ends_at=ends_at,
    )
    redirect = apps.redirect(network)
    return Begun(sign_in.begin(app, redirect=redirect, state=state, verifier=verifier), redirect, ends_at)


def finish(network: str, answer: Mapping[str, str], *, user: User, session: str = "") -> Handshake:
    """Take the answer with which the browser came back: the accounts to choose from are kept with the handshake.

    Raises InvalidInput where the state does not hold or nobody agreed, NetworkError where the network takes the code
    for nothing. In each case nothing is connected, and the state is used up if it held.
    """
    access.require(user, "manage")
    handshake = _open(network, answer.get("state", ""), user, session)
    _use_up(handshake)
    try:
        choices = _fit(handshake, _exchange(handshake, answer))
    except PublisherError:
        handshake.delete()
        raise
    kept = [dataclasses.asdict(each) for each in choices]
    handshake.sealed = seal({"choices": json.dumps(kept)})
    handshake.ends_at = timezone.now() + LASTS
    handshake.save(update_fields=["sealed", "ends_at"])
    return handshake


def begun_for(network: str, state: str, user: User) -> int | None:
    """The channel that this sign-in is to connect again, so that what failed can be begun anew there."""
    found = Handshake.objects.filter(state=_hash(state), network=network, user=user.pk)
    return found.values_list("channel_id", flat=True).first()


def read_address(address: str) -> tuple[str, dict[str, str]]:
    """The network and the answer in an address that was copied from a browser. Raises InvalidInput."""
    parts = urlsplit(address.strip())
    before, _, after = apps.PATH.partition("{network}")
    found = {name: values[0] for name, values in parse_qs(parts.query).items() if len(values) == 1}
    if not parts.path.startswith(before) or not parts.path.endswith(after) or "state" not in found:
        raise InvalidInput("connect.address")
    return parts.path.removeprefix(before).removesuffix(after), found


def waiting(number: int, *, user: User, session: str = "") -> Handshake:
    """A handshake that waits for a choice. Raises InvalidInput where it is another's, or over."""
    found = Handshake.objects.filter(pk=number).select_related("channel").first()
    if found is None or found.answered_at is None or not _is_of(found, user, session):
        raise InvalidInput("connect.lost")
    return found


def choices(handshake: Handshake) -> list[Choice]:
    kept = unseal(handshake.sealed)
    return [Choice(**each) for each in json.loads(kept.get("choices", "[]"))]


def connect(
    number: int, choice_id: str, *, user: User, session: str = "", name: str = "", language: str = ""
) -> Channel:
    """Connect the account that was chosen: a new channel, or the one that the handshake was begun for.

    Raises InvalidInput and NetworkError; a choice that failed may be tried again while the handshake lasts.
    """
    access.require(user, "manage")
    handshake = waiting(number, user=user, session=session)
    chosen = next((each for each in choices(handshake) if each.id == choice_id), None)
    if chosen is None:
        raise InvalidInput("connect.choice")
    if handshake.channel_id is not None:
        channel = channels.reconnect(handshake.channel_id, user, chosen.credentials, by_sign_in=True)
    else:
        channel = channels.add(
            user, network=handshake.network, name=name, language=language, credentials=chosen.credentials
        )
    handshake.delete()
    return channel


def prune() -> None:
    """Those that are over: what they hold is not kept."""
    Handshake.objects.filter(ends_at__lt=timezone.now()).delete()


def _open(network: str, state: str, user: User, session: str) -> Handshake:
    found = Handshake.objects.filter(state=_hash(state), network=network).select_related("channel").first()
    if found is None or not state or found.answered_at is not None or not _is_of(found, user, session):
        raise InvalidInput("connect.lost")
    # Found by an index already; what is compared once more takes the same time whatever it is.
    if not hmac.compare_digest(found.state, _hash(state)):
        raise InvalidInput("connect.lost")
    return found


def _is_of(handshake: Handshake, user: User, session: str) -> bool:
    """Whether this person began it, in this session, and not too long ago."""
    same = hmac.compare_digest(handshake.session, _hash(session))
    return same and handshake.user_id == user.pk and handshake.ends_at > timezone.now()


def _use_up(handshake: Handshake) -> None:
    now = timezone.now()
    if Handshake.objects.filter(pk=handshake.pk, answered_at=None).update(answered_at=now) != 1:
        raise InvalidInput("connect.lost")
    handshake.answered_at = now


def _exchange(handshake: Handshake, answer: Mapping[str, str]) -> list[Choice]:
    sign_in = apps.need(handshake.network)
    if error := answer.get("error", ""):
        if "denied" in error or "cancel" in error:  # access_denied, user_cancelled_login …
            raise InvalidInput("connect.cancelled", network=sign_in.label)
        why = sentence((answer.get("error_description") or error)[:MOST_WORDS])
        raise InvalidInput("connect.denied", network=sign_in.label, why=why)
    code = answer.get("code", "")
    if not code:
        raise InvalidInput("connect.address")
    return sign_in.finish(
        _app(handshake),
        redirect=apps.redirect(handshake.network),
        code=code,
        verifier=unseal(handshake.sealed)["verifier"],
    )


def _app(handshake: Handshake) -> App:
    sign_in = apps.need(handshake.network)
    if sign_in.servers:
        return apps.at_server(sign_in, handshake.network, handshake.server)
    found = apps.find(handshake.network)
    if found is None:
        raise InvalidInput("connect.no_app", network=sign_in.label)
    return found


def _fit(handshake: Handshake, found: list[Choice]) -> list[Choice]:
    """For a channel that is connected again only its own account will do."""
    channel = handshake.channel
    known = channel.account.get("id") if channel else None
    if channel is None or not known:
        return found
    same = [each for each in found if (each.account or each.id) == known]
    if not same:
        shown = ", ".join(each.label for each in found[:5])
        raise InvalidInput("connect.other_account", expected=channel.handle or channel.name, shown=shown)
    return same


def _server_of(channel: Channel | None) -> str:
    """Where the account of a channel lives."""
    if channel is None:
        return ""
    try:
        return unseal(channel.credentials).get("base_url", "")
    except InvalidInput:
        return str(channel.account.get("url", ""))


def _hash(text: str) -> str:
    """Blank for blank: the command line has no session."""
    return hashlib.sha256(text.encode()).hexdigest() if text else ""
