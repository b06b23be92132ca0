"""Answers what depends on the conversation: the other pool, the first one, where does it say that, yes, no."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from puljeguiden import danish
from puljeguiden.answers import Answer, Asked, answer, can_answer, page_of, unique
from puljeguiden.dialogue import person
from puljeguiden.dialogue.questions import (
    MOST_POOLS_UNASKED,
    others_than,
    pools_in_context,
    referred_to,
    reply_with,
    row,
    spoken_of_now,
    which_pool,
)
from puljeguiden.dialogue.scene import CLARIFY, Part, Reply, Scene
from puljeguiden.dialogue.tail import look_up
from puljeguiden.facts import NOT_STATED, STATED, Source
from puljeguiden.references import speaks_of_self
from puljeguiden.say import say


def about(scene: Scene, pools: Sequence[str]) -> Reply:
    """Answer what is pending, or the last question, or in general, for pools that the visitor has just chosen."""
    facts = scene.facts
    questions = scene.open_questions() or ("overview",)
    known = [question for question in questions if can_answer(facts.pools[pools[0]], question)]
    context = replace(scene.context, pools=spoken_of_now(facts, pools))
    said = reply_with(scene, [row(scene, question, pools) for question in known or ["overview"]], context)
    if len(pools) == 1 and "page" not in said.says[0].values:
        heading = say("pool_about", pool=danish.capitalise(facts.pools[pools[0]].name))
        said = replace(said, says=(heading, *said.says))
    return said


def move_pool(scene: Scene) -> Reply:
    if unclear := scene.mentions.unclear():
        return which_pool(scene, scene.open_questions(), unclear)
    mentions = scene.mentions
    meant = mentions.pool_ids() or others_than(scene.facts, mentions.not_meant())
    if pools := meant or referred_to(scene, scene.turn.text, ()):
        return about(scene, pools)
    return which_pool(scene, scene.open_questions(), tuple(scene.facts.pools))


def _move_other_pool(scene: Scene) -> Reply:
    if pools := scene.mentions.pool_ids():
        return about(scene, pools)
    if others := referred_to(scene, "den anden", scene.context.shown if len(scene.context.shown) == 1 else ()):
        return about(scene, others)
    others = [pool for pool in scene.facts.pools if pool not in scene.context.pools]
    return which_pool(scene, scene.open_questions(), others if len(others) > 1 else tuple(scene.facts.pools))


def _move_both_pools(scene: Scene) -> Reply:
    return about(
        scene,
        scene.mentions.pool_ids() or (scene.context.shown[1:] and scene.context.shown) or tuple(scene.facts.pools),
    )


def _pick(position: int) -> Callable[[Scene], Reply]:
    def move(scene: Scene) -> Reply:
        context = scene.context
        if len(context.shown) == 1 and len(context.questions) > 1:  # «tag nummer to igen», after several answers
            question = context.questions[min(position, len(context.questions) - 1)]
            return reply_with(scene, [row(scene, question, context.shown)], context)
        shown = scene.in_list()
        if pools := scene.mentions.pool_ids():
            return about(scene, pools)
        return about(scene, [shown[min(position, len(shown) - 1)]])

    return move


def _move_applicant(scene: Scene) -> Reply:
    if not scene.mentions.who_asks() and not speaks_of_self(scene.turn.text):  # «hvad med …?» about something else
        return look_up(scene, Part(scene.turn.text, "move.applicant"), "not_understood")
    pools = scene.mentions.pool_ids() or list(pools_in_context(scene))
    if len(pools) > MOST_POOLS_UNASKED:
        return which_pool(scene, ["eligibility"], pools)
    return reply_with(scene, [row(scene, "eligibility", pools, scene.mentions.who_asks())], scene.context)


def _show_sources(scene: Scene, opening: str) -> Reply:
    """Show the sentences the last answers rest on, word for word."""
    facts = scene.facts
    context = scene.context
    if context.passage:
        pool, quote = context.passage
        source = replace(facts.pools[pool].page, quote=quote)
        rows = [Answer(pool, "passage", STATED, (), (source,), "passage")]
    else:
        rows = [
            answer(facts, facts.pools[pool], Asked(question), scene.moment)
            for pool, question in context.said
            if can_answer(facts.pools[pool], question)
        ]
    if not rows:
        return clarify(scene, "nothing_said_yet")
    said = []
    for one in rows:
        pool_entry = facts.pools[one.pool or ""]
        sources = unique_sources(one)
        if one.status == NOT_STATED:
            said.append(say("source_silent" if sources else "source_nothing", page=page_of(pool_entry)))
        else:
            said.append(say(opening, page=page_of(pool_entry)))
        said += [say("quote", quote=source.quote) for source in sources]
    return Reply(tuple(unique(said)), tuple(replace(one, says=()) for one in rows), replace(context, offer=""))


def unique_sources(one: Answer) -> list[Source]:
    """Return an answer's own sources, or those of its notes where it has none."""
    return list(dict.fromkeys(one.sources or one.note_sources))


def _move_source(scene: Scene) -> Reply:
    return _show_sources(scene, "source")


def _move_sure(scene: Scene) -> Reply:
    return _show_sources(scene, "sure")


def _move_more(scene: Scene) -> Reply:
    if scene.context.said or scene.context.passage:
        return _show_sources(scene, "more")
    pools = scene.mentions.pool_ids() or list(pools_in_context(scene))
    if len(pools) > MOST_POOLS_UNASKED:
        return which_pool(scene, ["overview"], pools)
    return reply_with(scene, [row(scene, "overview", pools)], scene.context)


def _move_repeat(scene: Scene) -> Reply:
    if not scene.context.said:
        return clarify(scene, "rephrase")
    return _show_sources(scene, "repeat")


def _move_affirm(scene: Scene) -> Reply:
    if scene.context.offer == "source":
        return _move_source(scene)
    if scene.context.offer == "person":
        return person.to_person(scene)
    if scene.context.offer == "sent":
        return person.sent_before(scene)
    if scene.context.pending:
        return which_pool(scene, scene.context.pending, scene.context.shown)
    return clarify(scene, "go_ahead")


def clarify(scene: Scene, name: str) -> Reply:
    said = say(name)
    return Reply((said,), (Answer(None, "unknown", CLARIFY, (said,)),), replace(scene.context, offer=""))


def _chat(name: str) -> Callable[[Scene], Reply]:
    def move(scene: Scene) -> Reply:
        said = say(name)
        context = replace(scene.context, pending=(), offer="")
        return Reply((said,), (Answer(None, "chitchat", "chitchat", (said,)),), context)

    return move


MOVES: dict[str, Callable[[Scene], Reply]] = {
    "move.pool": move_pool,
    "move.other_pool": _move_other_pool,
    "move.both_pools": _move_both_pools,
    "move.pick_first": _pick(0),
    "move.pick_second": _pick(1),
    "move.applicant": _move_applicant,
    "move.source": _move_source,
    "move.sure": _move_sure,
    "move.more": _move_more,
    "move.repeat": _move_repeat,
    "move.correction": lambda scene: clarify(scene, "correction"),
    "move.affirm": _move_affirm,
    "move.deny": _chat("deny"),
    "move.cancel": _chat("cancel"),
    "move.skip": _chat("skip"),
}
