"""Where the pages about training stand."""

from __future__ import annotations

from django.urls import path, register_converter

from staff.training import (
    answering,
    bank,
    changes,
    deeds,
    jobs,
    learning,
    newpool,
    newtopic,
    poolpages,
    sorting,
    topicpages,
    watching,
)


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
    path("traening/indbakke/", sorting.show, name="inbox"),
    path("traening/indbakke/behandl/", sorting.sort, name="sort"),
    path("traening/eksempler/", learning.learn, name="learn"),
    path("traening/emner/", topicpages.list_topics, name="topics"),
    path("traening/nyt-emne/", newtopic.new_topic, name="new_topic"),
    path("traening/emner/<str:intent>/", topicpages.show_topic, name="topic"),
    path("traening/emner/<str:intent>/eksempler/", topicpages.change_examples, name="change_examples"),
    path("traening/emner/<str:intent>/eksempel/", topicpages.edit_example, name="example"),
    path("traening/emner/<str:intent>/ret/", topicpages.change_topic, name="change_topic"),
    path("traening/emner/<str:intent>/slet/", topicpages.delete_topic, name="delete_topic"),
    path("traening/puljer/", poolpages.list_pools, name="pools"),
    path("traening/ny-pulje/", newpool.new_pool, name="new_pool"),
    path("traening/puljer/<slug:pool>/", poolpages.show_pool, name="pool"),
    path("traening/puljer/<slug:pool>/ret/", poolpages.change_pool, name="change_pool"),
    path("traening/puljer/<slug:pool>/svar/<str:question>/", answering.answer, name="answer"),
    path("traening/aendringer/", changes.show, name="drafts"),
    path("traening/aendringer/fjern/", changes.drop, name="drop"),
    path("traening/aendringer/kasser/", changes.discard, name="discard"),
    path("traening/aendringer/opdater/", changes.update, name="update"),
    path("traening/aendringer/fortryd/<slug:commit>/", changes.undo, name="undo"),
    path("traening/aendringer/<slug:draft>/", changes.show_one, name="draft"),
    path("traening/sider/", watching.list_pages, name="watch"),
    path("traening/sider/<slug:pool>/", watching.show_page, name="watched"),
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
