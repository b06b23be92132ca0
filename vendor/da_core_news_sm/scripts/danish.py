"""The pipeline's own parts, packaged with it: an embedding that knows a word list and name lists, and a lemmatizer.

The lists are numpy arrays in the vocabulary's lookups: sorted 32-bit hashes of lower-cased words, and a number for each.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import numpy
import srsly
from spacy.attrs import LOWER, intify_attr
from spacy.language import Language
from spacy.lookups import Lookups
from spacy.pipeline import Pipe
from spacy.strings import hash_string
from spacy.tokens import Doc, Token
from spacy.training import Example
from spacy.util import from_bytes, from_disk, registry, to_bytes, to_disk
from spacy.vocab import Vocab
from thinc.api import HashEmbed, Maxout, Model, chain, concatenate, list2ragged, ragged2list, with_array
from thinc.types import Floats2d, Ints2d

TABLE = "danish_lists"


@registry.misc("puljeguiden.danish_lists.v1")
def read_lists(path: Path) -> Lookups:
    """Return the lists that lexicon.py wrote, as the vocabulary's lookups."""
    lookups = Lookups()
    with numpy.load(path) as arrays:
        lookups.add_table(TABLE, {name: arrays[name] for name in sorted(arrays)})
    return lookups


def look_up(vocab: Vocab, kind: str, values: str, hashes: numpy.ndarray) -> numpy.ndarray:
    """Return for each hash of a lower-cased word its number in the list, 0 where it is not in the list."""
    table = vocab.lookups.get_table(TABLE)
    keys = table[f"{kind}_keys"]
    wanted = (hashes & 0xFFFFFFFF).astype("uint32")
    at = numpy.minimum(numpy.searchsorted(keys, wanted), len(keys) - 1)
    return numpy.where(keys[at] == wanted, table[values][at], 0).astype("uint64")


@registry.architectures("puljeguiden.DanishHashEmbed.v1")
def danish_hash_embed(
    width: int,
    attrs: list[str],
    rows: list[int],
    prefixes: list[int],
    suffixes: list[int],
    affix_rows: int,
    word_rows: int,
    name_rows: int,
    name_dropout: float,
) -> Model[list[Doc], list[Floats2d]]:
    """Embed words by lexical attributes, prefixes and suffixes of these lengths, and what the lists say of them.

    `word_rows` or `name_rows` 0 leaves that list out. In training a name is taken for an unknown one with probability
    `name_dropout`, because other texts have more names that no list knows.
    """
    sizes = [
        *rows,
        *[affix_rows] * len(prefixes + suffixes),
        *[word_rows] * (2 if word_rows else 0),
        *[name_rows] * bool(name_rows),
    ]
    embeddings = [HashEmbed(width, size, column=i, seed=8 + i, dropout=0.0) for i, size in enumerate(sizes)]
    settings = {
        "columns": [intify_attr(attr) for attr in attrs],
        "prefixes": prefixes,
        "suffixes": suffixes,
        "use_words": bool(word_rows),
        "use_names": bool(name_rows),
        "name_dropout": name_dropout,
    }
    extract = Model("danish_features", extract_features, attrs=settings)
    mix = Maxout(width, width * len(sizes), nP=3, dropout=0.0, normalize=True)
    model = chain(extract, list2ragged(), with_array(concatenate(*embeddings)), with_array(mix), ragged2list())
    maxout, normalize = (next(node for node in mix.walk() if node.name == name) for name in ("maxout", "layernorm"))
    tables = Tables([embedding.layers[-1] for embedding in embeddings], maxout)
    model.replace_callbacks(partial(embed, model._func, extract, tables, normalize), init=model.init)
    return model


def embed(
    as_trained: Callable,
    extract: Model,
    tables: "Tables",
    normalize: Model,
    model: Model,
    docs: list[Doc],
    is_train: bool,
) -> tuple[list[Floats2d], Callable]:
    """Run the layer as it is when training, and by the tables when predicting."""
    if is_train or model.ops.xp is not numpy or not any(map(len, docs)):
        return as_trained(model, docs, is_train)
    features, _ = extract(docs, is_train=False)
    embedded = normalize.predict(tables.mixed(numpy.concatenate(features)))
    return numpy.split(embedded, numpy.cumsum([len(doc) for doc in docs])[:-1]), lambda d_output: []


