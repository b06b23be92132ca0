"""The front page, and whether the service is well."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from staff import access
from staff.conversations import lag


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the cases, or else to the conversations; tell those who may see neither whom to ask."""
    if request.user.has_perm(access.VIEW_CASES):
        return redirect("cases")
    if request.user.has_perm(access.VIEW_CONVERSATIONS):
        return redirect("conversations")
    return render(request, "home.html")


@login_not_required
@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """Tell whether the service and its database work, and how far the follower is behind, which stops nobody's work."""
    try:
        behind = lag.current()
    except DatabaseError:
        return JsonResponse({"status": "degraded", "broken": ["database"]}, status=503)
    return JsonResponse({"status": "ok", "broken": [], "follower": behind._asdict()})
