"""Puts several answers together into one reply: grouped by pool, nothing said twice, whom to ask at the end."""

from __future__ import annotations

from collections.abc import Sequence

from puljeguiden import danish
from puljeguiden.answers import Answer, not_stated, unique
from puljeguiden.facts import Facts
from puljeguiden.say import Say, say

_TELLS_THE_DEADLINE = {"deadline", "status"}


def compose(facts: Facts, rows: Sequence[Sequence[Answer]]) -> list[Say]:
    """Return what to say for answers, one row a question with an answer for each pool asked about."""
    pools = list(dict.fromkeys(answer.pool for row in rows for answer in row if answer.pool))
    if len(pools) == 1:
        return _for_one([answer for row in rows for answer in row])
    said: list[Say] = []
    apart: list[Answer] = []
    for row in rows:
        first = row[0]
        if len(row) > 1 and all(answer.silent and not answer.notes and not answer.changed for answer in row):
            said.append(not_stated(first.question, say("no_page", count=danish.number(len(row)))))
        elif len(row) > 1 and all(_same(answer, first) for answer in row):
            said += _for_one([first])
        else:
            apart += row
    said += _ask_each(facts, [answer for row in rows for answer in row if answer not in apart and answer.silent])
    said = unique(said)
    for pool in pools:
        mine = [answer for answer in apart if answer.pool == pool]
        if mine:
            said.append(say("pool_heading", pool=danish.capitalise(facts.pools[pool].name)))
            said += [_under_heading(one) for one in _for_one(mine)]
    return said


def _same(one: Answer, other: Answer) -> bool:
    return (one.says, one.notes, one.ask, one.changed) == (other.says, other.notes, other.ask, other.changed)


def _for_one(answers: Sequence[Answer]) -> list[Say]:
    """Return what to say about one pool."""
    if any(answer.topic == "status" for answer in answers):  # it tells the deadline too
        answers = [answer for answer in answers if answer.question != "deadline"]
    said = [one for answer in answers for one in answer.says]
    told = {answer.topic for answer in answers if not answer.notes}
    if not told & _TELLS_THE_DEADLINE:
        said += [one for answer in answers for one in answer.notes]
    said += [one for answer in answers for one in answer.changed]
    said += [say("ask", who=answer.ask) for answer in answers if answer.ask]
    return unique(said)


def _ask_each(facts: Facts, silent: Sequence[Answer]) -> list[Say]:
    """Return whom to ask about each pool, where one sentence spoke for several."""
    by_who: dict[str, list[str]] = {}
    for answer in silent:
        names = by_who.setdefault(answer.ask, []) if answer.ask else []
        name = facts.pools[answer.pool].name if answer.pool else ""
        if name and name not in names:
            names.append(name)
    return [say("ask_about", pools=danish.join(pools), who=who) for who, pools in by_who.items()]


def _under_heading(one: Say) -> Say:
    """Return the same, where the heading has named the pool already."""
    return Say(one.response, {**one.values, "page": say("this_page")}) if "page" in one.values else one
