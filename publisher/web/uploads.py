"""Files that come with a form, on their way into the library."""

from pathlib import Path

from django.core.files.uploadedfile import TemporaryUploadedFile

from publisher.errors import InvalidInput
from publisher.models import Asset, Channel
from publisher.newsroom import access, channels
from publisher.newsroom.drafts import library
from publisher.newsroom.drafts.library import Said
from publisher.types import PDF
from publisher.web.request import Request

PICTURES = "image/jpeg,image/png,image/webp,image/gif,image/avif,image/tiff,image/bmp"
OF_IPHONES = "image/heic,image/heif,.heic,.heif"
"""Named only where they are read: where they are not, Safari makes JPEG of them by itself."""
VIDEOS = "video/mp4,video/quicktime"


def accepted(channel: Channel | None = None) -> str:
    """What a browser offers to choose, for all or for a channel; what comes is told by its content all the same."""
    limits = channels.limits(channel) if channel else None
    taken = (limits.images, limits.videos, limits.document) if limits else (1, 1, 1)
    pictures = f"{PICTURES},{OF_IPHONES}" if library.reads_heic() else PICTURES
    return ",".join(kinds for kinds, most in zip((pictures, VIDEOS, PDF), taken, strict=True) if most)


def take(request: Request, box: str, language: str) -> list[Asset]:
    """The files of a box of the form, taken into the library. Raises NotAllowed, InvalidInput, which names the file;
    those before it are in the library.
    """
    access.require_somewhere(request.user, "write")
    files = request.FILES.getlist(box)
    if not files:
        raise InvalidInput("media.none_chosen")
    said = Said(alt=request.POST.get("alt"), credit=request.POST.get("credit"), language=language)
    taken = []
    for file in files:
        assert isinstance(file, TemporaryUploadedFile)  # settings.FILE_UPLOAD_HANDLERS
        name = file.name or ""
        try:
            taken.append(library.add(request.user, Path(file.temporary_file_path()), name=name, said=said))
        except InvalidInput as error:
            raise InvalidInput("media.upload_refused", error.diagnostic, name=name, why=error.sentence) from error
    return taken
