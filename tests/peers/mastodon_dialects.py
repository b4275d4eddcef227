"""How servers of the Mastodon family differ, by what their own sources and answers say."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a server of the family differs."""

    honours_keys: bool = True
    text: int = 500
    url_length: int = 23
    instance: tuple[str, ...] = ("v1", "v2")
    media: tuple[str, ...] = ("v1", "v2")
    scopes: bool = True
    """Whether an application tells its scopes (Mastodon 4.3)."""
    trailing_slash: bool = True
    """Whether an address with a slash too many is answered."""
    invalid_token: int = 401
    invalid_post: int = 422
    max_toot_chars: bool = False
    """Pleroma: the limit stands at the top of the instance, and there is no `configuration`."""
    software: str = "mastodon"
    """The name in NodeInfo; blank = there is none."""
    needs_picture: bool = False
    refuses_keys: bool = False
    """A key that was seen before, whatever came of it, is refused (Pixelfed)."""
    describes_later: bool = False
    """A description sent with the file is not kept (Friendica)."""
    edits: bool = True
    sources: bool = True
    """Whether a status can be asked for the text that it was made from."""


MASTODON = Dialect()
GOTOSOCIAL = Dialect(
    honours_keys=False, text=5000, url_length=25, scopes=False, invalid_post=400, software="gotosocial"
)
TAKAHE = Dialect(
    honours_keys=False,
    instance=("v1",),
    scopes=False,
    trailing_slash=False,
    invalid_token=400,
    invalid_post=400,
    software="takahe",
)
AKKOMA = Dialect(
    honours_keys=False,
    text=5000,
    url_length=0,
    instance=("v1",),
    scopes=False,
    max_toot_chars=True,
    software="akkoma",
)
PIXELFED = Dialect(
    honours_keys=False,
    text=2000,
    scopes=False,
    invalid_post=400,
    software="pixelfed",
    needs_picture=True,
    refuses_keys=True,
    edits=False,
    sources=False,
)
FRIENDICA = Dialect(
    honours_keys=False, text=200_000, scopes=False, describes_later=True, edits=False, software="friendica"
)
OLD = Dialect(instance=("v1",), media=("v1",), scopes=False)
"""Mastodon before 3.1.3."""
