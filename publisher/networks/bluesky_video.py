"""A video on its way into an account's repository: through Bluesky's video service, or straight to the server.

The service prepares a video before there is a post, so that followers never meet one that does not play yet; it needs a
server that it can reach. Anywhere else, and where the service is not there, the server gets the file as it is, and the
network prepares it once the post is out. Sources: the lexicons app.bsky.video.* and com.atproto.server.getServiceAuth.
The service answers with a job as the lexicons have it (`jobStatus`) or bare, and to a file that it knows with 409.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from publisher.errors import NetworkError, Refused, Retry
from publisher.networks.bluesky_client import BlueskyClient
from publisher.networks.bluesky_errors import CallError
from publisher.networks.media import Encoded
from publisher.networks.wire import Answer, Wire, sentence

VIDEO_SERVICE = "https://video.bsky.app"
LOOKS = (1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5)
"""Seconds between two looks at a video that is being prepared: a minute in all."""
AGAIN = 60.0
"""Seconds until the next try after that; the service then knows the file, and answers at once."""
HALF_AN_HOUR = 1800
LARGEST_BLOB = 50_000_000
"""Bytes. What Bluesky's own servers take from others than the service."""
_AT_FAULT = ("validation_failure", "encoding_failure", "pds_upload_unsupported_blob_size")
"""What a failed job says of the file itself; other failures may pass."""


class _Known(Retry):
    """The service has this file already; `job` is where it stands."""

    job: Mapping[str, Any]


def upload_video(
    client: BlueskyClient,
    video: Encoded,
    name: str,
    service: str,
    wait: Callable[[float], None],
    alive: Callable[[], None],
) -> Mapping[str, Any]:
    """The reference of the video, ready to be embedded. `service`: its address, or blank to go without. `alive`:
    `Context.alive`.

    Nothing is public yet, so each error is safe: CallError, Retry, Refused, RateLimited.
    """
    token = _authority(client) if service else ""
    if not token:
        return client.upload(video.data, video.type)
    with Wire(
        "Bluesky",
        service,
        timeout=client.timeout,
        judge=_judge,
        headers={"Authorization": f"Bearer {token}"},
        secrets=[token],
    ) as wire:
        try:
            job = _submit(wire, client.did, video, name)
        except Retry:
            if len(video.data) > LARGEST_BLOB:
                raise
            alive()
            return client.upload(video.data, video.type)
        alive()
        return _await(wire, job, wait)


def _authority(client: BlueskyClient) -> str:
    """A token with which the service may store one file for us; blank where the server has no such thing."""
    try:
        audience = str(client.query("com.atproto.server.describeServer").get("did") or "")
        until = str(round(time.time()) + HALF_AN_HOUR)
        asked = {"aud": audience, "lxm": "com.atproto.repo.uploadBlob", "exp": until}
        return str(client.query("com.atproto.server.getServiceAuth", **asked).get("token") or "")
    except CallError as failure:
        if failure.status in (404, 405, 501) or failure.name in ("MethodNotImplemented", "InvalidRequest"):
            return ""
        raise


def _submit(wire: Wire, did: str, video: Encoded, name: str) -> Mapping[str, Any]:
    try:
        answer = wire.ask(
            "POST",
            "xrpc/app.bsky.video.uploadVideo",
            params={"did": did, "name": name},
            content=video.data,
            headers={"Content-Type": video.type},
        )
    except _Known as known:
        return known.job
    return _job(answer)


def _await(wire: Wire, job: Mapping[str, Any], wait: Callable[[float], None]) -> Mapping[str, Any]:
    for seconds in (*LOOKS, None):
        blob = job.get("blob")
        if isinstance(blob, dict):
            return blob
        if job.get("state") == "JOB_STATE_FAILED":
            raise _failed(job)
        if seconds is not None:
            wait(seconds)
            params = {"jobId": str(job["jobId"])}
            job = _job(wire.ask("GET", "xrpc/app.bsky.video.getJobStatus", params=params))
    raise Retry("bluesky.video_processing", f"job {job['jobId']}: {job.get('state')}", after=AGAIN, network="Bluesky")


def _job(answer: Answer) -> Mapping[str, Any]:
    told = answer.object
    job = told["jobStatus"] if isinstance(told.get("jobStatus"), dict) else told
    if not job.get("jobId"):
        raise Retry("network.unavailable", answer.told, network="Bluesky")
    return job


def _failed(job: Mapping[str, Any]) -> NetworkError:
    diagnostic = f"job {job['jobId']}: {job.get('failureCode')} {job.get('error')}"[:300]
    if job.get("failureCode") in _AT_FAULT or not job.get("failureCode"):
        why = sentence(job.get("message") or job.get("error"))
        return Refused("bluesky.video_refused", diagnostic, why=why)
    return Retry("bluesky.video_processing", diagnostic, after=AGAIN, network="Bluesky")


def _judge(answer: Answer) -> NetworkError | None:
    """`{"error": "…", "message": "…"}`, and to a file that is there already the job that it had."""
    told = answer.object
    if told.get("error") == "already_exists" and told.get("jobId"):
        known = _Known("bluesky.video_processing", answer.told, network="Bluesky")
        known.job = {name: value for name, value in told.items() if name != "error"}
        return known
    if 400 <= answer.status < 500 and answer.status != 429 and told.get("error"):
        return Refused("bluesky.video_refused", answer.told, why=sentence(told.get("message") or told["error"]))
    return None
