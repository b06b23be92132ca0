"""Answers questions: which pool each is about, several in one message, and the few that are about no pool in particular."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from puljeguiden import danish
from puljeguiden.answers import Answer, Asked, answer
from puljeguiden.composing import compose
from puljeguiden.dialogue import person
from puljeguiden.dialogue.scene import CLARIFY, HANDOFF, Context, Part, Reply, Scene
from puljeguiden.facts import NOT_STATED, STATED, Facts
from puljeguiden.mentions import ApplicantMention, find
from puljeguiden.references import asks_the_same, asks_what, pools_with, referred, speaks_of_them, tells_whom
from puljeguiden.say import say

MOST_POOLS_UNASKED = 2
"""So many pools are answered at once when none is named; of more, the visitor is asked which."""
_SURE_OUTSIDE = 0.6


def answer_questions(scene: Scene, parts: Sequence[Part]) -> Reply:
    facts = scene.facts
    special = [part for part in parts if part.intent in SPECIAL]
    parts = [part for part in parts if part.intent not in SPECIAL]
    if special:
        first = SPECIAL[special[0].intent](scene)
        return and_then(answer_questions(scene, parts), first) if parts else first
    if unclear := scene.mentions.unclear():
        return which_pool(scene, [part.intent for part in parts], unclear)
    rows: list[list[Answer]] = []
    named: list[str] = []
    for part in _completed(scene, parts):
        pools, spoken_of = _pools_of(scene, part, named)
        named += spoken_of
        if len(pools) > MOST_POOLS_UNASKED and not named:
            return which_pool(scene, [part.intent for part in parts], tuple(facts.pools))
        applicants = scene.part_mentions(part).who_asks() or scene.mentions.who_asks()
        rows.append(row(scene, _whose(scene, part), pools, applicants))
    context = scene.context
    if named:
        context = replace(context, pools=spoken_of_now(facts, named))
    return reply_with(scene, rows, context, outside=_also_outside(scene, parts))


def _completed(scene: Scene, parts: Sequence[Part]) -> list[Part]:
    """Return the parts, where one that only says which pool asks what the one before it asks."""
    found: list[Part] = []
    for part in parts:
        spans = [(mention.start, mention.end) for mention in scene.part_mentions(part).pools]
        same = found and asks_the_same(part.text, spans)
        found.append(replace(part, intent=found[-1].intent) if same else part)
    return found


def _pools_of(scene: Scene, part: Part, named: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the pools a part asks about, and those of them that the conversation is about from now on."""
    facts = scene.facts
    mine = scene.part_mentions(part)
    pools = (
        mine.pool_ids(hints=False)
        or others_than(facts, mine.not_meant())
        or referred_to(scene, part.text, named)
        or mine.pool_ids()
        or scene.mentions.pool_ids()
        or referred_to(scene, scene.turn.text, ())
    )
    topic = part.intent.partition(".")[0]
    if not pools and scene.context.pools and (claimed := pools_with(part.text, topic, facts)):
        # «hvor står det, at fristen er i august?» while the pool without that deadline is spoken of.
        return list(dict.fromkeys([*scene.context.pools, *claimed])), []
    if part.intent == "partner" and not asks_what(part.text):
        named_here = mine.pool_ids(hints=False)
        spoken_of = named_here or (list(scene.context.pools) if len(scene.context.pools) == 1 else [])
        if spoken_of and set(mine.pool_ids()) - set(spoken_of):
            # «Rambøll hjælper vel med handlingsplanerne?»: both pools' partners, lest they are mixed up.
            return list(dict.fromkeys([*spoken_of, *mine.pool_ids()])), named_here
    return pools or list(pools_in_context(scene)), pools


_REACH = {
    "contact": "contact.address",
    "admin_contact": "admin_contact.address",
    "centre": "centre.contact",
    "partner": "partner.address",
}


def names_partner(scene: Scene, text: str) -> bool:
    """Return whether a text names somebody who helps the chosen applicants of some pool."""
    for mention in find(text, scene.facts).pools:
        helper = scene.facts.pools[mention.pools[0]].fact("partner").text or ""
        if mention.hint and danish.fold(text[mention.start : mention.end]) in danish.fold(helper):
            return True
    return False


def _whose(scene: Scene, part: Part) -> str:
    """Return the question a part asks; «har de et nummer?» is about whoever was spoken of last."""
    last = [question.partition(".")[0] for question in scene.context.questions]
    if part.intent in {*_REACH.values(), "overview.more"} and names_partner(scene, part.text):
        return _REACH["partner"]
    site = part.intent == "overview.more" and (speaks_of_them(part.text) or {"centre", "partner"} & set(last[:1]))
    if not (site or part.intent in _REACH.values()) or tells_whom(part.text) or scene.part_mentions(part).pools:
        return part.intent
    return next((_REACH[topic] for topic in last if topic in _REACH), part.intent)


def and_then(one: Reply, other: Reply) -> Reply:
    """Return two replies as one; a person or a list of pools is pointed to after the answers."""
    later = other.context
    context = replace(
        one.context,
        offer=later.offer,
        pending=later.pending,
        request=later.request,
        asked=later.asked,
        about=later.about,
    )
    to_person = any(answer.status == HANDOFF for answer in other.answers)  # then it need not be offered, too
    kept = (said for said in one.says if said not in other.says and not (to_person and said == say("offer_person")))
    says = (*kept, *other.says)
    return replace(other, says=says, answers=(*one.answers, *other.answers), context=context)


