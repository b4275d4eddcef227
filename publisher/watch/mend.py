"""XML from outside made fit for parsers: ampersands in order, entities what they stand for, bombs refused. Pure."""

import html
import re
from html.entities import html5

from publisher.enums import SourceStatus
from publisher.errors import FetchError
from publisher.watch.nesting import is_too_deep

MOST_ENTITIES = 20
"""Entity declarations in a DOCTYPE; no honest feed has more."""
LONGEST_ENTITY = 100
"""Characters in the value of one."""
MOST_REFERENCES = 10_000
"""References to them; with the two limits above no document can grow by more than a megabyte."""
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_ENTITY_VALUE = re.compile(r"""<!ENTITY\s+(\w+)\s+("[^"]*"|'[^']*')\s*>""", re.IGNORECASE)
_NESTED_ENTITY = re.compile(r"<!ENTITY[^>]*?[&%](?!(?:amp|lt|gt|quot|apos|#\w+);)\w+;", re.IGNORECASE)
_REPAIR = re.compile(
    r"<!\[CDATA\[(?:.*?\]\]>|.*\Z)|<!--(?:.*?-->|.*\Z)"
    r"|&(?:#(?P<number>\d{1,7}|[xX][0-9a-fA-F]{1,6});|(?P<name>[A-Za-z_][A-Za-z0-9_]{0,31});)?",
    re.DOTALL,
)
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})


def mend(text: str) -> str:
    """The XML with its ampersands in order, without declaration and DOCTYPE. Raises FetchError for an entity bomb
    or elements nested without end.

    A bare `&` becomes `&amp;`, HTML's named entities and the document's own become what they stand for, references to
    forbidden characters go; CDATA sections and comments stay as they are.
    """
    own = _own_entities(text)
    references = 0

    def mended(found: re.Match[str]) -> str:
        nonlocal references
        if found["number"]:
            return found[0] if _is_allowed(found["number"]) else ""
        name = found["name"]
        if not name or name in _OF_XML:
            return found[0] if found[0] != "&" else "&amp;"
        if name in own:
            references += 1
            return own[name] if references <= MOST_REFERENCES else ""
        character = html5.get(f"{name};")
        return html.escape(character) if character else f"&amp;{name};"

    without_head = _DOCTYPE.sub("", _DECLARATION.sub("", text), count=1)
    clean = _REPAIR.sub(mended, without_head)
    if references > MOST_REFERENCES:
        raise dangerous(f"{references} references to entities")
    if is_too_deep(clean):
        raise dangerous("elements nested too deep")
    return clean


def _own_entities(text: str) -> dict[str, str]:
    """What the document's DOCTYPE declares. Raises FetchError where that is more than an honest feed has."""
    declared = len(_ENTITY.findall(text))
    if declared > MOST_ENTITIES or (declared and _NESTED_ENTITY.search(text)):
        raise dangerous(f"{declared} entities declared")
    own = {found[1]: found[2][1:-1] for found in _ENTITY_VALUE.finditer(text)} if declared else {}
    if any(len(value) > LONGEST_ENTITY for value in own.values()):
        raise dangerous("an entity with a long value")
    return own


def _is_allowed(number: str) -> bool:
    """Whether the character with this number (`38`, `x26`) may stand in XML 1.0."""
    code = int(number[1:], 16) if number[0] in "xX" else int(number)
    return code in {9, 10, 13} or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF


def dangerous(diagnostic: str) -> FetchError:
    return FetchError("source.dangerous", diagnostic, status=SourceStatus.MALFORMED)
