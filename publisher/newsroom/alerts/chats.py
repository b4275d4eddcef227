"""Messages to chats and other services by their Apprise address (slack://…, msteams://…, matrix://…).

Apprise is the library; what stands here keeps it within a time.
"""

from publisher.networks.apprise_address import asset, open_address
from publisher.newsroom.alerts.mail import NotTaken

TIMEOUT = 20.0
"""Seconds for the whole call; connecting and each read have 4 of their own (Apprise)."""


def service(address: str) -> str:
    """What kind of place an address is, like Slack. Raises InvalidInput when it is none that we can use."""
    return str(open_address(address).service_name)


def send(address: str, title: str, text: str) -> None:
    """Raises NotTaken when the service did not take it, or did not answer in time."""
    import apprise  # slow import

    place = open_address(address)
    named = str(place.service_name)
    messenger = apprise.Apprise(asset=asset())
    messenger.add(place)
    try:
        done = messenger.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT, timeout=TIMEOUT)
    except Exception as error:  # noqa: BLE001  # a hundred plug-ins: whatever escapes one, the message was not taken
        raise NotTaken("chat.not_taken", type(error).__name__, service=named) from None
    if not done:
        raise NotTaken("chat.not_taken", str(getattr(done, "status", "")), service=named)