def referred_to(scene: Scene, text: str, named: Sequence[str]) -> list[str]:
    spoken_of = named or scene.mentions.pool_ids() or scene.context.pools
    return referred(text, tuple(scene.facts.pools), scene.in_list(), spoken_of)


def others_than(facts: Facts, not_meant: Sequence[str]) -> list[str]:
    """Return the pool that is left when the visitor says which one is not meant; nothing where several are."""
    left = [pool for pool in facts.pools if pool not in not_meant]
    return left if not_meant and len(left) == 1 else []


def row(scene: Scene, question: str, pools: Sequence[str], applicants: Sequence[ApplicantMention] = ()) -> list[Answer]:
    facts = scene.facts
    asked = Asked(question, tuple(applicants))
    return [answer(facts, facts.pools[pool], asked, scene.moment) for pool in in_order(facts, pools)]


def pools_in_context(scene: Scene) -> tuple[str, ...]:
    """Return the pools meant when the message names none: those spoken of, else all."""
    return scene.context.pools or tuple(scene.facts.pools)


def spoken_of_now(facts: Facts, pools: Sequence[str]) -> tuple[str, ...]:
    """Return the pools the conversation is about when these have been named; of all, none is more spoken of than others."""
    return () if len(set(pools)) == len(facts.pools) > 1 else in_order(facts, pools)


def in_order(facts: Facts, pools: Sequence[str]) -> tuple[str, ...]:
    return tuple(pool for pool in facts.pools if pool in pools)


def _also_outside(scene: Scene, answered: Sequence[Part]) -> bool:
    """Return whether the message also asks something that is surely not about the pools."""
    return any(
        part.intent.startswith("out_of_scope") and part.confidence >= _SURE_OUTSIDE and part not in answered
        for part in scene.turn.parts
    )


def reply_with(scene: Scene, rows: Sequence[Sequence[Answer]], context: Context, outside: bool = False) -> Reply:
    """Return the reply that gives answers, one row a question with an answer for each pool."""
    answers = [one for row in rows for one in row]
    says = compose(scene.facts, rows)
    offer, digest = "", zlib.crc32(repr(says).encode())
    if digest == scene.context.digest:
        briefly = [[replace(one, notes=(), ask="") for one in row] for row in rows]
        says = [say("again"), *compose(scene.facts, briefly), say("offer_source")]
        offer = "source"
    if outside:
        says.append(say("rest_out_of_scope"))
        answers.append(Answer(None, "out_of_scope", "out_of_scope", ()))
    shown = tuple(dict.fromkeys(one.pool for one in answers if one.pool))
    context = replace(
        context,
        questions=tuple(row[0].question for row in rows),
        pending=(),
        shown=shown,
        listed=shown if len(shown) > 1 else context.listed,
        seen=tuple(dict.fromkeys([*context.seen, *shown])) if len(shown) == 1 else context.seen,
        said=tuple((one.pool, one.question) for one in answers if one.pool),
        passage=None,
        offer=offer,
        digest=digest,
    )
    said = Reply(tuple(says), tuple(answers), context)
    helpless = all(one.status == NOT_STATED for one in answers) and any(one.ask for one in answers)
    return person.offer(scene, said) if helpless and not offer else said


def which_pool(scene: Scene, questions: Sequence[str], pools: Sequence[str]) -> Reply:
    """Ask which pool is meant, with a button for each."""
    facts = scene.facts
    pools = in_order(facts, pools)
    names = [say("fact", text=danish.capitalise(facts.pools[pool].name)) for pool in pools]
    said = say("which_pool", pools=danish.join([facts.pools[pool].name for pool in pools], "eller"))
    topic = questions[0].partition(".")[0] if questions else "unknown"
    context = replace(scene.context, pending=tuple(questions), shown=pools, listed=pools, offer="")
    return Reply((said,), (Answer(None, topic, CLARIFY, (said,)),), context, tuple(names))


def list_pools(scene: Scene) -> Reply:
    facts = scene.facts
    said = [say("overview_list", count=danish.number(len(facts.pools)))]
    answers = []
    for pool in facts.pools.values():
        said.append(say("overview_item", title=pool.page.title))
        title = replace(pool.page, quote=pool.page.title)
        answers.append(Answer(pool.id, "overview", STATED, (), (title,), "overview"))
    context = replace(
        scene.context,
        pools=(),
        questions=(),
        pending=(),
        shown=tuple(facts.pools),
        listed=tuple(facts.pools),
        said=tuple((one, "overview") for one in facts.pools),
        passage=None,
        offer="",
    )
    return Reply(tuple(said), tuple(answers), context)


def difference(scene: Scene) -> Reply:
    pools = scene.mentions.pool_ids()
    chosen = pools if len(pools) > 1 else list(scene.facts.pools)
    if len(chosen) > MOST_POOLS_UNASKED and len(pools) < 2:
        return which_pool(scene, ["overview"], chosen)
    return reply_with(scene, [row(scene, "overview", chosen)], replace(scene.context, pools=()))


SPECIAL: dict[str, Callable[[Scene], Reply]] = {
    "overview.list": list_pools,
    "overview.difference": difference,
    "handoff": person.to_person,
    "handoff.advice": person.advice,
}
