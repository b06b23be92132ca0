"""Single sign-on: who comes from the provider, with which role, and who does not come in."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from joserfc.jwk import RSAKey

from tests.conftest import ROOT, free_port
from tests.staff.provider import CLIENT, SECRET, Provider
from tests.staff.service import Service

ANNA = {
    "sub": "anna-1",
    "given_name": "Anna",
    "family_name": "Ås",
    "email": "anna@example.org",
    "roles": ["puljer-sag"],
}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """A provider of the tests' own."""
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture(scope="module")
def signon(provider: Provider, prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A staff service that knows the provider."""
    service = Service(
        Path(shutil.copytree(prepared, tmp_path_factory.mktemp("signon") / "var")),
        PULJEGUIDEN_OIDC_ISSUER=provider.url,
        PULJEGUIDEN_OIDC_CLIENT_ID=CLIENT,
        PULJEGUIDEN_OIDC_CLIENT_SECRET=SECRET,
        PULJEGUIDEN_OIDC_ROLES="puljer-sag=Sagsbehandler, puljer-laer=Træner",
    )
    service.environment["PULJEGUIDEN_STAFF_PUBLIC_URL"] = service.url
    service.start("staff")
    yield service
    service.stop()


def come(service: Service, provider: Provider, **claims: Any) -> tuple[requests.Session, requests.Response]:
    """Come in by way of the provider, as a browser would."""
    provider.claims, session = {**ANNA, **claims}, requests.Session()
    return session, session.get(f"{service.url}/log-ind/faelles/", timeout=10)


def is_in(service: Service, session: requests.Session) -> bool:
    return session.get(f"{service.url}/adgangskode/", allow_redirects=False, timeout=10).status_code == 200


def test_the_login_page_offers_it_beside_passwords(signon: Service, served: Service) -> None:
    assert "/log-ind/faelles/?next=" in requests.get(f"{signon.url}/log-ind/?next=/sager/", timeout=10).text
    assert "faelles" not in requests.get(f"{served.url}/log-ind/", timeout=10).text
    signon.login()


def test_anna_comes_in_with_the_role_her_organisation_gave_her(signon: Service, provider: Provider) -> None:
    session, page = come(signon, provider)
    assert page.url == f"{signon.url}/sager/"
    assert "Anna" in page.text
    assert session.get(f"{signon.url}/brugere/", timeout=10).url != f"{signon.url}/brugere/"
    cookie = next(one for one in session.cookies if one.name == "puljeguiden_staff")
    assert "HttpOnly" in cookie._rest  # type: ignore[attr-defined]


def test_a_role_that_is_taken_away_is_gone_at_the_next_login(signon: Service, provider: Provider) -> None:
    come(signon, provider, sub="bo-1")
    session, page = come(signon, provider, sub="bo-1", roles="puljer-laer")
    assert page.url == f"{signon.url}/samtaler/formaal/" or "/samtaler/" in page.url
    assert session.get(f"{signon.url}/sager/", timeout=10).status_code == 403


@pytest.mark.parametrize("roles", [None, [], "", ["Administrator"], {"puljer-sag": True}, [7]])
def test_who_has_no_role_is_not_let_in(roles: Any, signon: Service, provider: Provider) -> None:
    session, page = come(signon, provider, sub="carl-1", roles=roles)
    assert page.status_code == 403
    assert "ikke givet dig en rolle" in page.text
    assert not is_in(signon, session)


@pytest.mark.parametrize(
    "forged",
    [{"aud": "another"}, {"iss": "https://another.example.test"}, {"nonce": "another"}, {"exp": 1}, {"sub": None}],
    ids=str,
)
def test_a_token_that_is_not_meant_for_us_is_refused(
    forged: dict[str, Any], signon: Service, provider: Provider
) -> None:
    provider.forge = forged
    try:
        session, page = come(signon, provider)
    finally:
        provider.forge = {}
    assert page.status_code == 403
    assert not is_in(signon, session)


def test_a_token_that_somebody_else_signed_is_refused(signon: Service, provider: Provider) -> None:
    provider.key = RSAKey.generate_key(2048, {"kid": "one"})
    try:
        session, page = come(signon, provider)
    finally:
        provider.key = provider.own_key
    assert (page.status_code, is_in(signon, session)) == (403, False)


def test_an_answer_that_nobody_asked_for_is_refused(signon: Service, provider: Provider) -> None:
    session = requests.Session()
    page = session.get(f"{signon.url}/log-ind/faelles/retur/?code=x&state=y", timeout=10)
    assert (page.status_code, is_in(signon, session)) == (403, False)


def test_an_account_that_was_closed_here_stays_closed(signon: Service, provider: Provider) -> None:
    come(signon, provider, sub="erik-1", email="erik@example.org")
    close = "from django.contrib.auth.models import User; User.objects.filter(email='erik@example.org').update(is_active=False)"
    signon.run("-m", "staff", "shell", "-c", close)
    session, page = come(signon, provider, sub="erik-1", email="erik@example.org")
    assert page.status_code == 403
    assert "er lukket" in page.text
    assert not is_in(signon, session)


def test_afterwards_one_is_where_one_wanted_to_be_but_never_elsewhere(signon: Service, provider: Provider) -> None:
    for wanted, reached in (
        ("/overblik/", "/overblik/"),
        ("https://evil.example.test/", "/sager/"),
        ("//evil/", "/sager/"),
    ):
        provider.claims = ANNA
        page = requests.Session().get(f"{signon.url}/log-ind/faelles/", params={"next": wanted}, timeout=10)
        assert page.url.startswith(signon.url + reached)


def test_when_the_provider_is_away_the_page_says_so_and_passwords_work(prepared: Path, tmp_path: Path) -> None:
    away = Service(
        Path(shutil.copytree(prepared, tmp_path / "var")), PULJEGUIDEN_OIDC_ISSUER=f"http://127.0.0.1:{free_port()}"
    )
    away.environment |= {"PULJEGUIDEN_STAFF_PUBLIC_URL": away.url, "PULJEGUIDEN_OIDC_CLIENT_ID": "x"}
    away.environment["PULJEGUIDEN_OIDC_CLIENT_SECRET"] = "y"
    away.start("staff")
    try:
        began = time.monotonic()
        page = requests.get(f"{away.url}/log-ind/faelles/", timeout=20)
        assert (page.status_code, time.monotonic() - began < 15) == (503, True)
        assert "Prøv igen om lidt" in page.text
        away.login()
    finally:
        away.stop()


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"PULJEGUIDEN_OIDC_CLIENT_SECRET": ""}, "PULJEGUIDEN_OIDC_CLIENT_SECRET"),
        ({"PULJEGUIDEN_OIDC_ROLES": "a=Kejser"}, "Kejser"),
        ({"PULJEGUIDEN_STAFF_PUBLIC_URL": ""}, "PULJEGUIDEN_STAFF_PUBLIC_URL"),
        ({"PULJEGUIDEN_OIDC_ISSUER": "http://login.example.org"}, "PULJEGUIDEN_OIDC_ISSUER"),
    ],
)
def test_wrong_settings_stop_the_start(settings: dict[str, str], word: str, signon: Service) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "staff", "prepare"],
        cwd=ROOT,
        env={**signon.environment, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode
    assert word in done.stderr
