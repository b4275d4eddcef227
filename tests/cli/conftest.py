"""The command, run in this process as a shell runs it, on the tests' database."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from publisher.__main__ import main
from tests.newsroom.conftest import (  # noqa: F401  # the same small press office
    account,
    administrator,
    approver,
    channel,
    editor,
    review_all,
    source,
    viewer,
    waiting,
)
from tests.watch.server import Server


@dataclass(frozen=True)
class Done:
    """How a command ended: its exit status and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The JSON documents on standard output, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def refusal(self) -> str:
        """What standard error says, when the command was refused: status 1 and one sentence, nothing else."""
        assert (self.status, self.out, self.err.count("\n")) == (1, "", 1), self
        return self.err.rstrip("\n")


Publisher = Callable[..., Done]


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Publisher:
    """publisher("source", "list", "--json") runs that command."""

    def run(*arguments: object, stdin: bytes = b"") -> Done:
        out, err = (io.TextIOWrapper(io.BytesIO(), write_through=True) for _ in range(2))
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["publisher", *map(str, arguments)])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            try:
                main()
                status = 0
            except SystemExit as end:
                status = int(end.code or 0)
        texts = [stream.buffer.getvalue().decode() for stream in (out, err)]  # type: ignore[attr-defined]  # BytesIO
        return Done(status, *texts)

    return run


@pytest.fixture
def web() -> Iterator[Server]:
    """A web server on loopback; serve a feed with web.serve(Answer(body=…))."""
    with Server().running() as server:
        yield server
