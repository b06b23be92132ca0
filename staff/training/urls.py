"""Where the pages about training stand."""

from __future__ import annotations

from django.urls import path

from staff.training import deeds

urlpatterns = [
    path("traening/", deeds.home, name="training"),
    path("traening/haendelser/", deeds.show, name="deeds"),
]
