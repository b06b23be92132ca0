"""Where the pages about cases stand."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from staff.cases import api, exports, views


class CaseNumber(StringConverter):
    """A case's number in an address."""

    regex = "[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}"


register_converter(CaseNumber, "number")

urlpatterns = [
    path("api/cases", api.cases, name="api"),
    path("sager/", views.list_cases, name="cases"),
    path("sager/overskredet/", views.list_overdue, name="overdue"),
    path("sager/<number:number>/", views.show_case, name="case"),
    path("sager/<number:number>/aendr/", views.change_case, name="change"),
    path("sager/<number:number>/notat/", views.add_note, name="note"),
    path("sager/<number:number>/svar/", views.reply, name="reply"),
    path("sager/<number:number>/mail/<int:letter>/igen/", views.send_again, name="again"),
    path("sager/<number:number>/udskrift/", exports.show_print, name="print"),
    path("sager/<number:number>/journal.json", exports.download, name="export"),
]
