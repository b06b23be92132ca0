"""Stays with a worry about somebody: what is said after it is about help, until something about the pools is asked."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace

from puljeguiden import signposts, splitting
from puljeguiden.answers import Answer
from puljeguiden.danish import fold
from puljeguiden.dialogue import person
from puljeguiden.dialogue.scene import FALLBACK, HANDOFF, Context, Part, Reply, Scene
from puljeguiden.references import tells_whom
from puljeguiden.say import say

_VERY_SURE, _SURE, _PROBABLE = 0.9, 0.8, 0.6
_GRAVE = ("danger", "suicide")
_SHORT = 4  # words
_NOT_ABOUT_THE_WORRY = ("chitchat.", "out_of_scope", "move.source", "overview.list")
_CLOSING = ("chitchat.thanks", "chitchat.goodbye", "chitchat.annoyed", "move.deny", "move.affirm", "move.cancel")
_WHO_HELPS = ("contact", "admin_contact", "centre", "submission", "cofinancing")
_MAY_MEAN_SOMEBODY = ("target_group", "eligibility", "status")
# After a worry these words, which every question about a pool could hold, are about somebody who needs help.
_POOLS = re.compile(
    r"\b(?:pulj\w*|opslag\w*|ansogning\w*|ansogerkreds\w*|frist\w*|skema\w*|belob\w*|tilskud\w*|millioner|mio|budget\w*)\b"
)
_SOMEBODY = re.compile(
    r"\b(?:han|ham|hans|hun|hende|hendes|drengen|pigen|sonnen|datteren|barnet|knagten|den unge|eleven|(?:min|mit|vores)"
    r" (?:\w+ )?(?:son|dreng|datter|pige|barn|bror|soster|\w*bror|\w*soster|nevo|niece|fatter|kusine|ven|veninde|nabo"
    r"|elev|mand|kone|kollega))\b"
)
_HELP_FOR = re.compile(r"\b(?:sog\w*|stott\w*|penge|hjalp\w*|fa noget)\b.*\b(?:til|for|om) ")
_MAY = re.compile(r"\b(?:kommun\w*|vi|skol\w*|pulj\w*|jer)\b")
_HOURS = re.compile(
    r"\b(?:er|har|holder) (?:de|i|der|den)\b.*\b(?:aben|abent|abne|lukket|weekend\w*)\b|\babn\w*tid\w*|\babner\b"
)
_WHOM = re.compile(
    r"\b(?:hvem|hvor|hvilket nummer)\b.*\b(?:ring\w*|kontakt\w*|fat|henvend\w*|tal\w*|snak\w*|ga|gar|skriv\w*|sig\w*|spor\w*"
    r"|hjalp\w*|hen|melde\w*)\b|\b(?:nummer\w*|telefon\w*|tlf|mail\w*|adresse\w*)\b"
)
_ME = re.compile(
    r"\b(?:kontakt\w*|ring\w*|skriv\w*|vend\w*|hor\w*)\b (?:\w+ )?(?:til |med |fra )?(?:mig|os)\b|\b(?:mig|os) op\b"
    r"|\b(?:et|rigtigt) menneske\b|\bsend\w*\b.*\bvidere\b"
)
_WHICH_POOL = re.compile(
    r"\bhvilken (?:en |af \w+ |pulje )?(?:\w+ )?(?:passer|dakker|er bedst|er til|handler|gar til)\b"
)
_THE_POOL = re.compile(r"\b(?:den|dem der kan soges)\b")


def asks_which_pool(text: str) -> bool:
    """Return whether a message that sounds like a worry asks which pool fits: «hvilken passer til lillebrødre …»."""
    return bool(_WHICH_POOL.search(fold(text)))


def worried(scene: Scene, kind: str) -> Reply:
    """Return what is said to a worry of a kind (`radicalisation`, `danger`, `suicide`); a second time, less."""
    again = scene.context.worry and (scene.context.worry == kind or kind not in _GRAVE)
    return _tell(scene, f"{scene.context.worry}_again" if again else kind, scene.context.worry if again else kind)


def stay(scene: Scene) -> Reply | None:
    """Return the reply to a message that goes on from a worry; None where it is answered as any other."""
    kind, part, text = scene.context.worry, _leading(scene), fold(scene.turn.text)
    if part.intent.startswith("concern.") and part.intent.partition(".")[2] in _GRAVE and part.confidence >= _PROBABLE:
        return worried(scene, part.intent.partition(".")[2])
    if part.intent == "chitchat.sensitive" or left(scene):
        return None
    if scene.context.offer == "person" and part.intent == "move.affirm":
        return person.open_in_worry(scene)
    if _ME.search(text) or part.intent == "handoff":
        return _tell(scene, "whom_suicide", kind) if kind == "suicide" else _offer_in_writing(scene)
    if _asks_help_for_somebody(text):
        return _tell(scene, "pools", kind)
    if _HOURS.search(text):
        return _tell(scene, "hours_suicide" if kind == "suicide" else "hours", kind)
    topic = part.intent.partition(".")[0]
    if topic == "centre" and tells_whom(scene.turn.text):  # «hvad laver centeret?»
        return None
    if _WHOM.search(text) or topic in _WHO_HELPS:
        return _tell(scene, f"whom_{kind}" if kind in _GRAVE else "whom", kind)
    somebody = bool(_SOMEBODY.search(text))
    if part.intent in _CLOSING:
        return _tell(scene, f"{kind}_again" if somebody or len(text.split()) > _SHORT + 2 else "stay", kind)
    asks = splitting.asks(scene.turn.text) and not somebody
    told = part.intent.startswith("out_of_scope") and not asks and "?" not in text  # «jeg vil ikke ringe til politiet»
    elsewhere = part.intent.startswith(_NOT_ABOUT_THE_WORRY) and not told
    return None if elsewhere or asks else _tell(scene, f"{kind}_again", kind)


def left(scene: Scene) -> bool:
    """Return whether a message is plainly about the pools again, and not about somebody who needs help."""
    text, part = fold(scene.turn.text), _leading(scene)
    if part.intent.startswith("concern.") or _asks_help_for_somebody(text):
        return False
    if any(not one.hint for one in scene.mentions.pools) or _POOLS.search(text):  # «hans søskende» is a hint
        return True
    topic, _, _ = part.intent.partition(".")
    if topic == "status":  # «er den stadig åben», not «er de åbne i dag»
        return bool(_THE_POOL.search(text))
    if topic not in scene.facts.topics or topic in _WHO_HELPS:
        return False
    if _SOMEBODY.search(text):  # «hvad får man i det kvarter, han bor i», not «er han i målgruppen»
        return topic not in _MAY_MEAN_SOMEBODY and part.confidence >= _VERY_SURE
    return part.confidence >= _SURE


def forgotten(context: Context) -> Context:
    """Return the context of a conversation that has left its worry."""
    return replace(context, worry="", offer="" if context.offer == "help" else context.offer)


def _leading(scene: Scene) -> Part:
    """Return the part that tells most: a worry, a question, anything but thanks."""
    parts = scene.turn.parts
    asking = [part for part in parts if part.intent.partition(".")[0] in scene.facts.topics or part.intent == "handoff"]
    understood = [part.text for part in asking if part.confidence >= _SURE]
    worries = [
        part
        for part in parts  # «jeg tænker på længere sigt» is none, where all of «…, med bandegrupperne» is a question
        if part.intent.startswith("concern.") and not any(part.text in text for text in understood)
    ]
    rest = [part for part in parts if part.intent not in (*_CLOSING, FALLBACK)]
    return (worries or asking or rest or list(parts))[0]


def _asks_help_for_somebody(text: str) -> bool:
    return bool(_SOMEBODY.search(text) and _HELP_FOR.search(text) and _MAY.search(text))


def _offer_in_writing(scene: Scene) -> Reply:
    """Offer to send a message: nobody can be promised to phone."""
    told = _tell(scene, "written", scene.context.worry)
    return replace(
        told,
        says=(*told.says, say("concern_offer")),
        buttons=person.YES_OR_NO,
        context=replace(told.context, offer="person"),
    )


def _tell(scene: Scene, name: str, kind: str) -> Reply:
    """Return a fixed text and remember the worry. What was just said is not said again in the same words."""
    facts = scene.facts
    signs = [signposts.concern(facts, one) for one in (name, f"{kind}_again", "stay")]
    digests = [zlib.crc32(repr(sign.says).encode()) for sign in signs]
    at = next(place for place, digest in enumerate(digests) if digest != scene.context.digest)
    sign = signs[at]
    context = replace(
        scene.context,
        questions=(sign.question,),
        pending=(),
        said=(),
        passage=None,
        offer="help",
        worry=kind,
        digest=digests[at],
    )
    return Reply(sign.says, (Answer(None, sign.topic, HANDOFF, sign.says),), context)
