"""Convert the treebank: entities for all sentences; POS, morphology and lemmas where UD's files are at hand."""

import random
from pathlib import Path

import typer
from spacy.tokens import Doc, DocBin
from spacy.training import biluo_to_iob, iob_to_biluo
from spacy.util import get_lang_class

SEED = 1


def read_sentences(path: Path) -> dict[str, tuple[str, list[list[str]]]]:
    """Return sentence id → (text, rows of columns) of a CoNLL-like file."""
    sentences, rows, key, text = {}, [], "", ""
    for line in [*path.read_text(encoding="utf8").splitlines(), ""]:
        if line.startswith("# sent_id = "):
            key = line.removeprefix("# sent_id = ")
        elif line.startswith("# text = "):
            text = line.removeprefix("# text = ")
        elif line and not line.startswith("#"):
            rows.append(line.split("\t"))
        elif not line and rows:
            sentences[key], rows = (text, rows), []
    return sentences


def spaces_after(text: str, words: list[str]) -> list[bool]:
    """Return for each word whether a space follows it in the text; the words must spell the text."""
    spaces, at = [], 0
    for word in words:
        if not text.startswith(word, at):
            raise ValueError(f"«{word}» is not at {at} in: {text}")
        at += len(word)
        spaces.append(text[at : at + 1] == " ")
        at += spaces[-1]
    return spaces


def make_doc(vocab, text: str, entity_rows: list[list[str]], word_rows: list[list[str]] | None) -> Doc:
    """Return one sentence with its entities and, where UD has it, its words' POS, morphology and lemmas."""
    words = [row[1] for row in entity_rows]
    annotation = {"ents": biluo_to_iob(iob_to_biluo([row[2] for row in entity_rows]))}
    if word_rows:
        if [row[1] for row in word_rows] != words:
            raise ValueError(f"UD and UNER split this differently: {text}")
        annotation["lemmas"] = [row[2] for row in word_rows]
        annotation["pos"] = [row[3] for row in word_rows]
        annotation["morphs"] = ["" if row[5] == "_" else row[5] for row in word_rows]
    return Doc(vocab, words=words, spaces=spaces_after(text, words), **annotation)


def join(docs: list[Doc], sizes: tuple[int, ...]) -> list[Doc]:
    """Join neighbouring sentences to texts whose numbers of sentences are drawn from `sizes`."""
    chooser, texts, at = random.Random(SEED), [], 0
    while at < len(docs):
        part = docs[at : at + chooser.choice(sizes)]
        texts.append(Doc.from_docs(part, ensure_whitespace=True))
        at += len(part)
    return texts


def main(treebank: Path, corpus: Path):
    """Read `treebank`/{ud,uner}; write to `corpus` what is trained on (texts of 1 to 3 sentences) and what is scored."""
    vocab = get_lang_class("da")().vocab
    corpus.mkdir(parents=True, exist_ok=True)
    parts = {}
    for part in ("train", "dev", "test"):
        entities = read_sentences(treebank / "uner" / f"da_ddt-ud-{part}.iob2")
        words_file = treebank / "ud" / f"da_ddt-ud-{part}.conllu"
        words = read_sentences(words_file) if words_file.exists() else {}
        docs = parts[part] = [
            make_doc(vocab, text, rows, words[key][1] if words else None) for key, (text, rows) in entities.items()
        ]
        counts = f"{len(docs)} sentences, {sum(map(len, docs))} words, {sum(len(doc.ents) for doc in docs)} entities"
        print(f"{part}: {counts}, POS and lemmas: {'yes' if words else 'no'}")
    train, dev, test = parts.values()
    for name, docs in {
        "without-test": join(train + dev, (1, 1, 2, 3)),
        "without-dev": join(train + test, (1, 1, 2, 3)),
        "all": join(train + dev + test, (1, 1, 2, 3)),
        "dev": dev,
        "dev-tens": join(dev, (10,)),
        "test": test,
        "test-tens": join(test, (10,)),
    }.items():
        DocBin(docs=docs).to_disk(corpus / f"{name}.spacy")


if __name__ == "__main__":
    typer.run(main)
