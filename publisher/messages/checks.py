"""What stands against a post before it goes out: its text, its pictures and videos, their files."""

CHECKS: dict[str, str] = {
    "check.empty": "The post has no text.",
    "check.too_long": "The text is too long: %(length)s of %(limit)s.",
    "check.too_many_bytes": "The text is too large: %(length)s of %(limit)s bytes.",
    "check.too_many_links": "Too many links: %(count)s; at most %(limit)s different ones are taken.",
    "check.dead_link": "Nobody can open a link from the text there: say in words where the text is to be found.",
    "check.too_many_hashtags": "Too many hashtags: %(count)s; %(network)s takes %(limit)s.",
    "check.carousel_shapes": (
        "The pictures have different shapes, and Instagram crops all of them to the shape of the first. Put the one first whose "
        "shape suits all, or use pictures of one shape."
    ),
    "check.many_hashtags": "%(count)s hashtags: %(network)s lets nobody find a post by more than %(limit)s.",
    "check.too_many_mentions": "Too many names: %(count)s; %(network)s takes %(limit)s.",
    "check.too_many_images": "Too many images: %(count)s; %(network)s takes %(limit)s.",
    "check.no_images": "%(network)s takes no images from us.",
    "check.no_videos": "%(network)s takes no videos from us.",
    "check.too_many_videos": "%(network)s takes %(limit)s video in a post, and no pictures beside it.",
    "check.no_documents": "%(network)s takes no documents. Put a picture of its first page there, or link to it.",
    "check.one_document": "%(network)s takes a document alone: no other, and no picture or video beside it.",
    "check.no_captions": "%(network)s takes no subtitles from us: the video goes out without them.",
    "check.document_too_large": "The document has %(size)s MB; %(network)s takes %(limit)s MB. Save it smaller, or link to it.",
    "check.video_type": "The video is a file of the kind %(kind)s; %(network)s takes %(taken)s. Save it as MP4 with H.264.",
    "check.video_too_large": (
        "The video has %(size)s MB; %(network)s takes %(limit)s MB. Cut it, or save it with fewer pixels or a lower quality."
    ),
    "check.video_length": (
        "The video runs %(runs)s; %(network)s takes from %(shortest)s to %(longest)s. Cut it, or choose another one."
    ),
    "check.video_codec": (
        "The video is encoded in %(codec)s; %(network)s takes %(taken)s. Save it as MP4 with H.264 and AAC. An iPhone "
        "films so when Settings, Camera, Formats says Most Compatible."
    ),
    "check.video_rate": (
        "The video shows %(rate)s pictures in a second; %(network)s takes from %(least)s to %(most)s. Save it with 25 or 30."
    ),
    "check.video_small": (
        "The video has %(width)s × %(height)s pixels; %(network)s takes none with a side below %(least)s. Choose a larger one."
    ),
    "check.video_big": (
        "The video has %(width)s × %(height)s pixels, more than %(network)s takes. Save it with 1920 × 1080 or 1080 × 1920."
    ),
    "check.video_shape": (
        "The video is %(width)s × %(height)s; %(network)s takes shapes from %(tallest)s to %(widest)s. Crop it, for example "
        "to 1080 × 1920 or 1920 × 1080."
    ),
    "check.needs_picture": "%(network)s takes no post without a picture or video. Add one.",
    "check.needs_video": "%(network)s takes no post without a video. Add one.",
    "check.alt_missing": "An image has no description for people who cannot see it.",
    "check.alt_missing_video": "A video has no description for people who cannot see it.",
    "check.alt_too_long": "The description of an image is too long: %(length)s of %(limit)s characters.",
    "compose.thread_as_one": (
        "The template wants a thread, and the network lets this account have none: it became one post with a link."
    ),
    "check.no_threads": "%(network)s has no threads: the post must fit into one part.",
    "check.too_many_parts": "The thread has %(count)s parts; at most %(limit)s go out in one go.",
    "check.edit_parts": "An edit keeps the number of parts: the post that is out has %(count)s.",
    "check.edit_alts": "%(network)s does not let us change the descriptions of pictures of a post that is out.",
    "check.edit_pictures": "An edit keeps the pictures of the post that is out; only their descriptions can change.",
    "check.image_missing": "The image of the card could not be fetched, so the card goes out without it.",
    "media.unreadable": "An image cannot be read: it is damaged or of a kind we do not know. Choose another one.",
    "media.too_many_pixels": (
        "An image is too large to work with: %(width)s × %(height)s pixels, where 60 million are taken. Save it smaller."
    ),
    "media.document_too_large": "The document has %(size)s MB; the network takes %(limit)s MB. Choose a smaller one.",
    "media.video_type": "A video is of a kind that the network does not take (%(type)s). MP4 with H.264 is taken everywhere.",
    "media.captions_too_large": "The subtitles have %(size)s kB; the network takes %(limit)s kB. Shorten them.",
    "media.video_too_large": "The video has %(size)s MB; the network takes %(limit)s MB. Choose a smaller one.",
    "media.no_public_address": (
        "This network fetches pictures itself, and the desk has no address that it could reach. Set "
        "PUBLISHER_PUBLIC_URL to the desk's public address and start Publisher again."
    ),
    "media.too_heavy": "An image cannot be made small enough for the network. Choose another one.",
    "media.gone": "A picture of this post is no longer in the data folder. Edit the post: take the picture out or add it anew.",
}
