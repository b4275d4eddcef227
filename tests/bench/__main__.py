"""`make bench`: what Publisher costs above a named limit, both measured in the same run. Never a test: machines differ.

Each row is the median of several rounds; the ratio is what to compare between two versions of the code.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()  # before anything that reads the settings: hence the late imports below

import feedparser  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from publisher.models import Channel, Document, Post, Revision, Source, User  # noqa: E402
from publisher.newsroom.feeds import outside, watching  # noqa: E402
from publisher.watch.feed import parse  # noqa: E402
from publisher.watch.fetch import Request, Validators, fetch_many  # noqa: E402

ITEM = (
    "<item><title>Commission adopts measure {n}</title><link>https://press.example.org/ip_26_{n}</link>"
    "<guid>{n}</guid><description>The Commission has today adopted measure {n}.</description></item>"
)
FEED = ('<rss version="2.0"><channel><title>Press</title>' + "".join(ITEM.format(n=n) for n in range(20))).encode()
FEED += b"</channel></rss>"


def seconds(work: Callable[[], object], rounds: int = 5) -> float:
    """The median of `rounds`, after one that does not count."""
    taken = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return median(taken[1:])


def row(name: str, ours: float, limit: float, what: str) -> None:
    print(f"{name:38} {ours * 1000:9.1f} ms   {limit * 1000:9.1f} ms   {ours / limit:6.2f}   {what}")


def unchanged_feeds(count: int = 200) -> None:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(304)
            self.send_header("ETag", '"1"')
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    urls = [f"http://127.0.0.1:{server.server_port}/{number}" for number in range(count)]
    Source.objects.bulk_create([Source(name=url, url=url, etag='"1"') for url in urls])
    sources = list(Source.objects.all())
    requests = [Request(url, Validators('"1"')) for url in urls]
    limit = seconds(lambda: fetch_many(requests, guard=outside.guard()))
    row(f"{count} unchanged feeds", seconds(lambda: watching.poll(sources)), limit, "the HTTP client alone")
    server.shutdown()


def parsing() -> None:
    def bare() -> None:
        feedparser.parse(FEED)

    row("a feed of 20 entries", seconds(lambda: parse(FEED), 20), seconds(bare, 20), "feedparser alone")


def fill(documents: int, channels: list[Channel]) -> None:
    now = timezone.now()
    made = Document.objects.bulk_create(
        [
            Document(title=f"Measure {n}", kind="press_release", url=f"https://x.example/{n}", first_seen_at=now)
            for n in range(documents)
        ],
        batch_size=5000,
    )
    waiting = made[-20:]
    Post.objects.bulk_create(
        [Post(document=document, channel=channel, state="rejected") for document in made[:-20] for channel in channels],
        batch_size=5000,
    )
    for document in waiting:
        for channel in channels:
            post = Post.objects.create(document=document, channel=channel)
            part = {"text": f"{document.title} https://x.example/1", "media": [], "card": None}
            revision = Revision.objects.create(post=post, number=1, parts=[part], hash="0" * 64)
            Post.objects.filter(pk=post.pk).update(state="review", revision=revision)


def queue_page() -> None:
    user = User.objects.create_user("a@example.org", "x", name="A", role="administrator")
    client = Client(headers={"Host": "localhost"})
    client.force_login(user)

    def page() -> None:
        assert client.get("/").status_code == 200

    account = {"id": "1", "handle": "press"}
    networks = ("sandbox", "bluesky", "x")
    channels = [Channel.objects.create(network=name, name=name, credentials="", account=account) for name in networks]
    fill(20, channels)
    small = seconds(page)
    fill(100_000, channels)
    row("queue page among 100,000 documents", seconds(page), small, "the same among 20")


def help_page() -> None:
    def run(*arguments: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)

    row("publisher --help", seconds(run("-m", "publisher", "--help")), seconds(run("-c", "")), "the interpreter alone")


def main() -> None:
    call_command("migrate", verbosity=0)
    print(f"{'':38} {'Publisher':>12}   {'limit':>12}   ratio")
    unchanged_feeds()
    parsing()
    queue_page()
    help_page()


if __name__ == "__main__":
    main()
