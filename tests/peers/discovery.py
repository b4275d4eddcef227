"""Requests held against a discovery document, as Google describes its interfaces with."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.peers.double import Request

DOCUMENT = Path(__file__).resolve().parents[3] / "shared/specs/youtube/youtube.v3.json"
TYPES = {"string": str, "boolean": bool, "integer": int, "number": (int, float), "array": list, "object": dict}


class Discovery:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self._schemas = document["schemas"]
        self._common = document["parameters"]
        self._methods: dict[tuple[str, str], dict[str, Any]] = {}
        for resource in document["resources"].values():
            for method in resource.get("methods", {}).values():
                uploads = method.get("mediaUpload", {}).get("protocols", {})
                for path in (method["path"], *(one["path"].lstrip("/") for one in uploads.values())):
                    self._methods[method["httpMethod"], "/" + path] = method

    def faults(self, request: Request, scopes: set[str], body: object = None) -> list[str]:
        """What the document has against this request; `body`: the resource in it, if any."""
        method = self._methods.get((request.method, request.path))
        if method is None:
            return [f"no method {request.method} {request.path}"]
        found = [] if scopes & set(method["scopes"]) else [f"{method['id']} needs one of {method['scopes']}"]
        known = {**self._common, **method["parameters"]}
        found += [f"no parameter {name}" for name in request.query if name not in known]
        found += [
            f"{name} is missing" for name, one in known.items() if one.get("required") and name not in request.query
        ]
        found += [fault for name, value in request.query.items() for fault in _parameter(name, value, known.get(name))]
        if body is not None:
            found += self._faults(body, method.get("request", {}).get("$ref", ""), "body")
        return found

    def _faults(self, value: object, name: str, where: str) -> Iterator[str]:
        if name not in self._schemas or not isinstance(value, dict):
            yield f"{where} is no {name}"
            return
        properties = self._schemas[name]["properties"]
        for key, each in value.items():
            schema = properties.get(key)
            if schema is None:
                yield f"{where}.{key} is unknown"
            elif "$ref" in schema:
                yield from self._faults(each, schema["$ref"], f"{where}.{key}")
            elif not isinstance(each, TYPES[schema["type"]]):  # type: ignore[arg-type]  # a type, or some
                yield f"{where}.{key} is no {schema['type']}"
            elif "enum" in schema and each not in schema["enum"]:
                yield f"{where}.{key} is none of {schema['enum']}"


def _parameter(name: str, value: str, schema: Mapping[str, Any] | None) -> Iterator[str]:
    if schema is None:
        return
    if schema["type"] == "boolean" and value not in {"true", "false"}:
        yield f"{name} is neither true nor false"
    if schema["type"] == "integer" and not int(schema.get("minimum", 0)) <= int(value) <= int(schema["maximum"]):
        yield f"{name} is out of range"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{name} is none of {schema['enum']}"


@cache
def youtube() -> Discovery | None:
    """YouTube's, where it is beside the checkout."""
    return Discovery(json.loads(DOCUMENT.read_text())) if DOCUMENT.is_file() else None
