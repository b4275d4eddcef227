"""A real WebSub hub on loopback: Flask-WebSub, whose Celery tasks run at once, in a process of its own.

`python -m tests.peers.hub FOLDER` serves it and prints its port. It verifies and delivers while the request that
asked for it still waits, so that a test knows when everything has happened.
"""

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
START_TIMEOUT = 30.0


@dataclass(slots=True)
class Hub:
    url: str
    client: httpx.Client

    def publish(self, topic: str) -> None:
        """Tell the hub that there is something new at `topic`: it reads it and delivers it before it answers."""
        answer = self.client.post(self.url, data={"hub.mode": "publish", "hub.topic": topic})
        assert answer.status_code == 202, answer.text

    def callbacks(self, topic: str) -> list[str]:
        """The addresses to which the hub delivers `topic`."""
        callbacks: list[str] = self.client.get(f"{self.url}/callbacks", params={"topic": topic}).json()
        return callbacks


def serve(folder: Path) -> None:
    """Run a hub that keeps its subscriptions in `folder` until the process ends."""
    from celery import Celery
    from flask import Flask, jsonify, request
    from flask_websub.hub import Hub as FlaskHub
    from flask_websub.hub import SQLite3HubStorage
    from werkzeug.serving import make_server

    celery = Celery("hub", broker="memory://")
    celery.conf.task_always_eager = True
    app = Flask("hub")
    app.config["PUBLISH_SUPPORTED"] = True
    storage = SQLite3HubStorage(str(folder / "hub.sqlite3"))
    hub = FlaskHub(storage, celery, MAX_ATTEMPTS=1, BACKOFF_BASE=0.01)
    app.register_blueprint(hub.build_blueprint("/hub"))

    @app.get("/hub/callbacks")
    def callbacks() -> object:
        return jsonify([callback for callback, _ in storage.get_callbacks(request.args["topic"])])

    server = make_server("127.0.0.1", 0, app, threaded=True)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """Without its packages tests are skipped; under CI they fail."""
    if not (find_spec("flask_websub") and find_spec("celery")):
        reason = "the hub is not installed: pip install -r requirements/test.txt"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("hub")
    with (folder / "hub.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.peers.hub", str(folder)], stdout=subprocess.PIPE, stderr=log, cwd=ROOT
        )
        try:
            assert process.stdout is not None
            readable, _, _ = select.select([process.stdout], [], [], START_TIMEOUT)
            line = process.stdout.readline() if readable else b""
            assert line, f"the hub did not start: {(folder / 'hub.log').read_text()[-2000:]}"
            with httpx.Client(timeout=20, trust_env=False) as client:
                yield Hub(f"http://127.0.0.1:{int(line)}/hub", client)
        finally:
            process.terminate()
            process.wait(10)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