class Tables:
    """What embedding and mixing do to each row of the embedding tables, computed once, so that predicting only adds up rows."""

    def __init__(self, embeddings: list[Model], maxout: Model):
        self.embeddings, self.maxout = embeddings, maxout
        self.made: tuple[bytes, numpy.ndarray] = b"", numpy.zeros((0, 0), dtype="float32")

    def mixed(self, features: Ints2d) -> Floats2d:
        """Return the output of the mixing layer for rows of features."""
        ops, maxout = self.maxout.ops, self.maxout
        rows, start = [], 0
        for column, embedding in enumerate(self.embeddings):
            ids = numpy.ascontiguousarray(features[:, column])
            size = embedding.get_dim("nV")
            rows.append(ops.hash(ids, embedding.attrs["seed"]) % size + start)
            start += size
        added = ops.gather_add(self.table(), numpy.hstack(rows).astype("uint32")) + maxout.get_param("b").reshape(-1)
        return ops.maxout(added.reshape(len(features), maxout.get_dim("nO"), maxout.get_dim("nP")))[0]

    def table(self) -> Floats2d:
        """Return all embedding tables multiplied by their part of the mixing weights; anew when training has changed these."""
        weights = self.maxout.get_param("W")
        weights = weights.reshape(-1, weights.shape[-1])
        state = weights[:, 0].tobytes()
        if self.made[0] != state:
            width = self.embeddings[0].get_dim("nO")
            parts = [
                self.maxout.ops.gemm(embedding.get_param("E"), weights[:, at * width : (at + 1) * width], trans2=True)
                for at, embedding in enumerate(self.embeddings)
            ]
            self.made = state, numpy.vstack(parts)
        return self.made[1]


def extract_features(
    model: Model[list[Doc], list[Ints2d]], docs: list[Doc], is_train: bool
) -> tuple[list[Ints2d], Callable]:
    """Return one row of hashes and list numbers a word."""
    attrs = model.attrs
    features = []
    for doc in docs:
        columns = list(doc.to_array(attrs["columns"]).reshape(len(doc), len(attrs["columns"])).T)
        lowered = [token.lower_ for token in doc]
        columns += [numpy.array([hash_string(word[:n]) for word in lowered], dtype="uint64") for n in attrs["prefixes"]]
        columns += [
            numpy.array([hash_string(word[-n:]) for word in lowered], dtype="uint64") for n in attrs["suffixes"]
        ]
        hashes = doc.to_array(LOWER)
        if attrs["use_words"]:
            columns.append(look_up(doc.vocab, "word", "word_changes", hashes))
            columns.append(look_up(doc.vocab, "word", "word_inflections", hashes))
        if attrs["use_names"]:
            names = look_up(doc.vocab, "name", "name_lists", hashes)
            if is_train:
                names = numpy.where(numpy.random.random(len(doc)) < attrs["name_dropout"], 0, names).astype("uint64")
            columns.append(names * 2 + (look_up(doc.vocab, "word", "word_changes", hashes) > 0).astype("uint64"))
        features.append(model.ops.asarray(numpy.stack(columns, axis=1)))
    return features, lambda d_features: []


@Language.factory(
    "danish_lemmatizer",
    assigns=["token.lemma"],
    requires=["token.pos"],
    default_config={"scorer": {"@scorers": "spacy.lemmatizer_scorer.v1"}},
    default_score_weights={"lemma_acc": 1.0},
)
def make_lemmatizer(nlp: Language, name: str, scorer: Callable) -> "DanishLemmatizer":
    """Return a lemmatizer that knows no word of the training texts yet."""
    return DanishLemmatizer(nlp.vocab, name, scorer)


