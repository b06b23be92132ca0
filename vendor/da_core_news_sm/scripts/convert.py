"""Convert the treebank folder to spaCy's format: one DocBin for each part, entities on all, POS, morphology and lemmas on dev and test."""

import random
from pathlib import Path

import typer
from spacy.tokens import Doc, DocBin
from spacy.training import iob_to_biluo
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
    annotation = {"ents": iob_to_biluo([row[2] for row in entity_rows])}
    annotation["ents"] = [tag.replace("L-", "I-").replace("U-", "B-") for tag in annotation["ents"]]
    if word_rows:
        if [row[1] for row in word_rows] != words:
            raise ValueError(f"UD and UNER split this differently: {text}")
        annotation["lemmas"] = [row[2] for row in word_rows]
        annotation["pos"] = [row[3] for row in word_rows]
        annotation["morphs"] = ["" if row[5] == "_" else row[5] for row in word_rows]
    return Doc(vocab, words=words, spaces=spaces_after(text, words), **annotation)


def group(docs: list[Doc], sizes: list[int], chooser: random.Random) -> list[Doc]:
    """Join neighbouring sentences to texts of one of the sizes."""
    texts, at = [], 0
    while at < len(docs):
        part = docs[at : at + chooser.choice(sizes)]
        at += len(part)
        for doc in part[:-1]:
            doc[-1].spacy  # a sentence that ends a text has no space after it
        texts.append(part[0] if len(part) == 1 else Doc.from_docs(part, ensure_whitespace=True))
    return texts


def main(treebank: Path, corpus: Path):
    """Read `treebank`/{ud,uner} and write the parts to the folder `corpus`."""
    vocab = get_lang_class("da")().vocab
    corpus.mkdir(parents=True, exist_ok=True)
    for part in ("train", "dev", "test"):
        entities = read_sentences(treebank / "uner" / f"da_ddt-ud-{part}.iob2")
        words_file = treebank / "ud" / f"da_ddt-ud-{part}.conllu"
        words = read_sentences(words_file) if words_file.exists() else {}
        docs = [make_doc(vocab, text, rows, words.get(key, (text, None))[1]) for key, (text, rows) in entities.items()]
        DocBin(docs=docs, store_user_data=True).to_disk(corpus / f"{part}.spacy")
        print(f"{part}: {len(docs)} sentences, {sum(map(len, docs))} words, {sum(len(doc.ents) for doc in docs)} entities, words annotated in {len(words)}")


if __name__ == "__main__":
    typer.run(main)
