"""Brings a person in: offers to send the question on, asks which pool it is about, opens the form and goes on with it."""

from __future__ import annotations

from dataclasses import replace

from puljeguiden import danish, handoff, signposts, splitting
from puljeguiden.answers import Answer
from puljeguiden.danish import fold
from puljeguiden.dialogue import asked
from puljeguiden.dialogue.asides import signpost
from puljeguiden.dialogue.scene import FALLBACK, HANDOFF, Context, Part, Reply, Scene, Turn
from puljeguiden.facts import Facts
from puljeguiden.handoff import Form, mail, reading, requesting
from puljeguiden.handoff.form import NO, YES
from puljeguiden.handoff.showing import Privacy
from puljeguiden.say import Say, say

PENDING = "handoff"
"""What waits, in the context, while the visitor is asked which pool the question for a person is about."""
_OFFERS = (say("offer_person"), say("offer_source"))
YES_OR_NO = (say(YES), say(NO))
_SURE, _WORRY = 0.7, 0.6
_FEWEST_TOLD = 9  # words
_NO_POOL = {"move.skip", "move.both_pools", "move.deny"}


def offer(scene: Scene, reply: Reply) -> Reply:
    """Return a reply that offers to send the question on; twice in a row the words are spared, the offer stands."""
    context = replace(reply.context, offer="person")
    if scene.context.offer == "person":
        return replace(reply, context=context)
    return replace(reply, says=(*reply.says, _OFFERS[0]), buttons=YES_OR_NO, context=context)


def advice(scene: Scene) -> Reply:
    """Point to who answers subject-matter questions, and offer to send the question to them."""
    pools = scene.mentions.pool_ids() or list(scene.context.pools)
    in_order = [pool for pool in scene.facts.pools if pool in pools]
    pointed = signpost(scene, signposts.advice(scene.facts, in_order))
    return pointed if scene.context.offer == "help" else offer(scene, pointed)


def to_person(scene: Scene) -> Reply:
    """Open the form, or ask first which pool the question is about; in worry, point to help instead."""
    if scene.context.offer == "help":
        return advice(scene)
    return _open_or_ask(scene, replace(scene.context, request=scene.turn.text))


def _open_or_ask(scene: Scene, context: Context) -> Reply:
    facts = scene.facts
    named = scene.mentions.pool_ids()
    pools = named or _pools_of(scene, context)
    if len(pools) == 1:
        return _open(scene, context, pools[0])
    if len(named) > 1:
        return _open(scene, context, None)
    listed = tuple(pool for pool in facts.pools if pool in pools)
    which = say("handoff_which_pool", pools=danish.join([facts.pools[pool].name for pool in listed], "eller"))
    first = () if scene.context.offer == "person" else (say("handoff"),)
    said = (*first, *_when(scene), which)
    buttons = (*(say("fact", text=danish.capitalise(facts.pools[pool].name)) for pool in listed), say(handoff.ANYONE))
    context = replace(context, pending=(PENDING,), shown=listed, offer="")
    return Reply(said, (Answer(None, "handoff", HANDOFF, said),), context, buttons)


def open_in_worry(scene: Scene) -> Reply:
    """Open the form for who is worried about somebody: for no pool, and without names of others."""
    opened = _open(scene, replace(scene.context, asked=(), request="", worry=""), None)
    who, asked = opened.says[:-1], opened.says[-1]
    return replace(opened, says=(*who, say("concern_nameless"), asked))


def _pools_of(scene: Scene, context: Context) -> list[str]:
    """Return the pools that the question for a person may be about: its own, else those spoken of, else all."""
    if not _question_in_turn(scene)[0]:
        questions = asked.for_person(context, context.request)
        own = list(dict.fromkeys(pool for one in questions for pool in one.pools))
        if len(own) == 1:
            return own
    if context.pools:
        return list(context.pools)
    return list(context.shown) if len(context.shown) == 1 else list(scene.facts.pools)


def _when(scene: Scene) -> tuple[Say, ...]:
    """Return that no time is promised, where the message that asks for a person asks for one."""
    return (say("handoff_no_time"),) if requesting.asks_when_answered(scene.turn.text) else ()


