"""What a word that only one pool's page has tells: «Rambøll», «workshops», «pulje@siri.dk»."""

from __future__ import annotations

from collections.abc import Sequence

from puljeguiden import danish
from puljeguiden.dialogue.scene import Part, Scene
from puljeguiden.mentions import find
from puljeguiden.references import asks_what, chooses

_ABOUT_SOMEBODY = ("partner", "contact", "admin_contact", "centre", "newsletter", "overview", "support", "updated")


def names_partner(scene: Scene, text: str) -> bool:
    """Return whether a text names somebody who helps the chosen applicants of some pool."""
    return _hints_at(scene, text, ("partner",))


def names_somebody(scene: Scene, text: str) -> bool:
    """Return whether a text names somebody: who helps, or who answers."""
    return _hints_at(scene, text, ("partner", "contact", "admin_contact"))


def _hints_at(scene: Scene, text: str, questions: Sequence[str]) -> bool:
    """Return whether a hint in a text stands in its pool's answer to some questions."""
    for mention in find(text, scene.facts).pools:
        told = " ".join(scene.facts.pools[mention.pools[0]].fact(question).text or "" for question in questions)
        if mention.hint and danish.fold(text[mention.start : mention.end]) in danish.fold(told):
            return True
    return False


def only_hinted_beside(scene: Scene, part: Part, pools: Sequence[str]) -> bool:
    """Return whether a pool is only hinted at while another is spoken of: «får vi en million?», of the one without it.

    Then both are answered, lest what holds for the one is taken to hold for the other. «Den med Deloitte» chooses.
    """
    spoken_of, hinted = scene.context.pools, [one for one in scene.part_mentions(part).pools if one.hint]
    if len(spoken_of) != 1 or not hinted or set(pools) & set(spoken_of) or scene.mentions.pool_ids(hints=False):
        return False
    if (asks_what(part.text) and part.intent.partition(".")[0] in _ABOUT_SOMEBODY) or names_somebody(scene, part.text):
        return False
    return list(pools) == scene.part_mentions(part).pool_ids() and not any(
        chooses(part.text[: mention.start]) for mention in hinted
    )
