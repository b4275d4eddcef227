"""Rules: which documents go where, and whether a person looks first."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from publisher.errors import PublisherError
from publisher.models import Rule
from publisher.newsroom import access, queries
from publisher.newsroom.approval import agreement
from publisher.newsroom.drafts import rehearsal, rules
from publisher.web.answers import done
from publisher.web.confirming import confirm
from publisher.web.middleware import status_of
from publisher.web.paging import page_number
from publisher.web.request import Request, takes_form
from publisher.web.rule_forms import RuleForm

DAYS = 30


@require_safe
def page(request: Request) -> HttpResponse:
    listed = queries.rules()
    waits = agreement.why_they_wait(listed)
    shown = [(rule, waits.get(rule.pk, "")) for rule in listed]
    return render(request, "desk/rules.html", {"rules": shown})


@takes_form
def add(request: Request) -> HttpResponse:
    access.require(request.user, "manage")
    return _edit(request, None)


@takes_form
def change(request: Request, rule_id: int) -> HttpResponse:
    access.require(request.user, "manage")
    return _edit(request, get_object_or_404(Rule, pk=rule_id))


@require_safe
def test(request: Request, rule_id: int) -> HttpResponse:
    """What the rule would have done in the last month. Nothing is drafted."""
    rule = get_object_or_404(Rule, pk=rule_id)
    found = rehearsal.page(rule, DAYS, page_number(request))
    context = {"rule": rule, "days": DAYS, "page": found, "waits": agreement.why_it_waits(rule)}
    return render(request, "desk/rule_test.html", context)


@require_POST
def switch(request: Request, rule_id: int) -> HttpResponse:
    get_object_or_404(Rule, pk=rule_id)
    rule = rules.switch(rule_id, request.user, active=request.POST.get("active") == "yes")
    return _saved(request, rule)


@require_POST
def ask(request: Request, rule_id: int) -> HttpResponse:
    """Ask a second person once more to agree to the rule."""
    rule = get_object_or_404(Rule, pk=rule_id)
    agreement.ask_again(rule, request.user)
    return _saved(request, rule)


@takes_form
def remove(request: Request, rule_id: int) -> HttpResponse:
    access.require(request.user, "manage")
    rule = get_object_or_404(Rule, pk=rule_id)

    def act() -> str:
        rules.remove(rule_id, request.user)
        return _("The rule “%(name)s” is removed.") % {"name": rule}

    return confirm(
        request,
        act,
        title=_("Remove the rule “%(name)s”?") % {"name": rule},
        text=_(
            "Posts that it has drafted stay; what it has scheduled by itself goes back to review. This cannot be "
            "undone; you can write the rule again."
        ),
        button=_("Remove the rule"),
        to=reverse("rules"),
    )


def _edit(request: Request, rule: Rule | None) -> HttpResponse:
    status = 200
    if request.method == "POST":
        form = RuleForm(request.POST)
        if form.is_valid():
            try:
                if rule:
                    return _saved(request, rules.update(rule.pk, request.user, form.terms))
                trying = request.POST.get("do") == "try"
                made = rules.add(request.user, form.terms, active=not trying)
                return redirect("test-rule", made.pk) if trying else _saved(request, made)
            except PublisherError as error:
                form.add_error(None, error.sentence)
                status = status_of(error)
    else:
        form = RuleForm.of(rule) if rule else RuleForm(initial={"mode": "review"})
    if form.errors and status == 200:
        status = 422
    return render(request, "desk/rule_form.html", {"form": form, "rule": rule}, status=status)


def _saved(request: Request, rule: Rule) -> HttpResponse:
    """What counts from now on, and what is still missing for it."""
    if rule.active:
        message = _("The rule “%(name)s” counts for documents that come in from now on.") % {"name": rule}
    else:
        message = _("The rule “%(name)s” is off.") % {"name": rule}
    return done(request, f"{message} {agreement.why_it_waits(rule)}".rstrip(), to=reverse("rules"))
