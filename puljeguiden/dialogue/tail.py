"""Answers what no topic covers: a passage of a page that answers it, or an honest «det ved jeg ikke»."""

from __future__ import annotations

from dataclasses import replace

from puljeguiden import passages
from puljeguiden.answers import Answer, page_of
from puljeguiden.dialogue import person
from puljeguiden.dialogue.questions import pools_in_context
from puljeguiden.dialogue.scene import NOT_UNDERSTOOD, Part, Reply, Scene
from puljeguiden.facts import STATED
from puljeguiden.say import say

FALLBACK = "nlu_fallback"


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
    unknown = (say(otherwise),)
    pool = pools[0] if len(pools) == 1 else None
    return person.offer(scene, Reply(unknown, (Answer(pool, "unknown", NOT_UNDERSTOOD, unknown),), scene.context))
