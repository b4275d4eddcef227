"""`publisher rule …`"""

from datetime import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from publisher.cli.app import As, AsJson, describe, one_of, open_newsroom, show, show_rows

if TYPE_CHECKING:
    from publisher.models import Rule

group = typer.Typer(help="Which documents go where, and whether a person looks first.", no_args_is_help=True)

Which = Annotated[str, typer.Argument(metavar="RULE", help="Its number or its name.")]
Many = list[str] | None
Kind = Annotated[Many, typer.Option(help="Only this kind of document; this and the next ones may be repeated.")]
Ids = list[int] | None
From = Annotated[Ids, typer.Option("--source", help="Only from this source.")]
To = Annotated[Ids, typer.Option("--channel", help="Only to this channel.")]
Language = Annotated[Many, typer.Option(help="Only what is there in this language: en.")]
Person = Annotated[Many, typer.Option(help="Only where this person speaks.")]
Topic = Annotated[Many, typer.Option(help="Only on this topic, as the institution names it.")]
Word = Annotated[Many, typer.Option(help="Only with this word, or these words in a row, in title or lead.")]
NotWord = Annotated[Many, typer.Option(help="Only without this word in title or lead.")]
Day = Annotated[Many, typer.Option(help="Only on this day: mon, tue, wed, thu, fri, sat, sun.")]
Begin = Annotated[str | None, typer.Option("--from", help="Only from this time of day on: 09:00.")]
End = Annotated[str | None, typer.Option("--until", help="Only until this time of day, over midnight if need be.")]
Review = Annotated[bool, typer.Option("--review", help="A person looks first.")]
Automatic = Annotated[bool, typer.Option("--automatic", help="Without a person in between.")]
Ignore = Annotated[bool, typer.Option("--ignore", help="Draft nothing.")]
Wait = Annotated[int | None, typer.Option(help="Minutes in which a person can hold what goes out by itself.")]
PerHour = Annotated[int | None, typer.Option(help="At most so many an hour by itself; 0: any number.")]
Slots = Annotated[bool | None, typer.Option("--slots/--no-slots", help="In the channel's best hours.")]
Template = Annotated[str | None, typer.Option(help="A template file instead of the one for the kind.")]
Hashtag = Annotated[Many, typer.Option(help="Hashtag at the end of its posts.")]
Position = Annotated[int | None, typer.Option(help="Rules with a lower number come first; 100 if not said.")]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="rule", rich_help_panel="Newsroom")


@group.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    kind: Kind = None,
    source: From = None,
    channel: To = None,
    language: Language = None,
    person: Person = None,
    topic: Topic = None,
    word: Word = None,
    not_word: NotWord = None,
    day: Day = None,
    begin: Begin = None,
    end: End = None,
    automatic: Automatic = False,
    ignore: Ignore = False,
    wait: Wait = None,
    per_hour: PerHour = None,
    slots: Slots = None,
    template: Template = None,
    hashtag: Hashtag = None,
    position: Position = None,
    off: Annotated[bool, typer.Option("--off", help="Not in force yet: try it first with rule test.")] = False,
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Add a rule. For each channel, the first that fits a document counts."""
    said = _said(kind, source, channel, language, person, topic, word, not_word, day, begin, end, wait, per_hour)
    said |= _kept(use_slots=slots, template=template, hashtags=hashtag, position=position)
    said |= _mode(automatic=automatic, ignore=ignore)
    open_newsroom()
    from publisher.newsroom import access
    from publisher.newsroom.drafts import rules
    from publisher.newsroom.drafts.terms import Terms

    made = rules.add(access.operator(as_), Terms(name=name, **said), active=not off)
    _show(made, f"Rule {made.pk}: {made.name}.", as_json=as_json)


@group.command()
def change(
    rule: Which,
    name: Annotated[str | None, typer.Option(help="What to call it from now on.")] = None,
    kind: Kind = None,
    source: From = None,
    channel: To = None,
    language: Language = None,
    person: Person = None,
    topic: Topic = None,
    word: Word = None,
    not_word: NotWord = None,
    day: Day = None,
    begin: Begin = None,
    end: End = None,
    review: Review = False,
    automatic: Automatic = False,
    ignore: Ignore = False,
    wait: Wait = None,
    per_hour: PerHour = None,
    slots: Slots = None,
    template: Template = None,
    hashtag: Hashtag = None,
    position: Position = None,
    anything: Annotated[Many, typer.Option(help="Ask nothing of this any more: --anything word.")] = None,
    as_: As = "",
    as_json: AsJson = False,
) -> None:
    """Change what is said here; the rest stays. What it has scheduled by itself goes back to review."""
    said = _said(kind, source, channel, language, person, topic, word, not_word, day, begin, end, wait, per_hour)
    said |= _kept(name=name, use_slots=slots, template=template, hashtags=hashtag, position=position)
    said |= _mode(review=review, automatic=automatic, ignore=ignore)
    for asked in anything or []:
        one_of(asked, list(_LISTS), "--anything")
        said[_LISTS[asked]] = None if asked in {"from", "until"} else ()
    open_newsroom()
    from dataclasses import replace

    from publisher.newsroom import access
    from publisher.newsroom.drafts import rules
    from publisher.newsroom.drafts.terms import Terms

    found = rules.named(rule)
    made = rules.update(found.pk, access.operator(as_), replace(Terms.of(found), **said))
    _show(made, f"Rule {made.pk}: {made.name}. It counts for documents that come in from now on.", as_json=as_json)


@group.command("list")
def list_(as_json: AsJson = False) -> None:
    """All rules, in the order in which they are tried."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import queries

    rows = shapes.rules(queries.rules())
    columns = ("id", "position", "name", "mode", "kinds", "sources", "channels", "active")
    show_rows(rows, columns, as_json=as_json, empty="There is no rule, so nothing is drafted: publisher rule add NAME")


