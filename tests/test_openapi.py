"""The published description of the doors is what the doors are."""

from __future__ import annotations

import json
import re

import requests
from sanic import Sanic

from rasa_project import serve
from tests.conftest import ROOT, Running
from tests.trust.description import DOCUMENT, operations


def test_every_door_is_described_and_every_description_has_its_door() -> None:
    Sanic._app_registry.clear()
    app = serve.create_app()
    routes = {(re.sub(r"<(\w+)(:\w+)?>", r"{\1}", f"/{route.path}"), route.methods) for route in app.router.routes}
    doors = {
        (path, method.lower()) for path, methods in routes for method in methods if method not in ("OPTIONS", "HEAD")
    }
    Sanic._app_registry.clear()
    assert doors == {(operation.path, operation.method) for operation in operations() if not operation.of_staff}


def test_a_case_is_described_as_it_is_checked() -> None:
    schema = json.loads((ROOT / "staff" / "cases" / "case.schema.json").read_text(encoding="utf-8"))
    del schema["$schema"]
    assert DOCUMENT["components"]["schemas"]["Case"] == schema


def test_the_staff_services_doors_for_programs_are_described() -> None:
    described = {operation.path for operation in operations() if operation.of_staff}
    assert described == {"/api/cases", "/health", "/ready", "/metrics"}


def test_the_description_is_published(assistant: Running) -> None:
    response = requests.get(f"{assistant.url}/openapi.json", timeout=20)
    assert response.headers["Content-Type"].startswith("application/json")
    assert response.json() == DOCUMENT
    for url in (assistant.url, assistant.staff_url):
        assert requests.get(f"{url}/health", timeout=20).json()["status"] == "ok"


def test_every_reference_leads_somewhere() -> None:
    for name in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(DOCUMENT)):
        found = DOCUMENT
        for step in name.split("/"):
            found = found[step]
