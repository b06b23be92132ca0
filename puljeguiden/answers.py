"""Decides what the answer to a question is: the fact, what follows from it, and whom to ask when a page is silent.

An answer is names and values, never a glued sentence: the sentences stand in `data/pools/` (facts) and in
`rasa_project/domain/responses/` (everything else).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from puljeguiden import danish, deadlines, wording
from puljeguiden.facts import NOT_STATED, STATED, Fact, Facts, Pool, Round, Source
from puljeguiden.mentions import ApplicantMention
from puljeguiden.say import Say, say


@dataclass(frozen=True)
class Answer:
    """One answer of a reply: what kind it is, what it rests on, and what to say."""

    pool: str | None
    topic: str
    status: str
    says: tuple[Say, ...]
    sources: tuple[Source, ...] = ()
    question: str = ""
    silent: bool = False
    """True where the page says nothing at all, so that two silent pages can share one sentence."""
    notes: tuple[Say, ...] = ()
    """What follows for who wants to apply (deadline passed, page old); said once a pool."""
    note_sources: tuple[Source, ...] = ()
    ask: str = ""
    """Whom to ask about what the page does not say."""
    changed: tuple[Say, ...] = ()
    """That the page on the web has changed since, where what the answer rests on no longer stands there."""

    def as_dict(self, answer_id: str) -> dict[str, Any]:
        """Return the answer as `custom.answers` gives it."""
        sources = list(dict.fromkeys((*self.sources, *self.note_sources)))
        return {
            "id": answer_id,
            "pool": self.pool,
            "topic": self.topic,
            "status": self.status,
            "sources": [source.as_dict() for source in sources],
        }


@dataclass(frozen=True)
class Asked:
    """A question as it was understood: `topic` or `topic.aspect`, and who wants to know."""

    question: str
    applicants: tuple[ApplicantMention, ...] = ()


def can_answer(pool: Pool, question: str) -> bool:
    """Return whether a question is one that every pool has an answer to, if only that its page is silent."""
    return question == "status" or question in pool.facts or bool(wording.terms_of(question))


def answer(facts: Facts, pool: Pool, asked: Asked, moment: datetime) -> Answer:
    """Return the answer to a question about one pool at a moment.

    Raises:
        KeyError: the question is about no topic that pools have.
    """
    found = _answer(facts, pool, asked, moment)
    lost = facts.changed.get(pool.id, frozenset())
    if not any(source.quote in lost for source in (*found.sources, *found.note_sources)):
        return found
    return replace(found, changed=(say("note_changed", url=pool.page.url or ""),))


def _answer(facts: Facts, pool: Pool, asked: Asked, moment: datetime) -> Answer:
    if asked.question == "status":
        return _status(pool, moment)
    if terms := wording.terms_of(asked.question):
        return _wording(facts, pool, asked.question, terms)
    fact = pool.fact(asked.question)
    topic = facts.topics[fact.topic]
    says, sources = _sentences(facts, pool, fact, asked, moment)
    stated = fact.state == STATED
    silent = not stated and not fact.text and not fact.also
    ask = "" if stated else _whom_to_ask(pool, topic.ask, fact)
    notes: tuple[Say, ...] = ()
    note_sources: tuple[Source, ...] = ()
    if (topic.acts and not silent) or (topic.id == "deadline" and not pool.fact("deadline").rounds):
        notes, note_sources = _notes(pool, moment)
    return Answer(
        pool=pool.id,
        topic=fact.topic,
        status=STATED if stated else NOT_STATED,
        says=tuple(says),
        sources=tuple(sources),
        question=asked.question,
        silent=silent,
        notes=notes,
        note_sources=note_sources,
        ask=ask,
    )


def _whom_to_ask(pool: Pool, kind: str, fact: Fact | None = None) -> str:
    """Return who can answer, or nothing where the question is about that very contact."""
    contact = pool.contacts.get(kind)
    if contact is None or (fact and contact.fact.partition(".")[0] == fact.topic):
        return ""
    return contact.who


def _sentences(facts: Facts, pool: Pool, fact: Fact, asked: Asked, moment: datetime) -> tuple[list[Say], list[Source]]:
    sources = list(fact.sources)
    if fact.rounds:
        return deadlines.sentences(fact.rounds, moment), sources
    if fact.topic == "eligibility" and asked.applicants and fact.state == STATED and fact.who:
        return _verdicts(facts, fact, asked.applicants), sources
    if fact.text:
        says = [say("fact", text=fact.text)]
    else:
        says = [not_stated(asked.question, page_of(pool))]
    for question in fact.also:
        other = pool.fact(question)
        if other.rounds:
            says += deadlines.sentences(other.rounds, moment)
        elif other.text:
            says.append(say("fact", text=other.short or other.text))
        sources += other.sources
    return says, sources


def not_stated(question: str, page: Say) -> Say:
    """Return «det fremgår ikke af …» for a question."""
    if terms := wording.terms_of(question):
        return say("not_stated_wording", question=_quoted(terms), page=page)
    return say(f"not_stated_{question.replace('.', '_')}", page=page)


def page_of(pool: Pool) -> Say:
    """Return how one pool's page is spoken of."""
    return say("page", pool=pool.name)


