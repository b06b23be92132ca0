"""Remembers what the visitor has asked, and chooses what of it a person is to get: what no page answered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from puljeguiden import splitting
from puljeguiden.danish import fold
from puljeguiden.dialogue.scene import Context, Question, Reply, Turn
from puljeguiden.facts import STATED, Facts
from puljeguiden.handoff import reading, requesting
from puljeguiden.mentions import find
from puljeguiden.references import goes_on, is_alike, only_names, telling_words

_MOST = 6
"""So many questions are remembered."""
_NEAR = 2
"""How far back, in questions, lies what «hvem afgør det så?» goes on from."""
_LONGEST_LEANING = 6  # words
_FOLLOW_UPS = (
    "move.other_pool",
    "move.both_pools",
    "move.pool",
    "move.pick_first",
    "move.pick_second",
)
_COUNTS = {"begge": 2, "to": 2, "tre": 3, "fire": 4, "fem": 5}
_SEVERAL = re.compile(r"\b(?:alle|alt|(?<!os )begge|dem|mine|sporgsmalene|svarene|samlet|det hele|to|tre|fire|fem)\b")
_WHICH = re.compile(
    r"\b(?:(?:sporgsmal(?:et|ene)?|spm|det|den) (?:med |der )?om|det med) (.+?)(?=\bvidere\b|\btil (?:en|et|nogen)\b|[.,;!?\n]|$)"
)


def remember(turn: Turn, before: Context, decided: Reply, facts: Facts) -> Context:
    """Return a reply's context, where it knows what the visitor has asked, and whether a page answered it."""
    context, topics = decided.context, {answer.topic for answer in decided.answers}
    intents = [part.intent for part in turn.parts]
    if "concern" in topics:  # a worry is never offered as a question to send
        return replace(context, asked=())
    if topics <= {"chitchat"} and context.offer == "person" and context.asked:  # «det hjalp mig ikke»
        return replace(context, asked=(*context.asked[:-1], replace(context.asked[-1], answered=False)))
    if decided.form or decided.case or "handoff" in intents or topics <= {"chitchat"}:
        return context
    if _chooses(turn, before, intents, facts):
        return _told_more(context, decided)
    if all(intent.startswith("move.") and intent != "move.applicant" for intent in intents):
        return context
    text = (
        turn.text if reading.presented(turn.text, facts) == reading.NOBODY else requesting.question_in(turn.text, facts)
    )
    about = [intent for intent in intents if intent.partition(".")[0] in facts.topics]
    if not text or not (about or intents[0].startswith("handoff") or _reads_as_question(text)):
        return context
    pools, answered = _left_open(decided)
    question = Question(text, about[0] if about else "", pools or context.pools, answered)
    earlier = [one for one in context.asked if one.text != text]
    return replace(context, asked=(*earlier, question)[-_MOST:])


def _chooses(turn: Turn, before: Context, intents: Sequence[str], facts: Facts) -> bool:
    """Return whether a message only says which pool, or which of the guesses, the question before it was about."""
    if all(intent in _FOLLOW_UPS for intent in intents):
        return True
    spans = find(turn.text, facts).spans()
    label = {fold(topic.label) for topic in facts.topics.values()}
    chosen = bool(before.guesses) and (fold(turn.text.strip(" .?!")) in label or intents == ["move.affirm"])
    return chosen or (bool(spans) and only_names(turn.text, spans))


def _told_more(context: Context, decided: Reply) -> Context:
    """Return a context where the last question is open for the pools that have now been found silent on it."""
    if not context.asked:
        return context
    last = context.asked[-1]
    pools, answered = _left_open(decided)
    if answered and last.pools and not set(last.pools) & {one.pool for one in decided.answers}:
        return context
    about = last.about or next((one.question for one in decided.answers if one.question), "")
    told = replace(last, about=about, pools=pools or last.pools, answered=answered)
    return replace(context, asked=(*context.asked[:-1], told))


def _left_open(decided: Reply) -> tuple[tuple[str, ...], bool]:
    """Return the pools that leave a question open, and whether none is left; a pool that answers it answers it."""
    stated = {one.question for one in decided.answers if one.status == STATED}
    told = [one for one in decided.answers if one.topic != "out_of_scope"] or decided.answers
    left = [one for one in told if one.status != STATED and (not one.question or one.question not in stated)]
    pools = tuple(dict.fromkeys(one.pool for one in left if one.pool))
    return pools, bool(told) and not left and decided.context.offer != "person"


def _reads_as_question(text: str) -> bool:
    return "?" in text or any(splitting.asks(piece) for piece in re.split(r"[.,!]\s+", text))


def for_person(context: Context, request: str) -> tuple[Question, ...]:
    """Return the questions that a request for a person is about: what it names, else what no page answered."""
    folded = fold(request)
    if named := _WHICH.search(folded):
        alike = (_most_alike(context.asked, subject) for subject in named.group(1).split(" og "))
        if found := tuple(dict.fromkeys(one for one in alike if one)):
            return found
    waiting = [one for one in context.asked if not one.answered]
    if _SEVERAL.search(folded):
        counts = [count for word, count in _COUNTS.items() if re.search(rf"(?<!os )\b{word}\b", folded)]
        return tuple(waiting[-counts[0] :] if counts else waiting)
    if not waiting:
        return ()
    last = waiting[-1]
    near = [one for one in context.asked[: context.asked.index(last)][-_NEAR:] if not one.answered]
    return (near[-1], last) if near and _leans(last.text) else (last,)


def _most_alike(asked: Sequence[Question], subject: str) -> Question | None:
    """Return the latest question that shares most words with what a request names: «mit spørgsmål om kørsel»."""
    words = telling_words(subject)
    shared = [sum(any(is_alike(word, other) for other in telling_words(one.text)) for word in words) for one in asked]
    if not any(shared):
        return None
    return asked[max(range(len(asked)), key=lambda place: (shared[place], place))]


def _leans(text: str) -> bool:
    """Return whether a question is nothing without the one before it: «hvem afgør det så?», «og rejsen?»."""
    return len(text.split()) <= _LONGEST_LEANING and (goes_on(text) or len(telling_words(text)) < 2)


def with_question(context: Context, text: str, about: str = "", pool: str | None = None) -> Context:
    """Return a context that knows one more question, unless it is made up of questions it knows."""
    known = "\n".join(one.text for one in context.asked)
    if not text or all(line in known for line in text.splitlines()):
        return context
    question = Question(text, about, (pool,) if pool else ())
    return replace(context, asked=(*context.asked, question)[-_MOST:])
