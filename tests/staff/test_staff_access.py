"""Who gets in where: each role at each page.

Anna works with cases, Bo reads, Carl has no role, Dorte administers, Erik trains.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.staff.talks import talk

OK, AWAY, NO, ELSEWHERE, WRONG, GONE = 200, 302, 403, 404, 400, 409
PEOPLE = ("anna", "bo", "carl", "dorte", "erik", "nobody")

# What each of them gets: anna, bo, carl, dorte, erik, and somebody who is not logged in.
PAGES = {
    "GET /": (AWAY, AWAY, OK, AWAY, AWAY, AWAY),
    "GET /sager/": (OK, OK, NO, OK, NO, AWAY),
    "GET /sager/overskredet/": (OK, OK, NO, OK, NO, AWAY),
    "GET /sager/{number}/": (OK, OK, NO, OK, NO, AWAY),
    "POST /sager/{number}/aendr/": (AWAY, NO, NO, AWAY, NO, AWAY),
    "POST /sager/{number}/notat/": (AWAY, NO, NO, AWAY, NO, AWAY),
    "GET /sager/{number}/svar/": (OK, NO, NO, OK, NO, AWAY),
    "POST /sager/{number}/svar/": (OK, NO, NO, OK, NO, AWAY),
    "POST /sager/{number}/mail/1/igen/": (AWAY, NO, NO, AWAY, NO, AWAY),
    "GET /sager/{number}/udskrift/": (OK, NO, NO, OK, NO, AWAY),
    "GET /sager/{number}/journal.json": (OK, NO, NO, OK, NO, AWAY),
    "GET /samtaler/": (OK, OK, NO, OK, OK, AWAY),
    "GET /samtaler/formaal/": (OK, OK, NO, OK, OK, AWAY),
    "POST /samtaler/formaal/": (AWAY, AWAY, NO, AWAY, AWAY, AWAY),
    "POST /samtaler/filtre/": (AWAY, AWAY, NO, AWAY, AWAY, AWAY),
    "POST /samtaler/filtre/1/slet/": (ELSEWHERE, ELSEWHERE, NO, ELSEWHERE, ELSEWHERE, AWAY),
    "POST /samtaler/eksport.csv": (OK, NO, NO, OK, NO, AWAY),
    "GET /samtaler/{key}/": (AWAY, AWAY, NO, AWAY, AWAY, AWAY),  # says why first
    "POST /samtaler/{key}/umaskeret/": (NO, NO, NO, OK, NO, AWAY),
    "POST /samtaler/{key}/gennemgang/": (AWAY, NO, NO, AWAY, AWAY, AWAY),
    "POST /samtaler/{key}/1/vurdering/": (AWAY, NO, NO, AWAY, AWAY, AWAY),
    "POST /samtaler/{key}/1/forslag/": (AWAY, NO, NO, AWAY, AWAY, AWAY),
    "GET /overblik/": (OK, OK, NO, OK, OK, AWAY),
    "GET /opbevaring/": (OK, OK, NO, OK, OK, AWAY),
    "GET /indsigt/": (OK, NO, NO, OK, NO, AWAY),
    "POST /indsigt/": (OK, NO, NO, OK, NO, AWAY),
    "GET /traening/indbakke/": (NO, NO, NO, OK, OK, AWAY),
    "POST /traening/indbakke/behandl/": (NO, NO, NO, AWAY, AWAY, AWAY),
    "POST /traening/eksempler/": (NO, NO, NO, AWAY, AWAY, AWAY),
    "GET /traening/emner/": (NO, NO, NO, OK, OK, AWAY),
    "GET /traening/nyt-emne/": (NO, NO, NO, OK, OK, AWAY),
    "POST /traening/nyt-emne/": (NO, NO, NO, WRONG, WRONG, AWAY),
    "GET /traening/emner/deadline/": (NO, NO, NO, OK, OK, AWAY),
    "POST /traening/emner/deadline/eksempler/": (NO, NO, NO, AWAY, AWAY, AWAY),
    "GET /traening/emner/deadline/eksempel/": (NO, NO, NO, ELSEWHERE, ELSEWHERE, AWAY),
    "POST /traening/emner/deadline/ret/": (NO, NO, NO, WRONG, WRONG, AWAY),
    "GET /traening/emner/deadline/slet/": (NO, NO, NO, OK, OK, AWAY),
    "GET /traening/puljer/": (NO, NO, NO, OK, OK, AWAY),
    "GET /traening/ny-pulje/": (NO, NO, NO, OK, OK, AWAY),
    "POST /traening/ny-pulje/": (NO, NO, NO, WRONG, WRONG, AWAY),
    "GET /traening/puljer/{pool}/": (NO, NO, NO, OK, OK, AWAY),
    "POST /traening/puljer/{pool}/ret/": (NO, NO, NO, WRONG, WRONG, AWAY),
    "GET /traening/puljer/{pool}/svar/deadline/": (NO, NO, NO, OK, OK, AWAY),
    "POST /traening/puljer/{pool}/svar/deadline/": (NO, NO, NO, WRONG, WRONG, AWAY),
    "GET /traening/aendringer/": (NO, NO, NO, OK, OK, AWAY),
    "GET /traening/aendringer/none/": (NO, NO, NO, GONE, GONE, AWAY),
    "POST /traening/aendringer/fjern/": (NO, NO, NO, GONE, GONE, AWAY),
    "GET /traening/aendringer/kasser/": (NO, NO, NO, GONE, GONE, AWAY),
    "POST /traening/aendringer/kasser/": (NO, NO, NO, GONE, GONE, AWAY),
    "POST /traening/aendringer/opdater/": (NO, NO, NO, GONE, GONE, AWAY),
    "GET /traening/aendringer/fortryd/none/": (NO, NO, NO, GONE, GONE, AWAY),
    "GET /traening/sider/": (NO, NO, NO, OK, OK, AWAY),
    "GET /traening/sider/{pool}/": (NO, NO, NO, ELSEWHERE, ELSEWHERE, AWAY),
    "GET /traening/": (NO, NO, NO, AWAY, AWAY, AWAY),
    "GET /traening/haendelser/": (NO, NO, NO, OK, OK, AWAY),
    "GET /traening/udgivelse/": (NO, NO, NO, OK, OK, AWAY),
    "GET /traening/udgivelse/status.json": (NO, NO, NO, OK, OK, AWAY),
    "POST /traening/udgivelse/start/": (NO, NO, NO, AWAY, AWAY, AWAY),  # without a reason, nothing starts
    "POST /traening/udgivelse/stop/": (NO, NO, NO, AWAY, AWAY, AWAY),
    "POST /traening/udgivelse/drift/": (NO, NO, NO, AWAY, AWAY, AWAY),
    "GET /traening/modeller/": (NO, NO, NO, OK, OK, AWAY),
    "GET /traening/modeller/none/": (NO, NO, NO, ELSEWHERE, ELSEWHERE, AWAY),
    "GET /traening/modeller/none/tilbage/": (NO, NO, NO, ELSEWHERE, ELSEWHERE, AWAY),
    "POST /traening/modeller/none/tilbage/": (NO, NO, NO, ELSEWHERE, ELSEWHERE, AWAY),
    "GET /brugere/": (AWAY, AWAY, AWAY, OK, AWAY, AWAY),
    "GET /brugere/auth/user/": (AWAY, AWAY, AWAY, OK, AWAY, AWAY),
    "GET /brugere/auth/user/add/": (AWAY, AWAY, AWAY, OK, AWAY, AWAY),
    "GET /brugere/auth/user/1/change/": (AWAY, AWAY, AWAY, OK, AWAY, AWAY),
    "GET /brugere/auth/user/1/password/": (AWAY, AWAY, AWAY, OK, AWAY, AWAY),
    "GET /brugere/auth/user/1/history/": (AWAY, AWAY, AWAY, OK, AWAY, AWAY),
    "GET /brugere/auth/user/1/delete/": (AWAY, AWAY, AWAY, NO, AWAY, AWAY),
    "GET /brugere/auth/group/": (AWAY, AWAY, AWAY, ELSEWHERE, AWAY, AWAY),
    "GET /adgangskode/": (OK, OK, OK, OK, OK, AWAY),
    "GET /log-ind/": (OK, OK, OK, OK, OK, OK),
    "GET /log-ind/faelles/": (ELSEWHERE,) * 6,  # no provider is configured
    "GET /log-ind/faelles/retur/": (ELSEWHERE,) * 6,
    "GET /health": (OK, OK, OK, OK, OK, OK),
    "GET /ready": (OK, OK, OK, OK, OK, OK),
    "GET /metrics": (OK, OK, OK, OK, OK, OK),
}
IN_ADDRESSES = {
    "number:number": "{number}",
    "key:key": "{key}",
    "version:version": "none",
    "slug:pool": "{pool}",
    "slug:commit": "none",
    "slug:draft": "none",
    "str:intent": "deadline",
    "str:question": "deadline",
}
FORMS = {
    "formaal": {"purpose": "quality"},
    "filtre": {"name": "Mit filter"},
    "eksport.csv": {"purpose": "quality"},
    "umaskeret": {"reason": "Ansøgeren har bedt om det"},
    "gennemgang": {"reviewed": "yes"},
    "vurdering": {"what": "right"},
    "forslag": {"use": "example"},
    "indsigt": {"whose": "nobody-012345678901234567890", "action": "find"},
    "aendr": {"state": "open", "assignee": "", "reply_by": "2026-12-01"},
    "notat": {"text": "Ring til kommunen."},
    "svar": {"subject": "Svar", "body": "Hej Mette", "token": "0" * 32, "seen": "0", "step": "preview"},
}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("page", PAGES)
def test_each_role_at_each_page(
    page: str, who: str, request: pytest.FixtureRequest, received: Callable[..., Any], db: None
) -> None:
    from django.test import Client

    case, told = received(), talk("Må vi søge om penge til cykelstier?")
    client = Client() if who == "nobody" else request.getfixturevalue(who)
    method, _, path = page.format(number=case.number, key=told.key, pool="kommunale-handlingsplaner").partition(" ")
    form = FORMS.get(path.rstrip("/").rpartition("/")[2])
    response = client.get(path) if method == "GET" else client.post(path, form)
    assert response.status_code == PAGES[page][PEOPLE.index(who)]
    if response.status_code != OK or who in ("carl", "erik", "nobody"):
        assert "skolerne" not in (said := content(response))
        assert response.status_code == OK or "cykelstier" not in said
    case.refresh_from_db()
    if method == "POST" and response.status_code != AWAY:
        assert (case.state, case.notes.count()) == ("new", 0)


def content(response: Any) -> str:
    """Return what a response says, streamed or not."""
    return (b"".join(response) if response.streaming else response.content).decode()


def test_every_address_is_in_the_table() -> None:
    """A new page without a row here would be a page nobody thought about."""
    from staff.cases.urls import urlpatterns as cases
    from staff.conversations.urls import urlpatterns as conversations
    from staff.training.urls import urlpatterns as training
    from staff.urls import urlpatterns as others

    urlpatterns = [*cases, *conversations, *training, *(one for one in others if not hasattr(one, "url_patterns"))]
    known = {page.partition(" ")[2] for page in PAGES}
    paths = {re.sub(r"<(\w+:\w+)>", _example, f"/{pattern.pattern}") for pattern in urlpatterns}
    assert paths - known == {"/api/cases", "/log-ud/"}


def _example(part: re.Match[str]) -> str:
    return "1" if part[1].startswith("int:") else IN_ADDRESSES[part[1]]


def test_carl_sees_no_case_at_his_front_page(carl: Any, received: Callable[..., Any]) -> None:
    received()
    page = carl.get("/").content.decode()
    assert "spørg en administrator" in page
    assert "Sager" not in page


def test_bo_is_shown_nothing_that_he_may_not_do(bo: Any, received: Callable[..., Any]) -> None:
    page = bo.get(f"/sager/{received().number}/").content.decode()
    for action in ("svar/", "notat/", "aendr/", "journal.json", "udskrift/"):
        assert f'/{action}"' not in page


def test_an_account_that_is_closed_gets_nowhere(person: Callable[..., Any], received: Callable[..., Any]) -> None:
    from django.contrib.auth.models import User

    gone = person("gone", "Sagsbehandler")
    User.objects.filter(username="gone").update(is_active=False)
    assert gone.get("/sager/").status_code == AWAY


def test_an_unknown_number_is_not_found_and_a_strange_one_neither(anna: Any) -> None:
    assert anna.get("/sager/PG-2222-2222/").status_code == ELSEWHERE
    assert anna.get("/sager/..%2F..%2Fetc/").status_code == ELSEWHERE


def test_forms_need_the_token_against_forgery(person: Callable[..., Any], received: Callable[..., Any]) -> None:
    from django.test import Client

    anna = person("anna", "Sagsbehandler")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = anna.cookies
    response = strict.post(f"/sager/{received().number}/notat/", FORMS["notat"])
    assert response.status_code == NO
    assert "for gammel" in response.content.decode()


def test_guessing_passwords_is_slowed_down(db: None) -> None:
    from django.contrib.auth.models import User
    from django.test import Client, override_settings

    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):  # for speed
        User.objects.create_user("anna", password="et-langt-kodeord")
        client = Client()
        for _ in range(10):
            answer = client.post("/log-ind/", {"username": "anna", "password": "forkert"})
        assert answer.status_code == 429
        assert "kvarter" in answer.content.decode()
        right = client.post("/log-ind/", {"username": "anna", "password": "et-langt-kodeord"})
        assert right.status_code == 429


def test_dorte_makes_an_account_with_a_role_and_cannot_make_herself_more(dorte: Any) -> None:
    from django.contrib.auth.models import Group, User

    reader = Group.objects.get(name="Læser")
    form = {
        "username": "frida",
        "usable_password": "true",
        "password1": "et-langt-kodeord",
        "password2": "et-langt-kodeord",
    }
    answer = dorte.post(
        "/brugere/auth/user/add/", {**form, "groups": reader.pk, "is_superuser": "on", "is_staff": "on"}
    )
    assert answer.status_code == AWAY, answer.content.decode()
    frida = User.objects.get(username="frida")
    assert [group.name for group in frida.groups.all()] == ["Læser"]
    assert (frida.is_superuser, frida.is_staff) == (False, False)
    assert dorte.post(f"/brugere/auth/user/{frida.pk}/delete/", {"post": "yes"}).status_code == NO


@pytest.mark.parametrize(
    "path",
    ["/log-ind/", "/sager/", "/brugere/auth/user/", "/sager/PG-2222-2222/", "/samtaler/", "/overblik/", "/health"],
)
def test_every_page_has_the_headers_that_protect_it(dorte: Any, path: str) -> None:
    headers = dorte.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in headers["Cache-Control"]


def test_a_session_ends_without_clicks_and_its_cookie_is_shy(person: Callable[..., Any]) -> None:
    cookie = person("anna", "Sagsbehandler").get("/sager/").cookies["puljeguiden_staff"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    from django.conf import settings

    assert settings.SESSION_COOKIE_AGE == 120 * 60
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE


def test_of_a_failed_login_only_what_slows_down_guessing_is_kept(db: None) -> None:
    from axes.models import AccessAttempt
    from django.test import Client

    Client().post("/log-ind/?x=kanelsnegl", {"username": "010190-1234", "password": "kanelsnegl", "y": "kanelsnegl"})
    (attempt,) = AccessAttempt.objects.all()
    assert (attempt.username, attempt.get_data, attempt.post_data) == ("[CPR-nummer fjernet]", "", "")
    AccessAttempt.objects.update(attempt_time="2020-01-01T00:00:00Z")
    from staff.people.attempts import forget_old

    forget_old()
    assert not AccessAttempt.objects.exists()


def test_behind_tls_cookies_are_secure_and_browsers_are_told_to_stay_there(tmp_path: Any) -> None:
    script = """
import django
django.setup()
from django.test import Client
from django.conf import settings
answer = Client().get("/log-ind/", headers={"X-Forwarded-Proto": "https"})
print(answer.headers["Strict-Transport-Security"], answer.cookies["csrftoken"]["secure"], settings.SESSION_COOKIE_SECURE)
"""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "staff.settings",
        "PULJEGUIDEN_VAR_DIR": str(tmp_path),
        "PULJEGUIDEN_STAFF_PUBLIC_URL": "https://testserver",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["max-age=31536000", "True", "True"]
