"""Writes the mails about a case into the queue. Their texts are templates in `templates/mail/`: a subject, then the body."""

from __future__ import annotations

import secrets
from datetime import timedelta
from email.utils import formataddr
from urllib.parse import quote

from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from puljeguiden import destinations, facts, settings
from staff.cases import names
from staff.cases.models import Case, Letter

# Anybody can type anybody's address into the form. A stranger gets this many mails a day, no more.
_MOST_RECEIPTS_A_DAY = 5


def receipt(case: Case) -> Letter | None:
    """Queue what the applicant gets at once: the number, who has the case, and what was sent."""
    if not can_be_mailed(case.email):
        return None
    day_ago = timezone.now() - timedelta(days=1)
    earlier = Letter.objects.filter(purpose=Letter.Purpose.RECEIPT, to__iexact=case.email, written__gte=day_ago)
    if earlier.count() >= _MOST_RECEIPTS_A_DAY:
        return None
    return _queue(case, Letter.Purpose.RECEIPT, case.email)


def notice(case: Case) -> Letter | None:
    """Queue the news of a case to whoever is configured to get it; without anybody, it waits in the service."""
    to = destinations.destination(facts.current(), case.pool, case.kind)
    return _queue(case, Letter.Purpose.NOTICE, to) if to else None


def reply(case: Case, author: User, subject: str, body: str, token: str) -> Letter:
    """Queue a person's answer to the applicant.

    Raises:
        IntegrityError: this very form was sent before.
    """
    return Letter.objects.create(
        case=case,
        purpose=Letter.Purpose.REPLY,
        to=case.email,
        subject=subject,
        body=body,
        author=author,
        token=token,
    )


def reply_template(case: Case, author: User) -> tuple[str, str]:
    """Return subject and body that an answer starts from."""
    return _text("reply", case, author=author.get_full_name() or author.username)


def sender() -> str:
    """Return who mails come from."""
    return formataddr(("Puljeguiden", django_settings.DEFAULT_FROM_EMAIL))


def can_be_mailed(address: str) -> bool:
    """Return whether an applicant's address can be mailed at all."""
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= 254


def _queue(case: Case, purpose: Letter.Purpose, to: str) -> Letter:
    subject, body = _text(purpose.value, case)
    return Letter.objects.create(
        case=case, purpose=purpose, to=to, subject=subject, body=body, token=secrets.token_hex(16)
    )


def _text(name: str, case: Case, **more: str) -> tuple[str, str]:
    context = {
        "case": case,
        "pool": names.pool(case.pool),
        "page": _address(case),
        "case_days": settings.get("PULJEGUIDEN_CASE_DAYS"),
        "can_be_answered": bool(settings.get("PULJEGUIDEN_MAIL_FROM")),
        **more,
    }
    subject, _, body = render_to_string(f"mail/{name}.txt", context).strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


def _address(case: Case) -> str:
    public = settings.get("PULJEGUIDEN_STAFF_PUBLIC_URL").rstrip("/") or settings.staff_url()
    return f"{public}{reverse('case', args=[quote(case.number)])}"
