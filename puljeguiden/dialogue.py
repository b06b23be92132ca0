"""Decides what to reply to a turn: which pool and which question are meant, in the light of what came before.

Pure: a turn, the conversation's context, the facts and the moment go in; what to say and the new context come out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from puljeguiden import danish, passages, signposts
from puljeguiden.answers import NOT_STATED, Answer, Asked, answer, page_of, unique
from puljeguiden.composing import compose
from puljeguiden.facts import STATED, Facts, Source
from puljeguiden.mentions import ApplicantMention, Mentions, find
from puljeguiden.references import referred
from puljeguiden.say import Say, say

CLARIFY, HANDOFF, NOT_UNDERSTOOD = "clarify", "handoff", "not_understood"
_MOST_QUESTIONS = 3
_MOST_POOLS_UNASKED = 2
_SURE_OUTSIDE = 0.6


@dataclass(frozen=True)
class Part:
    """One question of a message as the model understood it."""

    text: str
    intent: str
    confidence: float = 1.0


@dataclass(frozen=True)
class Turn:
    """A message: the whole text, its parts, and the pool whose page the visitor is on."""

    text: str
    parts: tuple[Part, ...]
    page_pool: str | None = None


@dataclass(frozen=True)
class Context:
    """What a conversation remembers from turn to turn."""

    pools: tuple[str, ...] = ()
    """The pools spoken of, where the visitor named them or chose."""
    page_pool: str | None = None
    questions: tuple[str, ...] = ()
    """The questions last answered."""
    pending: tuple[str, ...] = ()
    """Questions that wait until the visitor says which pool is meant."""
    shown: tuple[str, ...] = ()
    """The pools of the last reply, in its order: what «den første» counts in."""
    said: tuple[tuple[str, str], ...] = ()
    """(pool, question) of the last answers: what «hvor står det?» is about."""
    passage: tuple[str, str] | None = None
    """(pool, sentence) where the last answer was a quoted passage."""
    offer: bool = False
    """True when the last reply offered to say whom to ask."""

    def as_dict(self) -> dict[str, Any]:
        """Return what differs from a fresh conversation, as plain data for a slot."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any] | None, facts: Facts) -> Context:
        """Return the context a slot holds; pools that are no longer there are forgotten."""
        stored = stored or {}

        def known(names: Any) -> tuple[str, ...]:
            return tuple(name for name in names or () if name in facts.pools)

        passage = stored.get("passage")
        return cls(
            pools=known(stored.get("pools")),
            page_pool=stored.get("page_pool"),
            questions=tuple(stored.get("questions", ())),
            pending=tuple(stored.get("pending", ())),
            shown=known(stored.get("shown")),
            said=tuple((pool, question) for pool, question in stored.get("said", ()) if pool in facts.pools),
            passage=(passage[0], passage[1]) if passage and passage[0] in facts.pools else None,
            offer=bool(stored.get("offer")),
        )


@dataclass(frozen=True)
class Reply:
    """What to say, the answers it consists of, the buttons under it, and the conversation's new context."""

    says: tuple[Say, ...]
    answers: tuple[Answer, ...]
    context: Context
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Scene:
    """All that a decision is made from."""

    turn: Turn
    context: Context
    facts: Facts
    moment: datetime
    mentions: Mentions
    parts: tuple[Part, ...] = field(default=())

    def part_mentions(self, part: Part) -> Mentions:
        return find(part.text, self.facts)


def reply(turn: Turn, context: Context, facts: Facts, moment: datetime) -> Reply:
    """Return the reply to a turn."""
    if turn.page_pool in facts.pools and turn.page_pool != context.page_pool:
        context = replace(context, page_pool=turn.page_pool, pools=(turn.page_pool,) if turn.page_pool else ())
    scene = _Scene(turn, context, facts, moment, find(turn.text, facts))
    intents = [part.intent for part in turn.parts]
    for intent in intents:
        if intent.startswith("concern."):
            return _signpost(scene, signposts.concern(facts, intent.partition(".")[2]))
    questions = [part for part in turn.parts if _is_question(part.intent, facts)]
    if questions:
        return _answer_questions(scene, questions[:_MOST_QUESTIONS])
    first = _most_telling(turn.parts)
    if first.intent in _MOVES:
        return _MOVES[first.intent](scene)
    if first.intent.startswith(("chitchat.", "out_of_scope")):
        return _aside(scene, first.intent)
    return _tail(scene)


