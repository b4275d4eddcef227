"""A hostile feed before a real browser: nothing of it runs, nothing is asked of another machine."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page

from publisher.models import Document, Post, SandboxAccount, SandboxPost
from tests.e2e.test_accessibility import sign_in
from tests.factories import make_user
from tests.newsroom.office import press_office
from tests.web import hostile
from tests.web.test_hostile_feeds import hostile_source

WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective));
"""


CHECK = """async (path) => {
    const token = document.cookie.match(/csrftoken=([^;]+)/)[1];
    return (await fetch(path, {method: 'POST', headers: {'X-CSRFToken': token}})).status;
}"""


def test_nothing_of_a_hostile_feed_runs_in_a_browser(
    transactional_db: None, live_server: Any, new_page: Callable[..., Page]
) -> None:
    make_user("administrator", email="alice@example.org")
    account, _token = SandboxAccount.objects.open("press", "Press")
    text = hostile.marks("post")
    card = {"url": "https://press.example.org/", "title": text, "description": text}
    SandboxPost.objects.create(account=account, text=text, card=card, created_at=timezone.now())
    page = new_page()
    page.add_init_script(WATCH)
    sign_in(page, live_server.url)
    with press_office() as office:
        source = hostile_source(office)
        page.goto(f"{live_server.url}/keys/")
        assert page.evaluate(CHECK, f"/sources/{source.pk}/check/") == 200
    document, post = Document.objects.earliest("pk"), Post.objects.earliest("pk")
    paths = [
        "/",
        "/documents/",
        f"/documents/{document.pk}/",
        f"/posts/{post.pk}/edit/",
        f"/posts/{post.pk}/provenance/",
    ]
    paths += ["/sources/", "/history/", "/alarms/", "/timeline/press"]
    told = {}
    for path in paths:
        page.goto(f"{live_server.url}{path}")
        page.mouse.move(200, 300)
        for opened in page.locator("main details > summary").all()[:3]:
            opened.click()
        page.wait_for_load_state("networkidle")
        told[path] = page.evaluate("`${window.canary || ''}${window.violations}`")
    assert told == dict.fromkeys(paths, "")
