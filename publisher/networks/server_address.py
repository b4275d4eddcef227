"""The address of a server with which a secret is shared, as of Mastodon or Lemmy: what may be typed for one."""

import re
from urllib.parse import urlsplit

from publisher import messages

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def origin(value: str, wrong: str = "mastodon.base_url") -> str:
    """Scheme, host and port only, so that the address of a profile does as well.

    Raises ValueError, in the words of the sentence `wrong`.
    """
    try:
        address = urlsplit(value if "://" in value else f"https://{value}")
        host, port = (address.hostname or "").encode("idna").decode(), address.port
    except ValueError as error:  # UnicodeError is one
        raise ValueError(messages.sentence(wrong)) from error
    if not is_safe(address.scheme, host) or address.username is not None:
        raise ValueError(messages.sentence(wrong))
    name = f"[{host}]" if ":" in host else host
    return f"{address.scheme}://{name}" + (f":{port}" if port else "")


def is_safe(scheme: str, host: str) -> bool:
    """The token travels encrypted, or does not leave this machine."""
    if host in LOOPBACK:
        return scheme in ("http", "https")
    return scheme == "https" and re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+|[0-9a-f:]+", host) is not None
