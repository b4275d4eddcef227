"""What waits for a second person: acts that one proposed, and posts that one let go out alone."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from publisher.models import Channel, Document, Emergency, Post, Proposal
from publisher.newsroom import access
from publisher.newsroom.approval import embargoes, emergencies, pairs, policy, proposals
from publisher.newsroom.approval.policy import Policy
from publisher.web import forms, words
from publisher.web.answers import done
from publisher.web.forms import valid
from publisher.web.request import Request, takes_form


@require_safe
def page(request: Request) -> HttpResponse:
    context = {"proposals": proposals.waiting(), "emergencies": emergencies.waiting()}
    return render(request, "desk/second.html", context)


@require_POST
def confirm(request: Request, proposal_id: int) -> HttpResponse:
    get_object_or_404(Proposal, pk=proposal_id)
    pairs.confirm(proposal_id, request.user)
    return done(request, _("Confirmed and done."), back=reverse("second"))


@require_POST
def drop(request: Request, proposal_id: int) -> HttpResponse:
    get_object_or_404(Proposal, pk=proposal_id)
    pairs.drop(proposal_id, request.user)
    return done(request, _("Dropped: it stays as it is."), back=reverse("second"))


@require_POST
def alone(request: Request, post_id: int) -> HttpResponse:
    """Publish in an emergency, without a second person."""
    get_object_or_404(Post, pk=post_id)
    typed = valid(forms.Alone(request.POST))
    post = emergencies.publish(post_id, request.user, revision_id=typed.pop("revision"), **typed)
    message = _("It goes out as an emergency. A second person must look at it afterwards.")
    return done(request, message, to=f"{reverse('document', args=[post.document_id])}#post-{post.pk}")


@require_POST
def look(request: Request, emergency_id: int) -> HttpResponse:
    get_object_or_404(Emergency, pk=emergency_id)
    emergencies.look(emergency_id, request.user, valid(forms.Outcome(request.POST))["outcome"])
    return done(request, _("Noted: a second person has looked at it."), back=reverse("second"))


@require_POST
def lift_embargo(request: Request, document_id: int) -> HttpResponse:
    get_object_or_404(Document, pk=document_id)
    reason = valid(forms.Outcome(request.POST))["outcome"]
    back = reverse("document", args=[document_id])
    if embargoes.lift(document_id, request.user, reason=reason).embargo is not None:
        return done(request, _("The embargo still stands: a second person must lift it too."), back=back)
    return done(request, _("The embargo is lifted. Posts keep the times they were approved for."), back=back)


@takes_form
def approval(request: Request, channel_id: int) -> HttpResponse:
    """How the channel's posts are approved."""
    channel = get_object_or_404(Channel, pk=channel_id)
    access.require(request.user, "manage", channel)
    form = forms.ApprovalPolicy.of(Policy.of(channel), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        proposal = policy.set(channel_id, request.user, **form.policy, reason=form.cleaned_data["reason"])
        if proposal is None:
            return done(request, _("Saved."), to=reverse("channels"))
        message = _("This makes it laxer, so another administrator must confirm it first.")
        return done(request, message, to=reverse("second"))
    context = {"channel": channel, "form": form, "kinds": words.KINDS}
    return render(request, "desk/approval.html", context, status=422 if form.errors else 200)
