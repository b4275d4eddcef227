"""A real release goes from its source to a receipt on each network, at the desk and by command, with a picture."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from publisher.enums import PostState, Requires
from publisher.models import Asset, Document, Post, Rule, User
from publisher.newsroom import channels
from publisher.newsroom.sending import delivery, lookups
from publisher.types import Part
from tests.cli.conftest import Publisher
from tests.field.conftest import Account, desk_of, seen
from tests.networks.films import film
from tests.networks.places import small_picture
from tests.newsroom.office import Item, Office, poll, watch
from tests.watch.server import Answer

RELEASE = "european-parliament/press-release_20250204IPR26689.html"
TITLE = "MEPs: Georgia’s self-proclaimed authorities have no legitimacy"
Way = Callable[[Document, User, Path, Publisher], Post]
ALT = "The plenary chamber in Strasbourg during a vote."


@pytest.fixture
def release(connected: Account, office: Office, shared: Path, review_all: Rule) -> Document:
    """The release, read from its page after it stood in a feed that is watched."""
    known = Item("What stood there before", "/old.html", "old")
    office.page("/old.html", "What stood there before", "It is old.")
    parliament = watch(office.feed(known), read_pages=True)
    poll(parliament)
    page = (shared / "samples" / RELEASE).read_text(encoding="utf-8")
    picture = office.server.serve(Answer(body=small_picture(), headers={"Content-Type": "image/jpeg"}), "/picture.jpg")
    page = page.replace("https://www.europarl.europa.eu/news/img/meta-facebook.jpg", picture)
    office.server.serve(Answer(body=page.encode(), headers={"Content-Type": "text/html"}), "/release.html")
    office.feed(Item(TITLE, "/release.html", "new"), known)
    assert poll(parliament) == ["ok"]
    found = Document.objects.get(baseline=False)
    assert (found.title, found.language) == (TITLE, "en")
    return found


def at_the_desk(release: Document, chief: User, file: Path, _run: Publisher) -> Post:
    """A person's clicks: a draft where there is none yet, a file from the library where none stands in it, approval."""
    desk = desk_of(chief)
    if not release.posts.exists():
        desk.post(f"/documents/{release.pk}/draft/")
    post = release.posts.get()
    if lacks_file(post):
        upload = SimpleUploadedFile(file.name, file.read_bytes())
        desk.post("/media/add/", {"file": upload, "alt": ALT, "language": "en"})
        asset = Asset.objects.get()
        assert desk.post(f"/media/{asset.pk}/use/", {"post": post.pk, **seen(post)}).status_code == 302
        post.refresh_from_db()
    assert desk.post(f"/posts/{post.pk}/approve/", seen(post)).status_code == 302
    return post


def by_command(release: Document, _chief: User, file: Path, run: Publisher) -> Post:
    """The same from a shell."""
    if not release.posts.exists():
        assert run("queue", "draft", release.pk).status == 0
    post = release.posts.get()
    if lacks_file(post):
        (asset,) = run("media", "add", file, "--alt", ALT, "--language", "en", "--json").json
        assert run("queue", "media", post.pk, "--add", asset["id"]).status == 0
    assert run("queue", "approve", post.pk).status == 0
    return post


def lacks_file(post: Post) -> bool:
    limits = channels.limits(post.channel)
    return not content(post).media and bool(limits.images or limits.videos)


def content(post: Post) -> Part:
    assert post.revision is not None
    (part,) = post.revision.content
    return part


@pytest.mark.any_database  # rows and people are what all other tests try on both
@pytest.mark.parametrize("way", [at_the_desk, by_command])
def test_real_release_goes_from_its_source_to_a_receipt(
    way: Way, release: Document, connected: Account, publisher: Publisher, tmp_path: Path
) -> None:
    limits = connected.place.network.limits
    video = limits.requires is Requires.VIDEO
    file = tmp_path / ("plenary.mp4" if video else "chamber.jpg")
    file.write_bytes(film() if video else small_picture())

    post = way(release, connected.chief, file, publisher)
    delivery.deliver(post.pk)
    for _ in range(9):  # where the network works on it
        Post.objects.filter(pk=post.pk, state=PostState.PROCESSING).update(claimed_until=None, not_before=None)
        lookups.resume(post.pk)

    post = Post.objects.get(pk=post.pk)
    assert (post.state, post.revision.language if post.revision else "") == (PostState.PUBLISHED, "en")
    part = content(post)
    assert part.media or not (limits.images or limits.videos)
    (out,) = connected.place.standing()
    assert TITLE in " ".join(out.text.split())
    assert tuple(filter(None, out.alts)) == (tuple(item.alt for item in part.media) if limits.alt else ())
