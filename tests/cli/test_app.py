"""What all commands have in common."""

from collections.abc import Iterator
from typing import Any

import pytest
import typer

import publisher as package
from publisher.__main__ import app as registered
from publisher.cli import app as cli
from publisher.cli import command
from publisher.errors import ConfigError
from tests.cli.conftest import Publisher

GROUPS = {
    "alarm": {"list", "show", "close", "queue", "decide"},
    "document": {"language", "lift-embargo", "list", "show"},
    "comment": {"add", "list", "withdraw"},
    "audit": {"anchor", "verify", "export", "list"},
    "channel": {
        *("add", "list", "show", "check", "reconnect", "pause", "resume", "remove", "rotate-keys", "approval", "pace"),
        *("links", "connect", "app"),
    },
    "confirm": {"list", "yes", "no"},
    "emergency": {"list", "look", "publish"},
    "period": {"add", "end", "list"},
    "hashtag": {"list", "remove", "set"},
    "speaker": {"add", "handles", "list"},
    "media": {"add", "captions", "describe", "list", "remove", "show"},
    "hold": {"set", "lift", "list"},
    "notify": {"list", "places", "add", "remove", "test", "send"},
    "post": {"figures", "read-figures"},
    "queue": {
        *("list", "show", "draft", "approve", "reject", "edit", "schedule", "unschedule"),
        *("retry", "reopen", "decide", "leave", "withdraw", "ask", "assign", "send-anyway", "card", "done", "not-done"),
        "media",
    },
    "rule": {"add", "ask", "change", "list", "off", "on", "show", "test", "remove"},
    "source": {"add", "change", "check", "discover", "list", "pause", "remove", "resume", "show"},
    "user": {"add", "detach", "forget", "list", "lock", "passwd", "reset-factor", "role", "sign-out", "unlock"},
}
SINGLE = {"run", "web", "worker", "read", "quotes", "measure", "compose", "watch", "deliver", "doctor", "backup"}
SINGLE |= {"restore", "card"}
PRINTS_NO_DATA = {("run",), ("web",), ("worker",), ("manage",)}


def commands() -> Iterator[tuple[tuple[str, ...], Any]]:
    """The path of every command that does something, and the command."""
    assert registered is cli.app
    waiting: list[tuple[tuple[str, ...], Any]] = [((), typer.main.get_command(registered))]
    while waiting:
        path, command = waiting.pop()
        if hasattr(command, "commands"):
            waiting += [((*path, name), below) for name, below in command.commands.items()]
        else:
            yield path, command


ALL = dict(sorted(commands()))


def test_every_command_of_the_contract_is_there() -> None:
    listed = {(group, name) for group, names in GROUPS.items() for name in names} | {(name,) for name in SINGLE}
    assert set(ALL) == listed | {("manage",)}


@pytest.mark.parametrize("path", [path for path in ALL if path != ("manage",)], ids=" ".join)
def test_every_command_explains_itself(publisher: Publisher, path: tuple[str, ...]) -> None:
    done = publisher(*path, "--help")
    assert (done.status, done.err) == (0, "")
    assert ALL[path].help.partition("\n")[0] in " ".join(done.out.replace("│", " ").split())


@pytest.mark.parametrize("group", [(), *((name,) for name in sorted(GROUPS))], ids=lambda path: " ".join(path) or "-")
def test_group_without_a_command_shows_its_help_as_a_wrong_line(publisher: Publisher, group: tuple[str, ...]) -> None:
    done = publisher(*group)
    assert done.status == 2
    assert "Usage: " in done.out + done.err


@pytest.mark.parametrize("path", [path for path in ALL if path not in PRINTS_NO_DATA], ids=" ".join)
def test_every_command_that_prints_data_takes_json(path: tuple[str, ...]) -> None:
    assert "--json" in {name for option in ALL[path].params for name in option.opts}


def test_version(publisher: Publisher) -> None:
    assert publisher("--version").out == f"{package.__version__}\n"


