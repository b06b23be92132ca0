"""Single sign-on by OpenID Connect: who comes from the provider gets an account, and the roles that its claim tells.

Accounts go by the provider's own id of a person, never by name or e-mail: nobody gets into somebody else's. Roles are
set anew at each login, and who has none is not let in.
"""

from __future__ import annotations

import hashlib
import logging
from functools import cache
from typing import Any

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from puljeguiden import settings
from staff.access import Role

logger = logging.getLogger(__name__)

_NEXT = "signon_next"
_SECONDS = 10


class NotLetIn(Exception):
    """Somebody was sent by the provider, but may not come in. The message is the reason's name, for the page."""


def is_offered() -> bool:
    """Return whether a provider is configured."""
    return bool(settings.get("PULJEGUIDEN_OIDC_ISSUER"))


def problem() -> str | None:
    """Return what is wrong with the settings, if anything."""
    if not is_offered():
        return None
    for name in ("CLIENT_ID", "CLIENT_SECRET"):
        if not settings.get(f"PULJEGUIDEN_OIDC_{name}"):
            return f"PULJEGUIDEN_OIDC_{name} is missing: PULJEGUIDEN_OIDC_ISSUER is set."
    if not settings.get("PULJEGUIDEN_STAFF_PUBLIC_URL"):
        return "PULJEGUIDEN_STAFF_PUBLIC_URL is missing: the provider sends people back to it."
    unknown = set(settings.get("PULJEGUIDEN_OIDC_ROLES").values()) - set(Role.values)
    if unknown:
        return f"PULJEGUIDEN_OIDC_ROLES: there is no role {', '.join(sorted(unknown))}, but {', '.join(Role.values)}."
    return None


@login_not_required
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Send somebody to the provider."""
    if not is_offered():
        raise Http404
    wanted = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        request.session[_NEXT] = wanted
    try:
        answer: HttpResponse = _provider().authorize_redirect(request, _return_address())
    except Exception as error:  # whatever the provider does, somebody waits for a page
        logger.error("single sign-on: the provider was not reached: %s", type(error).__name__)
        return render(request, "registration/signon.html", {"reason": "provider"}, status=503)
    return answer


@login_not_required
@require_safe
def finish(request: HttpRequest) -> HttpResponse:
    """Let in whom the provider sends back."""
    if not is_offered():
        raise Http404
    try:
        user = _user(_claims(request))
    except NotLetIn as refusal:
        logger.warning("single sign-on: somebody was not let in: %s", refusal)
        return render(request, "registration/signon.html", {"reason": str(refusal)}, status=403)
    wanted = request.session.pop(_NEXT, "")
    login(request, user, "django.contrib.auth.backends.ModelBackend")
    return redirect(wanted or "home")


def _return_address() -> str:
    return f"{settings.get('PULJEGUIDEN_STAFF_PUBLIC_URL').rstrip('/')}{reverse('signed-on')}"


@cache
def _provider() -> Any:
    from authlib.integrations.django_client import OAuth  # a third of a second, for those who need it

    issuer = settings.get("PULJEGUIDEN_OIDC_ISSUER")
    return OAuth().register(
        "provider",
        client_id=settings.get("PULJEGUIDEN_OIDC_CLIENT_ID"),
        client_secret=settings.get("PULJEGUIDEN_OIDC_CLIENT_SECRET"),
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile email",
            "code_challenge_method": "S256",
            "default_timeout": _SECONDS,
            "trust_env": False,
        },
    )


def _claims(request: HttpRequest) -> dict[str, Any]:
    """Return what the provider says about somebody, proven by its signature.

    Raises:
        NotLetIn: it says nothing that can be believed.
    """
    must = {
        "iss": {"essential": True, "values": [settings.get("PULJEGUIDEN_OIDC_ISSUER")]},
        "aud": {"essential": True, "values": [settings.get("PULJEGUIDEN_OIDC_CLIENT_ID")]},
        "exp": {"essential": True},
        "sub": {"essential": True},
    }
    try:
        token = _provider().authorize_access_token(request, claims_options=must)
    except Exception as error:  # a forged answer, an old one, a provider that is away
        logger.warning("single sign-on failed: %s", type(error).__name__)
        raise NotLetIn("provider") from None
    claims: dict[str, Any] | None = token.get("userinfo")
    if not claims:
        raise NotLetIn("provider")
    return claims


@transaction.atomic
def _user(claims: dict[str, Any]) -> User:
    """Return the account of a person, made or brought up to date.

    Raises:
        NotLetIn: the account was closed here, or there is no role for it.
    """
    digest = hashlib.sha256(f"{claims['iss']}\0{claims['sub']}".encode()).hexdigest()[:24]
    user, new = User.objects.get_or_create(username=f"sso-{digest}")
    if new:
        user.set_unusable_password()
    if not user.is_active:
        raise NotLetIn("closed")
    roles = _roles(claims.get(settings.get("PULJEGUIDEN_OIDC_ROLE_CLAIM")))
    if not roles:
        raise NotLetIn("role")
    name = str(claims.get("name") or "")
    user.first_name = str(claims.get("given_name") or name.rpartition(" ")[0] or name)[:150]
    user.last_name = str(claims.get("family_name") or name.rpartition(" ")[2])[:150]
    user.email = str(claims.get("email") or "")[:254]
    user.save()
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def _roles(told: object) -> set[str]:
    """Return the roles that a claim's values stand for."""
    values = [told] if isinstance(told, str) else told if isinstance(told, list) else []
    meant = settings.get("PULJEGUIDEN_OIDC_ROLES") or {role: role for role in Role.values}
    return {meant[value] for value in values if isinstance(value, str) and value in meant}
