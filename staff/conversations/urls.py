"""Where the pages about conversations stand."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from staff.conversations import exports, overview, transcript, views


class Key(StringConverter):
    """A conversation's keyed hash in an address."""

    regex = "[0-9a-f]{32}"


register_converter(Key, "key")

urlpatterns = [
    path("samtaler/", views.list_conversations, name="conversations"),
    path("samtaler/formaal/", views.choose_purpose, name="purpose"),
    path("samtaler/filtre/", views.save_filter, name="save_filter"),
    path("samtaler/filtre/<int:saved>/slet/", views.delete_filter, name="delete_filter"),
    path("samtaler/eksport.csv", exports.download, name="turns_csv"),
    path("samtaler/<key:key>/", transcript.show_conversation, name="conversation"),
    path("samtaler/<key:key>/umaskeret/", transcript.unmask, name="unmask"),
    path("samtaler/<key:key>/gennemgang/", transcript.review, name="review"),
    path("samtaler/<key:key>/<int:number>/vurdering/", transcript.judge, name="judge"),
    path("samtaler/<key:key>/<int:number>/forslag/", transcript.propose, name="propose"),
    path("overblik/", overview.show, name="overview"),
]
