"""The entities that a Mastodon server shows: account, instance, and the HTML of a status."""

import html
import re
from typing import Any

import regex

LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]]")
MENTION = re.compile(r"(?<![\w/@.])@([a-z0-9_]+)(?:@([a-z0-9.-]+[a-z0-9]))?", re.IGNORECASE)
HASHTAG = re.compile(r"(?<![\w/&])#(\w*[^\W\d_]\w*)")
ANY = re.compile(f"(?P<link>{LINK.pattern})|(?P<at>{MENTION.pattern})|(?P<tag>{HASHTAG.pattern})", re.IGNORECASE)
IMAGE_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")
VIDEO_TYPES = ("video/mp4", "video/quicktime", "video/webm")
VIDEO_BYTES = 103_809_024


def length(text: str, url_length: int) -> int:
    """StatusLengthValidator: graphemes, links as a fixed number (0 = as they are), mentions without host."""
    text = MENTION.sub(lambda match: f"@{match[1]}", text)
    if url_length:
        text = LINK.sub("x" * url_length, text)
    return len(regex.findall(r"\X", text))


def content(text: str, base: str, *, markdown: bool = False) -> str:
    """TextFormatter: escaped, links cut by markup, paragraphs. `base` is the server's address."""
    if markdown:
        text = re.sub(r"(\*{1,2}|_{1,2}|`)(\S(?:[^\n]*?\S)?)\1", r"\2", text)
        text = re.sub(r"^(?:[-*+>]|\d+\.) ", "", text, flags=re.MULTILINE)
    out, position = "", 0
    for match in ANY.finditer(text):
        out += html.escape(text[position : match.start()], quote=False) + _marked_up(match, base)
        position = match.end()
    out += html.escape(text[position:], quote=False)
    paragraphs = [block for block in re.split(r"\n{2,}", out.strip()) if block]
    return "".join(f"<p>{block.replace(chr(10), '<br />')}</p>" for block in paragraphs)


def _marked_up(match: re.Match[str], base: str) -> str:
    shown = html.escape(match[0])
    if match["tag"]:
        name = shown[1:]
        return f'<a href="{base}/tags/{name}" class="mention hashtag" rel="tag">#<span>{name}</span></a>'
    if match["at"]:
        user, _, host = shown[1:].partition("@")
        href = f"https://{host}/@{user}" if host else f"{base}/@{user}"
        link = f'<a href="{href}" class="u-url mention">@<span>{user}</span></a>'
        return f'<span class="h-card" translate="no">{link}</span>'
    scheme, rest = re.fullmatch(r"(https?://(?:www\.)?)(.*)", match[0], re.IGNORECASE).groups()  # type: ignore[union-attr]  # LINK begins so
    prefix, visible, hidden = (html.escape(piece) for piece in (scheme, rest[:30], rest[30:]))
    ellipsis = "ellipsis" if hidden else ""
    return (
        f'<a href="{shown}" target="_blank" rel="nofollow noopener" translate="no"><span class="invisible">{prefix}'
        f'</span><span class="{ellipsis}">{visible}</span><span class="invisible">{hidden}</span></a>'
    )


def account(id_: str, username: str, base: str, statuses: int) -> dict[str, Any]:
    picture = f"{base}/avatar.png"
    return {
        "id": id_,
        "username": username,
        "acct": username,
        "display_name": "Press Office",
        "locked": False,
        "bot": False,
        "group": False,
        "indexable": True,
        "discoverable": True,
        "created_at": "2022-11-15T00:00:00.000Z",
        "note": "",
        "url": f"{base}/@{username}",
        "uri": f"{base}/users/{username}",
        "avatar": picture,
        "avatar_static": picture,
        "header": picture,
        "header_static": picture,
        "followers_count": 12,
        "following_count": 3,
        "statuses_count": statuses,
        "last_status_at": None,
        "emojis": [],
        "fields": [],
    }


def own_account(public: dict[str, Any]) -> dict[str, Any]:
    """CredentialAccount: what the account itself is shown besides."""
    source = {
        "note": "",
        "fields": [],
        "privacy": "public",
        "sensitive": False,
        "language": "en",
        "follow_requests_count": 0,
        "indexable": True,
        "discoverable": True,
    }
    role = {"id": "-99", "name": "", "color": "", "permissions": "0", "highlighted": False}
    return {**public, "source": source, "role": role}


def configuration(*, text: int, url_length: int, images: int, alt: int, image_bytes: int) -> dict[str, Any]:
    return {
        "statuses": {
            "max_characters": text,
            "max_media_attachments": images,
            "characters_reserved_per_url": url_length,
        },
        "media_attachments": {
            "supported_mime_types": [*IMAGE_TYPES, *VIDEO_TYPES],
            "description_limit": alt,
            "image_size_limit": image_bytes,
            "image_matrix_limit": 33_177_600,
            "video_size_limit": VIDEO_BYTES,
            "video_frame_rate_limit": 120,
            "video_matrix_limit": 8_294_400,
        },
        "polls": {
            "max_options": 4,
            "max_characters_per_option": 50,
            "min_expiration": 300,
            "max_expiration": 2_629_746,
        },
        "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
    }


def instance_v1(configured: dict[str, Any]) -> dict[str, Any]:
    """`configured` is `{"configuration": ...}`, or on Pleroma its own names."""
    return {
        "uri": "social.example",
        "title": "Example",
        "short_description": "",
        "description": "",
        "email": "admin@social.example",
        "version": "4.4.1",
        "urls": {"streaming_api": "wss://social.example"},
        "stats": {"user_count": 1, "status_count": 1, "domain_count": 1},
        "languages": ["en"],
        "registrations": False,
        "approval_required": False,
        "invites_enabled": False,
        "rules": [],
        **configured,
    }


def instance_v2(configured: dict[str, Any], base: str) -> dict[str, Any]:
    return {
        "domain": "social.example",
        "title": "Example",
        "version": "4.4.1",
        "source_url": "https://github.com/mastodon/mastodon",
        "description": "",
        "usage": {"users": {"active_month": 1}},
        "thumbnail": {"url": f"{base}/thumbnail.png", "blurhash": None, "versions": None},
        "icon": [],
        "languages": ["en"],
        "configuration": {
            **configured,
            "urls": {"streaming": "wss://social.example"},
            "translation": {"enabled": False},
            "vapid": {"public_key": ""},
            "timelines_access": {"live_feeds": {"local": "public", "remote": "public"}},
        },
        "registrations": {"enabled": False, "approval_required": False, "message": None, "url": None},
        "api_versions": {"mastodon": 5},
        "contact": {"email": "admin@social.example", "account": None},
        "rules": [],
    }
