"""A double of Bluesky's video service (the lexicons app.bsky.video.*), which stores what it prepared on a real PDS.

It is let in there by the authority that it was handed, so that a wrong one is found out by the official server.
"""

import base64
import json
from typing import Any

import httpx

from tests.peers.double import Double, Reply, Request


class VideoService(Double):
    def __init__(self, pds: str) -> None:
        super().__init__()
        self.pds = pds
        self.states = ["JOB_STATE_ENCODING", "JOB_STATE_COMPLETED"]
        """How the job stands at each look, the last from then on."""
        self.failure: dict[str, str] = {}
        """What a failed job says besides."""
        self.refusal: Reply | None = None
        self.blobs: dict[str, dict[str, Any]] = {}
        """By job, which is named after the file."""

    def answer(self, request: Request) -> Reply:
        if self.refusal:
            return self.refusal
        if (request.method, request.path) == ("POST", "/xrpc/app.bsky.video.uploadVideo"):
            return self._upload(request)
        if (request.method, request.path) == ("GET", "/xrpc/app.bsky.video.getJobStatus"):
            return Reply(200, {"jobStatus": self._job(request.query["jobId"])})
        return Reply(404, {"error": "MethodNotImplemented"})

    def _upload(self, request: Request) -> Reply:
        did, name = request.query["did"], request.query["name"]
        token = request.headers["authorization"].removeprefix("Bearer ")
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        if (claims["iss"], claims["lxm"]) != (did, "com.atproto.repo.uploadBlob"):
            return Reply(401, {"error": "BadAuth", "message": "This is not for storing files of this account"})
        if request.headers["content-type"] != "video/mp4":
            return Reply(400, {"error": "InvalidType", "message": "Only MP4 is taken"})
        if name in self.blobs:
            return Reply(409, {"error": "already_exists", "message": "Video already processed", **self._job(name)})
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "video/mp4"}
        url = f"{self.pds}/xrpc/com.atproto.repo.uploadBlob"
        stored = httpx.post(url, content=request.body, headers=headers, timeout=20, trust_env=False)
        assert stored.status_code == 200, stored.text
        self.blobs[name] = stored.json()["blob"]
        return Reply(200, self._job(name))

    def _job(self, name: str) -> dict[str, Any]:
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        job: dict[str, Any] = {"jobId": name, "did": "did:plc:someone", "state": state}
        if state == "JOB_STATE_COMPLETED":
            job["blob"] = self.blobs[name]
        return {**job, **self.failure} if state == "JOB_STATE_FAILED" else job
