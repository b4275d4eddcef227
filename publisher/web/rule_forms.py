"""A rule as people type it."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from publisher.models import Channel, Rule, Source
from publisher.newsroom.drafts.terms import LONGEST_NAME, LONGEST_WAIT, MOST_PER_HOUR, Terms
from publisher.web.words import KINDS, MODES, WEEKDAYS

SEVERAL = _("Several are separated by commas; one of them is enough.")


class Several(forms.CharField):
    """A list, typed with commas between its values."""

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else ", ".join(value or ())

    def to_python(self, value: Any) -> Any:
        return [item.strip() for item in str(value or "").split(",") if item.strip()]

    def validate(self, value: Any) -> None:
        """What a value may be is the newsroom's to judge."""

    def run_validators(self, value: Any) -> None:
        """The same."""


def _several(label: Any, help_text: Any = SEVERAL) -> Several:
    widget = forms.TextInput({"autocomplete": "off"})
    return Several(label=label, required=False, help_text=help_text, widget=widget)


def _boxes(label: Any, choices: Sequence[tuple[str, Any]]) -> forms.MultipleChoiceField:
    widget = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(label=label, required=False, choices=choices, widget=widget)


def _rows(label: Any, rows: Any) -> forms.ModelMultipleChoiceField:
    widget = forms.CheckboxSelectMultiple
    return forms.ModelMultipleChoiceField(rows, label=label, required=False, widget=widget)


def _time(label: Any) -> forms.TimeField:
    widget = forms.TimeInput({"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget)


class RuleForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME, widget=forms.TextInput({"autofocus": True}))
    mode = forms.ChoiceField(
        label=_("What happens"),
        choices=[(str(mode), said) for mode, said in MODES.items()],
        widget=forms.RadioSelect,
    )
    cool_off = forms.IntegerField(
        label=_("Minutes to wait before it goes out by itself"),
        required=False,
        min_value=0,
        max_value=LONGEST_WAIT,
        help_text=_("It counts down in the queue meanwhile, and one click or key holds it. 0: it goes out at once."),
    )
    per_hour = forms.IntegerField(
        label=_("At most so many an hour by itself"),
        required=False,
        min_value=0,
        max_value=MOST_PER_HOUR,
        help_text=_("What is more waits for review. 0: any number."),
    )
    use_slots = forms.BooleanField(label=_("Only in the best hours of the channel (Channels)"), required=False)
    kinds = _boxes(_("Kinds"), [(str(kind), said) for kind, said in KINDS.items()])
    sources = _rows(_("Sources"), Source.objects.all())
    channels = _rows(_("Channels"), Channel.objects.all())
    words = _several(
        _("Words in title or lead"),
        _("Whole words, or several in a row; one of them is enough: budget, green deal"),
    )
    not_words = _several(_("Words that must not stand there"), _("Where one of them does, the rule leaves it alone."))
    people = _several(_("Speakers"))
    topics = _several(_("Topics"), _("As the institution names them. One of them is enough."))
    languages = _several(_("Languages"), _("The document is there in one of these: en, fr, de"))
    weekdays = _boxes(_("Days"), [(str(day), said) for day, said in WEEKDAYS.items()])
    starts = _time(_("From this time of day"))
    ends = _time(_("Until this time of day"))
    hashtags = _several(_("Hashtags"), _("At the end of its posts, unless the template places them: EUBudget"))
    template = forms.CharField(
        label=_("Template"),
        required=False,
        max_length=100,
        help_text=_("A template's name, to use instead of the one for the kind. Most rules leave this blank."),
    )
    position = forms.IntegerField(
        label=_("Order"),
        min_value=0,
        max_value=10_000,
        initial=100,
        help_text=_("For each channel the first rule that fits counts; lower numbers come first."),
    )

    @classmethod
    def of(cls, rule: Rule) -> "RuleForm":
        terms = Terms.of(rule)
        related = {"sources": terms.source_ids, "channels": terms.channel_ids}
        return cls(initial={**terms.columns, **related})

    @property
    def groups(self) -> Iterator[tuple[Any, list[forms.BoundField], bool]]:
        """The fields under headings; False for those that most rules leave as they are and that are folded away."""
        named: list[tuple[Any, tuple[str, ...], bool]] = [
            ("", ("name", "mode", "cool_off", "per_hour", "use_slots"), True),
            (_("Which documents: what is left blank asks nothing"), ("kinds", "sources", "words", "not_words"), True),
            (_("Speakers, topics, languages"), ("people", "topics", "languages"), False),
            (_("Days and hours"), ("weekdays", "starts", "ends"), False),
            (_("To which channels: none chosen means all"), ("channels",), True),
            (_("Hashtags, template, order"), ("hashtags", "template", "position"), False),
        ]
        for title, names, always in named:
            fields = [self[name] for name in names]
            yield title, fields, always or any(field.errors or self._is_said(field) for field in fields)

    def _is_said(self, field: forms.BoundField) -> bool:
        return field.name != "position" and bool(field.value())

    @property
    def terms(self) -> Terms:
        """As the verbs of `newsroom.drafts.rules` take them."""
        values = dict(self.cleaned_data)
        values["source_ids"] = [source.pk for source in values.pop("sources")]
        values["channel_ids"] = [channel.pk for channel in values.pop("channels")]
        values["weekdays"] = [int(day) for day in values["weekdays"]]
        values |= {name: values[name] or 0 for name in ("cool_off", "per_hour")}
        return Terms(**values)
