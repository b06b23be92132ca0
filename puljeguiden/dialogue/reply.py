"""Decides which way a turn goes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from puljeguiden import language, signposts
from puljeguiden.dialogue.asides import aside, foreign, signpost
from puljeguiden.dialogue.follow_up import follow_up
from puljeguiden.dialogue.moves import MOVES, about, move_pool
from puljeguiden.dialogue.person import go_on, goes_to_person, offer, pool_for_person, to_person, told_of_cpr
from puljeguiden.dialogue.questions import and_then, answer_questions
from puljeguiden.dialogue.scene import Context, Part, Reply, Scene, Turn
from puljeguiden.dialogue.tail import FALLBACK, chosen_guess, look_up
from puljeguiden.facts import Facts
from puljeguiden.handoff import Form, Privacy, reading
from puljeguiden.mentions import find
from puljeguiden.references import asks_whether_they_may, only_names, was_no_help

_MOST_QUESTIONS = 3
_FEWEST_SENTENCES = 2
_SURE = 0.8
_FOLLOW_UPS = (
    "move.other_pool",
    "move.both_pools",
    "move.pool",
    "move.pick_first",
    "move.pick_second",
    "move.applicant",
)
_NEAR_WHO_MAY = ("amount", "partner", "overview")
_ABOUT_WHAT_WAS_SAID = ("move.sure", "move.source", "move.more", "move.repeat")
_SURELY_DANISH = 0.6
"""A message the classifier is so sure of is in Danish, whatever its letters look like."""


def reply(
    turn: Turn,
    context: Context,
    facts: Facts,
    moment: datetime,
    form: Form | None = None,
    privacy: Privacy = Privacy(),  # noqa: B008 - frozen
) -> Reply:
    """Return the reply to a turn; while a form is open, to one that the form let through."""
    decided = _decide(turn, context, facts, moment, privacy)
    decided = go_on(form, decided, facts, privacy) if form else _remember(turn, decided, facts)
    return told_of_cpr(decided, turn)


def _decide(turn: Turn, context: Context, facts: Facts, moment: datetime, privacy: Privacy) -> Reply:
    if chosen := chosen_guess(turn, context.guesses, facts):
        turn = replace(turn, parts=(Part(turn.text, chosen),))
    context = replace(context, guesses=())
    if turn.page_pool in facts.pools and turn.page_pool != context.page_pool:
        context = replace(context, page_pool=turn.page_pool, pools=(turn.page_pool,) if turn.page_pool else ())
    sure = max(part.confidence for part in turn.parts) >= _SURELY_DANISH
    if language.is_plainly_foreign(turn.text) or (not sure and language.is_foreign(turn.text)):
        return foreign(context)
    turn = replace(turn, parts=tuple(_about_who_may(part, turn, facts) for part in turn.parts))
    scene = Scene(turn, context, facts, moment, find(turn.text, facts), privacy)
    asked = any(_surely_asks(part, facts) for part in turn.parts)
    for part in turn.parts:
        if part.intent.startswith("concern.") and (part.confidence >= _SURE or not asked):
            return signpost(scene, signposts.concern(facts, part.intent.partition(".")[2]))
    if opened := pool_for_person(scene):
        return opened
    if reading.forwards(turn.text):
        return to_person(scene)
    if context.said and was_no_help(turn.text):
        return offer(scene, aside(scene, "chitchat.annoyed"))
    named = scene.mentions.pools
    hints = any(mention.hint for mention in named)
    bare = named and only_names(turn.text, [(mention.start, mention.end) for mention in named], hints)
    asks_by_a_hint = hints and not scene.open_questions() and _surely_asks(turn.parts[0], facts)  # «workshops?»
    if bare and not asks_by_a_hint:
        return move_pool(scene)
    questions = [part for part in turn.parts if _is_question(part.intent, facts)]
    lost = [part for part in turn.parts if part.intent == FALLBACK]
    vague = not context.questions or any(part.intent != "overview" for part in questions)
    # «ja, det sagde du. og på handlingsplanerne?»
    if not (questions and vague) and (pools := _names_at_the_end(turn.text, facts)):
        return about(scene, pools)
    if questions:
        answered = answer_questions(scene, questions[:_MOST_QUESTIONS])
        if not lost or goes_to_person(answered):  # who answers there can read the rest, too
            return answered
        return and_then(answered, look_up(scene, lost[0], "rest_not_understood"))
    first = _most_telling(turn.parts)
    if first.intent in _ABOUT_WHAT_WAS_SAID and not (context.said or context.passage):
        return follow_up(scene) or MOVES[first.intent](scene)
    if first.intent in MOVES:
        return MOVES[first.intent](scene)
    if first.intent.startswith(("chitchat.", "out_of_scope")):
        said = aside(scene, first.intent)
        unhelped = first.intent == "chitchat.annoyed" and context.offer != "help"
        return offer(scene, said) if unhelped else said
    whole = Part(turn.text, FALLBACK, guesses=first.guesses)
    return follow_up(scene) or look_up(scene, whole, "not_understood")


def _remember(turn: Turn, decided: Reply, facts: Facts) -> Reply:
    """Return a reply whose context knows what the visitor asked last, and what they told of themselves."""
    decided = _remember_question(turn, decided, facts)
    told = reading.presented(turn.text, facts)
    if told == reading.NOBODY:
        return decided
    me = told.or_else(reading.Details(*decided.context.me))
    return replace(decided, context=replace(decided.context, me=(me.name, me.organisation, me.email)))


def _remember_question(turn: Turn, decided: Reply, facts: Facts) -> Reply:
    """Return a reply whose context knows what the visitor asked last, in their own words."""
    context, topics = decided.context, {answer.topic for answer in decided.answers}
    intents = [part.intent for part in turn.parts]
    if "concern" in topics:  # a worry is never offered as a question to send
        context = replace(context, asked="", about="")
    elif decided.form or decided.case or "handoff" in intents or topics <= {"chitchat"}:
        return decided
    elif all(intent.startswith("move.") for intent in intents):
        if not (context.asked and intents[0] in _FOLLOW_UPS):
            return decided
        context = replace(context, asked=f"{context.asked.splitlines()[0]}\n{turn.text}")  # «og den anden?»
    else:
        about = [intent for intent in intents if intent.partition(".")[0] in facts.topics]
        asked = (
            turn.text
            if reading.presented(turn.text, facts) == reading.NOBODY
            else reading.question_in(turn.text, facts)
        )
        if asked:
            context = replace(context, asked=asked, about=about[0] if about else "")
    return replace(decided, context=context)


def _is_question(intent: str, facts: Facts) -> bool:
    topic, _, aspect = intent.partition(".")
    if intent in ("overview.list", "overview.difference", "handoff", "handoff.advice"):
        return True
    return topic in facts.topics and (not aspect or aspect in facts.topics[topic].aspects)


def _about_who_may(part: Part, turn: Turn, facts: Facts) -> Part:
    """Return a part as a question of who may apply where it is one: «vi er en lille forening, kan vi få penge?»."""
    unsure = part.intent == FALLBACK or (part.intent.startswith("out_of_scope") and part.confidence < _SURE)
    named = any(not mention.hint for mention in find(turn.text, facts).pools)
    near = part.intent == "joint_application.both_pools" or part.intent.partition(".")[0] in _NEAR_WHO_MAY
    if not (unsure or near or (named and part.intent.startswith("out_of_scope"))):
        return part
    who = find(part.text, facts).who_asks() or find(turn.text, facts).who_asks()
    others = [one for one in who if one.kind != "kommune"]
    return replace(part, intent="eligibility") if others and asks_whether_they_may(part.text) else part


def _names_at_the_end(text: str, facts: Facts) -> list[str]:
    """Return the pools that the last sentence of a message names, where it says nothing else."""
    sentences = re.split(r"[.!?;]\s+", text)
    if len(sentences) < _FEWEST_SENTENCES:
        return []
    named = find(sentences[-1], facts)
    spans = [(mention.start, mention.end) for mention in named.pools]
    return named.pool_ids() if spans and only_names(sentences[-1], spans) else []


def _surely_asks(part: Part, facts: Facts) -> bool:
    return _is_question(part.intent, facts) and part.confidence >= _SURE


def _most_telling(parts: Sequence[Part]) -> Part:
    """Return the part to go by when none is a question: small talk gives way to anything else."""
    rest = [part for part in parts if not part.intent.startswith("chitchat.")]
    return rest[0] if rest else parts[0]
