"""Sentences about the media library: uploads, descriptions, subtitles."""

MEDIA: dict[str, str] = {
    "media.unknown": "There is no picture or video with the number %(id)s in the library.",
    "media.document_shows_none": "The document of this post shows no picture. Upload one, or make a card.",
    "media.none_chosen": "No file was chosen. Choose a picture or a video first.",
    "media.upload_too_large": (
        "The file has %(size)s MB; up to %(limit)s MB can be uploaded. Make it smaller, or ask whoever runs the desk to "
        "raise PUBLISHER_UPLOAD_MEGABYTES."
    ),
    "media.upload_refused": "%(name)s was not taken. %(why)s",
    "media.upload_unreadable": (
        "The file cannot be read: it is damaged, or nothing that is taken here. Taken are pictures (JPEG, PNG, WebP, GIF, AVIF, "
        "TIFF, BMP), films (MP4, QuickTime) and PDF; save a film of another kind as MP4 with H.264."
    ),
    "media.first_picture": (
        "Only the first picture of this animation is kept. To show it moving, upload it as a video (MP4)."
    ),
    "media.heic": (
        "The picture is HEIC, as iPhones keep them, and this desk does not read it. Send it from the phone as JPEG "
        "(Settings, Camera, Formats, Most Compatible), or ask whoever runs the desk to install publisher[heic]."
    ),
    "media.bad_video": "The video cannot be read: it is damaged, or no MP4 or QuickTime film. Save it as MP4 with H.264.",
    "media.bad_document": "The document cannot be read: it is no whole PDF. Save it as PDF again.",
    "media.locked_document": "The document is locked with a password, so nobody could read it. Save it without one.",
    "media.in_use": "%(count)s posts hold this file or have held it. It belongs to their record and stays.",
    "media.bad_focus": "%(focus)s is no point of a picture. Write it like 0.25,-0.5: from -1 to 1, to the right and to the top.",
    "media.no_number": "There is no file number %(number)s in part %(part)s of the post.",
    "media.no_part": "The post has no part %(part)s.",
    "alt.file_name": "Description %(number)s is the name of a file. Say what is to be seen.",
    "alt.announced": "Description %(number)s: screen readers say “image” themselves. Begin with what is to be seen.",
    "alt.same_as_text": "Description %(number)s repeats the post. Say what is to be seen.",
    "alt.short": "Description %(number)s is very short. Say who or what is to be seen, and where.",
    "alt.long": "Description %(number)s is long: it is read out in one go. What does not fit belongs into the text.",
    "media.bucket_unreachable": (
        "The storage that networks fetch pictures from (%(host)s) does not answer. Nothing was sent; it is tried again. If it "
        "stays so, whoever runs the desk should check PUBLISHER_S3_ENDPOINT, and whether the storage runs."
    ),
    "media.bucket_certificate": (
        "The storage that networks fetch pictures from (%(host)s) shows a certificate that this machine does not trust. Nothing "
        "was sent; it is tried again. Whoever runs the desk should renew the certificate, or name its authority in SSL_CERT_FILE."
    ),
    "media.bucket_no_storage": (
        "What answers at %(host)s is no S3 storage. Whoever runs the desk should correct PUBLISHER_S3_ENDPOINT."
    ),
    "media.bucket_missing": (
        "The storage that networks fetch pictures from has no bucket “%(bucket)s”. Whoever runs the desk should create it at "
        "%(host)s, or correct PUBLISHER_S3_BUCKET."
    ),
    "media.bucket_key": (
        "The storage that networks fetch pictures from does not know our key. Whoever runs the desk should check "
        "PUBLISHER_S3_ACCESS_KEY and PUBLISHER_S3_SECRET_KEY."
    ),
    "media.bucket_denied": (
        "The storage that networks fetch pictures from knows our key, but does not let it use the bucket “%(bucket)s”. Whoever "
        "runs the desk should allow it to put and get objects there (s3:PutObject, s3:GetObject)."
    ),
    "media.bucket_region": (
        "The bucket that networks fetch pictures from lies elsewhere. Whoever runs the desk should set PUBLISHER_S3_REGION to "
        "%(region)s."
    ),
    "media.bucket_clock": (
        "The storage that networks fetch pictures from has another time than this machine. Whoever runs the desk should set the "
        "clock right."
    ),
    "media.bucket_not_handed_out": (
        "The storage takes files, but answers %(status)s when one is fetched by its signed address. Whoever runs the desk should "
        "allow our key to get objects of the bucket (s3:GetObject), and check PUBLISHER_S3_ENDPOINT and PUBLISHER_S3_REGION."
    ),
    "media.bucket_refused": (
        "The storage that networks fetch pictures from does not take the file (%(why)s). Whoever runs the desk should check "
        "the settings PUBLISHER_S3_…"
    ),
    "captions.no_video": "Only a video has subtitles.",
    "captions.too_large": "The subtitles are too large. A file of subtitles has less than half a megabyte.",
    "captions.no_utf8": "The subtitles are not written in UTF-8 (line %(line)s). Save the file as UTF-8.",
    "captions.no_webvtt": "The subtitles are no WebVTT file: its first line must be WEBVTT.",
    "captions.bad_time": "Line %(line)s of the subtitles is no time as WebVTT writes it, like 00:01.000 --> 00:04.000.",
    "captions.bad_order": "In line %(line)s of the subtitles a time ends before it begins, or begins before the one above.",
    "captions.empty": "The file of subtitles says nothing.",
}
