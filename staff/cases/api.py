"""The door for the outbox: `POST /api/cases`. What it takes stands in case.schema.json."""

from __future__ import annotations

import hmac
import logging

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from puljeguiden import secret
from staff.cases import intake
from staff.cases.receive import NumberTaken, receive

logger = logging.getLogger(__name__)


@csrf_exempt  # nothing here goes by cookies
@login_not_required
@require_POST
def cases(request: HttpRequest) -> JsonResponse:
    """Take in a case: 201 when it is new, 200 when it is here already, each time with its number."""
    given = request.headers.get("Authorization", "").encode("utf-8", "replace")
    if not hmac.compare_digest(given, f"Bearer {secret.staff_token()}".encode()):
        return _refusal(401, "authorization: the token is not the one", **{"WWW-Authenticate": "Bearer"})
    if request.content_type != "application/json":
        return _refusal(415, "content-type: has to be application/json")
    try:
        given_case = intake.read(request.body)
    except RequestDataTooBig:
        return _refusal(413, "body: is too large")
    except UnreadablePostError:
        return _refusal(400, "body: ended early")
    except intake.Unusable as unusable:
        return _refusal(400, *unusable.problems)
    if request.headers.get("Idempotency-Key", given_case["key"]) != given_case["key"]:
        return _refusal(400, "idempotency-key: is not the case's key")
    try:
        case, new = receive(given_case)
    except NumberTaken:
        return _refusal(409, "number: belongs to another case")
    except DatabaseError as error:
        logger.error("a case was not stored: %s", type(error).__name__)
        return _refusal(503, "it could not be stored; send it again later", **{"Retry-After": "5"})
    return JsonResponse({"number": case.number}, status=201 if new else 200)


def _refusal(status: int, *problems: str, **headers: str) -> JsonResponse:
    return JsonResponse({"problems": problems}, status=status, headers=headers)
