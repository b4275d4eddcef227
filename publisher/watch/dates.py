"""Dates as institutions write them. Pure.

feedparser reads none of `02.10.2026`, `2 octobre 2026`, a date without seconds; takes CEST for UTC; and loses the
time of `20181025 12:17` (measured, facts on sources). So the text is read here.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time
from email.utils import parsedate_to_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from publisher.enums import Precision
from publisher.watch.data import table
from publisher.watch.urls import host_of, is_host

_ZONES = {
    "utc": "+0000", "gmt": "+0000", "ut": "+0000", "z": "+0000",
    "wet": "+0000", "west": "+0100", "bst": "+0100", "ist": "+0100",
    "cet": "+0100", "mez": "+0100", "cest": "+0200", "mesz": "+0200",
    "eet": "+0200", "oez": "+0200", "eest": "+0300", "oesz": "+0300", "msk": "+0300",
    "est": "-0500", "edt": "-0400", "cst": "-0600", "cdt": "-0500", "mst": "-0700", "mdt": "-0600",
    "pst": "-0800", "pdt": "-0700",
}  # fmt: skip
_MONTHS = (
    "january januar januari janvier enero gennaio janeiro styczeń stycznia jan",
    "february februar februari février fevrier febrero febbraio fevereiro luty lutego feb fév févr",
    "march märz maart mars marzo março marzec marca mar mär mrz",
    "april avril abril aprile kwiecień kwietnia apr avr",
    "may mai mei mayo maggio maio maj maja",
    "june juni juin junio giugno junho czerwiec czerwca jun",
    "july juli juillet julio luglio julho lipiec lipca jul juil",
    "august augustus août aout agosto sierpień sierpnia aug",
    "september septembre septiembre settembre setembro wrzesień września sep sept",
    "october oktober octobre octubre ottobre outubro październik października oct okt",
    "november novembre noviembre listopad listopada nov",
    "december dezember décembre decembre diciembre dicembre dezembro grudzień grudnia dec dez déc",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_FORMATS = (
    "%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S",
    "%d-%m-%Y", "%d-%m-%Y %H:%M", "%d-%m-%Y %H:%M:%S",
    "%d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S",
    "%Y/%m/%d", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S",
    "%Y%m%d", "%Y%m%d %H:%M", "%Y%m%d %H:%M:%S",
)  # fmt: skip
"""Tried in this order; day before month, as everywhere outside the United States."""
_NAMED_DAY_FIRST = re.compile(r"\b(\d{1,2})(?:\.|st|nd|rd|th|er)?\s+(?:de\s+)?([^\W\d_]+)\.?,?\s+(?:de\s+)?(\d{4})\b")
_NAMED_MONTH_FIRST = re.compile(r"\b([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
_OFFSET = re.compile(r"(?:\s|(?<=:\d\d))([+-]\d{2}:?\d{2})$")
_NAMED_ZONE = re.compile(r"\s*\(?\b([A-Za-z]{1,5})\)?$")
_HAS_TIME = re.compile(r"\d[:h]\d\d|T\d{4}")


UNKNOWN = "UTC"
"""What stands for a zone that we do not know."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something came out, on the clock of its source. With precision DAY: midnight UTC of the day it names."""

    at: datetime
    precision: Precision = Precision.INSTANT
    floating: bool = False
    """The text names neither zone nor offset, and its institution's zone is not known either."""

    @property
    def utc(self) -> datetime:
        return self.at.astimezone(UTC)

    @property
    def is_placeholder(self) -> bool:
        """Noon and midnight often stand for "some time that day"."""
        return self.precision is Precision.DAY or self.at.time() in {time(0), time(12)}


