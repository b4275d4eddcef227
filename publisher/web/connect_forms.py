"""What people type when they connect an account by signing in at its network."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from publisher.newsroom.connect.apps import Way
from publisher.web.forms import NewChannel


class OurApp(forms.Form):
    """The keys by which a network knows us."""

    client_id = forms.CharField(max_length=300, widget=forms.TextInput({"autocomplete": "off"}))
    client_secret = forms.CharField(required=False, max_length=500, widget=forms.PasswordInput({"autocomplete": "off"}))
    config_id = forms.CharField(
        label=_("Configuration ID"),
        required=False,
        max_length=30,
        help_text=_(
            "Only where the app has Facebook Login for Business. One configuration serves Facebook and Instagram. Left "
            "blank: the rights are asked for one by one."
        ),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}),
    )
    base_url = forms.CharField(
        label=_("Address of the API"),
        required=False,
        max_length=200,
        help_text=_("Leave it blank: the network's own."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, way: Way, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = bool(way.client_id)
        self.fields["client_id"].label, self.fields["client_secret"].label = way.names
        self.fields["client_id"].initial = way.client_id
        self.fields["base_url"].initial = way.base_url
        if way.config_id is None:
            del self.fields["config_id"]
        else:
            self.fields["config_id"].initial = way.config_id
        self.fields["client_secret"].required = way.secret_needed and not known
        if known:
            self.fields["client_secret"].help_text = _("Left blank: what is stored stays. It is never shown.")
        elif not way.secret_needed:
            self.fields["client_secret"].help_text = _("Only where the app has one.")


class Begin:
    """Which server, and which channel is connected again; both may be blank."""

    def __init__(self, sent: QueryDict) -> None:
        self.server = sent.get("server", "")[:300]
        number = sent.get("channel", "")
        self.channel = int(number) if number.isdecimal() and len(number) < 10 else None


class Choose(NewChannel):
    field_order = ("choice_id", "name", "language")
    choice_id = forms.ChoiceField(label=_("Which account?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, accounts: Sequence[tuple[str, str]], again: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = self.fields["choice_id"]
        assert isinstance(found, forms.ChoiceField)
        found.choices = list(accounts)
        if len(accounts) == 1:
            found.initial = accounts[0][0]
        if again:
            del self.fields["name"], self.fields["language"]