def no_phone(scene: Scene) -> Reply:
    """Tell that nobody can be promised to phone, and offer to send the question in writing."""
    pools = scene.mentions.pool_ids()
    context = replace(scene.context, pools=tuple(pools)) if len(pools) == 1 else scene.context
    said: tuple[Say, ...] = (say("handoff_no_phone"),)
    answers = (Answer(pools[0] if len(pools) == 1 else None, "handoff", HANDOFF, said),)
    if context.offer == "help":
        emergency = say("handoff_emergency", emergency=scene.facts.help_lines["emergency"]["number"])
        return Reply((*said, emergency), answers, context)
    if context.pending == (PENDING,):
        asks = _open_or_ask(scene, context)
        return replace(asks, says=(*said, *asks.says[-1:]), answers=(*answers, *asks.answers))
    return offer(scene, Reply(said, answers, replace(context, offer="")))


def no_time(scene: Scene) -> Reply:
    """Tell that no time can be promised for the answer to a question that was sent, or is about to be."""
    said = (say("handoff_no_time"),)
    answers = (Answer(None, "handoff", HANDOFF, said),)
    if scene.context.pending != (PENDING,):
        return Reply(said, answers, scene.context)
    return _open_or_ask(scene, scene.context)


def goes_to_person(reply: Reply) -> bool:
    """Return whether a reply opens the form, or asks which pool it is to be opened for."""
    return reply.form is not None or reply.context.pending == (PENDING,)


def pool_for_person(scene: Scene) -> Reply | None:
    """Return the form, opened, where the message says which pool the question for a person is about; else None."""
    context, facts = scene.context, scene.facts
    text = scene.turn.text
    if context.pending != (PENDING,) or reading.breaks_off(text) or requesting.wants_call(text):
        return None
    if pools := scene.mentions.pool_ids():
        return _open(scene, _with_question(scene, context), pools[0] if len(pools) == 1 else None)
    none = any(part.intent in _NO_POOL for part in scene.turn.parts) or "ingen" in fold(scene.turn.text).split()
    if none or scene.turn.pressed == handoff.ANYONE:
        return _open(scene, context, None)
    picked = {"move.pick_first": 0, "move.pick_second": 1}.get(scene.turn.parts[0].intent)
    if picked is not None and picked < len(context.shown):
        return _open(scene, context, context.shown[picked])
    # «Henrik, ssp-koordinator», «mailen er …»: no pool, but no other question either
    lost = all(part.intent == FALLBACK for part in scene.turn.parts) and not splitting.asks(text)
    return _open_or_ask(scene, context) if lost or mail.addresses(text, facts) else None


def _with_question(scene: Scene, context: Context) -> Context:
    """Take the question from a message that names the pool and asks at once."""
    text = scene.turn.text
    long = len(text.split()) >= _FEWEST_TOLD  # «skriv, at vi aldrig fik svar på vores ansøgning til handlingsplanerne»
    question = requesting.question_in(text, scene.facts) or (text if long else "")
    return asked.with_question(context, question)


def _question_in_turn(scene: Scene) -> tuple[str, str]:
    """Return the question that a request for a person holds, and what it is about; nothing where it holds none."""
    facts, request = scene.facts, requesting.without_when(scene.context.request or scene.turn.text)
    chooses = scene.context.pending == (PENDING,)  # «handlingsplanerne»
    parts = [part for part in scene.turn.parts if part.intent.partition(".")[0] in facts.topics and not chooses]
    asking = [part for part in parts if requesting.is_asked(part.text, facts)]
    if asking:  # «hvornår er fristen, og kan jeg tale med et menneske?»
        return " ".join(part.text for part in asking), asking[0].intent
    return requesting.question_in(request, facts), ""


def _open(scene: Scene, context: Context, pool: str | None) -> Reply:
    facts = scene.facts
    request = requesting.without_when(context.request)
    question, about = _question_in_turn(scene)
    if not question:
        waiting = asked.for_person(context, context.request)
        question, about = "\n".join(one.text for one in waiting), waiting[-1].about if waiting else ""
    me = reading.Details(*context.me)
    form = handoff.open_form(facts, pool, request, question, about, me)
    who, sources = handoff.introduce(form, facts)
    asks, buttons = handoff.ask(form, facts, scene.privacy)
    context = replace(
        asked.with_question(context, form.question or form.suggestion, about, pool),
        pending=(),
        request="",
        offer="",
        passage=None,
        pools=(pool,) if pool else context.pools,
    )
    says = (*who, *_when(scene), *asks)
    return Reply(says, (Answer(pool, "handoff", HANDOFF, says, sources),), context, buttons, form)


