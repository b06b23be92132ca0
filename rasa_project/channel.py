"""The doors for visitors: `POST /webhooks/rest/…`, hardened. What they promise stands in docs/contract.md."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from puljeguiden import announcements, closing, facts, incoming, secret, settings, texts
from puljeguiden.database import Unavailable
from puljeguiden.masking import keyed_hash
from rasa_project import metrics, visitors
from rasa_project.failures import remember_failure
from rasa_project.limiting import Counts, TooMany

logger = logging.getLogger(__name__)

Act = Callable[[Request, dict[str, Any]], Awaitable[HTTPResponse]]
_LEEWAY = 1.0  # for the apology of a turn that took too long; then the visitor hears that nothing works


class ReplyCollector(OutputChannel):
    """Collects a turn's replies: one item each, with text, buttons and custom together."""

    def __init__(self) -> None:
        self.replies: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return "rest"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one reply."""
        reply = {"recipient_id": recipient_id}
        reply.update({key: message[key] for key in ("text", "buttons", "custom") if message.get(key)})
        self.replies.append(reply)


class PuljeguidenInput(InputChannel):
    """Rasa's REST channel as visitors may be let near it. Registered in credentials.yml by its class path."""

    def __init__(self) -> None:
        self.longest: int = settings.get("PULJEGUIDEN_MESSAGE_LENGTH")
        self.seconds: float = settings.get("PULJEGUIDEN_TURN_SECONDS")
        self.key = secret.key()
        a_conversation = settings.get("PULJEGUIDEN_RATE_LIMIT")
        an_address = settings.get("PULJEGUIDEN_ADDRESS_RATE_LIMIT") if a_conversation else 0
        limits = {"conversation": a_conversation, "address": an_address}
        self._counts = Counts(limits, self.key, settings.get("PULJEGUIDEN_REDIS_URL"))

    @classmethod
    def name(cls) -> str:
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the channel's routes."""
        self._handle = on_new_message
        doors = Blueprint("puljeguiden_channel")
        acts = {"webhook": self.answer, "history": self.history, "delete": self.delete, "feedback": self.feedback}
        for name, act in acts.items():
            doors.add_route(self._door(act), f"/{name}", methods=["POST"], name=name)
        return doors

    def _door(self, act: Act) -> Callable[[Request], Awaitable[HTTPResponse]]:
        async def door(request: Request) -> HTTPResponse:
            return await self.guard(act, request)

        return door

    async def guard(self, act: Act, request: Request, body: dict[str, Any] | None = None) -> HTTPResponse:
        """Return what an act answers to a body (by default the request's JSON); a Danish error where it cannot."""
        try:
            acting = act(request, _json(request) if body is None else body)
            return await asyncio.wait_for(acting, self.seconds + _LEEWAY)
        except incoming.Unusable as problem:
            metrics.REFUSED.labels("unusable").inc()
            return _refusal(problem.name, 400)
        except TooMany:
            metrics.REFUSED.labels("too_many").inc()
            return _refusal("error_too_many", 429, {"Retry-After": "60"})
        except Unavailable as error:
            metrics.REFUSED.labels("store").inc()
            logger.error("conversation not reached: %s", type(error).__name__)
            return _refusal("error_store", 503, {"Retry-After": "10"})
        except asyncio.TimeoutError:
            logger.error("%s took longer than %s s", request.path, self.seconds + _LEEWAY)
            return _refusal("error_store", 503, {"Retry-After": "10"})

    async def answer(self, request: Request, body: dict[str, Any]) -> HTTPResponse:
        """Answer one message: what every way to ask the assistant goes through."""
        sender = incoming.read_sender(body, self.key)
        await self._count(sender, request)
        if (notice := closing.closed()) is not None:
            metrics.REFUSED.labels("closed").inc()
            return json_response([_closed(sender, notice)])
        try:
            text, metadata = incoming.read_message(body, self.longest)
        except incoming.Unusable as problem:
            if problem.name == "error_request":
                raise
            return json_response([self._error(sender, problem.name)])
        with metrics.UNDER_WAY.track_inprogress(), metrics.TURN_SECONDS.time():
            return await self._turn(request, self._handle, sender, text, metadata)

    async def history(self, request: Request, body: dict[str, Any]) -> HTTPResponse:
        """Show a conversation to whoever knows its id."""
        sender = await self._own(request, body)
        return json_response({"messages": await visitors.history(request.app.ctx.agent, sender)})

    async def delete(self, request: Request, body: dict[str, Any]) -> HTTPResponse:
        """Delete a conversation."""
        sender = await self._own(request, body)
        await visitors.delete(request.app.ctx.agent, sender)
        return json_response({"deleted": True})

    async def feedback(self, request: Request, body: dict[str, Any]) -> HTTPResponse:
        """Store whether an answer was useful."""
        sender = await self._own(request, body)
        rating = visitors.AnswerRated(*incoming.read_rating(body))
        if not await visitors.rate(request.app.ctx.agent, sender, rating):
            return _refusal("error_answer", 404)
        return json_response({"stored": True})

    async def _own(self, request: Request, body: dict[str, Any]) -> str:
        sender = incoming.read_own(body, self.key)
        await self._count(sender, request)
        return sender

    async def _turn(
        self,
        request: Request,
        on_new_message: Callable[..., Awaitable[Any]],
        sender: str,
        text: str,
        metadata: dict[str, Any],
    ) -> HTTPResponse:
        collector = ReplyCollector()
        message = UserMessage(text, collector, sender, input_channel=self.name(), metadata=metadata)
        who = keyed_hash(sender, self.key)[:12]
        stored = False
        try:
            await asyncio.wait_for(on_new_message(message), self.seconds)
        except Unavailable as error:
            metrics.REFUSED.labels("store").inc()
            logger.error("turn of %s not stored: %s", who, error)
            return _refusal("error_not_stored", 503, {"Retry-After": "10"})
        except asyncio.TimeoutError:
            logger.error("turn of %s took longer than %s s", who, self.seconds)
        except Exception as error:  # whatever happens in a turn, the visitor gets an answer
            logger.error("turn of %s failed", who, exc_info=error)
        else:
            replies = [reply for reply in collector.replies if reply.get("text")]
            if replies:
                metrics.answered(replies)
                return json_response([_complete(reply) for reply in replies])
            logger.error("turn of %s said nothing", who)
            stored = True
        apology = self._error(sender, "error_failed")
        try:
            await remember_failure(request.app.ctx.agent, message, apology, stored)
        except Exception as error:  # the store may be what failed
            metrics.REFUSED.labels("store").inc()
            logger.error("failed turn of %s not stored: %s", who, type(error).__name__)
            return _refusal("error_not_stored", 503, {"Retry-After": "10"})
        metrics.answered([apology])
        return json_response([apology])

    def _error(self, sender: str, name: str) -> dict[str, Any]:
        text = texts.current().text(f"utter_{name}", length=str(self.longest))
        return _complete({"recipient_id": sender, "text": text})

    async def _count(self, sender: str, request: Request) -> None:
        """Count a request.

        Raises:
            TooMany: the conversation or the address is over its limit.
        """
        await self._counts.count(conversation=sender, address=_address(request))