@pytest.mark.parametrize(
    "line",
    [
        ("nonsense",),
        ("source", "nonsense"),
        ("source", "list", "--nonsense"),
        ("source", "show"),
        ("source", "show", "seven"),
        ("source", "list", "--page", "0"),
        ("source", "add", "http://example.org/", "--queue-newest", "-1"),
        ("channel", "add", "myspace"),
        ("channel", "add", "sandbox", "--set", "token"),
        ("rule", "add", "Name", "--kind", "poem"),
        ("rule", "test", "1", "--days", "0"),
        ("queue", "list", "--state", "lost"),
        ("queue", "approve", "1", "--at", "tomorrow"),
        ("queue", "schedule", "1"),
        ("queue", "schedule", "1", "--at", "tomorrow"),
        ("queue", "edit", "1"),
        ("queue", "edit", "1", "--text", "a", "--file", "b"),
        ("queue", "decide", "1"),
        ("user", "add", "a@example.org", "--role", "king"),
        ("read",),
        ("read", "feed.xml", "--as", "poem"),
        ("measure", "Hello"),
        ("measure", "Hello", "--network", "myspace"),
        ("compose", "feed.xml", "--network", "myspace"),
        ("compose", "feed.xml", "--network", "x", "--kind", "poem"),
        ("run", "--port", "80000"),
        ("worker", "--threads", "-1"),
    ],
    ids=" ".join,
)
def test_wrong_command_line(publisher: Publisher, line: tuple[str, ...]) -> None:
    done = publisher(*line)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("Usage: ")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        *((("source", verb, "9"), "There is no source 9.") for verb in ("show", "check", "pause", "resume", "remove")),
        *((("channel", verb, "9"), "There is no channel 9.") for verb in ("show", "check", "pause", "resume")),
        *((("channel", verb, "9"), "There is no channel 9.") for verb in ("reconnect", "remove")),
        *((("rule", verb, "9"), "There is no rule 9.") for verb in ("show", "test", "remove")),
        *((("queue", verb, "9"), "There is no post 9.") for verb in ("show", "approve", "reject", "unschedule")),
        *((("queue", verb, "9"), "There is no post 9.") for verb in ("retry", "reopen", "withdraw")),
        (("queue", "draft", "9"), "There is no document 9."),
        (("queue", "edit", "9", "--text", "New"), "There is no post 9."),
        (("queue", "schedule", "9", "--at", "2099-01-01T09:00"), "There is no post 9."),
        (("queue", "decide", "9", "--out"), "There is no post 9."),
        (("hold", "lift", "9"), "There is no stop 9."),
        (("hold", "set", "--channel", "9"), "There is no channel 9."),
        (("rule", "add", "Name", "--source", "9"), "There is no source 9."),
        (("rule", "add", "Name", "--channel", "9"), "There is no channel 9."),
        (("watch", "--once", "--source", "9"), "There is no source 9."),
        (("user", "passwd", "x@example.org"), "There is nobody with the address x@example.org."),
        (("user", "passwd", ""), "There is nobody with the address ."),
        (("source", "add", "http://example.org/", "--as", "x@e.org"), "There is nobody with the address x@e.org."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_not_there_is_named(publisher: Publisher, line: tuple[str, ...], sentence: str) -> None:
    assert publisher(*line).refusal == sentence
    assert publisher(*line, "--json").refusal == sentence


def test_refusal_is_one_sentence_and_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        command.fail(ConfigError("config.unknown", "a diagnostic for us", setting="PUBLISHER_X"))
    told = "There is no setting PUBLISHER_X. Take it out of .env and the environment; .env.example lists all.\n"
    assert (end.value.code, capsys.readouterr()) == (1, ("", told))


def test_row_for_people_has_a_line_for_each_field_that_says_something() -> None:
    row = {"id": 7, "last_seen": None, "name": "Press", "kinds": ["a", "b"], "active": False, "limits": {"text": 300}}
    assert cli.describe(row) == "id      7\nname    Press\nkinds   a, b\nactive  no\nlimits  text 300"
