"""Answers questions: which pool each is about, several in one message, and the few that are about no pool in particular."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from puljeguiden import danish, wording
from puljeguiden.answers import Answer, Asked, answer, page_of
from puljeguiden.composing import compose
from puljeguiden.dialogue import person
from puljeguiden.dialogue.hints import names_partner, only_hinted_beside
from puljeguiden.dialogue.scene import CLARIFY, HANDOFF, Context, Part, Reply, Scene
from puljeguiden.facts import NOT_STATED, STATED, Facts
from puljeguiden.mentions import ApplicantMention, find
from puljeguiden.references import (
    asks_again,
    asks_the_same,
    asks_what,
    pools_with,
    pools_with_sum,
    referred,
    refers_back,
    says_only,
    speaks_of_them,
    tells_whom,
    unknown_sums,
)
from puljeguiden.say import Say, say

MOST_POOLS_UNASKED = 2
"""So many pools are answered at once when none is named; of more, the visitor is asked which."""
_SURE_OUTSIDE = 0.6
_HEADING, _NO_SUM = "utter_pool_heading", "utter_no_such_sum"


def answer_questions(scene: Scene, parts: Sequence[Part]) -> Reply:
    facts = scene.facts
    parts = [_of_those_spoken_of(scene, part) for part in parts]
    special = [part for part in parts if part.intent in SPECIAL]
    told = ("overview",) if any(part.intent.startswith("overview") for part in special) else ()
    parts = [part for part in parts if part.intent not in (*SPECIAL, *told)]
    if special:
        first = SPECIAL[special[0].intent](scene)
        return and_then(answer_questions(scene, parts), first) if parts else first
    if unclear := scene.mentions.unclear():
        return which_pool(scene, [part.intent for part in parts], unclear)
    rows: list[list[Answer]] = []
    named: list[str] = []
    for part in _completed(scene, [_of_centre(scene, part) for part in parts]):
        pools, spoken_of = _pools_of(scene, part, named)
        named += spoken_of
        if len(pools) > MOST_POOLS_UNASKED and not named:
            return which_pool(scene, [part.intent for part in parts], tuple(facts.pools))
        applicants = scene.part_mentions(part).who_asks() or scene.mentions.who_asks()
        rows.append(row(scene, _whose(scene, part), pools, applicants))
    context = scene.context
    if named:
        context = replace(context, pools=spoken_of_now(facts, named))
    wrong = _no_such_sums(facts, parts)
    said = reply_with(scene, rows, context, outside=_also_outside(scene, parts), first=wrong)
    found = tuple(dict.fromkeys(one.pool for one in said.answers if one.pool))
    guessed = (
        len(found) == 1 < len(facts.pools) and found != scene.context.pools and not scene.mentions.pool_ids(hints=False)
    )
    return headed(facts, said, found[0]) if guessed else said


def headed(facts: Facts, reply: Reply, pool: str) -> Reply:
    """Return a reply that begins with the pool's name, unless its first sentence names it."""
    first = [one for one in reply.says if one.response == _NO_SUM]
    rest = [one for one in reply.says if one.response != _NO_SUM]
    if "page" in rest[0].values:
        return reply
    return replace(reply, says=(*first, say("pool_about", pool=danish.capitalise(facts.pools[pool].name)), *rest))


def _no_such_sums(facts: Facts, parts: Sequence[Part]) -> list[Say]:
    """Return that no page names the sums that are taken for granted."""
    unknown = dict.fromkeys(one for part in parts for one in unknown_sums(part.text, part.intent, facts))
    pools = list(facts.pools.values())
    if not unknown:
        return []
    page = page_of(pools[0]) if len(pools) == 1 else say("no_page", count=danish.number(len(pools)))
    return [say("no_such_sum", sum=danish.join([danish.money(one) for one in unknown], "eller"), page=page)]


_LISTED = {
    "criteria": "criteria.outcome",
    "criteria.outcome": "criteria.outcome",
    "amount.recipients": "criteria.outcome",
    "eligibility.areas": "eligibility.areas",
}
"""What a list that is asked for tells, by what was spoken of last."""


def _of_those_spoken_of(scene: Scene, part: Part) -> Part:
    """Return «er der en liste over dem?» as a question about those spoken of, where they are not the pools."""
    if part.intent != "overview.list" or not speaks_of_them(part.text) or "pulj" in part.text.lower():
        return part
    asked = next((_LISTED[question] for question in scene.context.questions if question in _LISTED), part.intent)
    return replace(part, intent=asked)