def _is_question(intent: str, facts: Facts) -> bool:
    topic, _, aspect = intent.partition(".")
    if intent in ("overview.list", "overview.difference", "handoff", "handoff.advice"):
        return True
    return topic in facts.topics and (not aspect or aspect in facts.topics[topic].aspects)


def _most_telling(parts: Sequence[Part]) -> Part:
    """Return the part to go by when none is a question: small talk gives way to anything else."""
    rest = [part for part in parts if not part.intent.startswith("chitchat.")]
    return rest[0] if rest else parts[0]


# --- questions -------------------------------------------------------------------------------------------------------


def _answer_questions(scene: _Scene, parts: Sequence[Part]) -> Reply:
    facts = scene.facts
    for part in parts:
        if part.intent in _SPECIAL:
            return _SPECIAL[part.intent](scene)
    if unclear := scene.mentions.unclear():
        return _which_pool(scene, [part.intent for part in parts], unclear)
    rows: list[list[Answer]] = []
    named: list[str] = []
    for part in parts:
        mine = scene.part_mentions(part)
        pools = mine.pool_ids() or _referred(scene, part.text, named) or scene.mentions.pool_ids()
        named += pools
        pools = pools or list(_pools_in_context(scene))
        if len(pools) > _MOST_POOLS_UNASKED and not named:
            return _which_pool(scene, [part.intent for part in parts], tuple(facts.pools))
        applicants = mine.who_asks() or scene.mentions.who_asks()
        rows.append(_row(scene, part.intent, pools, applicants))
    context = scene.context
    if named:
        context = replace(context, pools=_in_order(facts, named))
    return _said(scene, rows, context, outside=_also_outside(scene, parts))


def _referred(scene: _Scene, text: str, named: Sequence[str]) -> list[str]:
    spoken_of = named or scene.mentions.pool_ids() or scene.context.pools
    return referred(text, tuple(scene.facts.pools), scene.context.shown, spoken_of)


def _row(scene: _Scene, question: str, pools: Sequence[str], applicants: Sequence[ApplicantMention] = ()) -> list[Answer]:
    facts = scene.facts
    asked = Asked(question, tuple(applicants))
    return [answer(facts, facts.pools[pool], asked, scene.moment) for pool in _in_order(facts, pools)]


def _pools_in_context(scene: _Scene) -> tuple[str, ...]:
    """Return the pools meant when the message names none: those spoken of, else all."""
    return scene.context.pools or tuple(scene.facts.pools)


def _in_order(facts: Facts, pools: Sequence[str]) -> tuple[str, ...]:
    return tuple(pool for pool in facts.pools if pool in pools)


def _also_outside(scene: _Scene, answered: Sequence[Part]) -> bool:
    """Return whether the message also asks something that is surely not about the pools."""
    return any(
        part.intent.startswith("out_of_scope") and part.confidence >= _SURE_OUTSIDE and part not in answered
        for part in scene.turn.parts
    )


def _said(scene: _Scene, rows: Sequence[Sequence[Answer]], context: Context, outside: bool = False) -> Reply:
    answers = [one for row in rows for one in row]
    says = compose(scene.facts, rows)
    if outside:
        says.append(say("rest_out_of_scope"))
        answers.append(Answer(None, "out_of_scope", "out_of_scope", ()))
    context = replace(
        context,
        questions=tuple(row[0].question for row in rows),
        pending=(),
        shown=tuple(dict.fromkeys(one.pool for one in answers if one.pool)),
        said=tuple((one.pool, one.question) for one in answers if one.pool),
        passage=None,
        offer=False,
    )
    return Reply(tuple(says), tuple(answers), context)


def _which_pool(scene: _Scene, questions: Sequence[str], pools: Sequence[str]) -> Reply:
    """Ask which pool is meant, with a button for each."""
    facts = scene.facts
    pools = _in_order(facts, pools)
    names = [danish.capitalise(facts.pools[pool].name) for pool in pools]
    said = say("which_pool", pools=danish.join([facts.pools[pool].name for pool in pools]))
    topic = questions[0].partition(".")[0] if questions else "unknown"
    context = replace(scene.context, pending=tuple(questions), shown=pools, offer=False)
    return Reply((said,), (Answer(None, topic, CLARIFY, (said,)),), context, tuple(names))


def _list_pools(scene: _Scene) -> Reply:
    facts = scene.facts
    said = [say("overview_list", count=str(len(facts.pools)))]
    answers = []
    for pool in facts.pools.values():
        said.append(say("overview_item", title=pool.page.title))
        title = replace(pool.page, quote=pool.page.title)
        answers.append(Answer(pool.id, "overview", STATED, (), (title,), "overview"))
    context = replace(
        scene.context, pools=(), questions=(), pending=(), shown=tuple(facts.pools), said=tuple((one, "overview") for one in facts.pools), passage=None, offer=False
    )
    return Reply(tuple(said), tuple(answers), context)


