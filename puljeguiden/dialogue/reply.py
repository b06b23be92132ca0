"""Decides which way a turn goes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from puljeguiden import language, splitting, wording
from puljeguiden.danish import fold
from puljeguiden.dialogue import worry
from puljeguiden.dialogue.asides import aside, foreign, sorry
from puljeguiden.dialogue.asked import remember
from puljeguiden.dialogue.follow_up import follow_up
from puljeguiden.dialogue.hints import names_somebody
from puljeguiden.dialogue.moves import MOVES, about, move_pool
from puljeguiden.dialogue.person import (
    PENDING,
    go_on,
    goes_to_person,
    no_phone,
    no_time,
    offer,
    pool_for_person,
    to_person,
    told_of_cpr,
)
from puljeguiden.dialogue.questions import and_then, answer_questions
from puljeguiden.dialogue.scene import FALLBACK, Context, Part, Reply, Scene, Turn
from puljeguiden.dialogue.tail import REST, chosen_guess, look_up
from puljeguiden.facts import Facts
from puljeguiden.handoff import Form, Privacy, reading, requesting
from puljeguiden.mentions import find
from puljeguiden.references import (
    asks_for_money,
    asks_only_why_or_what_then,
    asks_to_apply,
    asks_whether_they_may,
    only_names,
    refers_back,
    reproaches,
    telling_words,
    was_no_help,
)

_MOST_QUESTIONS = 3
_FEWEST_SENTENCES = 2
_FEWEST_TELLING_WORDS = 2
_SURE, _VERY_SURE = 0.8, 0.9
_NEAR_WORDS = ("admin_contact", "cooperation", "eligibility", "partner", "support", FALLBACK)
_SURE_BESIDE = 0.6
"""Of what is asked beside the meaning of a word: «ok, så kun kommuner. hvad betyder boligsociale»."""
_NEAR_WHO_MAY = ("amount", "partner", "overview")
_FOR_A_PERSON = ("chitchat.errand", "out_of_scope.press")
"""What is no question about the pools, but one that a person may do something about."""
_PRESS = re.compile(r"\bpresse(?:n|\w*(?:kontakt|afdeling|vagt|chef)\w*)?\b(?! (?:dem|kommun|p[åa]))")
_ROBOT = "chitchat.robot"
_ON_FROM_WHO_MAY = ("eligibility.reason", "cooperation.join")
_HOW_MUCH = re.compile(r"\bhvor (?:meget|mange|stor)", re.IGNORECASE)
_WHO = ("eligibility", "cooperation", "joint_application")
_MAY_WHO = ("eligibility", "move.applicant")
_WHOM_WITH, _WHO_ANSWERS = {"cooperation", "target_group"}, {"contact", "admin_contact"}
_ABOUT_WHAT_WAS_SAID = ("move.sure", "move.source", "move.more", "move.repeat")
_BARE, _SHORT = 2, 4  # words
_LEANS = re.compile(
    r"(?:(?:og|så|også|men) )*(?:hvis\b|er de[tr] (?:i orden|ok|okay|rigtigt|sådan|heller|slet)\b|(?:gælder|passer) det\b)",
    re.IGNORECASE,
)
_TELLS_OF_US = re.compile(r"\b(?:vi|jeg)\b", re.IGNORECASE)
_LEADS_IN = re.compile(
    r"\b(?:oplysning\w*|spørgsmål\w*|spm|info\w*|noget|ting) (?:\w+ )?(?:om|til|vedr\w*|ang\w*)\b", re.IGNORECASE
)
_SOMEBODY = re.compile(r"\b(?:han|hun|ham|hende)\b")
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
    decided = go_on(form, decided, facts, privacy) if form else _remember(turn, context, decided, facts)
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
    parts = [_in_context(_about_who_may(part, turn, facts), turn, context, facts) for part in turn.parts]
    turn = replace(turn, parts=_about_taking_part(_that_ask(_the_finer(parts, facts), facts)))
    turn = replace(turn, parts=_about_words(turn, facts))
    scene = Scene(turn, context, facts, moment, find(turn.text, facts), privacy)
    asked = any(_surely_asks(part, facts) for part in turn.parts)
    if any(part.intent == "concern.radicalisation" for part in turn.parts) and worry.asks_which_pool(turn.text):
        return answer_questions(scene, [Part(turn.text, "target_group")])
    if context.worry:
        if stayed := worry.stay(scene):
            return stayed
        if worry.left(scene):
            scene = replace(scene, context=worry.forgotten(context))
            context = scene.context
    for part in turn.parts:
        if part.intent.startswith("concern.") and (part.confidence >= _SURE or not asked):
            return worry.worried(scene, part.intent.partition(".")[2])
    if opened := pool_for_person(scene):
        return opened
    if requesting.wants_call(turn.text):
        return no_phone(scene)
    if requesting.asks_when_answered(turn.text) and (context.offer == "sent" or context.pending == (PENDING,)):
        return no_time(scene)
    if requesting.forwards(turn.text) or requesting.sends_with_address(turn.text, facts):
        return to_person(scene)
    if context.said and (reproach := reproaches(turn.text)):
        said = sorry(scene, reproach)
        if any(part.intent == _ROBOT and splitting.asks(part.text) for part in turn.parts):
            said = replace(said, says=(*said.says, *aside(scene, _ROBOT).says))
        return offer(replace(scene, context=replace(context, offer="")), said)
    if context.said and was_no_help(turn.text):
        return offer(scene, aside(scene, "chitchat.annoyed"))
    named = scene.mentions.pools
    hints = any(mention.hint for mention in named)
    bare = named and only_names(turn.text, scene.mentions.spans(), hints)
    asks_by_a_hint = hints and _asks_by_a_hint(scene)
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
        if goes_to_person(answered) and _PRESS.search(turn.text.lower()):
            return replace(answered, says=(aside(scene, "out_of_scope.press").says[0], *answered.says))
        lost = [part for part in lost if _asks_of_its_own(part, turn)]
        if not lost or goes_to_person(answered):  # who answers there can read the rest, too
            return answered
        return and_then(answered, look_up(scene, replace(lost[0], guesses=()), REST))
    first = _most_telling(turn.parts)
    if first.intent in _ABOUT_WHAT_WAS_SAID and not (context.said or context.passage):
        return follow_up(scene) or MOVES[first.intent](scene)
    if first.intent in MOVES:
        return MOVES[first.intent](scene)
    if first.intent.startswith(("chitchat.", "out_of_scope")):
        said = aside(scene, first.intent)
        unhelped = first.intent in ("chitchat.annoyed", *_FOR_A_PERSON) and context.offer != "help"
        return offer(scene, said) if unhelped else said
    whole = Part(turn.text, FALLBACK, guesses=first.guesses)
    return follow_up(scene) or look_up(scene, whole, "not_understood")


def _remember(turn: Turn, context: Context, decided: Reply, facts: Facts) -> Reply:
    """Return a reply whose context knows what the visitor asked last, and what they told of themselves."""
    decided = replace(decided, context=remember(turn, context, decided, facts))
    told = reading.presented(turn.text, facts)
    if told == reading.NOBODY:
        return decided
    me = told.or_else(reading.Details(*decided.context.me))
    return replace(decided, context=replace(decided.context, me=(me.name, me.organisation, me.email)))


def _is_question(intent: str, facts: Facts) -> bool:
    topic, _, aspect = intent.partition(".")
    if wording.terms_of(intent) or intent in ("overview.list", "overview.difference", "handoff", "handoff.advice"):
        return True
    return topic in facts.topics and (not aspect or aspect in facts.topics[topic].aspects)


def _about_who_may(part: Part, turn: Turn, facts: Facts) -> Part:
    """Return a part as a question of who may apply where it is one: «vi er en lille forening, kan vi få penge?»."""
    unsure = part.intent == FALLBACK or (part.intent.startswith("out_of_scope") and part.confidence < _SURE)
    named = any(not mention.hint for mention in find(turn.text, facts).pools)
    near = part.intent == "joint_application.both_pools" or part.intent.partition(".")[0] in _NEAR_WHO_MAY
    advice, how = part.intent == "handoff.advice", part.intent == "form.how"  # «hvordan søger vi beboere?»
    if not (unsure or near or advice or how or (named and part.intent.startswith("out_of_scope"))):
        return part
    if part.intent.startswith("amount") and _HOW_MUCH.search(part.text):
        return part
    who = find(part.text, facts).who_asks() or find(turn.text, facts).who_asks()
    others = [one for one in who if one.kind != "kommune"]
    how = how and len(others) == len(who)
    # «vi er en boldklub og vil søge om tilskud. Er det noget, puljerne dækker?»
    text = turn.text if len(turn.parts) == 1 else part.text
    asks = asks_for_money if advice else asks_whether_they_may
    return replace(part, intent="eligibility") if others and (how or asks(text)) else part


def _in_context(part: Part, turn: Turn, context: Context, facts: Facts) -> Part:
    """Return a part as what it asks here: «skole?» among partners, «er hun der stadig» of a contact, not of a pool.

    As not understood where it only asks on, «hvorfor ikke?», and nobody spoke of who may apply.
    """
    spoken_of = {question.partition(".")[0] for question in context.questions}
    names_one = len(part.text.split()) <= _BARE and bool(find(part.text, facts).who_asks())
    if part.intent in _MAY_WHO and names_one and spoken_of and spoken_of <= _WHOM_WITH:
        return replace(part, intent="cooperation.members")
    of_somebody = spoken_of | {one.intent.partition(".")[0] for one in turn.parts}
    if part.intent == "status" and _SOMEBODY.search(part.text.lower()) and of_somebody & _WHO_ANSWERS:
        return replace(part, intent="updated.current")
    if part.intent not in _ON_FROM_WHO_MAY or not context.questions:
        return part
    bare = asks_only_why_or_what_then(part.text) and not find(part.text, facts).applicants
    return replace(part, intent=FALLBACK) if bare and not spoken_of & set(_WHO) else part


def _the_finer(parts: Sequence[Part], facts: Facts) -> list[Part]:
    """Return the parts without what only leads to a finer question of the same topic: «og centeret, (hører det under dem?)»."""
    finer = {part.intent.partition(".")[0]: part for part in parts if "." in part.intent and splitting.asks(part.text)}

    def leads(part: Part) -> bool:
        after = finer.get(part.intent) if part.intent in facts.topics and not splitting.asks(part.text) else None
        return after is not None and (refers_back(after.text) or bool(_TELLS_OF_US.search(part.text)))

    return [part for part in parts if not leads(part)]


def _that_ask(parts: Sequence[Part], facts: Facts) -> list[Part]:
    """Return the parts of a message without those that only tell something, where another part asks."""
    telling = [part for part in parts if part.intent.partition(".")[0] in facts.topics and _tells(part)]
    asking = [part for part in parts if splitting.asks(part.text) and part not in telling]
    leans = all(len(part.text.split()) <= _SHORT and refers_back(part.text) for part in asking)  # «udelukker det os?»
    return list(parts) if leans else [part for part in parts if part not in telling]


def _tells(part: Part) -> bool:
    """Return whether a part that looks like a question is none: «SSP her.», «og hvilke?» as one for the list of pools."""
    bare = part.intent == "overview.list" and len(part.text.split()) <= _BARE and "pulj" not in part.text.lower()
    not_meant = splitting.denies(part.text) and not part.text.endswith("?")
    leads = part.intent == "overview" and bool(_LEADS_IN.search(part.text)) and not splitting.asks(part.text)
    return bare or not_meant or leads or (part.confidence < _VERY_SURE and splitting.only_tells(part.text))


def _about_taking_part(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return the parts of a message; where it asks about taking part beside a kommune, that is no question of who may apply.

    «må der indgå firmaer og moskeer i samarbejdet?», «hvis det er os, der søger, og foreningen er med?»
    """
    kept: list[Part] = []
    cooperation = [part for part in parts if part.intent.startswith("cooperation")]
    asked = [part for part in cooperation if splitting.asks(part.text)]
    for part in parts:
        told = part in cooperation and asked and part not in asked  # «vi har et godt samarbejde. Kan vi …?»
        beside = part.intent == "eligibility" and cooperation and not asks_to_apply(part.text)
        twice = part.intent == "eligibility" and any(one.intent == part.intent for one in kept)
        if not (told or beside or twice):
            kept.append(part)
    return tuple(kept)