def go_on(form: Form, reply: Reply, facts: Facts, privacy: Privacy) -> Reply:
    """Return a reply given while the form was open, ending with what the form asks; worry ends the form instead."""
    says = tuple(one for one in reply.says if one not in _OFFERS)
    context = replace(reply.context, offer="help" if reply.context.offer == "help" else "", pending=())
    if any(answer.topic == "concern" for answer in reply.answers):
        return replace(reply, says=(*says, say("handoff_not_sent_yet")), context=context, form=None)
    asks, buttons = handoff.ask(form, facts, privacy, again=True)
    answers = (*reply.answers, Answer(form.pool, "handoff", HANDOFF, asks))
    if reply.context.pending:  # one question at a time: which pool, and then the form's
        return replace(reply, answers=answers, form=form)
    return replace(reply, says=(*says, *asks), answers=answers, context=context, buttons=buttons, form=form)


def telling(turn: Turn, facts: Facts) -> Part:
    """Return the part of a message that the form goes by: worry, else a question that is surely understood."""
    worries = [part for part in turn.parts if part.intent.startswith("concern.") and part.confidence >= _WORRY]
    sure = [part for part in turn.parts if part.intent.partition(".")[0] in facts.topics and part.confidence >= _SURE]
    return (worries or sure or turn.parts)[0]


def step_reply(form: Form, step: handoff.Step, context: Context, facts: Facts, privacy: Privacy) -> Reply:
    """Return the reply to a message that the form took. A question that was not sent can still be sent later."""
    asks, buttons = handoff.ask(step.form, facts, privacy, step.again) if step.form else ((), ())
    notice = handoff.notice(privacy) if step.notice else ()
    says = (*step.says, *notice, *asks)
    context = asked.with_question(replace(context, offer=""), form.question or form.suggestion, "", form.pool)
    return Reply(says, (_answer(step.form or form, says, facts),), context, buttons, step.form)


def sent_reply(form: Form, number: str, context: Context, facts: Facts) -> Reply:
    """Return the confirmation of a case that was stored under a number."""
    contacts = handoff.contacts(form, facts)
    says = handoff.sent(number, form, facts)
    me = (form.name or None, form.organisation or None, form.email)
    context = replace(context, offer="sent", sent=(number, *contacts), asked=(), me=me)
    return Reply(says, (_answer(form, says, facts),), context, case=_case(context))


def already_sent_reply(form: Form, number: str, context: Context, facts: Facts) -> Reply:
    """Return the reply to who does not want to send what was sent in a turn that broke off: its number."""
    said = (say("handoff_sent_before", number=number),)
    return replace(sent_reply(form, number, context, facts), says=said, answers=(_answer(form, said, facts),))


def _answer(form: Form, says: tuple[Say, ...], facts: Facts) -> Answer:
    """Return the answer of a reply in the form; where the reply names who gets the question, with the page's sentence."""
    named = any("who" in one.values for one in says)
    return Answer(form.pool, "handoff", HANDOFF, says, handoff.sources(form, facts) if named else ())


def not_stored_reply(form: Form, context: Context, facts: Facts, privacy: Privacy) -> Reply:
    """Return the apology for a case that could not be stored; it can be sent again."""
    return step_reply(form, handoff.Step(form, (say("handoff_failed"),), again=True), context, facts, privacy)


def told_of_cpr(reply: Reply, turn: Turn) -> Reply:
    """Return a reply that first tells of a CPR number that was removed from the message."""
    return replace(reply, says=(say("cpr_removed"), *reply.says)) if turn.cpr_removed else reply


def sent_before(scene: Scene) -> Reply:
    """Tell the number of the case again: a «ja» that came twice."""
    number = scene.context.sent[0]
    said: tuple[Say, ...] = (say("handoff_sent_before", number=number),)
    pool = scene.context.pools[0] if len(scene.context.pools) == 1 else None
    return Reply(said, (Answer(pool, "handoff", HANDOFF, said),), scene.context, case=_case(scene.context))


def _case(context: Context) -> dict[str, object]:
    return {"number": context.sent[0], "contacts": list(context.sent[1:])}
