"""A shortener of links: whatever speaks the interface of YOURLS (https://yourls.org/docs/guide/advanced/api), such as
YOURLS itself and Shlink's and Polr's bridges.

It makes nothing that followers see by itself, and gives the same short address to the same long one, so asking twice
costs nothing. Where it does not answer, the long address does as well.
"""

from urllib.parse import urlsplit

from publisher.errors import NetworkError, Retry
from publisher.networks.wire import Answer, Wire

TIMEOUT = 5.0
"""Seconds: a draft waits for it."""
LONGEST = 200
_LABEL = "The shortener"


def shorten(address: str, signature: str, url: str) -> str:
    """The short address for `url`. `address`: of its `yourls-api.php`; `signature`: the token that it asks for.

    Raises NetworkError.
    """
    secrets = [signature] if signature else []
    asked = {"action": "shorturl", "format": "json", "url": url, "signature": signature}
    # In the body, so that the token stands in nobody's log.
    with Wire(_LABEL, address, timeout=TIMEOUT, judge=_judge, secrets=secrets) as wire:
        try:
            answer = wire.ask("POST", address, data=asked)
        except _KnownAlready as known:
            answer = known.answer
    short = str(answer.object.get("shorturl") or "")
    if urlsplit(short).scheme not in {"http", "https"} or not urlsplit(short).hostname or len(short) > LONGEST:
        raise Retry("network.unavailable", answer.told, network=_LABEL)
    return short


class _KnownAlready(NetworkError):
    """It has shortened this address before, which YOURLS calls a failure (HTTP 400 since version 1.9)."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("network.unavailable", answer.told, network=_LABEL)
        self.answer = answer


def _judge(answer: Answer) -> NetworkError | None:
    return _KnownAlready(answer) if answer.object.get("code") == "error:url" else None
