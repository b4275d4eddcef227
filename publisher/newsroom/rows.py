"""Many rows at once. Django's own `bulk_create` takes three times as long, nearly all of it in Python.

Times that fill themselves in (`auto_now_add`) must be given, and there are no signals.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection, models, transaction

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
    model, fields, prepare = type(objects[0]), _fields(type(objects[0])), _Prepared()
    size = max(1, _MOST // len(fields))
    with connection.cursor() as cursor:
        for some in (objects[start : start + size] for start in range(0, len(objects), size)):
            values: list[Any] = [value for each in some for value in prepare.of(each, fields)]
            places = ", ".join([_places(fields)] * len(some))
            cursor.execute(f"{_into(model, fields)} VALUES {places} RETURNING id", values)
            for each, (key,) in zip(some, sorted(cursor.fetchall()), strict=True):  # keys rise in the order of the rows
                each.pk = key
                each._state.adding, each._state.db = False, connection.alias  # noqa: SLF001 (as Django leaves a stored row)


def insert_all(objects: Sequence[Row], *, ignore_conflicts: bool = False) -> None:
    """The same without asking for keys (those that bring one keep it); with `ignore_conflicts` without those that a
    constraint of the database knows already.
    """
    if objects:
        model, prepare = type(objects[0]), _Prepared()
        fields = _fields(model, with_key=objects[0].pk is not None)
        _write(model, fields, [prepare.of(each, fields) for each in objects], ignore_conflicts)


def insert_values(
    model: type[models.Model],
    names: Sequence[str],
    values: Iterable[Sequence[object]],
    *,
    ignore_conflicts: bool = False,
) -> int:
    """The same from bare values, for rows that are many and small. `names` are those of attributes (`document_id`).

    Gives the number of rows that were new.
    """
    fields = _named(model, tuple(names))
    prepare = _Prepared()
    return _write(model, fields, [prepare(fields, row) for row in values], ignore_conflicts)


def find(model: type[models.Model], names: Sequence[str], by: str, keys: Sequence[str | int]) -> list[tuple[Any, ...]]:
    """Texts and numbers, by the names of attributes, of the rows in which `by` is one of a few hundred `keys`.

    For what is asked for each document that comes in: Django takes ten times as long to put such a question.
    """
    if not keys:
        return []
    quote, (field, *fields) = connection.ops.quote_name, _named(model, (by, *names))
    columns = ", ".join(quote(str(each.column)) for each in fields)
    places = ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM {quote(model._meta.db_table)} WHERE {quote(str(field.column))} IN ({places})",  # noqa: S608, SLF001 (names of our own tables and columns)
            list(keys),
        )
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def update(model: type[models.Model], changes: Iterable[tuple[int, Mapping[str, object]]]) -> None:
    """Write values, by the names of attributes, into rows, by their keys. Those that change the same go together."""
    prepare, quote = _Prepared(), connection.ops.quote_name
    alike: dict[tuple[str, ...], list[list[Any]]] = {}
    for key, new in changes:
        alike.setdefault(tuple(new), []).append([*prepare(_named(model, tuple(new)), tuple(new.values())), key])
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        for names, values in alike.items():
            sets = ", ".join(f"{quote(str(field.column))} = %s" for field in _named(model, names))
            cursor.executemany(f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE id = %s", values)  # noqa: S608, SLF001 (names of our own tables and columns)


def _write(
    model: type[models.Model],
    fields: "Sequence[Field[Any, Any]]",
    rows: Sequence[Sequence[Any]],
    ignore_conflicts: bool,
) -> int:
    ending = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(f"{_into(model, fields)} VALUES {_places(fields)}{ending}", rows)
        return int(cursor.rowcount)


def _places(fields: "Sequence[Field[Any, Any]]") -> str:
    return f"({', '.join(['%s'] * len(fields))})"


def _into(model: type[models.Model], fields: "Sequence[Field[Any, Any]]") -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns})"  # noqa: SLF001 (names of our own tables; Django's public name for what a model is made of)


@cache
def _fields(model: type[models.Model], *, with_key: bool = False) -> "tuple[Field[Any, Any], ...]":
    return tuple(field for field in model._meta.concrete_fields if with_key or not field.primary_key)  # noqa: SLF001 (as above)


@cache
def _named(model: type[models.Model], names: tuple[str, ...]) -> "tuple[Field[Any, Any], ...]":
    by_name = {field.attname: field for field in _fields(model, with_key=True)}
    return tuple(by_name[name] for name in names)


def _value(row: models.Model, field: "Field[Any, Any]") -> object:
    """What stands in a field; for another row its key, which it may have got since it was put there."""
    value: object = getattr(row, field.attname)
    if value is None and isinstance(field, models.ForeignKey) and field.is_cached(row):
        other = field.get_cached_value(row)
        return other.pk if other is not None else None
    return value


class _Prepared:
    """Values as the database takes them. Rows that are written together share most of their times."""

    def __init__(self) -> None:
        self._times: dict[datetime, Any] = {}

    def __call__(self, fields: "Sequence[Field[Any, Any]]", values: Sequence[object]) -> list[object]:
        return [
            value
            if type(value) in _AS_THEY_ARE and not isinstance(field, models.JSONField)
            else self._time(field, value)
            if type(value) is datetime
            else field.get_db_prep_save(value, connection)
            for field, value in zip(fields, values, strict=True)
        ]

    def of(self, row: models.Model, fields: "Sequence[Field[Any, Any]]") -> list[object]:
        return self(fields, [_value(row, field) for field in fields])

    def _time(self, field: "Field[Any, Any]", value: datetime) -> object:
        if value not in self._times:
            self._times[value] = field.get_db_prep_save(value, connection)
        return self._times[value]
