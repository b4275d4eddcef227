"""A video on its way to TikTok, piece by piece (its media transfer guide): in order, on from where TikTok has come to.

The last piece makes the post public. It is sent again where TikTok says that it has not come: under its number the
video is one post, however often a piece of it arrives.
"""

import time

from publisher.errors import NetworkError, Retry, Uncertain
from publisher.networks.media import Encoded
from publisher.networks.tiktok_answers import LABEL
from publisher.networks.wire import Answer, Wire

PIECE, WHOLE = 10_000_000, 20_000_000
"""Bytes. Pieces are from 5 to 64 MB, only the last may be longer; what is shorter than two goes whole."""
SENDING = 120.0
"""Seconds of one look in which pieces are sent; the next look goes on."""


def pieces(size: int) -> tuple[int, int]:
    """How long a piece is, and how many there are: the last one takes what remains."""
    return (size, 1) if size < WHOLE else (PIECE, size // PIECE)


def send_pieces(wire: Wire, address: str, video: Encoded, there: int) -> bool:
    """Send what comes after the first `there` bytes, or as much as the time allows. Gives whether all of it was sent.

    `wire` judges by `judge_upload`; `before` is called ahead of the last piece.
    """
    size = len(video.data)
    piece, count = pieces(size)
    ends = time.monotonic() + SENDING
    for index in range(min(there // piece, count - 1), count):
        if time.monotonic() > ends:
            return False
        start, last = index * piece, index == count - 1
        end = size if last else start + piece
        headers = {"Content-Type": video.type, "Content-Range": f"bytes {start}-{end - 1}/{size}"}
        try:
            (wire.send if last else wire.ask)("PUT", address, content=video.data[start:end], headers=headers)
        except Uncertain:
            break  # whether it came, TikTok's count says
    return True


def judge_upload(answer: Answer) -> NetworkError | None:
    """A piece that is not taken: whatever it is, TikTok's count says where to go on.

    403 and 404: the address has ended. 416: another piece is expected.
    """
    if answer.status in {403, 404, 416}:
        return Retry("network.unavailable", answer.told, network=LABEL)
    return None