def _difference(scene: _Scene) -> Reply:
    pools = scene.mentions.pool_ids()
    chosen = pools if len(pools) > 1 else list(scene.facts.pools)
    if len(chosen) > _MOST_POOLS_UNASKED and len(pools) < 2:
        return _which_pool(scene, ["overview"], chosen)
    return _said(scene, [_row(scene, "overview", chosen)], replace(scene.context, pools=()))


def _handoff(scene: _Scene) -> Reply:
    pools = scene.mentions.pool_ids() or list(_pools_in_context(scene))
    return _signpost(scene, signposts.person(scene.facts, _in_order(scene.facts, pools)))


def _advice(scene: _Scene) -> Reply:
    pools = scene.mentions.pool_ids() or list(scene.context.pools)
    return _signpost(scene, signposts.advice(scene.facts, _in_order(scene.facts, pools)))


_SPECIAL: dict[str, Callable[[_Scene], Reply]] = {
    "overview.list": _list_pools,
    "overview.difference": _difference,
    "handoff": _handoff,
    "handoff.advice": _advice,
}


# --- moves -----------------------------------------------------------------------------------------------------------


def _about(scene: _Scene, pools: Sequence[str]) -> Reply:
    """Answer what is pending, or the last question, or in general, for pools that the visitor has just chosen."""
    facts = scene.facts
    questions = scene.context.pending or scene.context.questions or ("overview",)
    known = [question for question in questions if question == "status" or question in facts.pools[pools[0]].facts]
    whole = len(pools) == len(facts.pools) > 1
    context = replace(scene.context, pools=() if whole else _in_order(facts, pools))
    said = _said(scene, [_row(scene, question, pools) for question in known or ["overview"]], context)
    if len(pools) == 1 and "page" not in said.says[0].values:
        heading = say("pool_about", pool=danish.capitalise(facts.pools[pools[0]].name))
        said = replace(said, says=(heading, *said.says))
    return said


def _move_pool(scene: _Scene) -> Reply:
    if unclear := scene.mentions.unclear():
        return _which_pool(scene, scene.context.pending or scene.context.questions, unclear)
    if pools := scene.mentions.pool_ids():
        return _about(scene, pools)
    return _which_pool(scene, scene.context.pending or scene.context.questions, tuple(scene.facts.pools))


def _move_other_pool(scene: _Scene) -> Reply:
    if pools := scene.mentions.pool_ids():
        return _about(scene, pools)
    if others := _referred(scene, "den anden", scene.context.shown if len(scene.context.shown) == 1 else ()):
        return _about(scene, others)
    others = [pool for pool in scene.facts.pools if pool not in scene.context.pools]
    return _which_pool(scene, scene.context.pending or scene.context.questions, others if len(others) > 1 else tuple(scene.facts.pools))


def _move_both_pools(scene: _Scene) -> Reply:
    return _about(scene, scene.mentions.pool_ids() or scene.context.shown[1:] and scene.context.shown or tuple(scene.facts.pools))


def _pick(position: int) -> Callable[[_Scene], Reply]:
    def move(scene: _Scene) -> Reply:
        shown = scene.context.shown if len(scene.context.shown) > 1 else tuple(scene.facts.pools)
        if pools := scene.mentions.pool_ids():
            return _about(scene, pools)
        return _about(scene, [shown[min(position, len(shown) - 1)]])

    return move


def _move_applicant(scene: _Scene) -> Reply:
    pools = scene.mentions.pool_ids() or list(_pools_in_context(scene))
    if len(pools) > _MOST_POOLS_UNASKED:
        return _which_pool(scene, ["eligibility"], pools)
    return _said(scene, [_row(scene, "eligibility", pools, scene.mentions.who_asks())], scene.context)


def _sources_said(scene: _Scene, opening: str) -> Reply:
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
            if question == "status" or question in facts.pools[pool].facts
        ]
    if not rows:
        return _clarify(scene, "nothing_said_yet")
    said = []
    for one in rows:
        pool_entry = facts.pools[one.pool or ""]
        sources = unique_sources(one)
        if one.status == NOT_STATED:
            said.append(say("source_silent" if sources else "source_nothing", page=page_of(pool_entry)))
        else:
            said.append(say(opening, page=page_of(pool_entry)))
        said += [say("quote", quote=source.quote) for source in sources]
    return Reply(tuple(unique(said)), tuple(replace(one, says=()) for one in rows), replace(context, offer=False))