def _completed(scene: Scene, parts: Sequence[Part]) -> list[Part]:
    """Return the parts, where one that only says which pool asks what the one before it asks."""
    found: list[Part] = []
    for part in parts:
        same = found and asks_the_same(part.text, scene.part_mentions(part).spans())
        found.append(replace(part, intent=found[-1].intent) if same else part)
    return found


def _pools_of(scene: Scene, part: Part, named: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the pools a part asks about, and those of them that the conversation is about from now on."""
    facts = scene.facts
    mine = scene.part_mentions(part)
    named_here = mine.pool_ids(hints=False)
    pools = (
        named_here
        or others_than(facts, mine.not_meant())
        or referred_to(scene, part.text, named)
        or referred_to(scene, _lead_in(scene, part), named)
        or mine.pool_ids()
        or scene.mentions.pool_ids()
        or referred_to(scene, scene.turn.text, ())
    )
    topic = part.intent.partition(".")[0]
    if only_hinted_beside(scene, part, pools) and not referred_to(scene, part.text, named):
        return list(dict.fromkeys([*scene.context.pools, *pools])), []
    if not pools and scene.context.pools and (claimed := pools_with(part.text, topic, facts)):
        # «hvor står det, at fristen er i august?» while the pool without that deadline is spoken of.
        return list(dict.fromkeys([*scene.context.pools, *claimed])), []
    if topic == "amount" and named_here:
        # «får vi en million til en handlingsplan?»: also the pool that has the million, lest they are mixed up;
        # «er der kun penge i boligpuljen?»: all of them.
        only = any(says_only(part.text[: mention.start]) for mention in mine.pools)
        others = list(facts.pools) if only else pools_with_sum(part.text, facts)
        return list(dict.fromkeys([*named_here, *others])), named_here
    if part.intent == "partner" and not asks_what(part.text):
        spoken_of = named_here or (list(scene.context.pools) if len(scene.context.pools) == 1 else [])
        if spoken_of and set(mine.pool_ids()) - set(spoken_of):
            # «Rambøll hjælper vel med handlingsplanerne?»: both pools' partners, lest they are mixed up.
            return list(dict.fromkeys([*spoken_of, *mine.pool_ids()])), named_here
    if wording.terms_of(part.intent):
        named_here = named_here or scene.mentions.pool_ids(hints=False)
        saying = _that_say(scene, part.intent, named_here)
        return saying, named_here or (saying if len(saying) == 1 and not scene.context.pools else [])
    return pools or _that_tell(scene, part.intent), pools


def _lead_in(scene: Scene, part: Part) -> str:
    """Return what stands before a part in its message and is no part itself: «på den anden pulje, (er det Deloitte?)»."""
    before, found, _ = scene.turn.text.partition(part.text)
    return before if found and not any(one.text in before for one in scene.turn.parts) else ""


def _that_say(scene: Scene, question: str, named: Sequence[str]) -> list[str]:
    """Return the pools whose pages use the word that is asked: the one spoken of, or else the others too."""
    using = wording.pools_with(scene.facts, question)
    meant = named or pools_in_context(scene)
    return [pool for pool in meant if pool in using] or [*named, *using] or list(meant)


def _that_tell(scene: Scene, question: str) -> list[str]:
    """Return the pools meant where none is named; of what few pages tell, those that tell of it."""
    topic, _, aspect = question.partition(".")
    if aspect and aspect in scene.facts.topics[topic].where_told:
        telling = [pool.id for pool in scene.facts.pools.values() if pool.fact(question).text]
        if telling:
            return telling
    return list(pools_in_context(scene))


_REACH = {
    "contact": "contact.address",
    "admin_contact": "admin_contact.address",
    "centre": "centre.contact",
    "partner": "partner.address",
}


_OF_CENTRE = {
    "newsletter": "newsletter.centre",
    "cofinancing": "centre.cost",
    "cofinancing.price": "centre.cost",
    "status": "centre.contact",
}
_SHORT = 5  # words


def _of_centre(scene: Scene, part: Part) -> Part:
    """Return a part as a question about the centre, where that was spoken of last: «er de åbne i dag», «koster det noget»."""
    last = [question.removeprefix("newsletter.").partition(".")[0] for question in scene.context.questions]
    topic = part.intent.partition(".")[0]
    meant = speaks_of_them(part.text) or (topic == "cofinancing" and len(part.text.split()) <= _SHORT)
    if last[:1] != ["centre"] or not meant or scene.part_mentions(part).pools:
        return part
    return replace(part, intent=_OF_CENTRE.get(part.intent, part.intent))


def _whose(scene: Scene, part: Part) -> str:
    """Return the question a part asks; «har de et nummer?» is about whoever was spoken of last."""
    last = [question.partition(".")[0] for question in scene.context.questions]
    if part.intent == "contact" and last and refers_back(part.text) and not tells_whom(part.text):
        return _who_answers(scene, last[0])
    if part.intent in {*_REACH.values(), "overview.more"} and names_partner(scene, part.text):
        return _REACH["partner"]
    site = part.intent == "overview.more" and (speaks_of_them(part.text) or {"centre", "partner"} & set(last[:1]))
    if not (site or part.intent in _REACH.values()) or tells_whom(part.text) or scene.part_mentions(part).pools:
        return part.intent
    return next((_REACH[topic] for topic in last if topic in _REACH), part.intent)


def _who_answers(scene: Scene, topic: str) -> str:
    """Return the question «hvem kan svare på det?» is: who answers what was asked last, where that is somebody else."""
    kind = scene.facts.topics[topic].ask if topic in scene.facts.topics else ""
    pools = [scene.facts.pools[pool] for pool in scene.context.shown]
    named = [pool for pool in pools if kind in pool.contacts and pool.contacts[kind].fact == "admin_contact"]
    return "admin_contact" if named else "contact"


def and_then(one: Reply, other: Reply) -> Reply:
    """Return two replies as one; a person or a list of pools is pointed to after the answers."""
    later = other.context
    context = replace(
        one.context,
        offer=later.offer,
        pending=later.pending,
        request=later.request,
        asked=later.asked,
    )
    to_person = any(answer.status == HANDOFF for answer in other.answers)  # then it need not be offered, too
    again = [said for said in other.says if said.response != _HEADING]  # what is under it still needs its heading
    kept = (said for said in one.says if said not in again and not (to_person and said == say("offer_person")))
    says = (*kept, *other.says)
    return replace(other, says=says, answers=(*one.answers, *other.answers), context=context)


def referred_to(scene: Scene, text: str, named: Sequence[str]) -> list[str]:
    mentions = scene.mentions  # a mere hint tells less than what was spoken of
    spoken_of = named or mentions.pool_ids(hints=False) or scene.context.pools or mentions.pool_ids()
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


def reply_with(
    scene: Scene,
    rows: Sequence[Sequence[Answer]],
    context: Context,
    outside: bool = False,
    first: Sequence[Say] = (),
) -> Reply:
    """Return the reply that gives answers, one row a question with an answer for each pool; `first` comes before them."""
    answers = [one for row in rows for one in row]
    says = [*first, *compose(scene.facts, rows)]
    offer, digest = "", zlib.crc32(repr(says).encode())
    more = False
    if digest == scene.context.digest:
        briefly = compose(scene.facts, [[replace(one, notes=(), ask="") for one in row] for row in rows])
        more = not _asks_again(scene)
        offer = "" if more else "source"
        says = [*briefly, _nothing_more(scene, answers)] if more else [say("again"), *briefly, say("offer_source")]
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
    return person.offer(scene, said) if more or (helpless and not offer) else said


def _asks_again(scene: Scene) -> bool:
    """Return whether a message that the same answer fits asks the same again, or only says which pool."""
    if not scene.context.asked:
        return True
    return asks_again(_without_pools(scene, scene.turn.text), _without_pools(scene, scene.context.asked[-1].text))


def _without_pools(scene: Scene, text: str) -> str:
    for mention in reversed(find(text, scene.facts).pools):
        text = f"{text[: mention.start]} {text[mention.end :]}"
    return text


def _nothing_more(scene: Scene, answers: Sequence[Answer]) -> Say:
    """Return that the pages say no more than what has just been said, to who asks something else about it."""
    pools = list(dict.fromkeys(one.pool for one in answers if one.pool))
    several = say("no_page", count=danish.number(len(pools)))
    return say("nothing_more", page=page_of(scene.facts.pools[pools[0]]) if len(pools) == 1 else several)


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
