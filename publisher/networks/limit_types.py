"""What can be said of what a network takes: lengths, pictures, videos, cards, threads, how a post is found again."""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from publisher.enums import CardStyle, Lookup, Proof, Requires, ThreadStyle, Unit
from publisher.types import Media


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageLimits:
    bytes: int
    width: int = 4096
    height: int = 4096
    types: tuple[str, ...] = ("image/jpeg", "image/png", "image/webp", "image/gif")
    aspect: tuple[float, float] | None = None
    """Width by height, from the tallest to the widest that is taken; what is outside is cropped. None = any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoLimits:
    bytes: int
    seconds: tuple[float, float] = (0, 140)
    """The shortest and the longest."""
    types: tuple[str, ...] = ("video/mp4",)
    with_pictures: bool = False
    """Whether pictures may stand beside it in one post."""
    caption: int = 0
    """How long a text may be beside it; 0 = as long as beside pictures."""
    codecs: tuple[str, ...] = ()
    """What its pictures may be encoded in, by ffprobe's names; () = the network says nothing of it."""
    sound: tuple[str, ...] = ()
    """The same of its sound."""
    frame_rate: tuple[float, float] = (0, math.inf)
    """The fewest and the most pictures in a second."""
    sides: tuple[int, int] = (0, 0)
    """Pixels of the shorter and of the longer side, at least and at most; 0 = any."""
    aspect: tuple[float, float] | None = None
    """Width by height, from the tallest to the widest that is taken; None = any. Nothing is cropped."""
    pixels: int = 0
    """Width times height at most; 0 = any."""
    described: bool = True
    """Whether it can have a description where pictures can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    text: int
    unit: Unit
    text_bytes: int = 0
    """UTF-8 bytes; 0 = no such limit."""
    url_length: int = 0
    """What each URL counts as; 0 = as long as it is."""
    caption: int = 0
    """How long a text may be beside pictures, in the same unit; 0 = as long as any other."""
    links: int = 0
    """How many different links a post may have; 0 = any number."""
    clickable: bool = True
    """Whether a link in the text leads anywhere."""
    images: int = 0
    image: ImageLimits | None = None
    hashtags: int = 3
    """How many a draft has at most from the tables of topics; people may type more."""
    mentions: bool = False
    """Whether a handle in the text (@name) leads to an account."""
    fold: int = 0
    """After about how many characters its apps on a phone write “… more”; 0 = they show all, or nobody could tell."""
    fold_lines: int = 0
    """After how many lines they do, if that comes first; 0 = any number."""
    focus: bool = False
    """Whether the network takes the point of a picture that stays in sight where its pages crop."""
    requires: Requires = Requires.NOTHING
    videos: int = 0
    video: VideoLimits | None = None
    document: int = 0
    """Bytes of a document (PDF), which goes alone; 0 = the network takes none."""
    captions: int = 0
    """Bytes of the subtitles (WebVTT) of a video; 0 = the network takes none from us."""
    alt: int = 1000
    """Characters (code points); 0 = the network takes no descriptions."""
    card: CardStyle = CardStyle.NONE
    card_image: ImageLimits | None = None
    thread: ThreadStyle = ThreadStyle.NONE
    parts: int = 25
    lookup: Lookup = Lookup.NONE
    lookup_delay: int = 0
    """Seconds after which "not found" can be believed."""
    lookup_posts: int = 0
    """How many of the account's newest posts a search reads at most; beyond that it cannot tell."""
    lookup_back: int = 0
    """Seconds before the first try from which on a search reads: clocks differ."""
    delete: bool = True
    edit: bool = False
    """Whether the words of a post that is out can be replaced."""
    edit_alts: bool = True
    """Whether then also the descriptions of its pictures can."""
    figures: bool = False
    """Whether it tells what followers did with a post."""
    proof: Proof = Proof.RECEIPT

    def longest(self, media: Sequence[Media]) -> int:
        """How long a text may be beside these pictures and videos."""
        if self.video and self.video.caption and any(each.is_video for each in media):
            return self.video.caption
        return self.caption if media and self.caption else self.text

    def alt_of(self, media: Media) -> int:
        """How long a description of it may be, in characters (code points); 0 = the network takes none."""
        return 0 if media.is_video and self.video and not self.video.described else self.alt

    def adjusted(self, overrides: Mapping[str, int]) -> "Limits":
        """These limits with what one server or account sets otherwise; unknown names are ignored.

        `image_bytes` stands for `image.bytes`, `image_side` for the longest side of a picture in pixels, `video_bytes`,
        `video_pixels` and `video_frames` for `video.bytes`, `video.pixels` and the highest `video.frame_rate`,
        `video_seconds` for the longest video; `needs_picture` for what it requires, `no_threads` for an account that
        may not answer itself, `code_points` for a server that counts those, links and mentions as long as they are.
        """
        names = {field.name for field in dataclasses.fields(self)}
        changed: dict[str, object] = {name: value for name, value in overrides.items() if name in names}
        if image := self.image:
            side = overrides.get("image_side") or max(image.width, image.height)
            changed["image"] = dataclasses.replace(
                image,
                bytes=overrides.get("image_bytes", image.bytes),
                width=min(image.width, side),
                height=min(image.height, side),
            )
        if overrides.get("no_threads"):
            changed["thread"] = ThreadStyle.NONE
        if overrides.get("code_points"):
            changed["unit"] = Unit.CODE_POINTS
        if overrides.get("needs_picture"):
            changed["requires"] = Requires.PICTURE
        if video := self.video:
            changed["video"] = dataclasses.replace(
                video,
                bytes=overrides.get("video_bytes", video.bytes),
                seconds=(video.seconds[0], overrides.get("video_seconds", video.seconds[1])),
                pixels=overrides.get("video_pixels", video.pixels),
                frame_rate=(video.frame_rate[0], overrides.get("video_frames", video.frame_rate[1])),
            )
        return dataclasses.replace(self, **changed)  # type: ignore[arg-type]  # names were checked above
