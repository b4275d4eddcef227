from django.db import models

from publisher.models.post import Post


class Asset(models.Model):
    """A picture, video or document in the media library, by the hash of its bytes: uploaded, or held by a post of ours.

    The bytes never change; what people say of them does: `newsroom.drafts.library`.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    type = models.CharField(max_length=40)
    """The media type, by the content."""
    name = models.CharField(max_length=255, blank=True)
    """What the file was called by whoever uploaded it."""
    size = models.PositiveBigIntegerField(default=0)
    """Bytes."""
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    """How long a video runs; 0 where that is not known."""
    codecs = models.CharField(max_length=100, blank=True)
    """Of a video, like "h264, aac"."""
    frame_rate = models.FloatField(default=0)
    """Pictures that a video shows in a second; 0 where that is not known."""
    probed = models.BooleanField(default=False)
    """Whether a video was looked at by ffprobe as well."""
    animated = models.BooleanField(default=False)
    """Whether it moved when it was uploaded: only its first picture was kept."""
    credit = models.CharField(max_length=500, blank=True)
    """Who is to be named, or under which licence it may be used."""
    url = models.URLField(max_length=2000, blank=True)
    """Where it was taken from, of a picture of a source."""
    alts = models.JSONField(default=dict)
    """Descriptions by language ("en"; blank: no language), as they were written last."""
    captions = models.JSONField(default=dict)
    """SHA-256 of the stored subtitles of a video (WebVTT), by language."""
    focus = models.CharField(max_length=16, blank=True)
    """What must stay in sight where it is cropped, as `types.Media.focus`."""
    words = models.TextField(blank=True)
    """Name, credit and descriptions in small letters: what a search looks through."""
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["-added_at", "-id"]
        indexes = [models.Index(fields=["-added_at", "-id"], name="asset_newest")]

    def __str__(self) -> str:
        return self.name or self.sha256[:12]

    @property
    def is_video(self) -> bool:
        return self.type.startswith("video/")

    @property
    def is_document(self) -> bool:
        return self.type == "application/pdf"


class AssetUse(models.Model):
    """A post that holds the asset, or held it in an earlier revision: while there is one, the bytes stay."""

    asset = models.ForeignKey(Asset, models.PROTECT, db_index=False, related_name="uses")
    post = models.ForeignKey(Post, models.CASCADE, related_name="assets")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asset", "post"], name="asset_used_once")]

    def __str__(self) -> str:
        return f"{self.asset_id} in {self.post_id}"
