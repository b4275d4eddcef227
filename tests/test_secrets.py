"""Secrets are nowhere but sealed: one of each kind is planted, all fails that can fail, and everything is searched."""

import json
import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import typer
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from publisher.__main__ import app
from publisher.enums import Outcome, PostState, Requires
from publisher.errors import PublisherError
from publisher.models import Channel, NetworkApp, NoticeAddress, Subscription
from publisher.networks import registry
from publisher.newsroom import access, channels
from publisher.newsroom.alerts import outbox, places
from publisher.newsroom.approval import review
from publisher.newsroom.connect import apps as apps_there
from publisher.newsroom.connect import handshakes
from publisher.newsroom.drafts import media
from publisher.newsroom.record import exports
from publisher.newsroom.sealing import seal, unseal
from publisher.newsroom.sending import attempts, delivery, lookups
from publisher.types import Identity, Media, Part, Pending, to_json
from tests.cli.conftest import Publisher, publisher  # noqa: F401  # the command, run in this process
from tests.factories import make_attempt, make_channel, make_document, make_post, make_source, make_user
from tests.networks.places import small_picture, small_video
from tests.peers.sinks import use
from tests.ports import closed_address
from tests.web import routes

pytestmark = pytest.mark.django_db

SHAPES = {
    ("telegram", "token"): "471100:canary-{}-abcdefghijklmnopqrstuvwxyz",
    ("apprise", "address"): "json://127.0.0.1:9/canary-{}-0123456789",
}
"""Secrets that must look like something. The rest is any word."""
NAMES = {("telegram", "channel"): "@press_office", ("tiktok", "audience"): "everyone"}
"""What else must look like something."""
ANSWERS = (200, 401, 500)


@dataclass
class Echo:
    """The worst of servers: each answer repeats all that it was told, as JSON and in its headers."""

    address: str = ""
    status: int = 500
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def echo() -> Iterator[Echo]:
    told = Echo()

    class Repeat(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode(errors="replace")
            said = f"{self.path} {dict(self.headers)} {body}"
            told.asked.append(said)
            answer = json.dumps({"error": said, "message": said, "detail": said, "title": said, "description": said})
            self.send_response(told.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer.encode())))
            self.end_headers()
            self.wfile.write(answer.encode())

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Repeat)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    told.address = f"http://127.0.0.1:{server.server_port}"
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


class Planted(dict[str, str]):
    """Each secret by what it is."""

    def put(self, what: str, shape: str = "canary-{}-0123456789") -> str:
        self[what] = shape.format(what.replace(" ", "-"))
        return self[what]

    def found_in(self, text: str) -> list[str]:
        return [what for what, secret in self.items() if secret in text]


@pytest.fixture
def planted(settings_back: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Planted]:
    """In the settings; the newsroom's are put there by `newsroom`."""
    secrets = Planted()
    secrets["sealing key"] = Fernet.generate_key().decode()
    use(
        monkeypatch,
        sealing_keys=secrets["sealing key"],
        secret_key=secrets.put("secret key"),
        smtp_host="127.0.0.1",
        smtp_port=closed_address().rpartition(":")[2],
        smtp_security="none",
        smtp_user="publisher",
        smtp_password=secrets.put("mail password"),
        bluesky_app_password=secrets.put("password in the settings"),
        bluesky_identifier="press.example.org",
    )
    yield secrets
    monkeypatch.undo()


def connect(planted: Planted, address: str) -> list[Channel]:
    """A channel on every network there is, with secrets in it, at that address."""
    made = []
    for kind in registry.KINDS:
        place = registry.get(kind)
        given = {}
        for name, info in place.credentials.model_fields.items():
            if "SecretStr" in str(info.annotation) and not (info.json_schema_extra or {}):
                given[name] = planted.put(f"{kind} {name}", SHAPES.get((kind, name), "canary-{}-0123456789"))
            elif name == "base_url":
                given[name] = address
            elif info.is_required():
                given[name] = NAMES.get((kind, name), "press")
        place.credentials.model_validate(given)
        known = Identity(id="1", handle="press", name="Press")
        made.append(make_channel(kind, credentials=seal(given), account=to_json(known)))
    return made


def use_everything(made: list[Channel]) -> None:
    """A check of the health and a post on each; then what became of it."""
    approver = make_user("approver")
    picture = Media(sha256=media.store(small_picture()), alt="A flag", type="image/jpeg")
    video = Media(sha256=media.store(small_video()), alt="A flag", type="video/mp4")
    for channel in made:
        channels.check(channel.pk)
        needed = {Requires.NOTHING: (), Requires.PICTURE: (picture,), Requires.VIDEO: (video,)}
        part = Part(text="Hello", media=needed[registry.get_limits(channel.network).requires])
        post = make_post(make_document(), channel, parts=(part,))
        assert post.revision_id is not None
        Channel.objects.filter(pk=channel.pk).update(health="ok")
        review.approve(post.pk, approver, revision_id=post.revision_id)
        delivery.deliver(post.pk)
        lookups.settle(post.pk)


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    caplog.set_level(logging.DEBUG)
    # As a traceback would show it: with the texts of all causes.
    form = logging.Formatter("%(name)s %(message)s")
    return lambda: "\n".join(form.format(record) for record in caplog.records)