def unique_sources(one: Answer) -> list[Source]:
    """Return an answer's own sources, or those of its notes where it has none."""
    return list(dict.fromkeys(one.sources or one.note_sources))


def _move_source(scene: _Scene) -> Reply:
    return _sources_said(scene, "source")


def _move_sure(scene: _Scene) -> Reply:
    return _sources_said(scene, "sure")


def _move_more(scene: _Scene) -> Reply:
    if scene.context.said or scene.context.passage:
        return _sources_said(scene, "more")
    pools = scene.mentions.pool_ids() or list(_pools_in_context(scene))
    if len(pools) > _MOST_POOLS_UNASKED:
        return _which_pool(scene, ["overview"], pools)
    return _said(scene, [_row(scene, "overview", pools)], scene.context)


def _move_repeat(scene: _Scene) -> Reply:
    if not scene.context.said:
        return _clarify(scene, "rephrase")
    return _sources_said(scene, "repeat")


def _move_affirm(scene: _Scene) -> Reply:
    if scene.context.offer:
        return _handoff(scene)
    if scene.context.pending:
        return _which_pool(scene, scene.context.pending, scene.context.shown)
    return _clarify(scene, "go_ahead")


def _clarify(scene: _Scene, name: str) -> Reply:
    said = say(name)
    return Reply((said,), (Answer(None, "unknown", CLARIFY, (said,)),), replace(scene.context, offer=False))


def _chat(name: str) -> Callable[[_Scene], Reply]:
    def move(scene: _Scene) -> Reply:
        said = say(name)
        context = replace(scene.context, pending=(), offer=False)
        return Reply((said,), (Answer(None, "chitchat", "chitchat", (said,)),), context)

    return move


_MOVES: dict[str, Callable[[_Scene], Reply]] = {
    "move.pool": _move_pool,
    "move.other_pool": _move_other_pool,
    "move.both_pools": _move_both_pools,
    "move.pick_first": _pick(0),
    "move.pick_second": _pick(1),
    "move.applicant": _move_applicant,
    "move.source": _move_source,
    "move.sure": _move_sure,
    "move.more": _move_more,
    "move.repeat": _move_repeat,
    "move.correction": lambda scene: _clarify(scene, "correction"),
    "move.affirm": _move_affirm,
    "move.deny": _chat("deny"),
    "move.cancel": _chat("cancel"),
    "move.skip": _chat("skip"),
}


# --- everything else -------------------------------------------------------------------------------------------------


def _signpost(scene: _Scene, sign: signposts.Sign) -> Reply:
    answers = tuple(
        Answer(pool, sign.topic, HANDOFF, sign.says, sources) for pool, sources in sign.answers
    )
    context = replace(scene.context, pending=(), offer=False)
    return Reply(sign.says, answers, context)


def foreign(context: Context) -> Reply:
    """Return the one reply to a message that is not in Danish."""
    said = say("other_language")
    return Reply((said,), (Answer(None, "unknown", "error", (said,)),), context)


def _aside(scene: _Scene, intent: str) -> Reply:
    """Small talk, or what is not about the pools."""
    outside = intent.startswith("out_of_scope")
    name = intent.replace(".", "_")
    pools = danish.join([pool.name for pool in scene.facts.pools.values()])
    said = say(name, pools=pools, count=str(len(scene.facts.pools)))
    kind = "out_of_scope" if outside else "chitchat"
    context = replace(scene.context, offer=False)
    return Reply((said,), (Answer(None, kind, kind, (said,)),), context)


def _tail(scene: _Scene) -> Reply:
    """What no topic covers: only a pool named, a passage of a page that answers it, or an honest «det ved jeg ikke»."""
    pools = scene.mentions.pool_ids()
    if pools and len(scene.turn.text.split()) <= 4:
        return _move_pool(scene)
    if found := passages.search(scene.facts, scene.turn.text, pools or _pools_in_context(scene)):
        page = page_of(scene.facts.pools[found.pool])
        said = (say("passage", page=page), say("quote", quote=found.source.quote))
        context = replace(
            scene.context, questions=(), pending=(), shown=(found.pool,), said=(), passage=(found.pool, found.source.quote), offer=False
        )
        return Reply(said, (Answer(found.pool, "passage", STATED, said, (found.source,)),), context)
    said = (say("not_understood"),)
    pool = pools[0] if len(pools) == 1 else None
    return Reply(said, (Answer(pool, "unknown", NOT_UNDERSTOOD, said),), replace(scene.context, offer=True))
