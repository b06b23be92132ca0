"""An embedding layer with word-list and name-list features; it is packaged with the pipeline."""

from pathlib import Path
from typing import List, Optional

import numpy
from spacy.attrs import LOWER, intify_attr
from spacy.strings import hash_string
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import HashEmbed, Maxout, Model, chain, concatenate, list2ragged, ragged2list, with_array
from thinc.types import Floats2d, Ints2d


@registry.architectures("puljeguiden.LexiconHashEmbed.v1")
def LexiconHashEmbed(
    width: int,
    attrs: List[str],
    rows: List[int],
    prefixes: List[int],
    suffixes: List[int],
    affix_rows: int,
    word_rows: int,
    name_rows: int,
    name_dropout: float,
    lexicon: Optional[Path],
) -> Model[List[Doc], List[Floats2d]]:
    """Embed words by lexical attributes, longer affixes, and what the word list and the name lists say of them.

    `word_rows` or `name_rows` 0 leaves that feature out. `lexicon` is read when the model is initialized and saved inside it.
    """
    sizes = [*rows, *[affix_rows] * (len(prefixes) + len(suffixes)), *[word_rows] * (2 if word_rows else 0), *[name_rows] * bool(name_rows)]
    embeddings = [HashEmbed(width, size, column=i, seed=8 + i, dropout=0.0) for i, size in enumerate(sizes)]
    extract = Model(
        "lexicon_features",
        _forward,
        init=_init,
        attrs={
            "columns": [intify_attr(attr) for attr in attrs],
            "prefixes": prefixes,
            "suffixes": suffixes,
            "use_words": bool(word_rows),
            "use_names": bool(name_rows),
            "name_dropout": name_dropout,
            "word_keys": numpy.zeros(1, dtype="uint32"),
            "word_values": numpy.zeros(1, dtype="uint16"),
            "inflection_values": numpy.zeros(1, dtype="uint16"),
            "name_keys": numpy.zeros(1, dtype="uint32"),
            "name_values": numpy.zeros(1, dtype="uint16"),
        },
    )
    extract.attrs["lexicon"] = str(lexicon) if lexicon else ""
    return chain(
        extract,
        list2ragged(),
        with_array(concatenate(*embeddings)),
        with_array(Maxout(width, width * len(sizes), nP=3, dropout=0.0, normalize=True)),
        ragged2list(),
    )


def _init(model, X=None, Y=None):
    if model.attrs["lexicon"] and (model.attrs["use_words"] or model.attrs["use_names"]):
        tables = numpy.load(model.attrs["lexicon"])
        for name in ("word_keys", "word_values", "inflection_values", "name_keys", "name_values"):
            model.attrs[name] = tables[name]
        model.attrs["lexicon"] = ""


def look_up(keys: numpy.ndarray, values: numpy.ndarray, wanted: numpy.ndarray) -> numpy.ndarray:
    """Return the value of each wanted key, 0 where it is not among the sorted keys."""
    at = numpy.minimum(numpy.searchsorted(keys, wanted), len(keys) - 1)
    return numpy.where(keys[at] == wanted, values[at], 0)


def _forward(model: Model[List[Doc], List[Ints2d]], docs: List[Doc], is_train: bool):
    attrs = model.attrs
    features = []
    for doc in docs:
        columns = [doc.to_array(attrs["columns"]).reshape(len(doc), -1)]
        if attrs["prefixes"] or attrs["suffixes"]:
            texts = [token.lower_ for token in doc]
            for n in attrs["prefixes"]:
                columns.append(numpy.array([[hash_string(text[:n])] for text in texts], dtype="uint64").reshape(-1, 1))
            for n in attrs["suffixes"]:
                columns.append(numpy.array([[hash_string(text[-n:])] for text in texts], dtype="uint64").reshape(-1, 1))
        lower = (doc.to_array(LOWER) & 0xFFFFFFFF).astype("uint32")
        words = look_up(attrs["word_keys"], attrs["word_values"], lower).astype("uint64")
        if attrs["use_words"]:
            columns.append(words.reshape(-1, 1))
            columns.append(look_up(attrs["word_keys"], attrs["inflection_values"], lower).astype("uint64").reshape(-1, 1))
        if attrs["use_names"]:
            names = look_up(attrs["name_keys"], attrs["name_values"], lower).astype("uint64")
            if is_train:  # the lists never know all names
                names = numpy.where(numpy.random.random(len(doc)) < attrs["name_dropout"], 0, names).astype("uint64")
            columns.append((names * 2 + (words > 0)).astype("uint64").reshape(-1, 1))
        features.append(model.ops.asarray(numpy.hstack(columns)))
    return features, lambda d_features: []
