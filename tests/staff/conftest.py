"""What the staff service's tests share: its database in this process, people with roles, a case."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from puljeguiden import settings
from tests.staff.chromium import browser, expected, look, page, width  # noqa: F401 - fixtures
from tests.staff.conversations import both, outbox, prepared_postgresql, store  # noqa: F401 - fixtures
from tests.staff.service import Service
from tests.staff.training import frida, root  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from django.test import Client

    from staff.cases.models import Case

OTHER_DATABASE = "STAFF_TESTS_DATABASE"


@pytest.fixture(scope="session")
def django() -> None:
    """Django with an empty database, in this process: SQLite, or the one `OTHER_DATABASE` names."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "staff.settings"
    if address := os.environ.get(OTHER_DATABASE):
        os.environ["PULJEGUIDEN_STAFF_DATABASE_URL"] = address
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop counts as running as long as a browser is open
    for file in settings.get("PULJEGUIDEN_VAR_DIR").glob("staff.db*"):
        file.unlink()
    import django
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    django.setup()
    setup_test_environment()
    call_command("prepare", stdout=io.StringIO())


@pytest.fixture
def db(django: None) -> Iterator[None]:
    """A database that is as it was when the test is over."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def person(db: None) -> Callable[..., Client]:
    """Make people who are logged in: `person("anna", "Sagsbehandler")`."""
    from django.contrib.auth.models import Group, User
    from django.test import Client

    def make(name: str, role: str | None = None, **more: Any) -> Client:
        user, _ = User.objects.get_or_create(username=name, defaults={"first_name": name.capitalize(), **more})
        if role:
            user.groups.set([Group.objects.get(name=role)])
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def anna(person: Callable[..., Client]) -> Client:
    """Anna, who works with cases."""
    return person("anna", "Sagsbehandler")


@pytest.fixture
def bo(person: Callable[..., Client]) -> Client:
    """Bo, who reads cases."""
    return person("bo", "Læser")


@pytest.fixture
def carl(person: Callable[..., Client]) -> Client:
    """Carl, who has an account and no role."""
    return person("carl")


@pytest.fixture
def dorte(person: Callable[..., Client]) -> Client:
    """Dorte, who administers."""
    return person("dorte", "Administrator")


@pytest.fixture
def erik(person: Callable[..., Client]) -> Client:
    """Erik, who trains the assistant."""
    return person("erik", "Træner")


@pytest.fixture
def post(db: None) -> Callable[..., Any]:
    """Send a body to the API, as the outbox does."""
    import json

    from django.test import Client

    from puljeguiden import secret

    def send(body: Any, token: str | None = None, **headers: str) -> Any:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {token or secret.staff_token()}", **headers}
        return Client(raise_request_exception=False).post(
            "/api/cases", data, content_type=headers.pop("content_type", "application/json"), headers=headers
        )

    return send


@pytest.fixture
def received(post: Callable[..., Any]) -> Callable[..., Case]:
    """Make cases that came in through the API."""
    from staff.cases.models import Case
    from tests.cases import body

    def receive(**changes: Any) -> Case:
        given = body(**changes)
        assert post(given).status_code == 201
        return Case.objects.get(key=given["key"])

    return receive


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A var folder with a staff service that was made ready: one account, no case."""
    var = tmp_path_factory.mktemp("prepared")
    Service(var).prepare()
    return var


@pytest.fixture
def service(prepared: Path, tmp_path: Path) -> Iterator[Service]:
    """A staff service of its own, in processes; nothing is started yet."""
    service = Service(Path(shutil.copytree(prepared, tmp_path / "var")))
    yield service
    service.stop()


@pytest.fixture(scope="session")
def served(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One running staff service that tests share; cases that others sent may be there."""
    service = Service(Path(shutil.copytree(prepared, tmp_path_factory.mktemp("served") / "var")))
    service.start("staff")
    yield service
    service.stop()
