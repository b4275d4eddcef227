"""The official Bluesky PDS on loopback, started by the tests themselves.

`tests/peers/install-pds.sh` installs it; `pds/serve.js` starts it with a PLC directory of its own, in a data
folder that is new each time. No e-mail, no crawler, no AppView.
"""

import itertools
import json
import os
import select
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.ports import free_port

FOLDER = Path(__file__).parent / "pds"
START_TIMEOUT = 60.0
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True, slots=True)
class Account:
    did: str
    handle: str
    password: str
    token: str
    """An access token, for looking at the server behind our own code's back."""
    refresh_token: str


@dataclass(slots=True)
class Pds:
    url: str
    client: httpx.Client
    """Meets no rate limit."""
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def create_account(self) -> Account:
        handle = f"press{next(self._numbers)}.test"
        body = {"handle": handle, "email": f"{handle}@example.org", "password": PASSWORD}
        answer = self.post("com.atproto.server.createAccount", body)
        return Account(answer["did"], handle, PASSWORD, answer["accessJwt"], answer["refreshJwt"])

    def records(self, did: str, collection: str = "app.bsky.feed.post") -> list[dict[str, Any]]:
        """What the repository holds, oldest key first: uri, cid and value of each record."""
        params = {"repo": did, "collection": collection, "limit": "100", "reverse": "true"}
        answer = self.get("com.atproto.repo.listRecords", params)
        records: list[dict[str, Any]] = answer["records"]
        return records

    def get(self, method: str, params: Mapping[str, str]) -> dict[str, Any]:
        return self._json(self.client.get(f"/xrpc/{method}", params=params))

    def post(self, method: str, body: object, token: str = "") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self._json(self.client.post(f"/xrpc/{method}", json=body, headers=headers))

    @staticmethod
    def _json(response: httpx.Response) -> dict[str, Any]:
        assert response.is_success, f"{response.request.url.path}: {response.status_code} {response.text[:300]}"
        answer: dict[str, Any] = response.json() if response.content else {}
        return answer


@contextmanager
def run_pds(folder: Path) -> Iterator[Pds]:
    """A PDS that lives in `folder` (empty) until the block ends."""
    with (folder / "pds.log").open("wb") as log:
        process = subprocess.Popen(
            ["node", str(FOLDER / "serve.js"), str(folder), str(free_port()), str(free_port())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            # Its log is large and of no use here.
            env={**os.environ, "LOG_ENABLED": "false"},
        )
        try:
            assert process.stdout is not None
            readable, _, _ = select.select([process.stdout], [], [], START_TIMEOUT)
            line = process.stdout.readline() if readable else b""
            if not line:
                raise RuntimeError(f"the PDS did not start: {(folder / 'pds.log').read_text()[-2000:]}")
            ready = json.loads(line)
            headers = {"x-ratelimit-bypass": ready["bypass"]}
            with httpx.Client(base_url=ready["url"], headers=headers, timeout=20, trust_env=False) as client:
                yield Pds(ready["url"], client)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(scope="session")
def pds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pds]:
    """The official PDS. Without it tests are skipped; under CI they fail."""
    if not (FOLDER / "node_modules").is_dir() or not shutil.which("node"):
        reason = "the PDS is not installed: run tests/peers/install-pds.sh (needs Node 20)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with run_pds(tmp_path_factory.mktemp("pds")) as running:
        yield running


@pytest.fixture
def pds_account(pds: Pds) -> Account:
    """A new account of its own for each test."""
    return pds.create_account()
