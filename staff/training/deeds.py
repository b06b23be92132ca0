"""The way in, and what has been done. Every page asks `access.check` first.

Messages go by name; what they say stands in `training/messages.html`.
"""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from staff import access
from staff.training.models import Deed

_ON_A_PAGE = 50


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the first of the pages."""
    access.check(request, access.TRAIN)
    return redirect("inbox")


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show who did what to the assistant, the newest first."""
    access.check(request, access.TRAIN)
    page = Paginator(Deed.objects.select_related("who"), _ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "training/deeds.html", {"page": page, "tab": "deeds"})
