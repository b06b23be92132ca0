"""Answers what is no question about a pool: small talk, worry, other languages, what is outside."""

from __future__ import annotations

from dataclasses import replace

from puljeguiden import danish, signposts
from puljeguiden.answers import Answer
from puljeguiden.dialogue.scene import HANDOFF, Context, Reply, Scene
from puljeguiden.references import LATE
from puljeguiden.say import say


def signpost(scene: Scene, sign: signposts.Sign) -> Reply:
    answers = tuple(Answer(pool, sign.topic, HANDOFF, sign.says, sources) for pool, sources in sign.answers)
    context = replace(
        scene.context,
        questions=(sign.question,),
        pending=(),
        said=tuple((pool, sign.question) for pool, _ in sign.answers if pool),
        passage=None,
        offer="",
    )
    return Reply(sign.says, answers, context)


def foreign(context: Context) -> Reply:
    """Return the one reply to a message that is not in Danish."""
    said = say("other_language")
    return Reply((said,), (Answer(None, "unknown", "error", (said,)),), context)


def aside(scene: Scene, intent: str) -> Reply:
    """Small talk, or what is not about the pools."""
    outside = intent.startswith("out_of_scope")
    name = intent.replace(".", "_")
    pools = danish.join([pool.name for pool in scene.facts.pools.values()])
    said = say(name, pools=pools, count=danish.number(len(scene.facts.pools)))
    kind = "out_of_scope" if outside else "chitchat"
    context = replace(scene.context, offer="")
    return Reply((said,), (Answer(None, kind, kind, (said,)),), context)


def sorry(scene: Scene, reproach: str) -> Reply:
    """Apologise, briefly, for the same answer again or for what was told late."""
    said = say("sorry_late" if reproach == LATE else "sorry_same")
    return Reply((said,), (Answer(None, "chitchat", "chitchat", (said,)),), replace(scene.context, offer=""))
