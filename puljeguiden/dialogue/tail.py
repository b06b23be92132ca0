"""Answers what no topic covers: a passage of a page that answers it, or an honest «det ved jeg ikke»."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from puljeguiden import danish, passages
from puljeguiden.answers import Answer, page_of
from puljeguiden.dialogue import person
from puljeguiden.dialogue.questions import pools_in_context, spoken_of_now
from puljeguiden.dialogue.scene import CLARIFY, NOT_UNDERSTOOD, Part, Reply, Scene, Turn
from puljeguiden.facts import STATED, Facts
from puljeguiden.say import say

REST = "rest_not_understood"
"""Said of one part of a message, which it names."""


def look_up(scene: Scene, part: Part, otherwise: str) -> Reply:
    """Quote the passage that answers a part of the message, or say the response `otherwise` and offer a person."""
    pools = scene.part_mentions(part).pool_ids() or scene.mentions.pool_ids()
    if found := passages.search(scene.facts, part.text, pools or pools_in_context(scene)):
        page = page_of(scene.facts.pools[found.pool])
        said = (say("passage", page=page), say("quote", quote=found.source.quote))
        context = replace(
            scene.context,
            questions=(),
            pending=(),
            shown=(found.pool,),
            said=(),
            passage=(found.pool, found.source.quote),
            offer="",
        )
        return Reply(said, (Answer(found.pool, "passage", STATED, said, (found.source,)),), context)
    if scene.context.offer == "help":  # «hvem hjælper med sådan noget?» right after a worry
        return person.advice(scene)
    if guesses := [guess for guess in part.guesses if guess.partition(".")[0] in scene.facts.topics]:
        return _did_you_mean(scene, guesses, pools)
    unknown = (say(otherwise, question=part.text.strip()) if otherwise == REST else say(otherwise),)
    pool = pools[0] if len(pools) == 1 else None
    return person.offer(scene, Reply(unknown, (Answer(pool, "unknown", NOT_UNDERSTOOD, unknown),), scene.context))


def _did_you_mean(scene: Scene, guesses: Sequence[str], pools: Sequence[str]) -> Reply:
    """Ask which question was meant, with a button for each topic."""
    by_topic = {guess.partition(".")[0]: guess for guess in reversed(guesses)}
    labels = [scene.facts.topics[topic].label for topic in reversed(by_topic)]
    asked = (say("did_you_mean", topics=danish.join(labels, "eller")),)
    context = replace(scene.context, guesses=tuple(reversed(by_topic.values())), offer="")
    if pools:
        context = replace(context, pools=spoken_of_now(scene.facts, pools))
    return Reply(
        asked, (Answer(None, "unknown", CLARIFY, asked),), context, tuple(say("fact", text=label) for label in labels)
    )


def chosen_guess(turn: Turn, guesses: Sequence[str], facts: Facts) -> str | None:
    """Return the question a visitor has chosen: by its topic's name, or by a «ja» where there was but one."""
    if len(guesses) == 1 and turn.parts[0].intent == "move.affirm":
        return guesses[0]
    written = danish.fold(turn.text.strip(" .?!"))
    named = (guess for guess in guesses if danish.fold(facts.topics[guess.partition(".")[0]].label) == written)
    return next(named, None)
