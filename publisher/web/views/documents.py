"""Documents: the list, and one with its text, its versions, its posts, its history."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from publisher.errors import InvalidInput
from publisher.models import Document, Post, Source
from publisher.newsroom import queries
from publisher.newsroom.alerts import alarms
from publisher.newsroom.approval import review
from publisher.newsroom.documents import corrections
from publisher.newsroom.drafts import drafting, languages
from publisher.newsroom.sending import holds
from publisher.types import entry_from_json
from publisher.web import shown
from publisher.web.answers import done
from publisher.web.outlook import outlook
from publisher.web.paging import page_number
from publisher.web.request import Request
from publisher.web.source_text import show_source

NAMED = 3
"""How many channels one line of the status names."""


@require_safe
def listing(request: Request) -> HttpResponse:
    """Everything that was read, newest first; of one source with ?source=."""
    number = request.GET.get("source", "")
    source = Source.objects.filter(pk=number).first() if number.isdecimal() else None
    found = queries.documents_page(page_number(request), source_id=source.pk if source else None)
    return render(request, "desk/documents.html", {"page": found, "source": source})


@require_safe
def page(request: Request, document_id: int) -> HttpResponse:
    detail = queries.document_detail(document_id)
    posts = shown.show_all(detail.posts)
    # A post in another language, or of an earlier version, quotes another text than the one on the page.
    same = [item for item in posts if item.post and item.source and item.source.body == detail.entry.body]
    quotations = [(item.post.pk, one) for item in same if item.post for one in item.quotations]
    context = {
        "detail": detail,
        "document": detail.document,
        "shown": posts,
        "source": show_source(detail.entry, quotations),
        "alarms": alarms.of_document(document_id),
        "hold": holds.of_document(document_id),
        "history": corrections.history(detail.versions),
    }
    return render(request, "desk/document.html", context)


@require_safe
def text(request: Request, document_id: int) -> HttpResponse:
    """The source's text alone, for the queue."""
    document = get_object_or_404(Document, pk=document_id)
    entry = entry_from_json(document.current.entry)
    context = {"document": document, "entry": entry, "source": show_source(entry)}
    return render(request, "desk/_source_text.html", context)


@require_POST
def draft(request: Request, document_id: int) -> HttpResponse:
    """Drafts for review, by the rules as they are now; posts that are there already stay as they are."""
    made = drafting.draft_by_hand(document_id, request.user)
    if not made:
        error = InvalidInput("document.nothing_to_draft")
        return done(request, error.sentence, back=reverse("document", args=[document_id]))
    message = ngettext("%(count)s post waits for review.", "%(count)s posts wait for review.", len(made))
    return done(request, message % {"count": len(made)}, back=reverse("document", args=[document_id]))


@require_POST
def language(request: Request, document_id: int, channel_id: int) -> HttpResponse:
    """What becomes of a channel that waits for the document in its language: another one, or nothing."""
    back = reverse("document", args=[document_id])
    if "skip" in request.POST:
        wait = languages.skip(document_id, channel_id, request.user)
        return done(request, _("Nothing is drafted for %(name)s.") % {"name": wait.channel}, back=back)
    post = drafting.draft_in_language(document_id, channel_id, request.user, request.POST.get("language", ""))
    return done(request, _("A post for %(name)s waits for review.") % {"name": post.channel}, back=back)


@require_POST
def approve_all(request: Request, document_id: int) -> HttpResponse:
    """`seen=<post>:<revision>…` for each post on the screen; one that fails stops no other."""
    get_object_or_404(Document, pk=document_id)
    revisions = {}
    for item in request.POST.getlist("seen"):
        post, _colon, rest = item.partition(":")
        revision = rest.partition(":")[0]
        if post.isdecimal() and revision.isdecimal():
            revisions[int(post)] = int(revision)
    outcome = review.approve_all(document_id, request.user, revisions=revisions)
    if not outcome:
        raise InvalidInput("desk.nothing_to_approve")
    count = sum(error is None for _post, error in outcome)
    message = _summary([(str(post.channel), error.sentence if error else outlook(post)) for post, error in outcome])
    if not request.htmx:
        return done(request, message, back=reverse("document", args=[document_id]))
    posts = Post.objects.filter(pk__in=[post.pk for post, _error in outcome]).order_by("pk")
    rows = posts.select_related("channel", "document__source", "revision", "rule", "assigned_to")
    context = {"moved": shown.show_all(list(rows))}
    body = render_to_string("desk/_moved.html", context, request)
    line = {"message": message, "error": count < len(outcome), "oob": True}
    return HttpResponse(body + render_to_string("desk/_status.html", line, request))


def _summary(told: list[tuple[str, str]]) -> str:
    """Each sentence once, after the channels that it is about; many channels become a number."""
    channels: dict[str, list[str]] = {}
    for channel, sentence in told:
        channels.setdefault(sentence, []).append(channel)
    return " ".join(
        f"{', '.join(names) if len(names) <= NAMED else _('%(count)s channels') % {'count': len(names)}}: {sentence}"
        for sentence, names in channels.items()
    )
