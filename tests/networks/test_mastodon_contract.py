"""What we send, and what our double of a server answers, against the OpenAPI document of Mastodon's API.

The document knows JSON bodies only; a form is the same fields with lists as `name[]`.
"""

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from publisher.networks.base import Context
from publisher.networks.mastodon import Mastodon
from publisher.types import Part
from tests.networks.test_mastodon import KEY, NETWORK, PICTURE, context, credentials, unused
from tests.peers.mastodon import MastodonServer, mastodon_server
from tests.peers.mastodon_http import Request

__all__ = ["context", "mastodon_server"]

PATHS = {
    "/api/v1/accounts/verify_credentials": r"/api/v1/accounts/verify_credentials",
    "/api/v1/apps/verify_credentials": r"/api/v1/apps/verify_credentials",
    "/api/v1/instance": r"/api/v1/instance",
    "/api/v2/instance": r"/api/v2/instance",
    "/api/v2/media": r"/api/v2/media",
    "/api/v1/media/{id}": r"/api/v1/media/\d+",
    "/api/v1/statuses": r"/api/v1/statuses",
    "/api/v1/statuses/{id}": r"/api/v1/statuses/\d+",
    "/api/v1/statuses/{id}/source": r"/api/v1/statuses/\d+/source",
    "/api/v1/accounts/{id}/statuses": r"/api/v1/accounts/\d+/statuses",
}


@cache
def _document(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text())
    return document


@pytest.fixture
def document(shared: Path) -> dict[str, Any]:
    return _document(shared / "specs" / "mastodon" / "schema.json")


@pytest.fixture
def whole_day(mastodon_server: MastodonServer, context: Context) -> MastodonServer:
    """A server that has seen everything we do: connect, two parts with a picture, look up, take back."""
    mastodon_server.processing = 1
    network = Mastodon(wait=lambda _: None)
    network.verify(credentials(mastodon_server), unused)
    first = network.publish(Part(text="One, with a picture", media=(PICTURE,)), context, "k:0")
    second = network.publish(Part(text="Two"), replace(context, thread=(first,)), "k:1")
    network.find(Part(text="Three"), context, KEY)
    network.delete(second, context)
    return mastodon_server


def errors_in(document: dict[str, Any], name: str, value: object) -> list[str]:
    """What keeps `value` from being an entity `name` of the document."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(value)]


def operation(document: dict[str, Any], request: Request) -> dict[str, Any]:
    [template] = [template for template, pattern in PATHS.items() if re.fullmatch(pattern, request.path)]
    found: dict[str, Any] = document["paths"][template][request.method.lower()]
    return found


def properties(document: dict[str, Any], name: str) -> set[str]:
    """The fields of a schema and of those it is made of."""
    schema = document["components"]["schemas"][name]
    parts = [schema, *schema.get("allOf", [])]
    own = {field for part in parts for field in part.get("properties", {})}
    return own.union(*(properties(document, part["$ref"].rpartition("/")[2]) for part in parts if "$ref" in part), own)


def test_every_status_we_send_is_one(document: dict[str, Any], whole_day: MastodonServer) -> None:
    sent = [
        {name.removesuffix("[]"): value for name, value in request.form.items()}
        for request in whole_day.sent("POST", "/api/v1/statuses")
    ]
    assert len(sent) == 2
    for body, name in zip(sent, ["MediaStatus", "TextStatus"], strict=True):
        assert errors_in(document, name, body) == []
        assert body.keys() <= properties(document, name)


def test_every_upload_is_one(document: dict[str, Any], whole_day: MastodonServer) -> None:
    [request] = whole_day.sent("POST", "/api/v2/media")
    [(kind, content)] = operation(document, request)["requestBody"]["content"].items()
    assert request.headers["content-type"].startswith(kind + ";")
    assert {"file", *request.form} <= content["schema"]["properties"].keys()
    assert request.file


def test_every_request_is_in_the_document(document: dict[str, Any], whole_day: MastodonServer) -> None:
    assert {request.method for request in whole_day.requests} == {"GET", "POST", "DELETE"}
    for request in whole_day.requests:
        if "nodeinfo" in request.path:
            continue  # a standard of its own (nodeinfo.diaspora.software)
        known = operation(document, request)
        parameters = {item["name"] for item in known.get("parameters", []) if item["in"] == "query"}
        given = request.query.keys() | (request.form.keys() if request.method == "DELETE" else set())
        assert given <= parameters, request.path


def test_the_double_answers_with_real_entities(
    document: dict[str, Any], mastodon_server: MastodonServer, context: Context
) -> None:
    receipt = NETWORK.publish(Part(text="One @press #EU", media=(PICTURE,)), context, KEY)
    [medium] = mastodon_server.media
    for path, name in [
        ("/api/v1/accounts/verify_credentials", "CredentialAccount"),
        ("/api/v2/instance", "Instance"),
        ("/api/v1/instance", "V1Instance"),
        (f"/api/v1/statuses/{receipt.id}", "Status"),
        (f"/api/v1/statuses/{receipt.id}/source", "StatusSource"),
        (f"/api/v1/media/{medium}", "MediaAttachment"),
        ("/api/v1/statuses/404", "Error"),
    ]:
        headers = {"authorization": f"Bearer {mastodon_server.token}"}
        request = Request(method="GET", path=path, query={}, headers=headers, form={})
        _, data = mastodon_server.handle(request)
        assert errors_in(document, name, data) == [], name
