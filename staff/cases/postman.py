"""Sends the queued mails. A mail is marked as sent after the server took it: killed in between, it goes out twice."""

from __future__ import annotations

import logging
import random
import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from puljeguiden import heartbeat
from puljeguiden.masking import keyed_hash
from puljeguiden.secret import staff_key
from staff.cases import letters, trail
from staff.cases.models import Case, Event, Letter, State

logger = logging.getLogger(__name__)

_CLAIM = timedelta(minutes=5)
_LONGEST_PAUSE = timedelta(minutes=15)
_GIVE_UP_AFTER = timedelta(days=3)


def send_due() -> int:
    """Send every mail whose time has come, and return how many were tried."""
    now = timezone.now()
    # Nothing waits longer than a quarter of an hour: what seems to was written before the clock was set back.
    is_due = Q(due__lte=now) | Q(due__gt=now + 2 * _LONGEST_PAUSE)
    queue = Letter.objects.filter(is_due, status=Letter.Status.QUEUED).order_by("due")
    return sum(_send(letter) for letter in queue[:50] if _claim(letter))


def _claim(letter: Letter) -> bool:
    """Put a mail out of reach of other processes for as long as sending may take."""
    heartbeat.beat("mail")
    mine = Letter.objects.filter(pk=letter.pk, due=letter.due, status=Letter.Status.QUEUED)
    return bool(mine.update(due=timezone.now() + _CLAIM))


def _send(letter: Letter) -> bool:
    message = EmailMessage(
        letter.subject,
        letter.body,
        letters.sender(),
        [letter.to],
        headers={
            # Sent twice, it is still one mail to whoever receives it.
            "Message-ID": f"<{keyed_hash(letter.token, staff_key())}@{settings.DEFAULT_FROM_EMAIL.partition('@')[2]}>",
            "Auto-Submitted": "no" if letter.purpose == Letter.Purpose.REPLY else "auto-generated",
        },
        connection=get_connection(),
    )
    try:
        message.send()
    except Exception as error:  # one mail that cannot be sent must not stop the others
        _failed(letter, error)
    else:
        _sent(letter)
    return True


@transaction.atomic
def _sent(letter: Letter) -> None:
    logger.info("mail %s is sent", letter.pk)
    letter.status, letter.sent, letter.problem = Letter.Status.SENT, timezone.now(), ""
    letter.save(update_fields=("status", "sent", "problem"))
    trail.record(letter.case, None, Event.What.SENT, letter.get_purpose_display())


@transaction.atomic
def _failed(letter: Letter, error: Exception) -> None:
    letter.attempts += 1
    letter.problem = _reason(error)
    now = timezone.now()
    logger.warning("mail %s failed, attempt %s: %s", letter.pk, letter.attempts, letter.problem)
    if _is_final(error) or now - letter.written > _GIVE_UP_AFTER:
        letter.status = Letter.Status.FAILED
        case = Case.objects.select_for_update().get(pk=letter.case_id)
        told = [letter.get_purpose_display()]
        if letter.purpose == Letter.Purpose.REPLY and case.state == State.ANSWERED:  # nobody has been answered
            told.append(trail.change(case, state=State.OPEN))
        trail.record(case, None, Event.What.RETURNED, "; ".join(told))
    pause = min(_LONGEST_PAUSE, timedelta(seconds=5 * 2 ** min(letter.attempts, 10)))
    letter.due = now + pause * random.uniform(0.5, 1)  # noqa: S311 - no secret  # nosec B311
    letter.save(update_fields=("attempts", "problem", "status", "due"))


def _is_final(error: Exception) -> bool:
    """Return whether trying again cannot help: the server refuses this recipient or this mail for good."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return not isinstance(error, OSError)  # SMTPException is one; anything else is wrong with the mail itself


def _reason(error: Exception) -> str:
    """Return what went wrong, without the addresses that a server's words may hold."""
    codes = [code for code, _ in getattr(error, "recipients", {}).values()] or [getattr(error, "smtp_code", None)]
    return " ".join([type(error).__name__, *(str(code) for code in codes if code)])