def _verdicts(facts: Facts, fact: Fact, applicants: Sequence[ApplicantMention]) -> list[Say]:
    """Return for each who asks: yes, yes if …, or that the page names only others; beside a yes, for whom no is."""
    excluded = {entry.kind: entry.named for entry in fact.excluded}
    allowed = {entry.kind for entry in fact.who} - set(excluded)
    others = dict.fromkeys(one.kind for one in applicants if one.kind not in allowed and one.kind not in excluded)
    mixed = bool(others) and any(one.kind in allowed for one in applicants)
    who = danish.join([entry.named for entry in fact.who])
    no = say("eligible_no", who=who)
    if mixed:
        kinds = danish.join([facts.kinds[kind].plural for kind in others], "eller")
        no = say("eligible_no_for", applicants=kinds, who=who)
    said: list[Say] = []
    for applicant in applicants:
        if applicant.kind in excluded:
            said.append(say("eligible_excluded", excluded=excluded[applicant.kind]))
        elif applicant.kind in others:
            said.append(no)
        elif applicant.name or not mixed:  # that «kommunen» may apply, the no has said: it names who may
            said.append(_consent(facts, fact, applicant))
    return unique(said)


def _consent(facts: Facts, fact: Fact, applicant: ApplicantMention) -> Say:
    """Return the yes to an applicant, with its condition."""
    kind = facts.kinds[applicant.kind]
    entry = next(entry for entry in fact.who if entry.kind == applicant.kind)
    if entry.condition:
        return say("eligible_if", applicant=applicant.name or kind.definite, condition=entry.condition)
    return say("eligible_yes", applicant=applicant.name or kind.plural)


def unique(says: Sequence[Say]) -> list[Say]:
    """Return what is to be said, nothing twice."""
    kept: list[Say] = []
    for one in says:
        if one not in kept:
            kept.append(one)
    return kept


def _status(pool: Pool, moment: datetime) -> Answer:
    """Return whether one can still apply, as far as the page tells."""
    fact = pool.fact("deadline")
    ask = _whom_to_ask(pool, "admin")
    if not fact.rounds:
        notes, sources = _notes(pool, moment)
        unknown = (say("status_unknown", page=page_of(pool)),)
        return Answer(pool.id, "status", NOT_STATED, unknown, (), "status", notes=notes, note_sources=sources, ask=ask)
    state = deadlines.overall(fact.rounds, moment)
    sentences = deadlines.sentences(fact.rounds, moment)
    if state == deadlines.PASSED:
        last = _last(fact)
        rest = sentences if len(fact.rounds) > 1 else []
        says = (say("status_closed", date=deadlines.date_text(last)), *rest[:1])
    else:
        says = (*([] if state == deadlines.UNKNOWN else [say("status_open")]), *sentences)
    return Answer(pool.id, "status", STATED, says, fact.sources, "status")


def _wording(facts: Facts, pool: Pool, question: str, terms: tuple[str, ...]) -> Answer:
    """Return where a page uses a word it does not explain, or that it does not use it."""
    ask, page = _whom_to_ask(pool, facts.topics[wording.TOPIC].ask), page_of(pool)
    places = [place for term in terms if (place := wording.place(facts, pool.id, term))]
    if not places:
        silent = (not_stated(question, page),)
        return Answer(pool.id, wording.SHOWN_AS, NOT_STATED, silent, question=question, silent=True)
    first = places[0]
    quotes = list(dict.fromkeys(quote for place in places for quote in place.quotes))
    quote = " ".join(f"”{quote}”" for quote in quotes)
    if len(terms) > 1:
        said = say("wording_same", question=_quoted(terms), page=page, quote=quote)
    elif first.name:
        said = say("wording_initials", text=first.word, title=first.name, page=page, quote=quote)
    else:
        said = say("wording", text=first.word, page=page, quote=quote)
    sources = tuple(replace(pool.page, quote=quote) for quote in quotes)
    return Answer(pool.id, wording.SHOWN_AS, NOT_STATED, (said,), sources, question, ask=ask)


def _quoted(terms: Sequence[str]) -> str:
    return danish.join([f"”{term}”" for term in terms])


def _last(fact: Fact) -> Round:
    return max(fact.rounds, key=lambda entry: (str(entry.day), str(entry.at)))


def _notes(pool: Pool, moment: datetime) -> tuple[tuple[Say, ...], tuple[Source, ...]]:
    """Return what who wants to apply has to know: the deadline has passed, or the page has none and is of a date."""
    fact = pool.fact("deadline")
    if fact.rounds:
        if deadlines.overall(fact.rounds, moment) != deadlines.PASSED:
            return (), ()
        return (say("note_passed", date=deadlines.date_text(_last(fact))),), fact.sources
    updated = danish.long_date(pool.page.updated)
    if pool.published and pool.published_source:
        published = danish.month_and_year(pool.published)
        return (say("note_undated", published=published, updated=updated),), (pool.page, pool.published_source)
    return (say("note_undated_updated", updated=updated),), (pool.page,)
