"""An S3 server on loopback (s3rver), started by the tests themselves. It refuses unknown keys and addresses that have
ended; signatures of version 4 it does not calculate."""

import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "s3"
START_TIMEOUT = 60.0
BUCKET, KEY = "press-office", "S3RVER"
"""Its one account has the same word for key and secret."""
SERVE = """
const [folder, bucket] = process.argv.slice(1);
const S3rver = require("s3rver");
new S3rver({ port: 0, address: "127.0.0.1", silent: true, directory: folder, configureBuckets: [{ name: bucket }] })
  .run()
  .then(({ port }) => console.log(port));
process.stdin.on("end", () => process.exit(0)).resume();
"""


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address. Without it tests are skipped; under CI they fail."""
    if not (FOLDER / "node_modules").is_dir() or not shutil.which("node"):
        reason = "the S3 server is not installed: run tests/peers/install.sh (needs Node 20)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    process = subprocess.Popen(
        ["node", "--no-deprecation", "-e", SERVE, str(tmp_path_factory.mktemp("s3")), BUCKET],
        cwd=FOLDER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        readable, _, _ = select.select([process.stdout], [], [], START_TIMEOUT)
        line = process.stdout.readline() if readable else b""
        if not line:
            raise RuntimeError("the S3 server did not start")
        yield f"http://127.0.0.1:{int(line)}"
    finally:
        process.terminate()
        process.wait(10)
