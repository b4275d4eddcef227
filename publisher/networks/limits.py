"""What each network takes, as data: importable without any network's library.

Sources: X, `docs.x.com` (counting characters, media best practices) and the v2 OpenAPI document; Bluesky, the
lexicons app.bsky.feed.post and app.bsky.embed.images, gallery, video and external; Mastodon, the Instance entity
(`configuration`), read anew from each instance; Telegram, the Bot API 10.1; LinkedIn, its Posts, MultiImage, Images
and Videos APIs for pictures and descriptions, its help pages for 3,000 characters (it does not say of which kind, so
an emoji counts as two) and 5 MB; Threads, developers.facebook.com, "Posts" and "Publishing" of the Threads API;
Instagram, its "Content Publishing" and "IG User Media" (no length of a description is stated; 1,000 is ours);
YouTube, the Data API v3: "Videos" and "Thumbnails: set" (2 MB); its help page for 15 minutes until it is confirmed;
TikTok, the media transfer guide and the direct post references of its Content Posting API;
Lemmy, its server's source (`crates/utils`). Where apps fold a text no network states: those are what its users measured
on phones (on a desk LinkedIn shows some 210 characters, Facebook some 480).
"""

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


_META = VideoLimits(
    bytes=1_000_000_000,
    seconds=(3, 900),
    types=("video/mp4", "video/quicktime"),
    codecs=("h264", "hevc"),
    sound=("aac",),
    frame_rate=(23, 60),
    aspect=(0.01, 10),
)
"""A reel of Instagram; Threads says the same but for the length. Both name 1,920 pixels of width, and take more."""

