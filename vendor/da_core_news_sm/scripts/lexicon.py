"""Build the word list and the name lists that the embedding layer reads, from licensed packages."""

import importlib
import pkgutil
from collections import Counter
from pathlib import Path

import faker.providers.person
import numpy
import typer
from babel import Locale
from babel.core import get_global
from faker.providers.address import da_DK as places
from spacy.strings import hash_string
from spacy.util import load_language_data, registry

GIVEN, SURNAME, FOREIGN_GIVEN, FOREIGN_SURNAME, COUNTRY, PLACE, CITY = (1 << i for i in range(7))


def strings_of(provider: type, prefix: str) -> set[str]:
    """Return all strings in a faker provider's lists whose attribute starts with the prefix."""
    found = set()
    for attribute in dir(provider):
        value = getattr(provider, attribute)
        if attribute.startswith(prefix) and isinstance(value, (tuple, list, set, dict)):
            found.update(item for item in value if isinstance(item, str))
    return found


def names() -> dict[str, int]:
    """Return each name → the lists it stands in, as bits."""
    lists: dict[str, int] = {}

    def add(items, bit: int):
        for item in items:
            if item and item[0].isupper():
                lists[item] = lists.get(item, 0) | bit

    for module in pkgutil.iter_modules(faker.providers.person.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        danish = module.name == "da_DK"
        for prefix, bit in (("first_name", GIVEN if danish else FOREIGN_GIVEN), ("last_name", SURNAME if danish else FOREIGN_SURNAME)):
            latin = {item for item in strings_of(provider, prefix) if " " not in item and item.isalpha() and ord(max(item)) < 0x250 and len(item) > 1}
            add(latin, bit)
    danish = Locale("da")
    add(danish.territories.values(), COUNTRY)
    add(strings_of(places.Provider, "countries"), COUNTRY)
    add(strings_of(places.Provider, "cities") | strings_of(places.Provider, "states"), PLACE)
    zones = get_global("zone_territories")
    add((danish.time_zones.get(zone, {}).get("city") or zone.split("/")[-1].replace("_", " ") for zone in zones), CITY)
    return lists


def with_parts(lists: dict[str, int]) -> dict[str, int]:
    """Return the lists by lower-cased word: genitives added, names of several words taken apart (their capitalized words)."""
    words: dict[str, int] = {}
    for name, bits in lists.items():
        for word in name.replace("-", " ").split() + [name]:
            if len(word) > 1 and word[0].isupper() and " " not in word:
                for form in (word, word + "s"):
                    words[form.lower()] = words.get(form.lower(), 0) | bits
    return words


def pack(table: dict[str, int]) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Return sorted 32-bit keys of the lower-cased words, and their values."""
    packed: dict[int, int] = {}
    for word, value in table.items():
        packed[hash_string(word.lower()) & 0xFFFFFFFF] = value
    keys = numpy.array(sorted(packed), dtype="uint32")
    return keys, numpy.array([packed[int(key)] for key in keys], dtype="uint16")


def change(form: str, lemma: str) -> tuple[int, str]:
    """Return what turns the form into the lemma: letters off its end, letters on."""
    same = 0
    while same < min(len(form), len(lemma)) and form[same] == lemma[same]:
        same += 1
    return len(form) - same, lemma[same:]


def word_changes() -> dict[str, int]:
    """Return each lower-cased word form of the word list → the number (from 1, most frequent first) of the change that gives its lemma."""
    lookup = load_language_data(registry.lookups.get("da")["lemma_lookup"])
    lemmas = {form.lower(): lemma.lower() for form, lemma in lookup.items()}
    changes = {form: change(form, lemma) for form, lemma in lemmas.items()}
    numbers = {found: number for number, (found, _) in enumerate(Counter(changes.values()).most_common(), start=1)}
    return {form: numbers[found] for form, found in changes.items()}


def main(path: Path):
    """Write the tables to `path` (npz)."""
    tables = {}
    for kind, table in (("word", word_changes()), ("name", with_parts(names()))):
        tables[f"{kind}_keys"], tables[f"{kind}_values"] = pack(table)
        print(f"{kind}: {len(table)} forms, {len(set(table.values()))} different values")
    path.parent.mkdir(parents=True, exist_ok=True)
    numpy.savez(path, **tables)


if __name__ == "__main__":
    typer.run(main)