class DanishLemmatizer(Pipe):
    """Lemmas by what the training texts say of the word and its POS, then by the word list, for compounds by their last part."""

    def __init__(self, vocab: Vocab, name: str, scorer: Callable):
        self.vocab, self.name, self.scorer = vocab, name, scorer
        self.seen: dict[str, dict[str, str]] = {}
        self.unchanged: list[str] = ["PROPN"]

    def __call__(self, doc: Doc) -> Doc:
        """Set the lemma of each word that has none."""
        numbers = look_up(self.vocab, "word", "word_changes", doc.to_array(LOWER))
        for token, number in zip(doc, numbers, strict=True):
            if not token.lemma:
                token.lemma_ = self.lemma(token, int(number))
        return doc

    def lemma(self, token: Token, number: int) -> str:
        """Return the lemma of a word that has this number in the word list (0: is not in it)."""
        word, pos = token.lower_, token.pos_
        if word in self.seen.get(pos, {}):
            return self.seen[pos][word]
        if pos == "PROPN":
            return name_lemma(token)
        if pos in self.unchanged or (not token.is_alpha and "-" not in word):
            return word
        tail = word
        if not number:
            number, tail = self.last_part(word)
        return word[: len(word) - len(tail)] + self.changed(tail, number) if number else word

    def last_part(self, word: str) -> tuple[int, str]:
        """Return the longest end of the word that is in the word list, as its number and letters; 0 if there is none."""
        ends = [word[at:] for at in range(2, len(word) - 2)]
        hashes = numpy.array([hash_string(end) for end in ends], dtype="uint64")
        numbers = look_up(self.vocab, "word", "word_changes", hashes)
        return next(((int(number), end) for number, end in zip(numbers, ends, strict=True) if number), (0, word))

    def changed(self, word: str, number: int) -> str:
        """Return the word after the change with this number."""
        letters_off, letters_on = self.vocab.lookups.get_table(TABLE)["changes"][number].split(" ")
        return word[: len(word) - int(letters_off)] + letters_on

    def initialize(self, get_examples: Callable[[], Iterable[Example]], *, nlp: Language | None = None):
        """Learn the lemmas of the training texts, and of which POS the words are better left as they are."""
        lemmas: dict[str, dict[str, Counter]] = defaultdict(lambda: defaultdict(Counter))
        for example in get_examples():
            for token in example.reference:
                if token.lemma and token.pos_:
                    lemmas[token.pos_][token.lower_][token.lemma_] += 1
        for pos, words in lemmas.items():
            if pos != "PROPN":
                hashes = numpy.array([hash_string(word) for word in words], dtype="uint64")
                numbers = look_up(self.vocab, "word", "word_changes", hashes)
                listed = [
                    (word, self.changed(word, int(number)), found)
                    for (word, found), number in zip(words.items(), numbers, strict=True)
                    if number
                ]
                if sum(found[word] for word, _, found in listed) >= sum(found[lemma] for _, lemma, found in listed):
                    self.unchanged.append(pos)
                self.seen[pos] = {word: max(sorted(found), key=found.get) for word, found in sorted(words.items())}
        self.unchanged.sort()

    def to_bytes(self, *, exclude=()) -> bytes:
        return to_bytes({"lemmas": lambda: srsly.msgpack_dumps([self.seen, self.unchanged])}, exclude)

    def from_bytes(self, data: bytes, *, exclude=()) -> "DanishLemmatizer":
        from_bytes(data, {"lemmas": lambda found: self._set(srsly.msgpack_loads(found))}, exclude)
        return self

    def to_disk(self, path, *, exclude=()):
        to_disk(path, {"lemmas.json": lambda file: srsly.write_json(file, [self.seen, self.unchanged])}, exclude)

    def from_disk(self, path, *, exclude=()) -> "DanishLemmatizer":
        from_disk(path, {"lemmas.json": lambda file: self._set(srsly.read_json(file))}, exclude)
        return self

    def _set(self, found):
        self.seen, self.unchanged = found


def name_lemma(token: Token) -> str:
    """Return a proper noun without the genitive ending."""
    if "Gen" in token.morph.get("Case"):
        for ending in ("'s", "’s", "'", "’", "s"):
            if token.text.endswith(ending):
                return token.text[: -len(ending)]
    return token.text
