"""What people type about sources, checked for shape."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from publisher import messages
from publisher.models import Source

MINUTE = 60
_MAIN = ("item", "title", "date", "kind", "lead")
"""The parts of a page that most people need; the others stand behind "More parts"."""


class AddSource(forms.Form):
    url = forms.URLField(
        label=_("Address"),
        max_length=2000,
        assume_scheme="https",
        help_text=_("Any page of the institution, or a feed itself. We look for what can be watched there."),
        error_messages={"invalid": messages.CATALOGUE["desk.not_a_web_address"]},
        widget=forms.URLInput({"autofocus": True, "inputmode": "url", "placeholder": "https://"}),
    )
    name = forms.CharField(
        label=_("Name"), required=False, max_length=200, help_text=_("Left blank: the name that it gives itself.")
    )
    queue_newest = forms.IntegerField(
        label=_("Newest entries to put in the queue at once"),
        min_value=0,
        max_value=20,
        initial=0,
        required=False,
        help_text=_("What is there already is only remembered, not posted, save for this many."),
    )
    language = forms.CharField(
        label=_("Language"),
        required=False,
        max_length=12,
        help_text=_("For entries that do not say theirs: en, fr, de …"),
    )

    def clean_queue_newest(self) -> int:
        return int(self.cleaned_data["queue_newest"] or 0)


class ChangeSource(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    minutes = forms.IntegerField(
        label=_("Minutes between two looks"),
        min_value=1,
        max_value=7 * 24 * 60,
        required=False,
        help_text=_("Left blank: the source's own rhythm decides, and what the site asks for."),
    )
    language = forms.CharField(
        label=_("Language"), required=False, max_length=12, help_text=_("For entries that do not say theirs.")
    )
    read_pages = forms.BooleanField(
        label=_("Read the page of each new document"),
        required=False,
        help_text=_(
            "For its whole text, its speakers and its picture. Without it we know what the source itself shows."
        ),
    )

    @classmethod
    def of(cls, source: Source) -> "ChangeSource":
        minutes = source.interval // MINUTE or None
        return cls(
            initial={
                "name": source.name,
                "minutes": minutes,
                "language": source.language,
                "read_pages": source.read_pages,
            }
        )

    @property
    def values(self) -> dict[str, Any]:
        """As the verbs of `newsroom.feeds.sources` take them."""
        values = dict(self.cleaned_data)
        values["interval"] = (values.pop("minutes") or 0) * MINUTE
        return values


class Parts(forms.Form):
    """The parts of a listing page as CSS selectors, one a line in order of preference."""

    item = forms.CharField(
        label=_("One entry of the list"),
        help_text=_("A CSS selector that finds each entry once, like article.news-item"),
    )
    title = forms.CharField(label=_("Its title"), required=False, help_text=_("Inside the entry, like h3 a"))
    date = forms.CharField(
        label=_("Its date"), required=False, help_text=_("Like time@datetime; @ takes an attribute instead of the text")
    )
    kind = forms.CharField(
        label=_("What it is"), required=False, help_text=_("Where the entry says press release, speech, statement …")
    )
    lead = forms.CharField(label=_("Its first sentences"), required=False)
    link = forms.CharField(label=_("Its link"), required=False, help_text=_("Left blank: the first link in the entry."))
    place = forms.CharField(label=_("Its place"), required=False)
    image = forms.CharField(label=_("Its picture"), required=False, help_text=_("Like img@src"))
    language = forms.CharField(label=_("Its language"), required=False, help_text=_("Like a@hreflang"))
    meta = forms.CharField(
        label=_("Date, kind and reading time in any order"),
        required=False,
        help_text=_("Elements that are told apart by what they say."),
    )
    only = forms.CharField(
        label=_("Only addresses like"), required=False, help_text=_("Like */news/*; * stands for anything")
    )
    not_ = forms.CharField(label=_("No addresses like"), required=False)
    except_ = forms.CharField(label=_("No entries that fit"), required=False, help_text=_("A CSS selector."))
    empty = forms.CharField(
        label=_("What the page has when its list is empty"),
        required=False,
        help_text=_("Without it a page without entries is reported as rebuilt."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = forms.Textarea({"rows": 1, "spellcheck": "false", "autocapitalize": "off"})
            field.widget.is_required = field.required

    @classmethod
    def of(cls, recipe: dict[str, Any]) -> "Parts":
        return cls(initial=cls.shown(recipe))

    @classmethod
    def shown(cls, recipe: dict[str, Any]) -> dict[str, str]:
        """A recipe as the boxes show it: several selectors one a line, or with a comma where CSS means the same."""
        values = {}
        for name, value in recipe.items():
            box = f"{name}_" if name in {"not", "except"} else name
            if box in cls.base_fields:
                values[box] = value if isinstance(value, str) else "\n".join(value)
        return values

    @property
    def recipe(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in self.cleaned_data.items():
            lines = [line.strip() for line in value.splitlines() if line.strip()]
            if lines:
                found[name.rstrip("_")] = lines[0] if len(lines) == 1 else lines
        return found

    @property
    def main(self) -> list[forms.BoundField]:
        return [self[name] for name in _MAIN]

    @property
    def rest(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in _MAIN]
