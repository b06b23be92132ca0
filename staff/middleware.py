"""What every page has in common."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from puljeguiden import settings


def address(request: HttpRequest) -> str:
    """Return the network address somebody comes from; from a proxy's header only where one is configured."""
    header = settings.get("PULJEGUIDEN_TRUSTED_ADDRESS_HEADER")
    forwarded = request.headers.get(header, "") if header else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def no_store(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Keep pages out of every cache: most of them hold personal data."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        add_never_cache_headers(response)
        return response

    return middleware
