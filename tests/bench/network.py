"""A network on loopback that takes every post it is given: `python -m tests.bench.network MILLISECONDS`.

It speaks as the sandbox network does, answers each post after so many milliseconds, and keeps what came: `GET /came`
gives key, text and the moment of the first byte of each, so that what was sent twice stands there twice.
"""

import contextlib
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

came: list[tuple[str, str, float]] = []
answer_after = 0.0


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    begun = 0.0

    def parse_request(self) -> bool:
        self.begun = time.time()
        return super().parse_request()

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        came.append((self.headers["Idempotency-Key"], asked["text"], self.begun))
        number = len(came)
        time.sleep(answer_after)
        self.reply(201, shown(number, asked["text"]))

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if asked.path == "/came":
            self.reply(200, came)
        elif asked.path.endswith("/me"):
            self.reply(200, {"id": "1", "handle": "press", "name": "Press", "url": "http://127.0.0.1/", "limits": {}})
        else:
            (key,) = parse_qs(asked.query)["key"]
            found = [shown(number, text) for number, (known, text, _) in enumerate(came, 1) if known == key]
            self.reply(200, {"posts": found[:1]})

    def reply(self, status: int, body: Any) -> None:
        data = json.dumps(body).encode()
        with contextlib.suppress(OSError):  # who asked was killed meanwhile
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def shown(number: int, text: str) -> dict[str, str]:
    return {"id": str(number), "url": f"http://127.0.0.1/{number}", "status": "published", "text": text}


def main() -> None:
    global answer_after  # noqa: PLW0603  one network in one process
    answer_after = float(sys.argv[1]) / 1000
    server = Server(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
