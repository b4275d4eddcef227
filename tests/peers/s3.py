"""A real S3 server on loopback, OpenStack Swift, started by the tests themselves. It calculates each signature anew and
refuses what is forged, has ended, or comes from a key that may not.
"""

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

SERVER = Path(__file__).parent / "s3_server.py"
START_TIMEOUT = 60.0
BUCKET, REGION = "press-office", "us-east-1"
KEY, SECRET = "press:desk", "the-secret-of-the-desk"
GUEST = {"key": "press:guest", "secret": "the-secret-of-a-guest"}
"""A key that the server knows, and that may do nothing with the bucket."""


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address. Without it tests are skipped; under CI they fail."""
    if not find_spec("swift"):
        reason = "the S3 server is not installed: pip install -r requirements/test.txt (on Linux)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("s3")
    with (folder / "s3.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, str(SERVER), str(folder), BUCKET], stdout=subprocess.PIPE, stderr=log
        )
        try:
            assert process.stdout is not None
            readable, _, _ = select.select([process.stdout], [], [], START_TIMEOUT)
            line = process.stdout.readline() if readable else b""
            assert line, f"the S3 server did not start: {(folder / 's3.log').read_text()[-2000:]}"
            yield f"http://127.0.0.1:{int(line)}"
        finally:
            process.terminate()
            process.wait(10)
