"""Questions a little beside the training examples: slips, no æøå, split compounds, «ikke», a pool's name before it.

Made from the examples themselves, so a new topic has its own. The same examples make the same questions.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import islice
from typing import Any, NamedTuple

from puljeguiden import mentions
from puljeguiden.evaluation.examples import Example
from puljeguiden.evaluation.questions import Question, Reply
from puljeguiden.facts import Facts

WRITTEN, TYPO, ASCII, SPLIT, NEGATED, POOL = "as_written", "typo", "without_æøå", "split_compound", "negated", "pool"
KINDS = (WRITTEN, TYPO, ASCII, SPLIT, NEGATED, POOL)
_OF_EACH = 2
_SHOWN = 40
# What a move or small talk gets depends on what was said before.
_NEEDS_CONTEXT = ("move", "chitchat", "handoff")
_LETTERS = (("æ", "ae"), ("ø", "oe"), ("å", "aa"), ("Æ", "Ae"), ("Ø", "Oe"), ("Å", "Aa"))
_LONG_WORD = re.compile(r"[^\W\d_]{6,}")
_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST_HALF = 4
# «kan vi søge» – «kan vi ikke søge»: still the same question.
_VERB_AND_SUBJECT = re.compile(
    r"\b(kan|må|skal|vil|er|har|får|gælder|findes|bliver)\s+(jeg|vi|man|de|i|der|det|den)\b", re.IGNORECASE
)


class NearMiss(NamedTuple):
    """A question beside an example; any answer on the topic is right, where a pool is named only that pool's."""

    kind: str
    topic: str
    pool: str | None
    question: Question

    def is_met(self, reply: Reply) -> bool:
        """Return whether a reply is what the example would get."""
        pools = {answer.pool for answer in reply.answers}
        return (
            self.topic in {answer.topic for answer in reply.answers}
            and self.pool in (None, *pools, "")
            and (self.pool is None or pools <= {self.pool, ""})
        )


def suite(examples: Sequence[Example], facts: Facts) -> list[NearMiss]:
    """Return the questions of all intents that can be asked without context, a few of each kind."""
    by_intent: defaultdict[str, list[str]] = defaultdict(list)
    words = Counter(word for text, _ in examples for word in _WORD.findall(text.lower()))
    for text, intent in examples:
        if intent.partition(".")[0] not in _NEEDS_CONTEXT:
            by_intent[intent].append(text)
    found = []
    for intent, texts in sorted(by_intent.items()):
        topic = intent.partition(".")[0]
        texts.sort(key=_chance)
        for kind in KINDS:
            changed = (one for text in texts for one in _changed(kind, text, topic, words, facts))
            found += [NearMiss(kind, topic, pool, Question(text)) for text, pool in islice(changed, _OF_EACH)]
    return found


def report(asked: Sequence[NearMiss], replies: Sequence[Reply]) -> dict[str, Any]:
    """Return how many are right, by kind and by topic, and some that are not."""
    met = [(one, reply, one.is_met(reply)) for one, reply in zip(asked, replies, strict=True)]

    def counted(flags: list[bool]) -> dict[str, int]:
        return {"asked": len(flags), "right": sum(flags)}

    return {
        "kinds": {kind: counted([right for one, _, right in met if one.kind == kind]) for kind in KINDS},
        "topics": {
            topic: counted([right for one, _, right in met if one.topic == topic])
            for topic in sorted({one.topic for one in asked})
        },
        "wrong": [
            {"kind": one.kind, "topic": one.topic, "question": one.question.text, "text": reply.text}
            for one, reply, right in met
            if not right
        ][:_SHOWN],
    }


def _changed(kind: str, text: str, topic: str, words: Counter[str], facts: Facts) -> Iterator[tuple[str, str | None]]:
    """Yield an example as a near miss of a kind; nothing where it does not lend itself to that."""
    if kind == POOL:
        if topic in facts.topics and not mentions.find(text, facts).pools:
            pools = sorted(facts.pools.values(), key=lambda pool: pool.id)
            pool = pools[int(_chance(text), 16) % len(pools)]
            yield f"{pool.name}: {text}", pool.id
        return
    new = {WRITTEN: text, TYPO: _slip(text), ASCII: _ascii(text), SPLIT: _split(text, words), NEGATED: _negate(text)}[
        kind
    ]
    if kind == WRITTEN or new != text:
        yield new, None


def _slip(text: str) -> str:
    """Make one slip in the longest word."""
    long = max(_LONG_WORD.finditer(text), key=lambda match: len(match.group()), default=None)
    if not long:
        return text
    chance = random.Random(_chance(text))  # noqa: S311 # nosec B311 - chance that can be repeated
    place = long.start() + chance.randrange(1, len(long.group()) - 2)
    slips = (
        text[:place] + text[place + 1] + text[place] + text[place + 2 :],
        text[:place] + text[place + 1 :],
        text[:place] + text[place] + text[place:],
    )
    return chance.choice(slips)


def _ascii(text: str) -> str:
    for letter, typed in _LETTERS:
        text = text.replace(letter, typed)
    return text


def _split(text: str, words: Counter[str]) -> str:
    """Write a compound of two known words as two: «ansøgningsfrist» – «ansøgnings frist»."""
    for match in _LONG_WORD.finditer(text):
        word = match.group()
        for place in range(_SHORTEST_HALF, len(word) - _SHORTEST_HALF + 1):
            first, second = word[:place].lower(), word[place:].lower()
            if words[second] > 1 and (words[first] > 1 or words[first.removesuffix("s")] > 1):
                return f"{text[: match.start() + place]} {text[match.start() + place :]}"
    return text


def _negate(text: str) -> str:
    return text if re.search(r"\bikke\b", text, re.IGNORECASE) else _VERB_AND_SUBJECT.sub(r"\g<0> ikke", text, count=1)


def _chance(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()