def _asks_of_its_own(part: Part, turn: Turn) -> bool:
    """Return whether a part that was not understood is a question: no «ja eller nej», no «hvis det gælder en ung»."""
    if part.text == turn.text or part.text.endswith(".") or _LEANS.match(part.text):
        return False
    return splitting.is_question(part.text) and len(telling_words(part.text)) >= _FEWEST_TELLING_WORDS


def _about_words(turn: Turn, facts: Facts) -> tuple[Part, ...]:
    """Return the parts of a message, those that ask what a word means with that word, and without what is no question."""
    parts = [_about_a_word(part, turn, facts) for part in turn.parts]
    words = [part for part in parts if wording.terms_of(part.intent)]
    if not words:
        return tuple(parts)
    once = {part.intent: part for part in reversed(parts) if part in words or part.confidence >= _SURE_BESIDE}
    return tuple(part for part in parts if once.get(part.intent) is part)


def _about_a_word(part: Part, turn: Turn, facts: Facts) -> Part:
    """Return a part that asks what a word means with that word; «hvad betyder det?» asks for what was said."""
    if part.intent == wording.TOPIC:
        terms = max(wording.asked_in(part.text, facts), wording.asked_in(turn.text, facts), key=len)
        return replace(part, intent=wording.question(terms) if terms else "move.repeat")
    near = part.intent.partition(".")[0] in _NEAR_WORDS
    terms = wording.plainly_asked_in(turn.text, facts) if near else ()
    named = any(fold(term) in fold(part.text) for term in terms)  # «SIRI, hvad er det en forkortelse for»
    return replace(part, intent=wording.question(terms)) if named else part


