"""A press office for the journeys over all networks: its web server, and its desk with a channel on each network."""

import html
import io
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.utils import timezone
from PIL import Image

from publisher.enums import PostState
from publisher.models import Channel, Post, Source, User
from publisher.newsroom.approval import review
from publisher.newsroom.drafts import media, previews
from publisher.newsroom.feeds import watching
from publisher.newsroom.sending import delivery, lookups
from publisher.types import Media, Part, Preview
from tests.networks.films import film
from tests.networks.places import Place

ALT = "Brücke über die Mur, im Hintergrund „Graz“ – Ґанок 🌉"
BODY = "Mehr dazu steht in der Mitteilung, die heute auf der Website erschienen ist."
PAST = timedelta(seconds=1)


@dataclass(frozen=True)
class Item:
    """One entry of the feed."""

    number: int
    title: str
    lead: str = ""
    picture: bool = False
    film: bool = False

    @property
    def url(self) -> str:
        """Long, as institutions make them."""
        return (
            f"https://press.example.org/presse/mitteilungen/2026/11/ip_26_{self.number}?ansicht=vollbild&abschnitt=eins"
        )


def photograph(width: int = 1600, height: int = 1000) -> bytes:
    """A photograph as cameras write it, with where it was taken; too large for a link card."""
    exif = Image.Exif()
    exif[0x010E] = "Taken at home"
    buffer = io.BytesIO()
    Image.merge("RGB", [Image.effect_noise((width, height), 60)] * 3).save(buffer, "JPEG", exif=exif, quality=92)
    return buffer.getvalue()


class Press:
    """An institution's web server: an Atom feed in German, and one photograph."""

    def __init__(self) -> None:
        self.items = [Item(0, "Eine alte Mitteilung")]
        self.photograph = b""
        press = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind, body = {
                    "/feed.xml": ("application/atom+xml", press.feed().encode()),
                    "/bruecke.mp4": ("video/mp4", film()),
                }.get(self.path, ("image/jpeg", press.photograph))
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.url = f"{self.address}/feed.xml"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def feed(self) -> str:
        entries = "".join(map(self._entry, reversed(self.items)))
        return f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Presse</title>{entries}</feed>'

    def _entry(self, item: Item) -> str:
        picture = f"{self.address}/bruecke.jpg"
        shown = f"<p>{item.lead}</p><p>{BODY}</p>" + (f'<img src="{picture}" alt="{ALT}">' if item.picture else "")
        enclosure = f'<link rel="enclosure" type="image/jpeg" href="{picture}"/>' if item.picture else ""
        if item.film:
            enclosure += f'<link rel="enclosure" type="video/mp4" href="{self.address}/bruecke.mp4"/>'
        return (
            f"<entry><id>tag:press.example.org,2026:{item.number}</id><title>{item.title}</title>"
            f'<link href="{html.escape(item.url)}"/>{enclosure}<category term="Pressemitteilung"/>'
            f'<summary>{item.lead}</summary><content type="html">{html.escape(shown)}</content></entry>'
        )


@contextmanager
def open_press() -> Iterator[Press]:
    press = Press()
    try:
        yield press
    finally:
        press.server.shutdown()
        press.server.server_close()


@dataclass(frozen=True)
class Desk:
    """What a press officer does, and the workers after them, on channels that stand on `places`."""

    places: Mapping[str, Place]
    user: User
    drafted: dict[str, int] = field(default_factory=dict)
    """Post ids by network, once there is something to review."""

    def poll(self) -> None:
        """The next look at the source, whose time has come."""
        Source.objects.update(next_check_at=timezone.now())
        watching.poll_due()
        self.drafted.update(Post.objects.order_by("pk").values_list("channel__network", "pk"))

    def post(self, kind: str) -> Post:
        return Post.objects.select_related("channel", "document", "revision").get(pk=self.drafted[kind])

    def channel(self, kind: str) -> Channel:
        return Channel.objects.get(network=kind)

    def edit(self, kind: str, *parts: Part) -> None:
        post = self.post(kind)
        assert post.revision_id is not None
        review.edit(post.pk, self.user, revision_id=post.revision_id, parts=parts)

    def add_picture(self, kind: str, data: bytes, alt: str) -> None:
        """To the post as it is, in place of its card."""
        post = self.post(kind)
        assert post.revision is not None
        [part] = post.revision.content
        picture = Media(sha256=media.store(data), alt=alt, type="image/jpeg", width=1600, height=1000)
        self.edit(kind, Part(text=part.text, media=(picture,)))

    def approve(self, kind: str) -> Preview:
        """As it stands on the screen, which is given back."""
        post = self.post(kind)
        assert post.revision_id is not None
        shown = previews.preview(post)
        review.approve(post.pk, self.user, revision_id=post.revision_id)
        return shown

    def deliver(self, kind: str) -> Post:
        """What workers do with the post, now that its time has come; both steps where a network goes two."""
        Post.objects.filter(pk=self.drafted[kind], not_before__gt=timezone.now()).update(not_before=timezone.now())
        delivery.deliver(self.drafted[kind])
        while (post := self.post(kind)).state == PostState.PROCESSING:
            Post.objects.filter(pk=post.pk).update(claimed_until=timezone.now() - PAST)
            lookups.resume(post.pk)
            delivery.deliver(post.pk)
        return post

    def look_up(self, kind: str) -> Post:
        """What a worker does with an uncertain post, once the network can be believed."""
        Post.objects.filter(pk=self.drafted[kind]).update(claimed_until=timezone.now() - PAST)
        lookups.settle(self.drafted[kind])
        return self.post(kind)

    def texts(self, kind: str) -> list[str]:
        """What stands on the network, oldest first."""
        return [one.text for one in self.places[kind].standing()]
