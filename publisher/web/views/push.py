"""Where hubs call (WebSub): the one address that takes requests from outside without a sign-in."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from publisher.newsroom.feeds import push, pushed


@login_not_required
@csrf_exempt  # a hub has no cookie to abuse; the token in the address and the signature say who it is
@require_http_methods(["GET", "POST"])
def call(request: HttpRequest, token: str) -> HttpResponse:
    """GET: a hub asks whether we meant our request, or says no. POST: it delivers."""
    if request.method == "GET":
        answer = push.confirm(token, request.GET.dict())
        if answer is None:
            raise Http404
        return HttpResponse(answer, content_type="text/plain; charset=utf-8")
    wanted = push.knows(token)
    if wanted is None:
        raise Http404
    if not wanted:
        return HttpResponse(status=410)  # the Recommendation's word for "deliver no more" (7)
    if int(request.META.get("CONTENT_LENGTH") or 0) > pushed.MOST_BYTES:
        return HttpResponse(status=413)
    pushed.receive(token, request.headers, request.body)
    return HttpResponse(status=202)