def _json(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(request.body.decode("utf-8")) if request.body else None
    except (ValueError, RecursionError):  # no UTF-8, no JSON, or a number of thousands of digits
        raise incoming.Unusable("error_request") from None
    if not isinstance(body, dict):
        raise incoming.Unusable("error_request")
    return body


def _address(request: Request) -> str:
    """Return the visitor's network address; from a proxy's header only where one is configured."""
    header = settings.get("PULJEGUIDEN_TRUSTED_ADDRESS_HEADER")
    forwarded = request.headers.get(header, "") if header else ""
    return forwarded.split(",")[-1].strip() or str(request.ip)


def _complete(reply: dict[str, Any]) -> dict[str, Any]:
    """Return a reply with `custom.answers`, and its first one as `custom.answer`; one without says that something failed."""
    if not reply.get("custom", {}).get("answers"):
        error: dict[str, Any] = {
            "id": secrets.token_hex(8),
            "pool": None,
            "topic": "unknown",
            "status": "error",
            "sources": [],
        }
        reply["custom"] = {"answers": [error]}
    custom = reply["custom"]
    return {**reply, "custom": {"answer": custom["answers"][0], **custom}}


def _closed(sender: str, notice: str) -> dict[str, Any]:
    """Return what is said while the chat is off: the given notice or the usual one, and whom to ask for each pool."""
    said = texts.current()
    whom = [contact for pool in facts.current().pools.values() for contact in announcements.contacts(pool)]
    text = f"{notice or said.text('utter_error_closed')}\n\n{said.join([part.as_dict() for part in whom])}"
    return _complete({"recipient_id": sender, "text": text.strip()})


def _refusal(name: str, status: int, headers: dict[str, str] | None = None) -> HTTPResponse:
    """Return a Danish error as a JSON body."""
    text = texts.current().text(f"utter_{name}")
    return json_response({"error": name.removeprefix("error_"), "text": text}, status=status, headers=headers)
