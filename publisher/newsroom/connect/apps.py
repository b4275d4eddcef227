"""Our apps at the networks: the keys by which a network knows us when somebody signs in there for us.

An administrator enters them once for each network. Where each server has apps of its own, ours is made there when the
first account of it signs in.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from publisher import config, messages
from publisher.errors import InvalidInput
from publisher.models import Channel, NetworkApp, User
from publisher.networks import registry
from publisher.networks.credentials import reveal
from publisher.networks.sign_in import App, SignIn, plain
from publisher.newsroom import access
from publisher.newsroom.connect.credentials import elsewhere, model
from publisher.newsroom.record import audit
from publisher.newsroom.sealing import seal, unseal

PATH = "/channels/answer/{network}/"
"""Where networks lead people back to: one fixed address for each, so that none can pass for another (RFC 9700, 4.4)."""


@dataclass(frozen=True, slots=True)
class Way:
    """How people sign in at a network, as an administrator and a page need to know it."""

    network: str
    label: str
    redirect: str
    """To be entered in the app's settings, exactly so."""
    names: tuple[str, str]
    where: str
    redirect_box: str
    besides: tuple[str, ...]
    """What else is to be done there, in words."""
    scopes: tuple[str, ...]
    secret_needed: bool
    servers: bool
    needs_https: bool
    """Whether the network will not take the redirect address that we have."""
    app_of: str
    client_id: str
    """Of the app that stands; blank where none does."""
    base_url: str
    config_id: str | None
    """Of the configuration that names the rights there; blank: none is entered, None: the network knows no such."""

    @property
    def ready(self) -> bool:
        return self.servers or bool(self.client_id)


def redirect(network: str) -> str:
    return config.get().address + PATH.format(network=network)


def way(network: str) -> Way | None:
    """None where people cannot sign in there."""
    sign_in = registry.get(network).sign_in
    if sign_in is None:
        return None
    owner = sign_in.app_of or network
    try:
        app = None if sign_in.servers else find(network)
    except InvalidInput:
        app = None  # sealed with keys that are gone: to be entered anew
    return Way(
        network=network,
        label=sign_in.label,
        redirect=redirect(network),
        names=sign_in.names,
        where=sign_in.where,
        redirect_box=sign_in.redirect_box,
        besides=tuple(map(messages.sentence, sign_in.besides)),
        scopes=sign_in.asked,
        secret_needed=sign_in.secret_needed,
        servers=sign_in.servers,
        needs_https=sign_in.https_only and not config.get().address.startswith("https://"),
        app_of=owner,
        client_id=app.client_id if app else "",
        base_url=app.base_url if app else "",
        config_id=_configuration(sign_in, app),
    )


def _configuration(sign_in: SignIn, app: App | None) -> str | None:
    if "config_id" not in sign_in.our_app.model_fields:
        return None
    return plain(app, "config_id") if app else ""


def need(network: str) -> SignIn:
    """Raises InvalidInput where people cannot sign in there."""
    sign_in = registry.get(network).sign_in
    if sign_in is None:
        raise InvalidInput("connect.none", network=registry.LABELS[network])
    return sign_in


def find(network: str) -> App | None:
    """The app that an administrator entered. Raises InvalidInput where no key that we have opens it."""
    sign_in = need(network)
    row = NetworkApp.objects.filter(network=sign_in.app_of or network, server="").first()
    return sign_in.our_app.model_validate(unseal(row.credentials)) if row else None


def save(user: User, network: str, fields: Mapping[str, str]) -> Way:
    """Enter the app's keys. A blank secret keeps the one of the same app at the same server; channels of that app get
    the new one. A blank configuration takes away the one that was there.

    Raises InvalidInput when one is missing or the network takes none.
    """
    access.require(user, "manage")
    sign_in = need(network)
    if sign_in.servers:
        raise InvalidInput("connect.no_server", network=sign_in.label)
    owner = sign_in.app_of or network
    with transaction.atomic():
        row = NetworkApp.objects.select_for_update().filter(network=owner, server="").first()
        old = unseal(row.credentials) if row else {}
        given = {name: value.strip() for name, value in fields.items() if value.strip()}
        if old.get("client_id") == given.get("client_id", old.get("client_id")) and not elsewhere(old, given):
            given = {**old, **given}
        if not fields.get("config_id", "stays").strip():
            given.pop("config_id", None)
        app = model(sign_in.our_app, given, sign_in.label)
        assert isinstance(app, App)
        if sign_in.secret_needed and not app.secret:
            raise InvalidInput("channel.missing_field", field=sign_in.names[1])
        kept, _ = NetworkApp.objects.update_or_create(
            network=owner, server="", defaults={"credentials": seal(reveal(app))}
        )
        count = _hand_on(sign_in, owner, app)
        audit.record(user.email, "app", kept.pk, "set", data={"network": owner, "id": app.client_id, "channels": count})
    found = way(network)
    assert found is not None
    return found


def at_server(sign_in: SignIn, network: str, typed: str) -> App:
    """Our app at the server that was typed; made there where there is none for our address. In no transaction."""
    if not typed.strip():
        raise InvalidInput("connect.no_server", network=sign_in.label)
    server, back = sign_in.server(typed.strip()), redirect(network)
    row = NetworkApp.objects.filter(network=network, server=server, redirect=back).first()
    if row is not None:
        return App.model_validate(unseal(row.credentials))
    app = sign_in.register(server, back)
    NetworkApp.objects.update_or_create(
        network=network, server=server, defaults={"credentials": seal(reveal(app)), "redirect": back}
    )
    return app


def _hand_on(sign_in: SignIn, owner: str, app: App) -> int:
    """Channels that were connected by this app hold its keys: a new secret goes to them too. Returns how many."""
    named = next((field for field, of in sign_in.kept.items() if of == "client_id"), "")
    secret = next((field for field, of in sign_in.kept.items() if of == "client_secret"), "")
    if not named or not secret:
        return 0
    kinds = [kind for kind in registry.KINDS if kind == owner or _borrows(kind, owner)]
    count = 0
    for channel in Channel.objects.select_for_update().filter(network__in=kinds):
        try:
            fields = unseal(channel.credentials)
        except InvalidInput:
            continue  # it must be connected anew anyway
        if fields.get(named) == app.client_id and fields.get(secret, "") not in ("", app.secret):
            Channel.objects.filter(pk=channel.pk).update(credentials=seal({**fields, secret: app.secret}))
            count += 1
    return count


def _borrows(kind: str, owner: str) -> bool:
    sign_in = registry.get(kind).sign_in
    return sign_in is not None and sign_in.app_of == owner
