"""Answers messages that say nothing by themselves, but something after what was said before: «og Deloitte?», «min skole?»."""

from __future__ import annotations

from puljeguiden.dialogue.hints import names_partner
from puljeguiden.dialogue.moves import about
from puljeguiden.dialogue.questions import MOST_POOLS_UNASKED, pools_in_context, reply_with, row
from puljeguiden.dialogue.scene import Reply, Scene
from puljeguiden.references import goes_on

_LONGEST = 10  # words


def follow_up(scene: Scene) -> Reply | None:
    """Return the reply to a short message that no intent fits, in the light of the conversation; or None."""
    text = scene.turn.text
    if len(text.split()) > _LONGEST:
        return None
    named = scene.mentions.pool_ids()
    pools = named or list(pools_in_context(scene))
    if names_partner(scene, text):  # both pools' partners, lest they are mixed up
        return reply_with(scene, [row(scene, "partner", [*scene.context.pools, *named])], scene.context)
    if len(named) == 1 and scene.open_questions() and goes_on(text):
        return about(scene, named)
    who = [one for one in scene.mentions.who_asks() if one.name is None]
    if who and len(pools) <= MOST_POOLS_UNASKED:
        return reply_with(scene, [row(scene, "eligibility", pools, who)], scene.context)
    return None
