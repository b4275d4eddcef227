"""What a person says about when a channel sends."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from publisher.enums import DocumentKind
from publisher.models import Channel
from publisher.newsroom.sending import hours, spend
from publisher.newsroom.sending.pacing import HIGHEST_SPEND, LONGEST_SPACING, LONGEST_WAIT, MOST_A_DAY, Pacing
from publisher.web import words

KIND = "late-"


class PaceForm(forms.Form):
    spacing = forms.IntegerField(
        label=_("Minutes between two posts"),
        min_value=0,
        max_value=LONGEST_SPACING,
        help_text=_("0: as close together as they come. Of a thread, only the first part counts."),
    )
    daily_cap = forms.IntegerField(
        label=_("Posts a day, at most"),
        min_value=0,
        max_value=MOST_A_DAY,
        help_text=_("0: as many as there are. What is over it goes out the next day."),
    )
    slots = forms.CharField(
        label=_("Best hours"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4, "placeholder": "mon-fri 09:00, 14:30"}),
        help_text=_("A line for some days each: mon-fri 09:00, 14:30. Posts can be approved for the next one."),
    )
    spend_cap = forms.DecimalField(
        label=_("US dollars a month, at most"),
        required=False,
        min_value=Decimal(),
        max_value=HIGHEST_SPEND,
        decimal_places=2,
        help_text=_("Left blank: no limit. What would go over it waits for a person."),
    )
    language_hours = forms.IntegerField(
        label=_("Hours to wait for a text in this channel's language"),
        required=False,
        min_value=0,
        max_value=LONGEST_WAIT,
        help_text=_("Then a person is asked whether another language will do. 0: it waits and asks nobody."),
    )
    late = forms.ChoiceField(
        label=_("When a post's time has passed"),
        choices=[(str(policy), label) for policy, label in words.LATE.items()],
        widget=forms.RadioSelect,
    )

    either = True
    """What may be left blank says so in words."""

    def __init__(self, channel: Channel, data: Any = None) -> None:
        now = Pacing.of(channel)
        initial = {name: getattr(now, name) for name in ("spacing", "daily_cap", "spend_cap", "language_hours", "late")}
        kept = {f"{KIND}{kind}": policy for kind, policy in now.late_by_kind.items()}
        super().__init__(data, initial={**initial, **kept, "slots": "\n".join(hours.write(now.slots))})
        if not spend.is_billed(channel):
            del self.fields["spend_cap"]
        if not channel.language:
            del self.fields["language_hours"]
        choices = [("", _("As above")), *((str(policy), label) for policy, label in words.LATE.items())]
        for kind in DocumentKind:
            label = str(words.KINDS[kind])
            self.fields[f"{KIND}{kind}"] = forms.ChoiceField(label=label, choices=choices, required=False)

    @property
    def main(self) -> list[forms.BoundField]:
        return [field for field in self if not field.name.startswith(KIND)]

    @property
    def by_kind(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith(KIND)]

    @property
    def wanted(self) -> Pacing:
        """Raises InvalidInput (the hours)."""
        typed = self.cleaned_data
        by_kind = {str(kind): typed[f"{KIND}{kind}"] for kind in DocumentKind if typed[f"{KIND}{kind}"]}
        return Pacing(
            spacing=typed["spacing"],
            daily_cap=typed["daily_cap"],
            slots=hours.read(typed["slots"].splitlines()),
            spend_cap=typed.get("spend_cap"),
            language_hours=typed.get("language_hours") or 0,
            late=typed["late"],
            late_by_kind=by_kind,
        )