def _names_at_the_end(text: str, facts: Facts) -> list[str]:
    """Return the pools that the last sentence of a message names, where it says nothing else."""
    sentences = re.split(r"[.!?;]\s+", text)
    if len(sentences) < _FEWEST_SENTENCES:
        return []
    named = find(sentences[-1], facts)
    spans = named.spans()
    return named.pool_ids() if spans and only_names(sentences[-1], spans) else []


def _asks_by_a_hint(scene: Scene) -> bool:
    """Return whether a bare hint is a question, and does not choose a pool: «workshops?», «hvad med søskende?»."""
    part, asked = scene.turn.parts[0], scene.open_questions()
    asks = _is_question(part.intent, scene.facts)
    return asks and (not asked or (part.intent not in asked and not names_somebody(scene, part.text)))


def _surely_asks(part: Part, facts: Facts) -> bool:
    return _is_question(part.intent, facts) and part.confidence >= _SURE


def _most_telling(parts: Sequence[Part]) -> Part:
    """Return the part to go by when none is a question: small talk gives way to anything else, thanks to other small talk."""
    rest = [part for part in parts if not part.intent.startswith("chitchat.")]
    asking = [part for part in parts if splitting.asks(part.text) and part.confidence >= _SURE]
    return (rest or asking or parts)[0]
