"""Apprise addresses (slack://…, msteams://…, matrix://…), opened so that they stay quiet and ask nothing twice.

Messages to the team (`newsroom.alerts.chats`) and posts (`networks.apprise`) go through the same door.
"""

import logging
from functools import cache
from typing import TYPE_CHECKING, Any

from publisher.errors import InvalidInput

if TYPE_CHECKING:
    from apprise import AppriseAsset, NotifyBase

ON_THIS_MACHINE = frozenset({"blink1", "dbus", "gio", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows"})
"""Schemes that end on the machine itself, where nobody of the newsroom looks."""

# They write addresses, and with them tokens, into the log.
for _name in ("apprise", "urllib3"):
    logging.getLogger(_name).setLevel(logging.WARNING)


def open_address(address: str) -> "NotifyBase":
    """The place behind an address; nothing is asked. Raises InvalidInput when it is none that we can use."""
    import apprise  # slow import

    scheme = address.partition("://")[0].strip().lower()
    if scheme in ON_THIS_MACHINE:
        raise InvalidInput("chat.on_this_machine", scheme=scheme)
    try:
        place: Any = apprise.Apprise.instantiate(address.strip(), asset=asset(), suppress_exceptions=True)
    except Exception:  # noqa: BLE001  # what cannot be read is no address, and the cause may repeat it
        place = None
    if place is None:
        raise InvalidInput("chat.unknown_address")
    return place  # type: ignore[no-any-return]  # Apprise's own base class


@cache
def asset() -> "AppriseAsset":
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
