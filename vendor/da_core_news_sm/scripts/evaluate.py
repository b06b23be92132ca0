"""Score a pipeline on a part of the treebank and measure its speed."""

import json
import statistics
import time
from pathlib import Path

import danish  # noqa: F401 registers what the pipeline is made of
import spacy
import typer
from spacy.training import Corpus

MESSAGE = "Hej, jeg hedder Anne Jensen og arbejder i Vejle Kommune. Hvornår er fristen for at søge, og hvem kan jeg ringe til?"


def scores(nlp: spacy.Language, part: Path) -> dict:
    """Return the scores on a part, as fractions."""
    found = nlp.evaluate(list(Corpus(part)(nlp)))
    kept = ("token_acc", "pos_acc", "morph_acc", "lemma_acc", "ents_p", "ents_r", "ents_f", "ents_per_type")
    return {key: found[key] for key in kept if found.get(key) is not None}


def rounded(value):
    """Return the value with every fraction in it cut to four digits."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def speed(nlp: spacy.Language, part: Path) -> dict:
    """Return words a second in batches, and milliseconds for a chat message: medians, after a warm-up."""
    texts = [example.reference.text for example in Corpus(part)(nlp)]
    words = sum(len(nlp.make_doc(text)) for text in texts)
    batches, messages = [], []
    for _ in range(4):
        start = time.perf_counter()
        for _ in nlp.pipe(texts):
            pass
        batches.append(time.perf_counter() - start)
    for _ in range(220):
        start = time.perf_counter()
        nlp(MESSAGE)
        messages.append(1000 * (time.perf_counter() - start))
    return {
        "words_per_second": round(words / statistics.median(batches[1:])),
        "ms_per_message": round(statistics.median(messages[20:]), 2),
    }


def main(model: Path, corpus: Path, output: Path, part: str = "test"):
    """Score the pipeline on this part in the folder `corpus`, sentence by sentence, and write it to `output` (json)."""
    nlp = spacy.load(model)
    result = {
        **rounded(scores(nlp, corpus / f"{part}.spacy")),
        "in_texts_of_ten_sentences": rounded(scores(nlp, corpus / f"{part}-tens.spacy")),
        **speed(nlp, corpus / f"{part}.spacy"),
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(result, indent=2) + "\n", encoding="utf8")
    types = ", ".join(f"{label} {score['f']:.3f}" for label, score in sorted(result["ents_per_type"].items()))
    print(f"NER F {result['ents_f']:.3f} (P {result['ents_p']:.3f}, R {result['ents_r']:.3f}; {types})")
    print(f"POS {result['pos_acc']:.3f}, morphology {result['morph_acc']:.3f}, lemma {result['lemma_acc']:.3f}")
    print(f"{result['words_per_second']} words a second, {result['ms_per_message']} ms a chat message")


if __name__ == "__main__":
    typer.run(main)