@pytest.mark.parametrize("status", [*ANSWERS, None], ids=lambda status: str(status or "closed"))
def test_failing_calls_tell_no_secret(
    planted: Planted, echo: Echo, logged: Callable[[], str], status: int | None
) -> None:
    echo.status = status or 500
    made = connect(planted, echo.address if status else closed_address())
    use_everything(made)
    assert planted.found_in(str(routes.contents())) == []
    assert planted.found_in(logged()) == []
    # The servers did get them: what was searched for is what was sent.
    seen = planted.found_in(" ".join(echo.asked))
    assert (len(seen) > 2) is (status is not None)


def pages() -> list[str]:
    """Every address that can be looked at: of the desk, and of Django's admin for each kind of row."""
    desk = routes.open_desk()
    paths = [
        row.path.format(**vars(desk), it=getattr(desk, row.right or "source"))
        for row in routes.rows()
        if row.method == "GET"
    ]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        paths.append(reverse(f"{name}_changelist"))
        paths += [
            reverse(f"{name}_change", args=[pk]) for pk in model._default_manager.values_list("pk", flat=True)[:3]
        ]
    return paths


def commands(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[list[str]]:
    """Every command that shows something: as it stands, and about number 1 where it asks for a number."""
    command = command or typer.main.get_command(app)
    if hasattr(command, "commands"):
        for name, each in command.commands.items():
            yield from commands(each, (*path, name))
    elif path[-1] in {"list", "show", "history", "doctor", "export", "verify", "why"}:
        number = ["1"] if any(each.required for each in command.params) else []
        yield [*path, *number]
        yield [*path, *number, "--json"]


def test_nothing_that_is_shown_tells_a_secret(
    planted: Planted,
    publisher: Publisher,  # noqa: F811  # the fixture
    administrator_browser: Client,
) -> None:
    user = make_user("administrator", password=planted.put("password"))
    planted["link"] = access.invite("new@example.org", "editor", user)
    places.add(user, name="Chat", address=f"json://127.0.0.1:9/{planted.put('chat token')}")
    source = make_source()
    Subscription.objects.create(
        source=source, hub="https://hub.example.org", topic=source.url, token="t", state="asked",
        asked_at=timezone.now(), secret=seal({"secret": planted.put("hub's secret")}),
    )  # fmt: skip
    made = connect(planted, closed_address())
    use_everything(made)
    promised = Pending(data={"session": planted.put("address of an upload")})
    make_attempt(make_post(state=PostState.PROCESSING), Outcome.PENDING, receipt=attempts.promise(promised))
    apps_there.save(user, "x", {"client_id": "1", "client_secret": planted.put("app's secret")})
    handshakes.begin(user, "x", session="session")
    with suppress(PublisherError):
        outbox.try_out(user)
    planted["session"] = administrator_browser.cookies["sessionid"].value

    told: dict[str, str] = {}
    for path in pages():
        answer = administrator_browser.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        told[f"page {path}"] = body.decode(errors="replace") + str(answer.headers)
        answer.close()
    for what in exports.KINDS:
        for form in exports.FORMATS:
            told[f"export {what} {form}"] = "".join(exports.lines(what, form))
    for line in commands():
        done = publisher(*line)
        told[f"command {' '.join(line)}"] = done.out + done.err
    told["rows"] = str(
        {
            model.__name__: list(model._default_manager.values())
            for model in apps.get_app_config("publisher").get_models()
        }
    )
    assert {where: found for where, text in told.items() if (found := planted.found_in(text))} == {}
    assert len([where for where in told if where.startswith("command")]) > 20


@pytest.fixture
def administrator_browser() -> Client:
    client = Client()
    client.force_login(make_user("administrator"))
    return client


def test_keys_are_exchanged_by_one_command(
    settings_back: None,
    monkeypatch: pytest.MonkeyPatch,
    publisher: Publisher,  # noqa: F811  # the fixture
) -> None:
    """Everything that is sealed, wherever it stands, opens with the new key alone."""
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    use(monkeypatch, sealing_keys=old)
    user = make_user("administrator")
    channel = make_channel(credentials=seal({"secret": "channel"}))
    NetworkApp.objects.create(network="x", credentials=seal({"secret": "app"}))
    NoticeAddress.objects.create(name="Chat", sealed=seal({"secret": "place"}), service="JSON")
    hub = {"hub": "https://hub.example.org", "topic": "https://press.example.org", "state": "asked"}
    now = timezone.now()
    Subscription.objects.create(source=make_source(), secret=seal({"secret": "hub"}), token="t", asked_at=now, **hub)
    Authenticator.objects.create(user=user, type="totp", data={"secret": seal({"secret": "code"})})
    promised = Pending(data={"secret": "upload"})
    post = make_post(channel=channel, state=PostState.PROCESSING)
    make_attempt(post, Outcome.PENDING, receipt=attempts.promise(promised))

    use(monkeypatch, sealing_keys=f"{new},{old}")
    assert publisher("channel", "rotate-keys").status == 0
    use(monkeypatch, sealing_keys=new)
    rows = " ".join(str(list(model._default_manager.values())) for model in apps.get_models())
    opened = [unseal(sealed)["secret"] for sealed in re.findall(r"gAAAA[\w=-]+", rows)]
    assert sorted(opened) == ["app", "channel", "code", "hub", "place", "upload"]
    monkeypatch.undo()
