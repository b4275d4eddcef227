"""Messages to chats and other services by their Apprise address (slack://…, msteams://…, matrix://…).

Apprise is the library; what stands here keeps it to the network, quiet about tokens, and within a time.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from publisher.errors import InvalidInput
from publisher.newsroom.alerts.mail import NotTaken

if TYPE_CHECKING:
    from apprise import AppriseAsset, NotifyBase

TIMEOUT = 20.0
"""Seconds for the whole call; connecting and each read have 4 of their own (Apprise)."""
ON_THIS_MACHINE = frozenset({"blink1", "dbus", "gio", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows"})
"""Schemes that end on the machine itself, where nobody of the newsroom looks."""


def service(address: str) -> str:
    """What kind of place an address is, like Slack. Raises InvalidInput when it is none that we can use."""
    return str(_open(address).service_name)


def send(address: str, title: str, text: str) -> None:
    """Raises NotTaken when the service did not take it, or did not answer in time."""
    import apprise  # slow import

    place = _open(address)
    named = str(place.service_name)
    messenger = apprise.Apprise(asset=_asset())
    messenger.add(place)
    try:
        done = messenger.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT, timeout=TIMEOUT)
    except Exception as error:  # noqa: BLE001  # a hundred plug-ins: whatever escapes one, the message was not taken
        raise NotTaken("chat.not_taken", type(error).__name__, service=named) from None
    if not done:
        raise NotTaken("chat.not_taken", str(getattr(done, "status", "")), service=named)


def _open(address: str) -> "NotifyBase":
    import apprise  # slow import

    scheme = address.partition("://")[0].strip().lower()
    if scheme in ON_THIS_MACHINE:
        raise InvalidInput("chat.on_this_machine", scheme=scheme)
    try:
        place: Any = apprise.Apprise.instantiate(address.strip(), asset=_asset(), suppress_exceptions=True)
    except Exception:  # noqa: BLE001  # what cannot be read is no address, and the cause may repeat it
        place = None
    if place is None:
        raise InvalidInput("chat.unknown_address")
    return place  # type: ignore[no-any-return]  # Apprise's own base class


@cache
def _asset() -> "AppriseAsset":
    import apprise  # slow import

    return apprise.AppriseAsset(
        app_id="Publisher",
        app_desc="Publisher",
        app_url="",
        async_mode=False,
        http_redirects=False,  # a token goes to the address that was given and nowhere else
        secure_logging=True,
        storage_mode="memory",
    )
