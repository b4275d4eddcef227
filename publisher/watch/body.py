"""The decoded body of an answer, never more than a limit, never a part of it.

aiohttp would decompress for us, but takes a gzip stream that breaks off for a whole one (measured, aiohttp 3.14) and
lets one chunk grow a thousandfold in memory.
"""

import zlib
from collections.abc import AsyncIterator

from publisher.enums import SourceStatus
from publisher.errors import FetchError

_WINDOW = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


async def collect(chunks: AsyncIterator[bytes], encoding: str, limit: int) -> bytes:
    """All of `chunks`, decompressed as the Content-Encoding `encoding` says.

    Raises FetchError: OVERSIZE above `limit` bytes, on the wire or after decompression; ERROR where the stream breaks
    off, is damaged or is in an encoding that we did not ask for.
    """
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        body = bytearray()
        async for chunk in chunks:
            _check(len(body) + len(chunk), limit)
            body += chunk
        return bytes(body)
    if encoding not in _WINDOW:
        raise _broken(f"content encoding {encoding[:40]!r}")
    unpacker = _Unpacker(_WINDOW[encoding], limit)
    received = 0
    try:
        async for chunk in chunks:
            received += len(chunk)
            _check(received, limit)
            unpacker.feed(chunk)
    except zlib.error as error:
        raise _broken(f"{encoding}: {error}") from error
    if not unpacker.complete:
        raise _broken(f"{encoding} stream without its end")
    return bytes(unpacker.body)


class _Unpacker:
    """Decompresses piece by piece; a stream may consist of several members (RFC 1952 2.2)."""

    def __init__(self, window: int, limit: int) -> None:
        self.body = bytearray()
        self._window = window
        self._limit = limit
        self._member = zlib.decompressobj(window)

    @property
    def complete(self) -> bool:
        return self._member.eof

    def feed(self, data: bytes) -> None:
        while data:
            if self._member.eof:
                if not data.startswith(b"\x1f\x8b"):
                    return  # padding behind the last member
                self._member = zlib.decompressobj(self._window)
            self.body += self._member.decompress(data, self._limit - len(self.body) + 1)
            _check(len(self.body), self._limit)
            data = self._member.unused_data


def _check(size: int, limit: int) -> None:
    if size > limit:
        raise FetchError(
            "source.too_large", f"more than {limit} bytes", status=SourceStatus.OVERSIZE, limit=f"{limit / 1_000_000:g}"
        )


def _broken(diagnostic: str) -> FetchError:
    return FetchError("source.broken", diagnostic, status=SourceStatus.ERROR)
