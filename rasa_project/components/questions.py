"""Several questions in one message: cut at the head of the pipeline, classified as a batch, folded together at its end.

The processor uses the first message of the batch; the parts travel on it as `topics`, which actions read from
`tracker.latest_message`.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from puljeguiden import facts, mentions, splitting
from rasa_project.components.mentions import ORIGINAL_TEXT
from rasa_project.components.plain import Plain

TOPICS = "topics"
_CLEAR_CUT = "clear_cut"
_WITHOUT_HINTS = "without_hints"
_BESIDE = "beside_yes_or_no"
_FALLBACK = "nlu_fallback"
_NO_QUESTION = ("chitchat.", "move.", "out_of_scope", _FALLBACK)
_NO_GUESS = (*_NO_QUESTION, "concern.", "handoff")
_MOST_GUESSES = 3
_BOTH = 2
_PARTNER = "partner"
_OVERVIEW = "overview"
_CHOOSES = {
    "move.pool": 0.25,
    "move.other_pool": 0.25,
    "move.both_pools": 0.25,
    "move.pick_first": 0.25,
    "move.pick_second": 0.25,
    "overview.difference": 0.08,
}
"""Intents that tell which pool is meant, and how sure a question beside them has to be."""
_YES_OR_NO = ("move.affirm", "move.deny", "move.cancel")
_SAYS_LITTLE = (*_YES_OR_NO, "move.skip")
_POLITE = ("chitchat.greet", "chitchat.thanks")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class QuestionSplitter(Plain):
    """Puts the parts of a message behind it in the batch. First in the pipeline."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Return [whole, part 1, part 2 …] for the one message of a turn; at the end the whole without «Rambøll», «Deloitte»."""
        batch = list(messages)
        for message in messages:
            for text, clear in splitting.split(message.get(TEXT) or ""):
                batch.append(Message(data={TEXT: text, _CLEAR_CUT: clear}))
            if rest := mentions.without_hints(message.get(TEXT) or "", facts.current()):
                batch.append(Message(data={TEXT: rest, _WITHOUT_HINTS: True}))
            text = message.get(TEXT) or ""
            rest = splitting.beside_courtesy(text) or splitting.beside_yes_or_no(text)
            if rest and rest != splitting.tidy(text):  # else the message is read anyway
                batch.append(Message(data={TEXT: rest, _BESIDE: True}))
        return batch

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return the training data as it is: examples hold one question each."""
        return training_data


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class QuestionFolder(Plain):
    """Folds the parts of a message into `topics` on the first message of the batch. Last in the pipeline."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings: what a part needs to be a question of its own, and what a guess and further ones need,
        and how sure «hej» or «tak» has to be for what follows it to be no question.

        Chosen on data, see docs/decisions/0005.
        """
        return {"clear_cut": 0.4, "other_cut": 0.7, "guess": 0.3, "also": 0.1, "hint": 0.8, "only_polite": 0.9}

    def process(self, messages: list[Message]) -> list[Message]:
        """Return the one message of the turn, with `topics`: [{"text", "intent", "confidence"}]."""
        whole, further = messages[0], messages[1:]
        parts = [message for message in further if not (message.get(_WITHOUT_HINTS) or message.get(_BESIDE))]
        if self._only_opens(whole):
            self._go_by_the_rest(whole, next((one for one in further if one.get(_BESIDE)), whole))
        if whole.get(INTENT)["name"] == _PARTNER:  # «frist for det der med Rambøll»
            for rest in (message for message in messages[1:] if message.get(_WITHOUT_HINTS)):
                if (
                    not rest.get(INTENT)["name"].startswith(_NO_GUESS)
                    and rest.get(INTENT)["confidence"] >= self.config["hint"]
                ):
                    whole.set(INTENT, rest.get(INTENT))
        chosen = self._choose(whole, parts)
        whole.set(TOPICS, [self._topic(message) for message in chosen], add_to_output=True)
        if chosen[0] is not whole:
            whole.set(INTENT, chosen[0].get(INTENT), add_to_output=True)
        whole.set(TEXT, whole.get(ORIGINAL_TEXT) or whole.get(TEXT), add_to_output=True)
        return [whole]

    def _choose(self, whole: Message, parts: list[Message]) -> list[Message]:
        """Return the parts where they are surely different questions, or the one that tells what a long message asks."""
        best = whole.get("intent_ranking", [])[:_BOTH]
        likely = {one["name"] for one in best if one["confidence"] >= self.config["also"]} - set(_CHOOSES)
        for part in parts:
            self._without_choice(part, likely)
        sure = [part for part in parts if self._sure(part, likely)]
        for_people = " ".join(_written(part) for part in sure if part.get(INTENT)["name"].startswith("handoff"))
        sure = [part for part in sure if part.get(_CLEAR_CUT) or _written(part) not in for_people]
        questions_asked: dict[str, Message] = {}
        for part in sure:
            questions_asked.setdefault(part.get(INTENT)["name"], part)
        lost = [part for part in parts if self._asks_something_unknown(part)]
        if questions_asked and lost:
            return [*questions_asked.values(), lost[0]]
        if len(questions_asked) > 1:
            outside = [
                part for part in parts if part.get(INTENT)["name"].startswith("out_of_scope") and part.get(_CLEAR_CUT)
            ]
            return list(questions_asked.values()) + outside[:1]
        name = whole.get(INTENT)["name"]
        if name in _CHOOSES and (asked := self._also_asked(whole)):
            whole.set(INTENT, asked)
            return [whole]
        if name in (*_SAYS_LITTLE, *_POLITE) and lost:  # «nå. hvad er vores rolle så», «tak. gælder det også Vejle?»
            return lost[:1]
        if name.startswith("move."):  # «hvad så med os? vi kender området bedst»: what is added is no question
            return [part for part in questions_asked.values() if self._surely(part) or _asks(part)] or [whole]
        if questions_asked and name.startswith(_NO_QUESTION) and not self._surely_outside(whole, questions_asked):
            return list(questions_asked.values())
        first = parts[0] if parts else whole
        opening = first.get(INTENT)["name"]
        if name == _FALLBACK and opening.startswith("move.") and opening not in _SAYS_LITTLE and self._surely(first):
            return [first]  # «er du sikker, min kollega siger 1. september»
        return [whole]

    def _only_opens(self, whole: Message) -> bool:
        """Return whether a message was taken for the «nej», «ja», «hej» or «tak» that it only begins with."""
        intent, text = whole.get(INTENT), whole.get(TEXT) or ""
        if intent["name"] in _POLITE and intent["confidence"] < self.config["only_polite"]:
            return bool(splitting.beside_courtesy(text))
        return intent["name"] in _YES_OR_NO and bool(splitting.beside_yes_or_no(text))

    def _go_by_the_rest(self, whole: Message, rest: Message) -> None:
        """Let a message that only begins with «nej» or «ja» be what the rest of it is: «ja hvor præcis»."""
        intent = rest.get(INTENT)
        if intent["name"] in (*_SAYS_LITTLE, *_POLITE):
            intent = {"name": _FALLBACK, "confidence": 1 - float(intent["confidence"])}
        whole.set(INTENT, intent, add_to_output=True)
        whole.set("intent_ranking", rest.get("intent_ranking"), add_to_output=True)

    def _also_asked(self, whole: Message) -> dict[str, Any] | None:
        """Return the question that a message asks beside choosing a pool: «beløbet i nummer 2», «forskel på hvem der kan …»."""
        others = (one for one in whole.get("intent_ranking", []) if one["name"] not in _CHOOSES)
        second: dict[str, Any] = next(others, {"name": _FALLBACK, "confidence": 0.0})
        asked = second["confidence"] >= _CHOOSES[whole.get(INTENT)["name"]] and not second["name"].startswith(_NO_GUESS)
        return second if asked else None

    def _without_choice(self, part: Message, likely: set[str]) -> None:
        """Let a part that chooses a pool ask what the whole may ask, too: «(beløbet og) fristen i puljen for boliger»."""
        if part.get(INTENT)["name"] not in _CHOOSES or part.get(_CLEAR_CUT):
            return
        asked = self._also_asked(part)
        if asked and asked["name"] in likely - {_OVERVIEW}:  # which any pool's name looks like
            part.set(INTENT, {**asked, "confidence": asked["confidence"] + part.get(INTENT)["confidence"]})

    def _topic(self, message: Message) -> dict[str, Any]:
        intent = message.get(INTENT)
        topic = {
            "text": _written(message),
            "intent": intent["name"],
            "confidence": round(float(intent["confidence"]), 4),
        }
        return {**topic, "guesses": self._guesses(message)} if intent["name"] == _FALLBACK else topic

    def _guesses(self, message: Message) -> list[str]:
        """Return what a message that was not understood may have asked, the likeliest first; nothing if all is unlikely."""
        ranking = [one for one in message.get("intent_ranking", []) if not one["name"].startswith(_NO_GUESS)]
        if not ranking or ranking[0]["confidence"] < self.config["guess"]:
            return []
        return [one["name"] for one in ranking if one["confidence"] >= self.config["also"]][:_MOST_GUESSES]

    def _surely_outside(self, whole: Message, parts: dict[str, Message]) -> bool:
        """Return whether a message is not about the pools, whatever a part of it looks like by itself."""
        sureness = max(part.get(INTENT)["confidence"] for part in parts.values())
        name = whole.get(INTENT)["name"]
        return name.startswith("out_of_scope") and self._surely(whole) and whole.get(INTENT)["confidence"] > sureness

    def _surely(self, part: Message) -> bool:
        return bool(part.get(INTENT)["confidence"] >= self.config["other_cut"])

    @staticmethod
    def _asks_something_unknown(part: Message) -> bool:
        """Return whether a part is a question that was not understood, so that the reply can say so."""
        return part.get(INTENT)["name"] == _FALLBACK and part.get(_CLEAR_CUT) and splitting.is_question(_written(part))

    def _sure(self, part: Message, likely: set[str]) -> bool:
        """Return whether a part is a question of its own. One of the two that the whole may ask need not be as sure."""
        intent = part.get(INTENT)
        clear = part.get(_CLEAR_CUT) or intent["name"] in likely
        needed = self.config["clear_cut"] if clear else self.config["other_cut"]
        return not intent["name"].startswith(_NO_QUESTION) and intent["confidence"] >= needed


def _written(message: Message) -> str:
    return str(message.get(ORIGINAL_TEXT) or message.get(TEXT) or "")


def _asks(message: Message) -> bool:
    return splitting.asks(_written(message))
