"""Rights on the command line: a person named with --as may do there what they may do at the desk, and no more."""

import shlex
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from django.db import transaction

from publisher.__main__ import app
from publisher.models import Grant
from tests.cli.conftest import Publisher
from tests.factories import make_channel, make_user
from tests.web import routes

pytestmark = pytest.mark.django_db

LINES = Path(__file__).with_name("rights.txt").read_text(encoding="utf-8").splitlines()
RIGHTS = dict(line.rsplit(" | ", 1) for line in LINES if not line.startswith("#"))
ROLES = ("viewer", "editor", "approver", "administrator")
OWN = {"comment withdraw"}
"""What each person does with what is theirs, whatever their role."""
NO = "You may not do this. Ask an administrator of this desk.\n"


def acting(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command that acts for somebody."""
    command = command or typer.main.get_command(app)
    if hasattr(command, "commands"):
        for name, each in command.commands.items():
            yield from acting(each, (*path, name))
    elif any(param.metavar == "EMAIL" and "--as" in param.opts for param in command.params):
        yield " ".join(path)


@pytest.fixture(scope="module")
def desk(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """One newsroom for all of them: each command is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        opened = routes.open_desk()
        opened.people = {role: make_user(role).email for role in ROLES}
        visitor = make_user("viewer")
        Grant.objects.create(user=visitor, channel=make_channel(), role="administrator")
        opened.people["elsewhere"] = visitor.email
        opened.contents = routes.contents()
        yield opened
        transaction.set_rollback(True)


def test_every_command_that_acts_for_somebody_stands_in_the_table() -> None:
    listed = {" ".join(line.split()[:2]) for line in RIGHTS}
    assert set(acting()) == listed | OWN


@pytest.mark.parametrize("line", RIGHTS)
def test_command_is_refused_to_those_who_may_not(desk: SimpleNamespace, publisher: Publisher, line: str) -> None:
    role, _, somewhere = RIGHTS[line].partition(" ")
    least = ROLES.index(role)
    words = shlex.split(line.format(**vars(desk)))
    for who in (ROLES[least - 1], *(() if somewhere else ("elsewhere",))):
        done = publisher(*words, "--as", desk.people[who])
        assert (done.status, done.err, routes.contents() == desk.contents) == (1, NO, True), who
    point = transaction.savepoint()
    assert publisher(*words, "--as", desk.people[ROLES[least]]).err != NO
    transaction.savepoint_rollback(point)
