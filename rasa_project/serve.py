"""Serves the assistant: `python -m rasa_project.serve`. Rasa without its API; our channel is the only door."""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # for so small tables, threads cost more than they bring

from rasa_project import light

light.put_off_training()

import asyncio
import gc
import logging
import re
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import register
from rasa.core.lock_store import LockStore
from rasa.core.run import create_http_input_channels
from rasa.core.utils import AvailableEndpoints
from rasa.shared.utils.io import read_yaml_file
from sanic import Sanic
from sanic.compat import Header
from sanic.exceptions import InvalidUsage, SanicException, ServiceUnavailable
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response
from sanic_cors import CORS

from puljeguiden import closing, facts, secret, settings, texts
from puljeguiden.database import Unavailable
from rasa_project import fast, lock_store, logs, metrics, remote_actions, web
from rasa_project.local_actions import LocalActions
from rasa_project.remote_actions import ActionServer
from rasa_project.swap import Follower
from rasa_project.tracker_store import ConversationStore

logger = logging.getLogger(__name__)

_HERE = Path(__file__).parent
_LARGEST_BODY = 64 * 1024
_SLIP = "fritsen"
_LAST_WORD_SECONDS = 1.0
_NEVER_READ = "NONE"
"""What Sanic calls the method of a request whose head it could not read."""


def load(model_path: Path, locks: LockStore | None = None) -> Agent:
    """Return the agent for a model, with our stores, texts and actions; with the given locks, or new ones.

    Raises:
        Unavailable: the database cannot be reached.
        SettingError: endpoints.yml says something else than how texts are made.
        Exception: the model cannot be loaded.
    """
    url = settings.get("ACTION_SERVER_URL")
    fast.prepare()
    agent = Agent.load(
        str(model_path),
        generator=_endpoints().nlg,
        lock_store=locks or lock_store.for_database(settings.database_url()),
        action_endpoint=ActionServer(url, enable_selective_domain=True) if url else LocalActions(),
    )
    fast.speed_up(agent)
    # Given to `Agent.load`, the store would get a wrapper that answers as usual when storing fails.
    store = ConversationStore(settings.database_url())
    store.domain = agent.domain
    agent.tracker_store = agent.processor.tracker_store = store
    return agent


def warm(model_path: Path, locks: LockStore) -> Agent:
    """Return the agent for a model as `load` does, ready: nobody's first question has to wait for word lists."""
    agent = load(model_path, locks)
    asyncio.run(agent.parse_message(_SLIP))
    return agent


def _endpoints() -> AvailableEndpoints:
    """Return what endpoints.yml says. Rasa would take a misspelt store there for none, and forget conversations."""
    file = str(_HERE / "endpoints.yml")
    if others := set(read_yaml_file(file)) - {"nlg"}:
        raise settings.SettingError(f"endpoints.yml may hold nlg, not {', '.join(sorted(others))}: see the settings.")
    return AvailableEndpoints.read_endpoints(file)


class CarefulRequest(Request):
    """A request whose body has one length that is a number: with «-1», Sanic would read for ever and answer nobody."""

    def __init__(self, url_bytes: bytes, headers: Header, *rest: Any, **more: Any) -> None:
        lengths = headers.getall("content-length", [])
        if len(lengths) + ("transfer-encoding" in headers) > 1 or not all(
            re.fullmatch("[0-9]+", one) for one in lengths
        ):
            raise InvalidUsage("Bad Request")
        super().__init__(url_bytes, headers, *rest, **more)


def create_app() -> Sanic:
    """Return the web application, which loads the live model when it starts."""
    app = Sanic("puljeguiden", configure_logging=False, request_class=CarefulRequest)
    app.config.REQUEST_MAX_SIZE = _LARGEST_BODY
    app.config.REQUEST_TIMEOUT = app.config.RESPONSE_TIMEOUT = 20  # the second one also ends bodies that never do
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 10.0  # longer than a turn, shorter than the process manager waits
    app.config.FALLBACK_ERROR_FORMAT = "json"
    register(create_http_input_channels(None, str(_HERE / "credentials.yml")), app, route="/webhooks/")
    if origins := settings.get("PULJEGUIDEN_CORS_ORIGINS"):
        doors = {path: {"origins": list(origins)} for path in (r"/webhooks/*", r"/chat\.json")}
        CORS(app, resources=doors, automatic_options=True, max_age=600)
    web.add_to(app)

    @app.before_server_start
    async def load_live_model(app: Sanic, _: asyncio.AbstractEventLoop) -> None:
        gc.freeze()  # what is imported stays: later searches for what can be freed leave it out, and are short
        app.ctx.follower = follower = Follower(app, warm)
        locks = lock_store.for_database(settings.database_url())
        app.ctx.agent = await asyncio.to_thread(follower.ready, follower.version, locks)
        app.ctx.following = asyncio.ensure_future(app.ctx.follower.follow())
        logger.info("ready")

    @app.after_server_stop
    async def close_database(app: Sanic, _: asyncio.AbstractEventLoop) -> None:
        app.ctx.following.cancel()
        app.ctx.agent.tracker_store.close()
        await remote_actions.close()

    def broken() -> dict[str, str | None]:
        return {"facts": facts.loader().error, "texts": texts.current().error, "model": app.ctx.follower.problem}

    @app.get("/health")
    async def health(_: Request) -> HTTPResponse:
        problems = [part for part, problem in broken().items() if problem]
        body = {"status": "degraded" if problems else "ok", "broken": problems, "model": app.ctx.follower.version}
        return json_response(body, 503 if problems else 200)

    @app.get("/ready")
    async def ready(request: Request) -> HTTPResponse:
        try:
            await request.app.ctx.agent.tracker_store.reachable()
        except Unavailable:
            return json_response({"ready": False}, 503)
        return json_response({"ready": True})

    @app.get("/metrics")
    async def figures(_: Request) -> HTTPResponse:
        metrics.CLOSED.set(closing.closed() is not None)
        for part, problem in broken().items():
            metrics.BROKEN.labels(part).set(bool(problem))
        metrics.MODEL.info({"version": app.ctx.follower.version})
        return metrics.shown()

    @app.exception(Exception)
    async def refuse(request: Request, error: Exception) -> HTTPResponse:
        status = _status(request, error)
        if status >= 500:
            logger.error("request failed", exc_info=error)
        if status == 408:  # Sanic would wait for the rest of the body for ever
            asyncio.get_running_loop().call_later(_LAST_WORD_SECONDS, request.transport.close)
        name = "error_not_found" if status in (404, 405) else "error_request" if status < 500 else "error_failed"
        text = texts.current().text(f"utter_{name}")
        if web.wants_page(request):
            return web.page("error", status, text=text)
        body = {"error": name.removeprefix("error_"), "text": text}
        return json_response(body, status=status)

    return app


def _status(request: Request, error: Exception) -> int:
    """Return what an error is to whoever asked.

    Sanic takes a broken header for a fault of its own, and says of clients that are too slow that the server is away.
    """
    if isinstance(error, ServiceUnavailable):
        return 408
    if isinstance(error, SanicException):
        return int(error.status_code)
    return 400 if request.method == _NEVER_READ else 500


def main() -> None:
    """Run until stopped."""
    settings.check_all()
    secret.check()
    logs.configure()
    facts.current()
    texts.current().responses()
    create_app().run(
        host=settings.get("PULJEGUIDEN_HOST"),
        port=settings.get("PULJEGUIDEN_PORT"),
        workers=1,
        access_log=False,
        motd=False,
    )


if __name__ == "__main__":
    main()
