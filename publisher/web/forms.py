"""What people type, checked for shape; what it means is the newsroom's to judge."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publisher.enums import NoticeKind
from publisher.errors import InvalidInput
from publisher.newsroom.alerts.wishes import CHOOSABLE, COMMON
from publisher.newsroom.approval.policy import Policy
from publisher.newsroom.channels import Field
from publisher.web import words


def valid(form: forms.Form) -> dict[str, Any]:
    """The form's values. Raises InvalidInput with what is wrong, in words."""
    if form.is_valid():
        return form.cleaned_data
    name, errors = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    raise InvalidInput("desk.form", field=label or name.capitalize(), why=str(errors[0]))


def _choices(named: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(str(value), label) for value, label in named.items()]


class SignIn(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput({"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )


class Code(forms.Form):
    """A code of an app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("The six figures that your app shows now, or a recovery code."),
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )


class FirstCode(Code):
    """The code with which an app is added."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["code"].help_text = _("The six figures that the app shows now.")


class NewPassword(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 12 characters, not only digits, and none that everyone knows. A short sentence is fine."),
        widget=forms.PasswordInput(
            {"autocomplete": "new-password", "data-show": _("Show the password")}, render_value=True
        ),
    )


class Welcome(NewPassword):
    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        help_text=_("As colleagues know you; the history says who did what."),
        widget=forms.TextInput({"autocomplete": "name", "autofocus": True}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("You sign in with it. No message is sent to it."),
        widget=forms.EmailInput({"autocomplete": "username"}),
    )
    field_order = ["name", "email", "password"]


class Seen(forms.Form):
    """The revision that was on the screen when the person acted."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class Agreed(Seen):
    """`translated`: they have checked what a machine translated."""

    translated = forms.BooleanField(required=False)


class Approve(Agreed):
    """Whether it goes out now, or in the channel's next free best hour, rather than at its own time."""

    now = forms.BooleanField(required=False)
    slot = forms.BooleanField(required=False)


class Edited(Seen):
    """The editor also tells from which revision its form was made."""

    base = forms.IntegerField(widget=forms.HiddenInput)


class Reject(Seen):
    reason = forms.CharField(label=_("Why?"), max_length=1000)


class Alone(Reject, Agreed):
    """An emergency."""


class When(forms.Form):
    """A moment on the newsroom's clock. Hours that the clock skips or repeats are asked for again."""

    at = forms.DateTimeField(
        label=_("When"), widget=forms.DateTimeInput({"type": "datetime-local"}), input_formats=["%Y-%m-%dT%H:%M"]
    )

    def clean_at(self) -> Any:
        at = self.cleaned_data["at"]
        if at <= timezone.now():
            raise forms.ValidationError(_("That time has passed. Choose a later one."))
        return at


class Schedule(When, Agreed):
    pass


class Decide(forms.Form):
    out = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    url = forms.URLField(label=_("Its address"), required=False, max_length=2000, assume_scheme="https")


class Done(forms.Form):
    """A post was put out by hand."""

    url = forms.URLField(label=_("Its address"), required=False, max_length=2000, assume_scheme="https")


class NotDone(forms.Form):
    reason = forms.CharField(label=_("Why?"), required=False, max_length=1000)


class Outcome(forms.Form):
    """What was done about an alarm."""

    outcome = forms.CharField(label=_("What was done"), required=False, max_length=1000)


class Act(forms.Form):
    """What is to be done about a post that is out."""

    act = forms.CharField(max_length=20)
    reason = forms.CharField(label=_("Why?"), required=False, max_length=1000)


class NewChannel(forms.Form):
    """What a person says of a channel, whichever way it is connected."""

    name = forms.CharField(
        label=_("Name of the channel"),
        required=False,
        max_length=200,
        help_text=_("Left blank: the account's own name."),
    )
    language = forms.CharField(
        label=_("Language"),
        required=False,
        max_length=12,
        help_text=_("Only documents in this language go here: en, fr, de … Left blank: every language."),
    )


class Connect(NewChannel):
    """The boxes of a network's credentials, made from the fields that the network asks for."""

    def __init__(self, *args: Any, credentials: list[Field], again: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if again:
            self.fields.clear()
        for box in credentials:
            self.fields[f"credential-{box.name}"] = forms.CharField(
                label=box.title,
                help_text=box.description,
                required=box.required and not again,
                # What is stored is not shown, and a default here would replace it.
                initial="" if again else box.default,
                strip=True,
                widget=_widget(box, again=again),
            )
        self.either = not any(box.required for box in credentials) or again
        """Whether no box alone is required: the page says in words which are to be filled in."""
        self.order_fields([f"credential-{box.name}" for box in credentials])

    @property
    def credentials(self) -> dict[str, str]:
        prefix = "credential-"
        return {
            name.removeprefix(prefix): value for name, value in self.cleaned_data.items() if name.startswith(prefix)
        }


def _widget(box: Field, *, again: bool) -> forms.Widget:
    if box.choices:
        # What has no default is to be chosen: nothing is preset.
        blank = [("", _("As it is"))] if again else [("", "")] if box.required else []
        return forms.Select(choices=[*blank, *((choice, choice.capitalize()) for choice in box.choices)])
    return (forms.PasswordInput if box.secret else forms.TextInput)({"autocomplete": "off"})


class Wishes(forms.Form):
    kinds = forms.MultipleChoiceField(
        label=_("Send me an e-mail when"),
        required=False,
        choices=[(str(kind), words.NOTICES[kind]) for kind in CHOOSABLE],
        widget=forms.CheckboxSelectMultiple,
    )


class Place(forms.Form):
    """Where the whole newsroom is told."""

    name = forms.CharField(
        label=_("Name"), max_length=200, help_text=_("As the team calls it, such as “Press team on Teams”.")
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=2000,
        help_text=_(
            "An e-mail address, or the Apprise address of a chat: slack://…, msteams://…, matrix://… "
            "It is sealed and not shown again."
        ),
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Which messages go there"),
        required=False,
        choices=[(str(kind), words.NOTICES[kind]) for kind in NoticeKind if kind in COMMON],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means all."),
    )


class Invite(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput({"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), choices=_choices(words.ROLES), initial="editor")


class GiveRole(forms.Form):
    """A role on one channel; blank takes it away."""

    channel = forms.IntegerField(label=_("Channel"))
    role = forms.ChoiceField(label=_("Role"), choices=[("", ""), *_choices(words.ROLES)], required=False)


class ApprovalPolicy(forms.Form):
    """How a channel's posts are approved."""

    four_eyes = forms.BooleanField(label=_("Four eyes: nobody approves their own words"), required=False)
    approvals = forms.TypedChoiceField(
        label=_("How many people must approve"), choices=[(1, _("One")), (2, _("Two"))], coerce=int
    )
    kinds = forms.MultipleChoiceField(
        label=_("The other number for these kinds"),
        required=False,
        choices=_choices(words.KINDS),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where one approves, two must for the kinds chosen here; and the other way round."),
    )
    reason = forms.CharField(
        label=_("Why? (colleagues see it)"), required=False, max_length=1000, widget=forms.TextInput
    )

    @classmethod
    def of(cls, policy: Policy, data: Any = None) -> "ApprovalPolicy":
        other = list(policy.by_kind)
        return cls(data, initial={"four_eyes": policy.four_eyes, "approvals": policy.approvals, "kinds": other})

    @property
    def policy(self) -> dict[str, Any]:
        approvals = self.cleaned_data["approvals"]
        by_kind = dict.fromkeys(self.cleaned_data["kinds"], 3 - approvals)
        return {"four_eyes": self.cleaned_data["four_eyes"], "approvals": approvals, "by_kind": by_kind}
