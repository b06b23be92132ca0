"""Knocks at staff's pages: logged in, with hostile words in every field; and at the login itself."""

from __future__ import annotations

import re

import requests
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st

from tests.conftest import Running
from tests.staff.service import PASSWORD, login
from tests.staff.test_staff_access import FORMS, PAGES
from tests.trust import hostile
from tests.trust.doors import Tally, _whole

# With the right password and a new one, the password would be another; a job would train while others are asked.
_LEFT_OUT = {"/adgangskode/", "/traening/udgivelse/start/"}
_LOGINS = 40


def try_all(assistant: Running, tally: Tally, count: int, chance: int) -> None:
    """Send so many inputs to staff's pages, and some to the login."""
    url = assistant.staff_url
    session = login(url, "administrator", PASSWORD)
    number, key = (
        _first(session, f"{url}/sager/", r"/sager/(PG-[0-9A-Z-]{9})/"),
        _first(session, f"{url}/samtaler/", r"/samtaler/([0-9a-f]{32})/"),
    )
    known = {"number": number, "key": key, "pool": "kommunale-handlingsplaner"}
    doors = sorted(page.format(**known) for page in PAGES if page.partition(" ")[2] not in _LEFT_OUT)
    fields = {name: st.just(value) | hostile.TEXT for form in FORMS.values() for name, value in form.items()}
    names = st.sampled_from(
        ["q", "since", "until", "pool", "state", "who", "page", "before", "after", "days", "order", "next"]
    )

    @seed(chance)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @given(
        door=st.sampled_from(doors),
        query=st.dictionaries(names, hostile.TEXT.map(_whole), max_size=3),
        form=st.fixed_dictionaries({}, optional=fields),
    )
    def once(door: str, query: dict[str, str], form: dict[str, str]) -> None:
        method, _, path = door.partition(" ")
        data = {name: _whole(str(value)) for name, value in form.items()} if method == "POST" else None
        if data is not None:
            data["csrfmiddlewaretoken"] = session.cookies.get("csrftoken", "")
        answer = session.request(method, url + path, params=query, data=data, timeout=60, allow_redirects=False)
        tally.judge(f"staff {method}", answer)

    once()

    @seed(chance)
    @settings(max_examples=_LOGINS, database=None, deadline=None, phases=[Phase.generate], verbosity=Verbosity.quiet)
    @given(name=hostile.TEXT, password=hostile.TEXT, target=hostile.TEXT)
    def guess(name: str, password: str, target: str) -> None:
        somebody = requests.Session()
        page = somebody.get(f"{url}/log-ind/", timeout=30).text
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        form = {"username": _whole(name), "password": _whole(password), "next": _whole(target)}
        answer = somebody.post(
            f"{url}/log-ind/", {**form, "csrfmiddlewaretoken": token[0]}, timeout=60, allow_redirects=False
        )
        tally.judge("login", answer, "somebody got in" if answer.status_code == 302 else None)

    guess()


def _first(session: requests.Session, url: str, pattern: str) -> str:
    found = re.findall(pattern, session.get(url, timeout=30).text)
    assert found, f"nothing at {url}"
    return str(found[0])
