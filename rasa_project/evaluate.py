"""The process that has a model, or what makes one: asks it questions, or cross-validates the classifier.

`python -m rasa_project.evaluate answers MODEL IN OUT` reads questions (JSON) and writes replies.
`python -m rasa_project.evaluate classifier DATA OUT` writes the figures of the cross-validation.
"""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from rasa_project import light

light.put_off_training()

import asyncio
import logging
import secrets
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.utils.io import read_yaml_file

from puljeguiden import facts, files, incoming, settings
from puljeguiden.evaluation import classifier, examples, questions
from puljeguiden.evaluation.questions import Answer, Question, Reply
from rasa_project import logs, serve
from rasa_project.channel import ReplyCollector
from rasa_project.components.classifier import NgramClassifier, untrained

logger = logging.getLogger(__name__)

_ERROR = Reply("", (Answer("", "unknown", "error"),))


def answers(model: Path, given: Path, out: Path) -> None:
    """Ask a model questions, each in a conversation of its own, and write the replies."""
    agent = serve.load(model)
    asked = questions.from_json(files.read_json(given))
    replies = asyncio.run(_ask(agent, asked))
    agent.tracker_store.close()
    files.write_json(out, [asdict(reply) for reply in replies])


async def _ask(agent: Agent, asked: list[Question]) -> list[Reply]:
    replies = []
    for question in asked:
        sender, reply = secrets.token_hex(16), _ERROR
        for text in (*question.earlier, question.text):
            reply = await _say(agent, sender, text, question.page)
        replies.append(reply)
    return replies


async def _say(agent: Agent, sender: str, text: str, page: str | None) -> Reply:
    """Send a message as the channel does, and return the reply."""
    body = {"message": text, "metadata": {"pool": page}}
    try:
        message, metadata = incoming.read_message(body, settings.get("PULJEGUIDEN_MESSAGE_LENGTH"))
    except incoming.Unusable:
        return _ERROR
    collector = ReplyCollector()
    try:
        await agent.handle_message(UserMessage(message, collector, sender, input_channel="rest", metadata=metadata))
        reply = collector.replies[0]
        kinds = (Answer(one["pool"] or "", one["topic"], one["status"]) for one in reply["custom"]["answers"])
        return Reply(reply["text"], tuple(kinds))
    except Exception as error:  # the visitor would get an apology
        logger.error("a turn failed", exc_info=error)
        return _ERROR


def validate(data: Path, out: Path) -> None:
    """Cross-validate the classifier on the examples of a data folder, and write the figures."""
    current = facts.load(data)
    learned = examples.read(data / "nlu")
    seen = [(examples.seen(text, current), intent) for text, intent in learned]
    guessed = classifier.cross_validate(seen, untrained(_settings()))
    files.write_json(out, classifier.report(learned, guessed))


def _settings() -> dict[str, Any]:
    """Return the classifier's settings, as the pipeline has them."""
    pipeline = read_yaml_file(settings.ROOT / "rasa_project" / "config.yml")["pipeline"]
    own = next(one for one in pipeline if one["name"].endswith(NgramClassifier.__name__))
    return {**NgramClassifier.get_default_config(), **own}


def main() -> None:
    """Do one or the other."""
    logs.configure("ERROR")
    paths = map(Path, sys.argv[2:])
    if sys.argv[1] == "answers":
        answers(*paths)
    else:
        validate(*paths)


if __name__ == "__main__":
    main()
