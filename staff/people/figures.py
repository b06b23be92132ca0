"""What the staff service tells whoever watches over it, in Prometheus' format. Numbers only, and no names."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from puljeguiden import bank, heartbeat, jobs, model, outbox
from staff.cases.models import Case, Letter
from staff.conversations import lag


class Kept:
    """Reads the figures from the databases and the var folder at the moment they are asked for."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each figure; one that cannot be read is left out, and that is a figure of its own."""
        unread = GaugeMetricFamily("puljeguiden_unread", "1 where figures could not be read.", labels=["what"])
        for what, read in (("outbox", _outbox), ("staff", _staff), ("model", _model), ("job", _job)):
            try:
                yield from list(read())
                unread.add_metric([what], 0)
            except (DatabaseError, outbox.OutboxError, model.NoModel, OSError):
                unread.add_metric([what], 1)
        yield unread
        signs = GaugeMetricFamily(
            "puljeguiden_worker_seconds", "Seconds since a worker's last sign of life; -1: never.", labels=["worker"]
        )
        for worker in heartbeat.WORKERS:
            age = heartbeat.age(worker)
            signs.add_metric([worker], -1 if age is None else age)
        yield signs


def _outbox() -> Iterator[GaugeMetricFamily]:
    waiting = GaugeMetricFamily(
        "puljeguiden_outbox_cases", "Cases in the outbox, by how far they are.", labels=["state"]
    )
    for state, count in outbox.current().counts().items():
        waiting.add_metric([state], count)
    yield waiting


def _staff() -> Iterator[GaugeMetricFamily]:
    behind = lag.current()
    events = -1 if behind.events is None else behind.events
    yield GaugeMetricFamily("puljeguiden_follower_events", "Events that staff cannot see yet; -1: not known.", events)
    seconds = behind.seconds or 0.0
    yield GaugeMetricFamily("puljeguiden_follower_seconds", "How long the oldest of them has waited.", seconds)
    cases = GaugeMetricFamily("puljeguiden_staff_cases", "Cases at the staff service, by state.", labels=["state"])
    for state, count in Case.objects.values_list("state").annotate(Count("pk")).order_by():
        cases.add_metric([state], count)
    yield cases
    mails = GaugeMetricFamily(
        "puljeguiden_mails", "Mails that are not sent: on their way, or given up.", labels=["state"]
    )
    unsent = Letter.objects.exclude(status=Letter.Status.SENT)
    for status, count in unsent.values_list("status").annotate(Count("pk")).order_by():
        mails.add_metric([status], count)
    yield mails
    oldest = unsent.filter(status=Letter.Status.QUEUED).aggregate(at=Min("written"))["at"]
    waited = (timezone.now() - oldest).total_seconds() if oldest else 0.0
    yield GaugeMetricFamily("puljeguiden_mail_seconds", "How long the oldest mail on its way has waited.", waited)


def _model() -> Iterator[GaugeMetricFamily]:
    trained = model.live().stat().st_mtime
    yield GaugeMetricFamily(
        "puljeguiden_model_trained_timestamp", "When the live model was trained (Unix time).", trained
    )
    fits = float(bank.is_current())
    yield GaugeMetricFamily("puljeguiden_model_current", "1 where the live model fits the files as they are.", fits)


def _job() -> Iterator[GaugeMetricFamily]:
    job = jobs.status()
    states = GaugeMetricFamily(
        "puljeguiden_training_job",
        "1 for how the job that trains and publishes stands, or ended last.",
        labels=["state"],
    )
    if job:
        states.add_metric([job["state"]], 1)
        seconds = sum(job["took"].values())
        yield GaugeMetricFamily("puljeguiden_training_seconds", "How long that job has taken so far.", seconds)
    yield states


_KEPT = CollectorRegistry(auto_describe=False)
_KEPT.register(Kept())


@login_not_required
@require_safe
def metrics(_request: HttpRequest) -> HttpResponse:
    """Tell the figures of this process, and of what is kept."""
    return HttpResponse(generate_latest(REGISTRY) + generate_latest(_KEPT), content_type=CONTENT_TYPE_LATEST)


@login_not_required
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """Tell whether the service can answer: its database does."""
    try:
        Case.objects.exists()
    except DatabaseError:
        return JsonResponse({"ready": False}, status=503)
    return JsonResponse({"ready": True})
