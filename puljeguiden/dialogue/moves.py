"""Answers what depends on the conversation: the other pool, the first one, where does it say that, yes, no."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from puljeguiden import danish
from puljeguiden.answers import Answer, Asked, answer, can_answer, page_of
from puljeguiden.dialogue import person
from puljeguiden.dialogue.hints import names_partner
from puljeguiden.dialogue.questions import (
    MOST_POOLS_UNASKED,
    headed,
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
from puljeguiden.facts import NOT_STATED, STATED, Pool, Source
from puljeguiden.references import asks_if_both, asks_if_still, pools_with, speaks_of_self
from puljeguiden.say import Say, say


def about(scene: Scene, pools: Sequence[str]) -> Reply:
    """Answer what is pending, or the last question, or in general, for pools that the visitor has just chosen."""
    facts = scene.facts
    questions = scene.open_questions() or ("overview",)
    if _is_a_helper_alone(scene):
        questions = (*questions, "partner")
    known = [question for question in questions if can_answer(facts.pools[pools[0]], question)]
    context = replace(scene.context, pools=spoken_of_now(facts, pools))
    said = reply_with(scene, [row(scene, question, pools) for question in known or ["overview"]], context)
    return headed(facts, said, pools[0]) if len(pools) == 1 else said


def _is_a_helper_alone(scene: Scene) -> bool:
    """Return whether a message is a helper's name and nothing else («rambøll»): a pool's name, or a question of its own."""
    alone = len(scene.turn.text.split()) == 1 and names_partner(scene, scene.turn.text)
    return alone and bool(scene.context.questions) and not scene.context.pending


def move_pool(scene: Scene) -> Reply:
    if unclear := scene.mentions.unclear():
        return which_pool(scene, scene.open_questions(), unclear)
    mentions = scene.mentions
    meant = mentions.pool_ids() or others_than(scene.facts, mentions.not_meant())
    if pools := meant or referred_to(scene, scene.turn.text, ()):
        return about(scene, pools)
    return which_pool(scene, scene.open_questions(), tuple(scene.facts.pools))


def _move_other_pool(scene: Scene) -> Reply:
    context = scene.context
    if pools := scene.mentions.pool_ids():
        return about(scene, pools)
    alone = context.shown if len(context.shown) == 1 else context.seen if len(context.seen) == 1 else ()
    told_all = len(context.shown) == len(scene.facts.pools) and context.questions and not context.pools
    if told_all and not alone:  # both were told: seen from which of them is it the other?
        asks = which_pool(scene, context.questions, context.shown)
        return replace(asks, context=replace(asks.context, offer=context.offer))  # «ja, gør det» is still an answer
    if others := referred_to(scene, "den anden", alone):
        return about(scene, others)
    others = [pool for pool in scene.facts.pools if pool not in context.pools]
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
    elif not context.questions and {question for _, question in context.said} == {
        "overview"
    }:  # after a list of the pools
        pages = [facts.pools[pool].page for pool, _ in context.said]
        rows = [
            Answer(pool, "overview", STATED, (), (replace(page, quote=page.title),), "overview")
            for (pool, _), page in zip(context.said, pages, strict=True)
        ]
    else:
        rows = [
            answer(facts, facts.pools[pool], Asked(question), scene.moment)
            for pool, question in _spoken_of(scene)
            if can_answer(facts.pools[pool], question)
        ]
    if not rows:
        return clarify(scene, "nothing_said_yet")
    said = list(_in_both(scene, rows)) if asks_if_both(scene.turn.text) else []
    for one in rows:
        told = _quoted(facts.pools[one.pool or ""], one, opening)
        said += [part for part in told if part not in said or "quote" in part.values]
    context = replace(
        context, said=tuple((one.pool or "", one.question) for one in rows if not context.passage), offer=""
    )
    return Reply(tuple(said), tuple(replace(one, says=()) for one in rows), context)


def _spoken_of(scene: Scene) -> list[tuple[str, str]]:
    """Return what was answered last, and for the pools that the message brings in: «min kollega siger, det er 25»."""
    said = list(scene.context.said)
    questions = list(dict.fromkeys(question for _, question in said))
    brought: list[str] = []
    if asks_if_both(scene.turn.text):
        brought = list(scene.facts.pools)
    for question in questions:
        brought += pools_with(scene.turn.text, question.partition(".")[0], scene.facts)
    said += [(pool, question) for pool in brought for question in questions]
    return list(dict.fromkeys(said))


def _in_both(scene: Scene, rows: Sequence[Answer]) -> tuple[Say, ...]:
    """Return whether all the pages say it, to who asks: «står det i begge?»."""
    stated = [one for one in rows if one.status == STATED]
    pools = [scene.facts.pools[pool].name for pool in dict.fromkeys(one.pool for one in stated) if pool]
    if len(stated) < len(rows):
        return (say("source_only_in", pools=danish.join(pools)),) if pools else ()
    same = all(one.says == rows[0].says for one in rows)
    return (say("source_in_all" if same else "source_in_each", count=danish.number(len(pools))),)


def _quoted(pool: Pool, one: Answer, opening: str) -> list[Say]:
    """Return the sentences one answer rests on, or that there are none; what follows for who applies is no sentence on it."""
    if one.status == NOT_STATED:
        silent = "sure_silent" if opening == "sure" else "source_silent"
        nearest = [say("source_nearest"), *(say("quote", quote=source.quote) for source in one.sources)]
        return [say(silent, page=page_of(pool)), *(nearest if one.sources else [say("source_nothing")])]
    said = [say(opening, page=page_of(pool)), *(say("quote", quote=source.quote) for source in unique_sources(one))]
    return [*said, say("sure_no_more")] if opening == "sure" else said


def unique_sources(one: Answer) -> list[Source]:
    """Return an answer's own sources, or those of its notes where it has none."""
    return list(dict.fromkeys(one.sources or one.note_sources))


def _move_source(scene: Scene) -> Reply:
    return _show_sources(scene, "source")


def _move_sure(scene: Scene) -> Reply:
    if asks_if_still(scene.turn.text) and scene.context.said:
        return _whether_still(scene)
    return _show_sources(scene, "sure")


def _whether_still(scene: Scene) -> Reply:
    """Tell that nobody can know from a page of a certain date what holds today, and of which date it is."""
    pools = list(dict.fromkeys(pool for pool, _ in scene.context.said))
    dated = [row(scene, "updated", [pool])[0] for pool in pools]
    dates = [
        say("still_dated", pool=page.name, updated=danish.long_date(page.page.updated))
        for page in (scene.facts.pools[pool] for pool in pools)
    ]
    said = Reply(
        (say("still"), *dates), tuple(replace(one, says=()) for one in dated), replace(scene.context, offer="")
    )
    return person.offer(scene, said)


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
