"""What stands against a video by what is known of it: a network refuses it otherwise after it was approved, or nobody
can play it. What is not known is not judged. Pure.
"""

from collections.abc import Iterator

from publisher.networks.limit_types import VideoLimits
from publisher.types import Media

Found = tuple[str, dict[str, object]]
"""The key of a sentence and what stands in it."""
NAMES = {
    "h264": "H.264",
    "hevc": "HEVC",
    "prores": "ProRes",
    "mpeg4": "MPEG-4 part 2",
    "video/mp4": "MP4",
    "video/quicktime": "QuickTime (MOV)",
    "video/webm": "WebM",
    "video/mpeg": "MPEG",
}
"""By which people know codecs and kinds of files that are not called by their names in capitals."""
SOUND = ("aac", "mp3", "mp2", "opus", "vorbis", "flac", "alac", "pcm", "ac3", "eac3", "amr_nb")
RATE_BLUR = 0.5
"""A telephone's 60 pictures a second are 60.02 on average."""


def unfit(video: Media, limits: VideoLimits, network: str) -> Iterator[Found]:
    """`network` is its label."""
    if video.type and video.type not in limits.types:
        yield "check.video_type", {"network": network, "kind": _name(video.type), "taken": _names(limits.types)}
    if video.size > limits.bytes:
        yield "check.video_too_large", megabytes(video.size, limits.bytes) | {"network": network}
    shortest, longest = limits.seconds
    if video.seconds and not shortest <= video.seconds <= longest:
        yield "check.video_length", length_told(video.seconds, limits.seconds, network)
    yield from _encoded(video, limits, network)
    least, most = limits.frame_rate
    if video.frame_rate and not least - RATE_BLUR <= video.frame_rate <= most + RATE_BLUR:
        rates: dict[str, object] = {"rate": f"{video.frame_rate:.4g}", "least": f"{least:g}", "most": f"{most:g}"}
        yield "check.video_rate", rates | {"network": network}
    if video.width and video.height:
        yield from _shaped(video, limits, network)


def length_told(seconds: float, taken: tuple[float, float], network: str) -> dict[str, object]:
    """What the sentence about a length says; all in seconds."""
    shortest, longest = taken
    return {"network": network, "runs": clock(seconds), "shortest": clock(shortest), "longest": clock(longest)}


def clock(seconds: float) -> str:
    """As people read it: "45 s", "2:20 min", "1:01:00 h"."""
    if round(seconds) < 60:
        return f"{seconds:.2g} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02} h" if hours else f"{minutes}:{rest:02} min"


def megabytes(size: int, limit: int) -> dict[str, object]:
    return {"size": -(-size // 1_000_000), "limit": limit // 1_000_000}


def _encoded(video: Media, limits: VideoLimits, network: str) -> Iterator[Found]:
    for codec in filter(None, video.codecs.split(", ")):
        taken = limits.sound if codec in SOUND else limits.codecs
        if taken and codec not in taken:
            yield "check.video_codec", {"network": network, "codec": _name(codec), "taken": _names(taken)}


def _shaped(video: Media, limits: VideoLimits, network: str) -> Iterator[Found]:
    told: dict[str, object] = {"network": network, "width": video.width, "height": video.height}
    least, most = limits.sides
    if min(video.width, video.height) < least:
        yield "check.video_small", told | {"least": least}
    if (most and max(video.width, video.height) > most) or (
        limits.pixels and video.width * video.height > limits.pixels
    ):
        yield "check.video_big", told
    if limits.aspect and not limits.aspect[0] <= video.width / video.height <= limits.aspect[1]:
        tallest, widest = limits.aspect
        yield "check.video_shape", told | {"tallest": f"1:{1 / tallest:.3g}", "widest": f"{widest:.3g}:1"}


def _name(known: str) -> str:
    head, space, rest = known.partition(" ")
    return NAMES.get(head, head.upper()) + space + rest


def _names(known: tuple[str, ...]) -> str:
    return ", ".join(map(_name, known))
