"""Which page stands where."""

from __future__ import annotations

from django.contrib.auth import views as auth
from django.urls import include, path

from staff.conversations import personal
from staff.people import figures, signon
from staff.people import views as people
from staff.people.admin import site

urlpatterns = [
    path("", people.home, name="home"),
    path("health", people.health, name="health"),
    path("ready", figures.ready, name="ready"),
    path("metrics", figures.metrics, name="metrics"),
    path("log-ind/", auth.LoginView.as_view(extra_context={"single_sign_on": signon.is_offered()}), name="login"),
    path("log-ind/faelles/", signon.begin, name="signon"),
    path("log-ind/faelles/retur/", signon.finish, name="signed-on"),
    path("log-ud/", auth.LogoutView.as_view(), name="logout"),
    path(
        "adgangskode/",
        auth.PasswordChangeView.as_view(success_url="/", template_name="registration/password.html"),
        name="password",
    ),
    path("", include("staff.cases.urls")),
    path("", include("staff.conversations.urls")),
    path("", include("staff.training.urls")),
    path("opbevaring/", personal.show_retention, name="retention"),
    path("indsigt/", personal.show_insight, name="insight"),
    path("brugere/", site.urls),
]
