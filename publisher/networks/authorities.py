"""Whom we trust to know a server by its name (TLS)."""

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl


@functools.cache
def authorities() -> "ssl.SSLContext":
    """Read once for all: reading them anew for each client takes longer than a call. SSL_CERT_FILE may name others."""
    import httpx  # slow import

    return httpx.create_ssl_context()
