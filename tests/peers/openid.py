"""A strict OpenID Connect provider on loopback, started by the tests themselves (openid/serve.mjs).

It refuses a wrong PKCE verifier, a wrong client secret, a code that was used and a foreign redirect URI.
"""

import json
import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

FOLDER = Path(__file__).parent / "openid"
START_TIMEOUT = 60.0
CLIENT, SECRET = "publisher", "a client secret of the tests"
CALLBACK = "http://testserver/sign-in/institution/callback/"


@dataclass(frozen=True)
class Provider:
    issuer: str

    def person(self, sub: str, **claims: object) -> None:
        """Who signs in there from now on."""
        self._put("person", {"sub": sub, **claims})

    def forge(self, **claims: object) -> None:
        """From now on its ID tokens say this, with its signature; nothing: the truth again."""
        self._put("token", claims)

    def sign_in(self, address: str) -> httpx.URL:
        """What a browser does that is sent there: where it is sent back to, not followed."""
        with httpx.Client(trust_env=False, timeout=20) as browser:
            answer = browser.get(address)
            while answer.has_redirect_location and answer.headers["Location"].startswith(("/", self.issuer)):
                answer = browser.get(answer.url.join(answer.headers["Location"]))
            return httpx.URL(answer.headers["Location"])

    def _put(self, what: str, body: object) -> None:
        httpx.put(f"{self.issuer}/test/{what}", json=body, trust_env=False, timeout=20).raise_for_status()


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    """Without it tests are skipped; under CI they fail."""
    if not (FOLDER / "node_modules").is_dir() or not shutil.which("node"):
        reason = "the OpenID Connect provider is not installed: run tests/peers/install.sh (needs Node 20)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    process = subprocess.Popen(
        ["node", str(FOLDER / "serve.mjs"), CLIENT, SECRET, CALLBACK],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # it warns of the newest Node and of http
    )
    try:
        assert process.stdout is not None
        readable, _, _ = select.select([process.stdout], [], [], START_TIMEOUT)
        line = process.stdout.readline() if readable else b""
        if not line:
            raise RuntimeError("the OpenID Connect provider did not start")
        yield Provider(json.loads(line)["issuer"])
    finally:
        process.terminate()
        process.wait(10)
