"""Rules: which documents go where, and whether a person looks first."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from publisher.errors import PublisherError
from publisher.models import Rule
from publisher.newsroom import access, queries
from publisher.newsroom.drafts import rules
from publisher.web import forms
from publisher.web.answers import done
from publisher.web.middleware import status_of
from publisher.web.request import Request, takes_form

DAYS = 30


@require_safe
def page(request: Request) -> HttpResponse:
    return render(request, "desk/rules.html", {"rules": queries.rules()})


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
    """What the rule would have taken in the last month. Nothing is drafted."""
    rule = get_object_or_404(Rule, pk=rule_id)
    context = {"rule": rule, "days": DAYS, "found": rules.test(rule_id, DAYS)}
    return render(request, "desk/rule_test.html", context)


@takes_form
def remove(request: Request, rule_id: int) -> HttpResponse:
    access.require(request.user, "manage")
    rule = get_object_or_404(Rule, pk=rule_id)
    if request.method == "POST":
        rules.remove(rule_id, request.user)
        return done(request, _("The rule “%(name)s” is removed.") % {"name": rule}, to=reverse("rules"))
    context = {
        "title": _("Remove the rule “%(name)s”?") % {"name": rule},
        "text": _("Posts that it has drafted stay. This cannot be undone; you can write the rule again."),
        "button": _("Remove the rule"),
        "back": reverse("rules"),
    }
    return render(request, "desk/confirm.html", context)


def _edit(request: Request, rule: Rule | None) -> HttpResponse:
    status = 200
    if request.method == "POST":
        form = forms.RuleForm(request.POST)
        if form.is_valid():
            try:
                saved = _save(request, rule, form.values)
                message = _("The rule “%(name)s” counts for documents that come in from now on.") % {"name": saved}
                return done(request, message, to=reverse("rules"))
            except PublisherError as error:
                form.add_error(None, error.sentence)
                status = status_of(error)
    else:
        form = forms.RuleForm.of(rule) if rule else forms.RuleForm(initial={"mode": "review"})
    if form.errors and status == 200:
        status = 422
    return render(request, "desk/rule_form.html", {"form": form, "rule": rule}, status=status)


def _save(request: Request, rule: Rule | None, values: dict[str, Any]) -> Rule:
    return rules.update(rule.pk, request.user, **values) if rule else rules.add(request.user, **values)