LIMITS: dict[str, Limits] = {
    "bluesky": Limits(
        text=300,
        unit=Unit.GRAPHEMES,
        text_bytes=3000,
        mentions=True,
        images=10,  # the gallery's soft limit; up to four go as plain images
        # Older PDS versions still refuse more than 1,000,000 bytes, so that is what every PDS takes.
        image=ImageLimits(bytes=1_000_000, width=2000, height=2000, types=("image/jpeg", "image/png", "image/webp")),
        videos=1,
        # 300 MB by the lexicon of 2026; 100 MB by the one before. Three minutes is what its app takes.
        video=VideoLimits(bytes=100_000_000, seconds=(0, 180)),
        captions=20_000,
        alt=2000,
        card=CardStyle.OURS,
        card_image=ImageLimits(bytes=1_000_000, width=1200, height=1200, types=("image/jpeg", "image/png")),
        thread=ThreadStyle.ATOMIC,
        lookup=Lookup.EXACT,
        figures=True,
    ),
    "mastodon": Limits(
        text=500,
        unit=Unit.MASTODON,
        url_length=23,
        mentions=True,
        images=4,
        focus=True,
        image=ImageLimits(bytes=16 * 1024 * 1024, width=3840, height=3840),
        videos=1,
        # 40 MB was what Mastodon took before instances said so; they say nothing of how long one may run.
        video=VideoLimits(bytes=40 * 1024 * 1024, seconds=(0, 14_400), types=("video/mp4", "video/quicktime")),
        alt=1500,
        card=CardStyle.NETWORK,
        thread=ThreadStyle.CHAIN,
        lookup=Lookup.SEARCH,
        # A key is noted once the status stands: of two requests at a time each makes one. So a slow one is let end
        # first; the web server before Mastodon gives it a minute.
        lookup_delay=60,
        lookup_posts=400,
        lookup_back=300,
        edit=True,
        figures=True,
    ),
    "x": Limits(
        text=280,
        unit=Unit.WEIGHTED,
        url_length=23,
        hashtags=2,  # help.x.com, "How to use hashtags": no more than two
        mentions=True,
        images=4,
        image=ImageLimits(bytes=5_000_000, width=4096, height=4096),
        videos=1,
        # Its documents name 1280 × 1024 pixels as well, and it takes more.
        video=VideoLimits(
            bytes=512_000_000,
            seconds=(0.5, 140),
            types=("video/mp4", "video/quicktime"),
            codecs=("h264",),
            sound=("aac",),
            frame_rate=(0, 60),
            sides=(32, 0),
            aspect=(1 / 3, 3),
        ),
        captions=512_000,  # ours: X states no size
        alt=1000,
        card=CardStyle.NETWORK,
        thread=ThreadStyle.CHAIN,
        lookup=Lookup.SEARCH,
        lookup_delay=30,
        lookup_posts=50,
        lookup_back=60,
        figures=True,
    ),
    "facebook": Limits(
        text=63206,  # what users of Facebook report; Meta states no limit
        unit=Unit.CODE_POINTS,
        fold=125,
        images=10,
        image=ImageLimits(bytes=4_000_000, width=2048, height=2048, types=("image/jpeg", "image/png")),
        videos=1,
        video=VideoLimits(bytes=1_000_000_000, seconds=(1, 14_400), types=("video/mp4", "video/quicktime")),
        alt=1000,
        card=CardStyle.NETWORK,
        lookup=Lookup.SEARCH,
        lookup_delay=60,
        lookup_posts=100,
        lookup_back=300,
        edit=True,
        edit_alts=False,
        figures=True,
    ),
    "linkedin": Limits(
        text=3000,
        unit=Unit.UTF16,
        fold=140,
        fold_lines=3,
        images=20,
        image=ImageLimits(bytes=5_000_000, width=4096, height=4096, types=("image/jpeg", "image/png")),
        videos=1,
        video=VideoLimits(bytes=500_000_000, seconds=(3, 1800), aspect=(1 / 2.4, 2.4)),
        document=100_000_000,
        alt=4086,
        card=CardStyle.OURS,
        card_image=ImageLimits(bytes=5_000_000, width=1200, height=1200, types=("image/jpeg", "image/png")),
        lookup=Lookup.SEARCH,
        lookup_delay=30,
        lookup_posts=200,
        lookup_back=300,
        edit=True,
        edit_alts=False,
        figures=True,
    ),
    "threads": Limits(
        text=500,
        unit=Unit.THREADS,
        links=5,
        hashtags=1,  # the first one becomes the topic, the others nothing
        mentions=True,
        images=20,
        image=ImageLimits(
            bytes=8_000_000, width=1440, height=8192, types=("image/jpeg", "image/png"), aspect=(0.1, 10)
        ),
        videos=1,
        video=dataclasses.replace(_META, seconds=(0, 300)),
        alt=1000,
        card=CardStyle.NETWORK,
        thread=ThreadStyle.CHAIN,
        lookup=Lookup.SEARCH,
        lookup_delay=60,
        lookup_posts=100,
        lookup_back=300,
        figures=True,
    ),
    "instagram": Limits(
        text=2200,
        unit=Unit.CODE_POINTS,
        fold=125,
        fold_lines=2,
        clickable=False,
        hashtags=5,
        mentions=True,
        images=10,
        image=ImageLimits(bytes=8_000_000, width=1440, height=1800, types=("image/jpeg",), aspect=(0.8, 1.91)),
        requires=Requires.PICTURE,
        videos=1,
        video=_META,
        alt=1000,
        lookup=Lookup.SEARCH,
        lookup_delay=60,
        lookup_posts=100,
        lookup_back=300,
        figures=True,
    ),
    "youtube": Limits(
        text=5000,  # title and description together; YouTube takes a title of 100 beside that
        unit=Unit.CODE_POINTS,
        fold=150,
        fold_lines=3,
        text_bytes=5000,
        images=1,  # the thumbnail
        image=ImageLimits(bytes=2_000_000, width=1280, height=1280, types=("image/jpeg", "image/png")),
        requires=Requires.VIDEO,
        videos=1,
        video=VideoLimits(
            bytes=1_000_000_000,  # ours: it is read into memory; YouTube takes 256 GB
            seconds=(0, 12 * 60 * 60),
            types=("video/mp4", "video/quicktime", "video/webm", "video/mpeg"),
            with_pictures=True,
        ),
        captions=100_000_000,
        alt=0,
        lookup=Lookup.SEARCH,
        lookup_delay=30,
        lookup_posts=200,
        lookup_back=300,
        edit=True,
        figures=True,
    ),
    "tiktok": Limits(
        text=4000,
        unit=Unit.UTF16,
        clickable=False,
        mentions=True,
        images=35,
        image=ImageLimits(bytes=20_000_000, width=1080, height=1920, types=("image/jpeg", "image/webp")),
        requires=Requires.PICTURE,
        videos=1,
        video=VideoLimits(
            bytes=1_000_000_000,  # ours, since we hold a video in memory; TikTok takes four times that
            seconds=(0, 600),  # what an account is let is asked before each post
            types=("video/mp4", "video/quicktime", "video/webm"),
            caption=2200,
            codecs=("h264", "hevc", "vp8", "vp9"),
            frame_rate=(23, 60),
            sides=(360, 4096),
        ),
        alt=0,
        lookup=Lookup.NONE,
        delete=False,
    ),
    "telegram": Limits(
        text=4096,
        unit=Unit.UTF16,
        caption=1024,
        mentions=True,
        images=10,
        image=ImageLimits(
            bytes=10_000_000, width=2560, height=2560, types=("image/jpeg", "image/png"), aspect=(0.05, 20)
        ),
        videos=1,
        video=VideoLimits(bytes=50_000_000, seconds=(0, 14_400)),  # no length is stated
        alt=0,
        card=CardStyle.NETWORK,
        thread=ThreadStyle.CHAIN,
        lookup=Lookup.NONE,
        edit=True,
    ),
    "lemmy": Limits(
        text=50_000,  # of Markdown, in which a sign that is written as it is counts twice
        unit=Unit.CODE_POINTS,
        images=1,
        image=ImageLimits(bytes=5_000_000, width=4096, height=4096, types=("image/jpeg", "image/png", "image/webp")),
        alt=1500,
        card=CardStyle.NETWORK,
        lookup=Lookup.SEARCH,
        lookup_delay=60,  # as long as a web server before it lets a request take
        lookup_posts=100,
        lookup_back=300,
        edit=True,
        figures=True,
    ),
    "apprise": Limits(
        text=4096,  # ours; what the service takes is read from its plug-in when it is connected
        unit=Unit.CODE_POINTS,
        hashtags=0,
        images=4,
        image=ImageLimits(bytes=5_000_000, width=2560, height=2560, types=("image/jpeg", "image/png")),
        alt=0,
        lookup=Lookup.NONE,
        delete=False,
        proof=Proof.NONE,
    ),
    "manual": Limits(
        text=4096,  # ours; each channel says how much its place takes
        unit=Unit.CODE_POINTS,
        hashtags=0,
        images=10,
        image=ImageLimits(bytes=5_000_000, width=2560, height=2560, types=("image/jpeg", "image/png")),
        videos=1,
        video=VideoLimits(  # ours; what a place takes, whoever posts there sees
            bytes=1_000_000_000, seconds=(0, 3600), types=("video/mp4", "video/quicktime"), with_pictures=True
        ),
        alt=1000,
        card=CardStyle.NETWORK,
        lookup=Lookup.NONE,
        delete=False,
        proof=Proof.PERSON,
    ),
    "sandbox": Limits(
        text=300,
        unit=Unit.GRAPHEMES,
        images=4,
        image=ImageLimits(bytes=1_000_000, width=2000, height=2000, types=("image/jpeg", "image/png")),
        alt=1000,
        card=CardStyle.OURS,
        card_image=ImageLimits(bytes=1_000_000, width=1200, height=1200, types=("image/jpeg", "image/png")),
        thread=ThreadStyle.CHAIN,
        lookup=Lookup.EXACT,
        edit=True,
    ),
}

BY_HAND = tuple(kind for kind, limits in LIMITS.items() if limits.proof is Proof.PERSON)
"""Where a person posts: nobody else can send there, look up or resume."""
