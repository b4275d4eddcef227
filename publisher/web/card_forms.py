"""What somebody chooses for a card."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from publisher.models import Post
from publisher.newsroom.drafts import cards

TITLE = "title"


class CardForm(forms.Form):
    """Bound to what was chosen, or to what suits the post when nothing was yet."""

    line = forms.ChoiceField(label=_("What stands on it"))
    words = forms.CharField(
        label=_("Or other words of the document"),
        required=False,
        max_length=600,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
        help_text=_("Word for word, in the place of a line."),
    )
    size = forms.ChoiceField(
        label=_("Size"),
        choices=[
            ("1200x630", _("wide, like a link's preview (1200 × 630)")),
            ("1080x1080", _("square (1080 × 1080)")),
            ("1080x1350", _("tall (1080 × 1350)")),
            ("1080x1920", _("a whole phone (1080 × 1920)")),
        ],
    )
    beside = forms.BooleanField(label=_("Keep the images that the post has, after it"), required=False)

    def __init__(self, post: Post, data: Mapping[str, Any] | None = None) -> None:
        lines = cards.lines(post)
        usual = {"line": "1" if lines else TITLE, "size": cards.usual_size(post)}
        super().__init__(data if data is not None else usual)
        numbered = [(str(number), line) for number, line in enumerate(lines, start=1)]
        self.fields["line"].choices = [*numbered, (TITLE, _("The title of the document"))]  # type: ignore[attr-defined]

        if post.revision is None or not post.revision.content[0].media:
            del self.fields["beside"]

    @property
    def choice(self) -> cards.Choice | None:
        if not self.is_valid():
            return None
        line, words = self.cleaned_data["line"], self.cleaned_data["words"]
        return cards.Choice(
            number=1 if line == TITLE else int(line),
            words=words,
            title=line == TITLE and not words,
            size=self.cleaned_data["size"],
        )

    @property
    def query(self) -> str:
        """The choice as the query of an address."""
        return urlencode({name: self.cleaned_data[name] for name in ("line", "words", "size")})
