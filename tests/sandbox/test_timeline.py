"""The public pages of the sandbox network."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser, LexborNode

from publisher.models import SandboxAccount, SandboxPost
from publisher.models.sandbox import SandboxFailure
from publisher.sandbox.timeline import PAGE, show_text
from publisher.types import Run
from tests.sandbox.caller import Api, picture

pytestmark = pytest.mark.urls("publisher.sandbox.urls")


def page(client: Client, path: str) -> LexborHTMLParser:
    response = client.get(path)
    assert response.status_code == 200
    return LexborHTMLParser(response.content.decode())


def one(node: Any, selector: str) -> LexborNode:
    found = node.css(selector)
    assert len(found) == 1, f"{len(found)} times {selector}"
    return found[0]  # type: ignore[no-any-return]  # selectolax gives nodes


def texts(tree: LexborHTMLParser) -> list[str]:
    return [node.text() for node in tree.css("article .text")]


def fill(account: SandboxAccount, count: int) -> None:
    start = datetime(2026, 9, 1, tzinfo=UTC)
    SandboxPost.objects.bulk_create(
        SandboxPost(account=account, text=f"Post {number}", created_at=start + timedelta(minutes=number))
        for number in range(count)
    )


def test_post_is_one_article_with_name_handle_time_and_text(api: Api) -> None:
    api.post(
        "Europe delivers.\n\nMore: https://ec.europa.eu/commission/presscorner/detail/en/ip_26_1900", language="en"
    )
    SandboxPost.objects.update(created_at=datetime(2026, 9, 18, 7, 47, tzinfo=UTC))
    article = one(page(api.client, "/timeline/council"), "article")
    assert one(article, "header b").text() == "Council Press"
    assert one(article, "header .handle").text() == "@council"
    assert one(article, "time").attributes["datetime"] == "2026-09-18T09:47:00+02:00"
    assert one(article, "time").text() == "18 Sep 2026, 09:47"
    assert one(article, ".text").text() == "Europe delivers.\n\nMore: ec.europa.eu/commission/p..."
    assert one(article, ".text").attributes["lang"] == "en"
    link = one(article, ".text a")
    assert link.attributes["href"] == "https://ec.europa.eu/commission/presscorner/detail/en/ip_26_1900"


def test_card_shows_host_title_description_and_picture(api: Api) -> None:
    upload = api.upload(picture(), alt="A sea").json()["id"]
    card = {"url": "https://www.example.org/a", "title": "Title <b>", "description": "What it says", "image": upload}
    api.post(card=card)
    shown = one(page(api.client, "/timeline/council"), "article .card")
    assert shown.attributes["href"] == "https://www.example.org/a"
    assert one(shown, ".host").text() == "www.example.org"
    assert one(shown, ".title").text() == "Title <b>"
    assert one(shown, ".description").text() == "What it says"
    assert one(shown, "img").attributes["src"] == f"/sandbox/media/{upload}"


def test_pictures_have_their_alt_text_and_bytes(api: Api) -> None:
    upload = api.upload(picture()).json()["id"]
    api.post(images=[{"id": upload, "alt": 'A "blue" sea'}])
    image = one(page(api.client, "/timeline/council"), "article .images img")
    assert image.attributes["alt"] == 'A "blue" sea'
    response = api.client.get(image.attributes["src"])
    assert (response.headers["Content-Type"], response.content) == ("image/png", picture())
    again = api.client.get(image.attributes["src"], headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_text_cannot_bring_markup_or_script_links(api: Api) -> None:
    api.post("<script>alert(1)</script> javascript:alert(1)")
    tree = page(api.client, "/timeline/council")
    assert texts(tree) == ["<script>alert(1)</script> javascript:alert(1)"]
    assert tree.css("script, .text a") == []


def test_page_loads_nothing_from_elsewhere(api: Api) -> None:
    api.post("Hello", card={"url": "https://example.org"})
    tree = page(api.client, "/timeline/council")
    loaded = [node.attributes.get("src") or node.attributes.get("href") for node in tree.css("img, script, link")]
    assert all(str(address).startswith("/") for address in loaded)


def test_thread_is_kept_together_first_to_last(api: Api) -> None:
    first = api.post("One").json()["id"]
    api.post("Another")
    second = api.post("Two", reply_to=first).json()["id"]
    api.post("Three", reply_to=second)
    tree = page(api.client, "/timeline/council")
    assert [[post.text() for post in thread.css(".text")] for thread in tree.css(".thread")] == [
        ["Another"],
        ["One", "Two", "Three"],
    ]


def test_address_of_a_post_shows_its_thread(api: Api) -> None:
    first = api.post("One").json()["id"]
    second = api.post("Two", reply_to=first).json()
    api.post("Another")
    tree = page(api.client, second["url"])
    assert texts(tree) == ["One", "Two"]
    assert one(tree, "article.single").attributes["id"] == f"post-{second['id']}"


def test_post_in_processing_and_unknown_names_are_not_there(api: Api) -> None:
    SandboxAccount.objects.set_failure("council", SandboxFailure.PROCESSING)
    number = api.post("Hello").json()["id"]
    assert texts(page(api.client, "/timeline/council")) == []
    assert api.client.get(f"/timeline/council/{number}").status_code == 404
    assert api.client.get("/timeline/nobody").status_code == 404
    assert api.client.get("/sandbox/media/1").status_code == 404


def test_pages_hold_every_post_once_newest_first(api: Api) -> None:
    fill(api.account, 2 * PAGE + 3)
    seen: list[str] = []
    path = "/timeline/council"
    while path:
        tree = page(api.client, path)
        seen += texts(tree)
        older = tree.css_first("a[rel=next]")
        path = "/timeline/council" + older.attributes["href"] if older else ""
    assert seen == [f"Post {number}" for number in reversed(range(2 * PAGE + 3))]


@pytest.mark.parametrize("count", [1, PAGE])
def test_page_costs_the_same_queries_however_many_posts(api: Api, django_assert_num_queries: Any, count: int) -> None:
    fill(api.account, count)
    api.post("Reply", reply_to=str(SandboxPost.objects.latest("created_at").pk))
    with django_assert_num_queries(5):
        page(api.client, "/timeline/council")


def test_first_page_says_that_nothing_is_real(api: Api) -> None:
    notice = one(page(api.client, "/timeline/council"), ".notice").text()
    assert notice == ("This is the sandbox network, not a real one. What stands here has been published nowhere else.")


def test_accounts_are_listed_with_their_posts(api: Api) -> None:
    SandboxAccount.objects.open("parliament", "Parliament Press")
    api.post("One")
    tree = page(api.client, "/timeline/")
    rows = [(row.css_first("a").attributes["href"], row.css_first("b").text()) for row in tree.css(".accounts li")]
    assert rows == [("/timeline/council", "Council Press"), ("/timeline/parliament", "Parliament Press")]
    assert [row.text().split(",")[0] for row in tree.css(".accounts .count")] == ["1 post", "0 posts"]


@pytest.mark.parametrize("path", ["/timeline/", "/timeline/council"])
def test_only_reading_is_allowed(api: Api, path: str) -> None:
    assert api.client.post(path).status_code == 405


def test_text_is_shown_whole_with_short_links() -> None:
    assert show_text("See https://example.org/a/very/long/path/indeed.") == (
        Run(text="See "),
        Run(text="example.org/a/very/long/...", href="https://example.org/a/very/long/path/indeed"),
        Run(text="."),
    )
    assert show_text("") == ()
