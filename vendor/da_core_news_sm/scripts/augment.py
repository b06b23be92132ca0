"""Vary the training texts: other names of persons and places from the name lists, and some texts in lower case."""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import registry


@registry.augmenters("puljeguiden.names.v1")
def create_names_augmenter(names: Path, level: float, lower: float) -> Callable[[Language, Example], Iterator[Example]]:
    """Yield each example, with probability `level` with other names, and with probability `lower` in lower case."""
    pools = json.loads(Path(names).read_text(encoding="utf8"))

    def augment(nlp: Language, example: Example) -> Iterator[Example]:
        draw = random.random()
        if draw < level and example.reference.ents:
            yield rewritten(nlp, example, other_names(example.reference, pools))
        elif draw > 1 - lower:
            yield rewritten(nlp, example, [token.lower_ for token in example.reference])
        else:
            yield example

    return augment


def other_names(doc: Doc, pools: dict[str, list[str]]) -> list[str]:
    """Return the words with most names of persons and of places of one word replaced by ones from the lists, in the same case."""
    words = [token.text for token in doc]
    for ent in doc.ents:
        if ent.label_ == "PER":
            danish = random.random() < 0.6
            for token in ent:
                if not (token.text[:1].isupper() and token.is_alpha and len(token) > 2):
                    continue
                if (len(ent) > 1 and token.i == ent.end - 1) or (len(ent) == 1 and random.random() < 0.5):
                    pool = "surname" if danish else "foreign_surname"
                else:
                    pool = "given" if danish else "foreign_given"
                words[token.i] = like(token.text, random.choice(pools[pool]), ends=token.i == ent.end - 1)
        elif ent.label_ == "LOC" and len(ent) == 1 and ent[0].is_alpha and random.random() < 0.7:
            pool = random.choice(("country", "place", "place", "city"))
            words[ent.start] = like(ent.text, random.choice(pools[pool]), ends=True)
    return words


def like(old: str, new: str, ends: bool) -> str:
    """Return the new name in the old one's case: with -s where the old one may be a genitive, in capitals where it was."""
    if ends and old.endswith("s") and not new.endswith(("s", "x", "z")) and random.random() < 0.7:
        new += "s"
    return new.upper() if old.isupper() and len(old) > 3 else new


def rewritten(nlp: Language, example: Example, words: list[str]) -> Example:
    """Return the example with other words and the same annotation; the lemmas of other names are left out."""
    old = example.reference
    annotation = {"ents": [token.ent_iob_ + "-" * bool(token.ent_type_) + token.ent_type_ for token in old]}
    if old.has_annotation("POS"):
        annotation["pos"] = [token.pos_ for token in old]
        annotation["morphs"] = [str(token.morph) for token in old]
        annotation["lemmas"] = [
            token.lemma_ if new.lower() == token.lower_ else "" for token, new in zip(old, words, strict=True)
        ]
    new = Doc(nlp.vocab, words=words, spaces=[bool(token.whitespace_) for token in old], **annotation)
    return Example(nlp.make_doc(new.text), new)
