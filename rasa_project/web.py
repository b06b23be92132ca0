"""The website: the pools' announcements, the chat as a page, and a plain form for browsers without JavaScript.

Everything comes from this server: no cookies, no other host, no script or style inside a page.
"""

from __future__ import annotations

import json
import secrets
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Blueprint, Sanic
from sanic.exceptions import NotFound
from sanic.request import Request
from sanic.response import HTTPResponse, html
from sanic.response import json as json_response

from puljeguiden import announcements, danish, facts, incoming, masking, moment, settings, texts
from puljeguiden.facts import Facts, Pool
from rasa_project import assets, visitors

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_HTTPS_ONLY = "max-age=31536000"

pages = Blueprint("puljeguiden_pages")


def add_to(app: Sanic) -> None:
    """Add the website to the channel's application, and safe headers to all that it answers."""
    app.blueprint(pages)

    @app.on_response
    async def protect(request: Request, response: HTTPResponse) -> None:
        # Whoever sends this header without a proxy tells only himself that we speak TLS.
        if request.headers.get("x-forwarded-proto") == "https":
            response.headers.setdefault("Strict-Transport-Security", _HTTPS_ONLY)
        for name, value in {**_HEADERS, "Cache-Control": "no-store"}.items():
            response.headers.setdefault(name, value)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(settings.ROOT / "web" / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["long_date"] = lambda day: danish.long_date(date.fromisoformat(day))
    environment.filters["blocks"] = _blocks
    environment.globals["static"] = lambda name: f"/static/{assets.static()[0]}/{name}"
    environment.globals["widget"] = lambda: f"/pulje-guide.js?v={assets.widget().digest}"
    return environment


def _blocks(text: str) -> list[tuple[bool, list[str]]]:
    """Return a reply's lines as runs: whether they are a list («• »), and the lines."""
    lines = [line for line in text.splitlines() if line.strip()]
    runs = groupby(lines, key=lambda line: line.startswith("• "))
    return [(is_list, [line.removeprefix("• ") for line in run]) for is_list, run in runs]


def page(name: str, status: int = 200, **values: Any) -> HTTPResponse:
    """Return a page made from a template in web/templates/."""
    return html(_templates().get_template(f"{name}.html").render(**values), status=status)


def wants_page(request: Request) -> bool:
    """Return whether an error should be a page: a browser asked, and not for one of the chat's doors."""
    return "text/html" in request.headers.get("accept", "") and not request.path.startswith("/webhooks/")


@pages.get("/")
async def front(_: Request) -> HTTPResponse:
    """Show all pools."""
    current, now = facts.current(), moment.now()
    shown = [announcements.announcement(current, pool, now) for pool in current.pools.values()]
    return page("front", announcements=shown)


@pages.get("/puljer/<pool>")
async def pool_page(_: Request, pool: str) -> HTTPResponse:
    """Show one pool's announcement."""
    current = facts.current()
    if pool not in current.pools:
        raise NotFound("no such pool")
    return page("pool", announcement=announcements.announcement(current, current.pools[pool], moment.now()))


@pages.get("/chat")
async def chat(request: Request) -> HTTPResponse:
    """Show the chat as a page."""
    pool = _pool(facts.current(), request.args.get("pulje"))
    return page("chat", pool=pool)


@pages.get("/om-chatten")
async def about(_: Request) -> HTTPResponse:
    """Show what the chat is and what happens to what one writes."""
    days = {name: settings.get(f"PULJEGUIDEN_{name.upper()}_DAYS") for name in ("conversation", "review", "case")}
    return page("about", days=days)


@pages.get("/spoerg")
async def plain(request: Request) -> HTTPResponse:
    """Show the plain form."""
    pool = _pool(facts.current(), request.args.get("pulje"))
    return _plain_page(pool, sender=None, messages=[])


@pages.post("/spoerg")
async def ask_plainly(request: Request) -> HTTPResponse:
    """Answer the plain form: the same answers through the same door as the chat."""
    form = {name: values[0] for name, values in (request.form or {}).items()}
    pool = _pool(facts.current(), form.get("pool"))
    (channel,) = request.app.ctx.input_channels
    body: dict[str, Any] = {"sender": form.get("sender") or secrets.token_urlsafe(24), "message": form.get("message")}
    if form.get("do") == "delete":
        response = await channel.guard(channel.delete, request, body)
        deleted = response.status == 200
        return _plain_page(pool, None if deleted else body["sender"], [], problem=_problem(response), deleted=deleted)
    if pool:
        body["metadata"] = {"pool": pool.id}

    async def ask(request: Request, body: dict[str, Any]) -> HTTPResponse:
        incoming.read_own(body, channel.key)  # the page shows the whole conversation
        return await channel.answer(request, body)

    response = await channel.guard(ask, request, body)
    problem = _problem(response)
    messages = []
    if response.status == 200:
        messages = await visitors.history(request.app.ctx.agent, json.loads(response.body)[0]["recipient_id"])
    typed = masking.mask_cpr(form.get("message", "")) if problem else ""
    return _plain_page(pool, body["sender"], messages, problem=problem, typed=typed)


def _problem(response: HTTPResponse) -> str | None:
    """Return what went wrong, in words for the visitor, or None."""
    data = json.loads(response.body)
    if response.status != 200:
        return str(data["text"])
    failed = isinstance(data, list) and data[0]["custom"]["answer"]["status"] == "error"
    return str(data[0]["text"]) if failed else None


def _plain_page(
    pool: Pool | None,
    sender: str | None,
    messages: list[dict[str, Any]],
    *,
    problem: str | None = None,
    typed: str = "",
    deleted: bool = False,
) -> HTTPResponse:
    return page(
        "ask",
        pool=pool,
        sender=sender,
        messages=messages,
        problem=problem,
        typed=typed,
        deleted=deleted,
        start=_start(facts.current(), pool),
    )


@pages.get("/chat.json")
async def chat_start(request: Request) -> HTTPResponse:
    """Tell the widget what it needs before the first message."""
    current = facts.current()
    response = json_response(_start(current, _pool(current, request.args.get("pool"))))
    response.headers["Cache-Control"] = "no-cache"
    return response


def _start(current: Facts, pool: Pool | None) -> dict[str, Any]:
    pools = [pool] if pool else list(current.pools.values())
    said = texts.current()
    whom = [one for pool in pools for one in announcements.contacts(pool)]
    return {
        "questions": [said.text(name) for name in announcements.starters(pools)],
        "pools": {one.id: said.text("utter_page", pool=one.name) for one in current.pools.values()},
        "contact": said.join([part.as_dict() for part in whom]),
        "longest": settings.get("PULJEGUIDEN_MESSAGE_LENGTH"),
    }


def _pool(current: Facts, name: str | None) -> Pool | None:
    return current.pools.get(name or "")


@pages.get("/pulje-guide.js")
async def widget(request: Request) -> HTTPResponse:
    """Send the widget: the address that other sites embed."""
    file = assets.widget()
    given = request.args.get("v")
    return assets.send(request, file, given if given == file.digest else None, brief="public, max-age=300")


@pages.get("/openapi.json")
async def description(request: Request) -> HTTPResponse:
    """Send the description of the doors for programs."""
    return assets.send(request, assets.description(), None)


@pages.get("/static/<digest>/<name:path>")
async def static(request: Request, digest: str, name: str) -> HTTPResponse:
    """Send a file of web/static/ under the digest of all of them."""
    current, files = assets.static()
    if digest != current or name not in files:
        raise NotFound("no such file")
    return assets.send(request, files[name], digest)
