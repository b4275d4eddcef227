"""A browser, the real service, and the rules of accessibility."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
PROGRAMS = os.pathsep.join([str(ROOT / ".venv" / "bin"), os.environ.get("PATH", "")])
RUN = "async (tags) => (await axe.run(document, {runOnly: tags, resultTypes: ['violations']})).violations"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def _missing(what: str) -> None:
    message = f"{what} is not here; `make test` installs it"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium", path=PROGRAMS)
    if program is None:
        _missing("Chromium")
    # Playwright keeps an event loop in this thread, and Django would refuse the database there. For one module only:
    # what watches sources runs a loop of its own, and the same worker may run its tests next.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=arguments)
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages that fail the test when anything is asked of another machine or a script breaks."""
    contexts = []
    faults: list[str] = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        page.on(
            "request",
            lambda asked: (
                None
                if "//127.0.0.1:" in asked.url or "//localhost:" in asked.url
                else faults.append(f"asked another machine: {asked.url}")
            ),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, fetched once by npm."""
    if not AXE.is_file():
        npm = shutil.which("npm", path=PROGRAMS)
        if npm:
            subprocess.run(
                [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=HERE, check=False, timeout=120
            )
    if not AXE.is_file():
        _missing("axe-core")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def barriers(axe: str) -> Callable[..., list[str]]:
    """What of WCAG 2.2 AA (and good practice) the page breaks, as far as a program can tell; or of the rules named."""

    def look(page: Page, rules: Sequence[str] = STANDARD) -> list[str]:
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(axe)
        found = page.evaluate(RUN, rules)
        return [f"{item['id']}: {node['target']} {node['failureSummary']}" for item in found for node in item["nodes"]]

    return look
