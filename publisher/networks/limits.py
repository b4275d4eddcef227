"""What each network takes, as data: importable without any network's library.

Sources: X, `docs.x.com` (counting characters, media best practices) and the v2 OpenAPI document; Bluesky, the
lexicons app.bsky.feed.post and app.bsky.embed.images, gallery, video and external; Mastodon, the Instance entity
(`configuration`), read anew from each instance; Telegram, the Bot API 10.1; LinkedIn, its Posts, MultiImage, Images
and Videos APIs for pictures and descriptions, its help pages for 3,000 characters (it does not say of which kind, so
an emoji counts as two) and 5 MB; Threads, developers.facebook.com, "Posts" and "Publishing" of the Threads API;
Instagram, its "Content Publishing" and "IG User Media" (no length of a description is stated; 1,000 is ours);
YouTube, the Data API v3: "Videos" and "Thumbnails: set" (2 MB); its help page for 15 minutes until it is confirmed;
TikTok, the media transfer guide and the direct post references of its Content Posting API;
Lemmy, its server's source (`crates/utils`). Where apps fold a text no network states but TikTok, of its advertisements
("Video ads specifications"): the others are what users measured on phones (on a desk LinkedIn shows some 210
characters, Facebook some 480).
"""

from dataclasses import replace

from publisher.enums import CardStyle, Lookup, Proof, Requires, ThreadStyle, Unit
from publisher.networks.limit_types import ImageLimits, Limits, VideoLimits

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
        video=VideoLimits(
            bytes=1_000_000_000, seconds=(1, 14_400), types=("video/mp4", "video/quicktime"), described=False
        ),
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
        video=replace(_META, seconds=(0, 300)),
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
        video=replace(_META, described=False),
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
        fold=100,
        fold_lines=4,
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
