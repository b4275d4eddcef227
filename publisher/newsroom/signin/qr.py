"""The picture that an app for codes reads."""

from typing import Any

from publisher.models import User
from publisher.newsroom.signin.adapter import Adapter


def of_app(user: User, secret: str) -> str:
    """An SVG with the secret and whose it is, to stand in a page: never an address, which would end in a log."""
    import qrcode  # slow import
    from qrcode.image.svg import SvgPathImage

    adapter = Adapter()
    picture: Any = qrcode.make(adapter.build_totp_url(user, secret), image_factory=SvgPathImage)
    text: str = picture.to_string(encoding="unicode")
    return text
