"""A quotation or the title of a document as the picture of a post: chosen, looked at, taken."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from publisher.errors import PublisherError
from publisher.models import Post
from publisher.newsroom import access
from publisher.newsroom.drafts import cards
from publisher.web import forms
from publisher.web.answers import done
from publisher.web.card_forms import CardForm
from publisher.web.forms import valid
from publisher.web.middleware import status_of
from publisher.web.request import Request, takes_form


@takes_form
def make(request: Request, post_id: int) -> HttpResponse:
    """The card as it was chosen, with what would be said of it; sent, it becomes the post's picture."""
    post = _load(request, post_id)
    error: PublisherError | None = None
    form = CardForm(post, request.POST if request.method == "POST" else request.GET or None)
    context = {"post": post, "form": form, "revision": post.revision_id}
    choice = form.choice
    try:
        if request.method == "POST" and choice:
            context["revision"] = seen = valid(forms.Seen(request.POST))["revision"]
            cards.put(post_id, request.user, choice, revision_id=seen, beside=form.cleaned_data.get("beside", False))
            return done(request, _("The card is the post's picture now."), to=reverse("edit", args=[post_id]))
        if choice:
            context["card"], _picture = cards.made(post, choice)
            context["query"] = form.query
            context["width"], context["height"] = cards.SIZES[choice.size]
    except PublisherError as refused:
        error = refused
        context["error"] = refused.sentence
    status = status_of(error) if error and request.method == "POST" else 200
    return render(request, "desk/card.html", context, status=status)


@require_safe
def picture(request: Request, post_id: int) -> HttpResponse:
    """The card as a picture; nothing is stored."""
    post = _load(request, post_id)
    choice = valid_choice(CardForm(post, request.GET))
    _card, data = cards.made(post, choice)
    return HttpResponse(data, content_type="image/png")


def valid_choice(form: CardForm) -> cards.Choice:
    valid(form)
    assert form.choice is not None
    return form.choice


def _load(request: Request, post_id: int) -> Post:
    post = get_object_or_404(Post.objects.select_related("channel", "document__source", "revision"), pk=post_id)
    access.require(request.user, "write", post.channel)
    return post
