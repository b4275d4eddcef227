"""Checks a record against atproto lexicons, as far as posts need: a peer of the same age may know older ones."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import regex

FORMATS = {
    "at-uri": r"at://did:[a-z]+:[\w.:-]+/[\w.-]+/[\w.:~-]+",
    "cid": r"b[a-z2-7]{58}",
    "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z",
    "did": r"did:[a-z]+:[\w.:%-]+",
    "language": r"[a-z]{2,3}(-[A-Za-z0-9]+)*",
    "uri": r"[a-z][a-z0-9+.-]*:\S+",
}
TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict, "blob": dict}


class Lexicons:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def faults(self, nsid: str, record: dict[str, Any]) -> list[str]:
        """What is wrong with the record, one line each; fields that the lexicon does not know are faults too."""
        return self._check({"type": "ref", "ref": f"lex:{nsid}"}, record, nsid, "")

    def _definition(self, ref: str, here: str) -> tuple[dict[str, Any], str]:
        nsid, _, name = ref.removeprefix("lex:").partition("#")
        nsid = nsid or here
        document = json.loads((self._folder / f"{nsid.replace('.', '/')}.json").read_text(encoding="utf-8"))
        definition: dict[str, Any] = document["defs"][name or "main"]
        return definition.get("record", definition), nsid

    def _check(self, schema: dict[str, Any], value: Any, here: str, where: str) -> list[str]:
        kind = schema["type"]
        if kind == "ref":
            definition, nsid = self._definition(schema["ref"], here)
            return self._check(definition, value, nsid, where)
        if kind == "union":
            return self._check_union(schema, value, here, where)
        if kind not in TYPES or not isinstance(value, TYPES[kind]):
            return [f"{where}: {value!r} is no {kind}"]
        checks: dict[str, Callable[[dict[str, Any], Any, str, str], list[str]]] = {
            "string": self._check_string,
            "array": self._check_array,
            "object": self._check_object,
            "blob": self._check_blob,
        }
        return checks[kind](schema, value, here, where) if kind in checks else []

    def _check_union(self, schema: dict[str, Any], value: Any, here: str, where: str) -> list[str]:
        known = [f"{here}{ref}" if ref.startswith("#") else ref for ref in schema["refs"]]
        if value.get("$type") not in known:
            return [f"{where}: $type {value.get('$type')} is none of {known}"]
        return self._check({"type": "ref", "ref": value["$type"]}, value, here, where)

    def _check_string(self, schema: dict[str, Any], value: str, _: str, where: str) -> list[str]:
        faults = []
        if len(value.encode()) > schema.get("maxLength", 10**9):
            faults.append(f"{where}: too many bytes")
        if len(regex.findall(r"\X", value)) > schema.get("maxGraphemes", 10**9):
            faults.append(f"{where}: too many graphemes")
        if "format" in schema and not re.fullmatch(FORMATS[schema["format"]], value):
            faults.append(f"{where}: {value!r} is no {schema['format']}")
        return faults

    def _check_array(self, schema: dict[str, Any], value: list[Any], here: str, where: str) -> list[str]:
        faults = [f"{where}: too many"] if len(value) > schema.get("maxLength", 10**9) else []
        for index, item in enumerate(value):
            faults += self._check(schema["items"], item, here, f"{where}[{index}]")
        return faults

    def _check_object(self, schema: dict[str, Any], value: dict[str, Any], here: str, where: str) -> list[str]:
        properties = schema["properties"]
        faults = [f"{where}.{name}: missing" for name in schema.get("required", []) if name not in value]
        for name, item in value.items():
            if name in properties:
                faults += self._check(properties[name], item, here, f"{where}.{name}")
            elif name != "$type":
                faults.append(f"{where}.{name}: unknown")
        return faults

    def _check_blob(self, schema: dict[str, Any], value: dict[str, Any], _: str, where: str) -> list[str]:
        if value["$type"] != "blob" or set(value) != {"$type", "ref", "mimeType", "size"}:
            return [f"{where}: no blob"]
        accepted = any(re.fullmatch(kind.replace("*", ".*"), value["mimeType"]) for kind in schema["accept"])
        return [] if accepted and value["size"] <= schema["maxSize"] else [f"{where}: blob not accepted"]
