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
    counts_whole: bool = False
    """Whether a text counts as many code points as it has, whatever the instance says of links."""
    flakes: bool = False
    """Whether ids are letters and digits (ULID, Flake) that only stand in order."""
    missing: int = 404
    """The answer to a reply to what is not there."""
    markdown: bool = False
    """Whether a text is read as Markdown, and only what that means is kept."""
    edits: bool = True
    sources: bool = True
    """Whether a status can be asked for the text that it was made from."""


MASTODON = Dialect()
GOTOSOCIAL = Dialect(
    honours_keys=False,
    text=5000,
    url_length=25,
    scopes=False,
    invalid_post=400,
    software="gotosocial",
    counts_whole=True,
    flakes=True,
    missing=500,
)
TAKAHE = Dialect(
    honours_keys=False,
    instance=("v1",),
    scopes=False,
    trailing_slash=False,
    invalid_token=400,
    invalid_post=400,
    software="takahe",
    counts_whole=True,
)
AKKOMA = Dialect(
    honours_keys=False,
    text=5000,
    url_length=0,
    instance=("v1",),
    scopes=False,
    max_toot_chars=True,
    software="akkoma",
    flakes=True,
)
PIXELFED = Dialect(
    honours_keys=False,
    text=2000,
    scopes=False,
    invalid_post=400,
    software="pixelfed",
    counts_whole=True,
    needs_picture=True,
    refuses_keys=True,
    edits=False,
    sources=False,
)
FRIENDICA = Dialect(
    honours_keys=False,
    text=200_000,
    scopes=False,
    describes_later=True,
    markdown=True,
    edits=False,
    sources=False,
    software="friendica",
)
OLD = Dialect(instance=("v1",), media=("v1",), scopes=False)
"""Mastodon before 3.1.3."""
