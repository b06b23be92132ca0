"""Where the pages about training stand."""

from __future__ import annotations

from django.urls import path, register_converter

from staff.training import bank, deeds, jobs


class Version:
    """A model's version in an address."""

    regex = "[0-9A-Za-z][0-9A-Za-z._-]{0,63}"

    def to_python(self, value: str) -> str:
        """Return the version."""
        return value

    def to_url(self, value: str) -> str:
        """Return the address's part."""
        return value


register_converter(Version, "version")

urlpatterns = [
    path("traening/", deeds.home, name="training"),
    path("traening/udgivelse/", jobs.show, name="job"),
    path("traening/udgivelse/status.json", jobs.status, name="job_status"),
    path("traening/udgivelse/start/", jobs.start, name="job_start"),
    path("traening/udgivelse/stop/", jobs.cancel, name="job_cancel"),
    path("traening/udgivelse/drift/", jobs.go_live, name="job_live"),
    path("traening/modeller/", bank.list_models, name="models"),
    path("traening/modeller/<version:version>/", bank.show_model, name="model"),
    path("traening/modeller/<version:version>/tilbage/", bank.roll_back, name="rollback"),
    path("traening/haendelser/", deeds.show, name="deeds"),
]
