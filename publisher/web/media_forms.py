"""What somebody says of a file of the library."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from publisher.models import Asset
from publisher.newsroom.drafts.library import LONGEST_ALT, Said, alt_in


class Describe(forms.Form):
    language = forms.CharField(
        label=_("Language of the description"),
        required=False,
        max_length=12,
        help_text=_("en, fr, de … It is offered to posts in this language."),
        widget=forms.TextInput({"autocapitalize": "none", "spellcheck": "false"}),
    )
    alt = forms.CharField(
        label=_("Description, for people who cannot see it"),
        required=False,
        max_length=LONGEST_ALT,
        help_text=_("What is to be seen and why it is there: who, what, where. One or two sentences."),
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )
    credit = forms.CharField(
        label=_("Credit"),
        required=False,
        max_length=500,
        help_text=_("Who is to be named, or the licence: © European Union, 2026 – Photographer."),
    )

    @classmethod
    def of(cls, asset: Asset, language: str, data: Any = None) -> "Describe":
        return cls(data, initial={"language": language, "alt": alt_in(asset, language), "credit": asset.credit})

    @property
    def said(self) -> Said:
        typed = self.cleaned_data
        return Said(alt=typed["alt"], language=typed["language"].strip(), credit=typed["credit"])


class Subtitles(forms.Form):
    language = forms.CharField(
        label=_("Language of the subtitles"),
        max_length=12,
        widget=forms.TextInput({"autocapitalize": "none", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Subtitles"),
        required=False,
        allow_empty_file=True,
        help_text=_("A WebVTT file (.vtt). None chosen takes those of this language away."),
        widget=forms.FileInput({"accept": ".vtt,text/vtt"}),
    )
