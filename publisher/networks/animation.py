"""Whether a picture moves. Its first picture alone is kept (`media.fit_image`), which a person has to be told."""

import io

KINDS = ("GIF", "WEBP", "PNG", "AVIF")
"""That may move. The pages of a TIFF, and what a camera puts beside its JPEG, are no animation."""


def moves(data: bytes) -> bool:
    """Of a picture that was read already; False for what is none."""
    from PIL import Image  # slow import

    try:
        with Image.open(io.BytesIO(data), formats=KINDS) as opened:
            return bool(getattr(opened, "is_animated", False))
    except Exception:  # noqa: BLE001  # broken files are answered with nearly any type
        return False
