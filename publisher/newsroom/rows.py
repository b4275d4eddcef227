"""Many new rows at once. Django's own `bulk_create` takes three times as long, nearly all of it in Python.

Times that fill themselves in (`auto_now_add`) must be given, and there are no signals.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection, models

if TYPE_CHECKING:
    from django.db.models import Field

Row = TypeVar("Row", bound=models.Model)

_MOST = 900
"""Values in one statement: what every SQLite takes."""
_AS_THEY_ARE = frozenset({str, int, bool, type(None)})
"""Types that every database takes without being told how."""


def insert(objects: Sequence[Row]) -> None:
    """Store new objects of one model, and give each its key."""
    if not objects:
        return
    model, fields = type(objects[0]), _fields(type(objects[0]))
    size = max(1, _MOST // len(fields))
    with connection.cursor() as cursor:
        for some in (objects[start : start + size] for start in range(0, len(objects), size)):
            values: list[Any] = [value for each in some for value in _values(each, fields)]
            places = ", ".join([_places(fields)] * len(some))
            cursor.execute(f"{_into(model, fields)} VALUES {places} RETURNING id", values)
            for each, (key,) in zip(some, sorted(cursor.fetchall()), strict=True):  # keys rise in the order of the rows
                each.pk = key
                each._state.adding, each._state.db = False, connection.alias  # noqa: SLF001 (as Django leaves a stored row)


def insert_all(objects: Sequence[Row], *, ignore_conflicts: bool = False) -> None:
    """The same without keys; with `ignore_conflicts` without those that a constraint of the database knows already."""
    if objects:
        fields = _fields(type(objects[0]))
        _write(type(objects[0]), fields, [_values(each, fields) for each in objects], ignore_conflicts)


def insert_values(
    model: type[models.Model],
    names: Sequence[str],
    values: Iterable[Sequence[object]],
    *,
    ignore_conflicts: bool = False,
) -> None:
    """The same from bare values, for rows that are many and small. `names` are those of attributes (`document_id`)."""
    by_name = {field.attname: field for field in _fields(model)}
    fields = [by_name[name] for name in names]
    _write(model, fields, [_prepared(fields, row) for row in values], ignore_conflicts)


def _write(
    model: type[models.Model],
    fields: "Sequence[Field[Any, Any]]",
    rows: Sequence[Sequence[Any]],
    ignore_conflicts: bool,
) -> None:
    ending = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(f"{_into(model, fields)} VALUES {_places(fields)}{ending}", rows)


def _places(fields: "Sequence[Field[Any, Any]]") -> str:
    return f"({', '.join(['%s'] * len(fields))})"


def _into(model: type[models.Model], fields: "Sequence[Field[Any, Any]]") -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns})"  # noqa: SLF001 (names of our own tables; Django's public name for what a model is made of)


def _fields(model: type[models.Model]) -> "list[Field[Any, Any]]":
    return [field for field in model._meta.concrete_fields if not field.primary_key]  # noqa: SLF001 (as above)


def _values(row: models.Model, fields: "Sequence[Field[Any, Any]]") -> list[object]:
    return _prepared(fields, [_value(row, field) for field in fields])


def _value(row: models.Model, field: "Field[Any, Any]") -> object:
    """What stands in a field; for another row its key, which it may have got since it was put there."""
    value: object = getattr(row, field.attname)
    if value is None and isinstance(field, models.ForeignKey) and field.is_cached(row):
        other = field.get_cached_value(row)
        return other.pk if other is not None else None
    return value


def _prepared(fields: "Sequence[Field[Any, Any]]", values: Sequence[object]) -> list[object]:
    return [
        value
        if type(value) in _AS_THEY_ARE and not isinstance(field, models.JSONField)
        else field.get_db_prep_save(value, connection)
        for field, value in zip(fields, values, strict=True)
    ]
