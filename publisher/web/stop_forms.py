"""What people type to stop something, or to set a sensitive period."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publisher.enums import HoldScope
from publisher.models import Channel
from publisher.web import words

MOMENT = "%Y-%m-%dT%H:%M"


def moment(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateTimeField:
    """A box for a moment on the newsroom's clock."""
    box = forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, required=required, input_formats=[MOMENT], widget=box, help_text=help_text)


class Words(forms.CharField):
    """Words with commas between them; a list."""

    def clean(self, value: Any) -> list[str]:
        return [word.strip() for word in super().clean(value).split(",") if word.strip()]


class Stop(forms.Form):
    """Any stop; what its scope does not need is left out."""

    scope = forms.ChoiceField(choices=[(item.value, item.value) for item in HoldScope], widget=forms.HiddenInput)
    channel = forms.IntegerField(required=False)
    document = forms.IntegerField(required=False)
    reason = forms.CharField(label=_("Why? (colleagues see it)"), required=False, max_length=1000)
    words = Words(required=False, max_length=1000)
    channels = forms.ModelMultipleChoiceField(Channel.objects.all(), required=False)
    starts_at = moment(_("From"))
    ends_at = moment(_("Until"))


class _OnPage(forms.Form):
    """A stop as the page of stops asks for it; each form has its own ids."""

    scope = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why? (colleagues see it)"), required=False, max_length=1000)

    def __init__(self, data: Any = None) -> None:
        name = str(self.base_fields["scope"].initial)
        mine = data is not None and data.get("scope") == name
        super().__init__(data if mine else None, auto_id=f"{name}-%s")


class StopChannel(_OnPage):
    scope = forms.CharField(widget=forms.HiddenInput, initial=HoldScope.CHANNEL)
    channel = forms.ModelChoiceField(Channel.objects.all(), label=_("Channel"), empty_label=None)
    field_order = ["scope", "channel", "reason"]


def _some_channels() -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        Channel.objects.all(),
        label=_("On which channels"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means all."),
    )


class StopTopic(_OnPage):
    scope = forms.CharField(widget=forms.HiddenInput, initial=HoldScope.TOPIC)
    words = Words(
        label=_("Words"),
        max_length=1000,
        help_text=_(
            "With commas between them. Stopped is every post that holds one of them, or whose document does; also "
            "within longer words."
        ),
    )
    channels = _some_channels()
    ends_at = moment(_("Until"), help_text=_("Left blank: until somebody lifts it."))
    field_order = ["scope", "words", "channels", "ends_at", "reason"]


class StopPeriod(_OnPage):
    scope = forms.CharField(widget=forms.HiddenInput, initial=HoldScope.PERIOD)
    starts_at = moment(_("From"), help_text=_("Left blank: from now on."))
    ends_at = moment(_("Until"), required=True)
    channels = _some_channels()
    field_order = ["scope", "starts_at", "ends_at", "channels", "reason"]


class Period(forms.Form):
    """A sensitive period."""

    name = forms.CharField(
        label=_("What it is"), max_length=200, help_text=_("Reviewers read it as the reason, such as “State mourning”.")
    )
    starts_at = moment(_("From"), help_text=_("Left blank: from now on."))
    ends_at = moment(_("Until"), required=True)
    channels = _some_channels()
    kinds = forms.MultipleChoiceField(
        label=_("Which kinds"),
        required=False,
        choices=[(str(value), label) for value, label in words.KINDS.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means all."),
    )
    words = Words(
        label=_("Only about these words"), required=False, max_length=1000, help_text=_("With commas between them.")
    )

    @property
    def values(self) -> dict[str, Any]:
        """As `newsroom.drafts.periods.add` takes them."""
        values = dict(self.cleaned_data)
        values["channel_ids"] = [channel.pk for channel in values.pop("channels")]
        values["starts_at"] = values["starts_at"] or timezone.now()
        return values