@group.command("show")
def show_(rule: Which, as_json: AsJson = False) -> None:
    """One rule."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom.drafts import rules

    row = shapes.rule(rules.named(rule))
    show(row, describe(row), as_json=as_json)


@group.command()
def test(
    rule: Which,
    days: Annotated[int, typer.Option(help="How far back.", min=1, max=366)] = 30,
    as_json: AsJson = False,
) -> None:
    """What this rule would have done with the documents of the last days, newest first, also before it is switched on.
    Nothing is drafted."""
    open_newsroom()
    from publisher.newsroom.drafts import rehearsal, rules
    from publisher.types import to_json

    rows = [
        {
            "document": each.document.pk,
            "kind": each.document.kind,
            "title": each.document.title,
            "channel": each.channel.name,
            "outcome": each.outcome,
            "reason": each.reason,
            "due": to_json(each.due),
            "text": each.text,
        }
        for each in rehearsal.all_of(rules.named(rule), days)
    ]
    columns = ("document", "kind", "title", "channel", "outcome", "reason", "text")
    show_rows(rows, columns, as_json=as_json, empty="It would have taken nothing.")


@group.command()
def on(rule: Which, as_: As = "", as_json: AsJson = False) -> None:
    """Put a rule in force."""
    _switch(rule, as_, as_json=as_json, active=True)


@group.command()
def off(rule: Which, as_: As = "", as_json: AsJson = False) -> None:
    """Put a rule out of force. What it has scheduled by itself goes back to review."""
    _switch(rule, as_, as_json=as_json, active=False)


@group.command()
def ask(rule: Which, as_: As = "", as_json: AsJson = False) -> None:
    """Ask a second person once more to agree to a rule that sends by itself past four eyes."""
    open_newsroom()
    from publisher.newsroom import access
    from publisher.newsroom.approval import agreement
    from publisher.newsroom.drafts import rules

    found = rules.named(rule)
    agreement.ask_again(found, access.operator(as_))
    _show(found, f"Rule {found.pk}: {found.name}.", as_json=as_json)


@group.command()
def remove(rule: Which, as_: As = "", as_json: AsJson = False) -> None:
    """Take a rule away. Posts that it made stay; what it has scheduled by itself goes back to review."""
    open_newsroom()
    from publisher.cli import shapes
    from publisher.newsroom import access
    from publisher.newsroom.drafts import rules

    found = rules.named(rule)
    row = shapes.rule(found)
    rules.remove(found.pk, access.operator(as_))
    show(row, f"Rule {row['id']} is taken away.", as_json=as_json)


_LISTS = {
    "kind": "kinds",
    "source": "source_ids",
    "channel": "channel_ids",
    "language": "languages",
    "person": "people",
    "topic": "topics",
    "word": "words",
    "not-word": "not_words",
    "day": "weekdays",
    "hashtag": "hashtags",
    "from": "starts",
    "until": "ends",
}
"""Options to the fields of `newsroom.drafts.terms.Terms` that may ask nothing."""


def _said(
    kind: Many,
    source: Ids,
    channel: Ids,
    language: Many,
    person: Many,
    topic: Many,
    word: Many,
    not_word: Many,
    day: Many,
    begin: str | None,
    end: str | None,
    wait: int | None,
    per_hour: int | None,
) -> dict[str, Any]:
    """What was said on the command line, by the names that `Terms` has for it."""
    from publisher.enums import DocumentKind

    for item in kind or []:
        one_of(item, list(DocumentKind), "--kind")
    for item in day or []:
        one_of(item, DAYS, "--day")
    days = [DAYS.index(item) for item in day] if day else None
    said = _kept(kinds=kind, source_ids=source, channel_ids=channel, languages=language, people=person, topics=topic)
    said |= _kept(words=word, not_words=not_word, weekdays=days, cool_off=wait, per_hour=per_hour)
    return said | _kept(starts=_time(begin, "--from"), ends=_time(end, "--until"))


def _kept(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _mode(*, review: bool = False, automatic: bool = False, ignore: bool = False) -> dict[str, str]:
    from publisher.enums import RuleMode

    chosen = [RuleMode.REVIEW] * review + [RuleMode.AUTOMATIC] * automatic + [RuleMode.IGNORE] * ignore
    if len(chosen) > 1:
        raise typer.BadParameter("only one of --review, --automatic, --ignore")
    return {"mode": chosen[0]} if chosen else {}


def _time(text: str | None, option: str) -> time | None:
    if text is None:
        return None
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no time of day like 09:00", param_hint=option) from None


def _switch(which: str, as_: str, *, as_json: bool, active: bool) -> None:
    open_newsroom()
    from publisher.newsroom import access
    from publisher.newsroom.drafts import rules

    found = rules.switch(rules.named(which).pk, access.operator(as_), active=active)
    _show(found, f"Rule {found.pk} is {'in force' if active else 'off'}.", as_json=as_json)


def _show(made: "Rule", text: str, *, as_json: bool) -> None:
    """The rule, and whether it needs somebody's word to do what it says."""
    from publisher.cli import shapes
    from publisher.newsroom.approval import agreement

    why = agreement.why_it_waits(made)
    show(shapes.rule(made), f"{text} {why}".rstrip(), as_json=as_json)
