"""Every request that we send to X, and every answer of the double, held against X's own OpenAPI document."""

import io
import json
import re
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from PIL import Image

from publisher.networks.x import X
from publisher.types import Media, Part, Receipt
from tests.peers import x as double
from tests.peers.x import Request, XServer, context_for

x_server = double.x_server
# openapi-core knows no OAuth 1.0a; the double checks the signatures.
pytestmark = pytest.mark.filterwarnings("ignore:Unsupported scheme type")

CALLS = {
    "POST /2/media/upload",
    "GET /2/media/upload",
    "POST /2/media/upload/initialize",
    "POST /2/media/subtitles",
    "POST /2/media/metadata",
    "POST /2/tweets",
    "GET /2/users/2244994945/tweets",
    "GET /2/users/me",
}


@pytest.fixture(scope="module")
def specification(shared: Path) -> OpenAPI:
    document = json.loads((shared / "specs/x/openapi.json").read_text())
    # X's document breaks a rule of OpenAPI itself (an enum value twice), so only the requests are checked.
    return OpenAPI.from_dict(document, config=Config(spec_validator_cls=None))


@pytest.fixture
def sent(x_server: XServer) -> list[Request]:
    """One of everything that X is asked: a thread with pictures, a look-up, who we are, a deletion; in both ways."""
    buffer = io.BytesIO()
    Image.new("RGB", (20, 10), "navy").save(buffer, "PNG")
    x_server.processing_looks = 1
    for number, fields in enumerate((x_server.oauth1_fields(), x_server.oauth2_fields(lifetime=timedelta(0)))):
        network, context = X(), context_for(fields, load=lambda media: buffer.getvalue(), language="en")
        network.verify(context.credentials, context.save)
        pictures = (Media(sha256="a", alt="A field"), Media(sha256="b", alt="Another field"))
        part = Part(text=f"First {number} https://example.eu/", media=pictures)
        first = network.publish(part, context, "hash:0")
        reply = context_for(fields, thread=(first,))
        second = network.publish(Part(text=f"Second {number}"), reply, "hash:1")
        assert network.find(Part(text=f"Second {number}"), reply, "hash:1") == second
        film = Media(sha256="v", alt="Bells", type="video/mp4", captions="words")
        network.publish(Part(text=f"A video {number}", media=(film,)), context, "hash:2")
        network.delete(Receipt(id=second.id, url=second.url), context)
    return x_server.requests


def asked(request: Request) -> MockRequest:
    if request.path.endswith("/append"):  # a form knows no numbers, and the document's other way to say it does
        form = double.multipart(request)
        told = {"media": b64encode(form["media"][2]).decode(), "segment_index": int(form["segment_index"][2])}
        headers = {**request.headers, "content-type": "application/json"}
        request = replace(request, headers=headers, body=json.dumps(told).encode())
    query = dict(pair.split("=", 1) for pair in request.query.split("&")) if request.query else {}
    return MockRequest(
        "https://api.x.com",
        request.method.lower(),
        request.path,
        args={name: double.unquote(value) for name, value in query.items()},
        headers=dict(request.headers),
        data=request.body,
        content_type=request.headers.get("content-type", ""),
    )


def test_every_request_is_as_x_specifies(specification: OpenAPI, sent: list[Request]) -> None:
    deletions = {request.call for request in sent if request.method == "DELETE"}
    parts = {request.call for request in sent if re.search(r"/\d+/(append|finalize)$", request.path)}
    assert {request.call for request in sent} == CALLS | deletions | parts | {"POST /2/oauth2/token"}
    assert len(parts) == 4
    for request in sent:
        if request.path != "/2/oauth2/token":  # not in the document
            specification.validate_request(asked(request))


def test_every_answer_of_the_double_is_as_x_specifies(
    specification: OpenAPI, x_server: XServer, sent: list[Request]
) -> None:
    assert len(x_server.answers) == len(sent)
    for request, status, body in x_server.answers:
        if request.path != "/2/oauth2/token":
            response = MockResponse(json.dumps(body).encode(), status_code=status)
            specification.validate_response(asked(request), response)


@pytest.mark.parametrize(
    "body",
    [
        {"text": "A", "unknown": 1},
        {"text": "A", "reply": {"in_reply_to_tweet_id": "abc"}},
        {"text": "A", "media": {"media_ids": []}},
        {"text": 1},
    ],
)
def test_the_specification_would_notice(specification: OpenAPI, body: Any) -> None:
    headers = {"content-type": "application/json", "authorization": "OAuth x"}
    with pytest.raises(OpenAPIError):
        specification.validate_request(asked(Request("POST", "/2/tweets", "", headers, json.dumps(body).encode())))