def parse_date(text: str, zone: str = UNKNOWN) -> Moment | None:
    """The moment that `text` names, or None. `zone` (IANA) holds where the text gives neither zone nor offset."""
    text = " ".join(text.split())[:100]
    if not text:
        return None
    try:
        found = _rfc822(text) or _iso(text) or _tables(text)
        if found is None:
            return None
        floating = found.tzinfo is None and zone == UNKNOWN
        if found.tzinfo is None:
            found = found.replace(tzinfo=ZoneInfo(zone))
        found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Moment(found, floating=floating) if _HAS_TIME.search(text) else day_of(found)


def day_of(moment: datetime) -> Moment:
    """The day of `moment` on its own clock."""
    return Moment(datetime.combine(moment.date(), time(), UTC), Precision.DAY)


def settle(moment: Moment | None, zone: str, *, only_placeholders: bool) -> Moment | None:
    """`moment`, with precision DAY where its clock is a placeholder for "that day".

    Midnight, as written or in the institution's own zone, always is. Noon is where the whole source shows no other
    time (UN News, Drupal's date fields); elsewhere noon is when press offices do publish.
    """
    if moment is None or moment.precision is Precision.DAY:
        return moment
    for local in (moment.at, moment.at.astimezone(ZoneInfo(zone))):
        if local.time() == time(0) or (only_placeholders and local.time() == time(12)):
            return day_of(local)
    return moment


def zone_of(url: str) -> str:
    """The time zone of the institution at `url`, UTC where it is unknown."""
    return _zone_at(host_of(url))


@lru_cache(maxsize=4096)
def _zone_at(host: str) -> str:
    zones: dict[str, str] = table("tidy")["zones"]
    return next((zone for at, zone in zones.items() if is_host(f"https://{host}/", at)), UNKNOWN)


def _rfc822(text: str) -> datetime | None:
    """RFC 822 and 2822, where the zone is one that the standard library knows or an offset."""
    name = _NAMED_ZONE.search(text)
    if name and name[1].casefold() in _ZONES:
        text = f"{text[: name.start()]} {_ZONES[name[1].casefold()]}"
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    # The standard library reads "2 October 2026" and "02.10.2026" into something; only a full form is trusted.
    return found if re.match(r"(?:[A-Za-z]{3},? )?\d{1,2} [A-Za-z]{3} \d{4} \d", text) else None


def _iso(text: str) -> datetime | None:
    if not re.match(r"\d{4}-?\d\d-?\d\dT|\d{4}-\d\d-\d\d", text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _tables(text: str) -> datetime | None:
    """Our own formats: with the offset or zone cut off the end, the weekday off the front, month names as numbers."""
    offset = ""
    if found := _OFFSET.search(text):
        offset, text = found[1].replace(":", ""), text[: found.start()]
    elif (found := _NAMED_ZONE.search(text)) and found[1].casefold() in _ZONES:
        offset, text = _ZONES[found[1].casefold()], text[: found.start()]
    text = _numbered(text.casefold())
    text = re.sub(r"^[^\W\d_]+\.?,?\s*(?=\d)", "", text)
    text = re.sub(r"\s*(?:,|\bat\b|\bà\b|\bum\b|\buhr\b|[-–]|t)\s*(?=\d{1,2}[:h]\d\d)", " ", text)
    text = re.sub(r"(?<=\d)h(?=\d\d)", ":", text).removesuffix(" uhr").strip(" ,")
    for form in _FORMATS:
        try:
            return datetime.strptime(text + offset, form + ("%z" if offset else ""))  # noqa: DTZ007 (the caller sets the zone where the text has none)
        except ValueError:
            continue
    return None


def _numbered(text: str) -> str:
    """`2 october 2026` and `october 2, 2026` as `2.10.2026`."""
    if (found := _NAMED_DAY_FIRST.search(text)) and found[2] in _MONTH:
        day, month, year = found[1], found[2], found[3]
    elif (found := _NAMED_MONTH_FIRST.search(text)) and found[1] in _MONTH:
        month, day, year = found[1], found[2], found[3]
    else:
        return text
    return f"{text[: found.start()]}{day}.{_MONTH[month]}.{year}{text[found.end() :]}"
