"""Reads scenarios: joins a scenario's own file with the parameters and geographies it stands on.

    config/scenarios/NAME.toml      the outline, and overrides of parameters/observation.toml under
                                    [observation]; `extends = "OTHER"` takes over another scenario
    config/geography/NAME.toml      one for each company of the scenario
    config/parameters/*.toml        shared by all scenarios
    config/diseases/CODE.toml       one for each disease

Whatever is wrong becomes one `ScenarioInvalid` that names the file and the key.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from farm.domain.biology import Biology
from farm.domain.catalogue import Catalogue
from farm.domain.economy import Economy
from farm.domain.facilities import Facilities
from farm.domain.geography import GeographySpec
from farm.domain.observation import Observation
from farm.domain.programme import Breeding
from farm.domain.quantity import Strict
from farm.domain.scenario import Outline, Scenario, misfits, strangers
from farm.errors import ScenarioInvalid

ModelT = TypeVar("ModelT", bound=Strict)


def scenario_names(config_dir: Path) -> list[str]:
    """Return the names of the scenarios in a configuration directory, sorted."""
    return sorted(path.stem for path in (config_dir / "scenarios").glob("*.toml"))


def load_scenario(name: str, config_dir: Path, seed: int | None = None) -> Scenario:
    """Return a scenario with everything that it stands on.

    Args:
        name: One of `scenario_names`.
        config_dir: The directory that holds scenarios/, geography/ and parameters/.
        seed: Takes the place of the file's seed.

    Raises:
        ScenarioInvalid: a file is missing, cannot be parsed, or says what cannot be.
    """
    own = _read_scenario(name, config_dir)
    overrides = own.sub("observation")
    outline = _build(Outline, own.without("observation", "extends"))
    if outline.name != name:
        raise ScenarioInvalid(own.file_of(("name",)), "name", f'must be "{name}", as the file is')
    if seed is not None:
        if not 0 <= seed < 2**63:
            raise ScenarioInvalid(own.file, "seed", f"must lie in 0 .. 2**63 - 1, not {seed}")
        outline = outline.model_copy(update={"seed": seed})

    def parameters(stem: str) -> _Document:
        return _read(config_dir, f"parameters/{stem}.toml")

    geographies = tuple(
        _build(GeographySpec, _read_geography(config_dir, own, number, company.geography))
        for number, company in enumerate(outline.companies)
    )
    breeding = _build(Breeding, parameters("breeding"))
    catalogue = _build(Catalogue, parameters("catalogue"))
    fish = parameters("biology").merged(parameters("treatments"))
    for part in ("harvest", "water", "events", "lice", "vaccines", "laboratory", "care"):
        fish = fish.joined(part, parameters(part))
    biology = _build(Biology, fish.joined("diseases", _read_diseases(config_dir)))
    facilities = _build(Facilities, parameters("facilities"))
    observation = _build(Observation, parameters("observation").overlaid(overrides))
    for key, problem in misfits(outline, geographies, breeding, catalogue, biology):
        raise ScenarioInvalid(own.file_of(tuple(key.split("."))), key, problem)
    trade = _Document({}, (_Origin(f"{config_dir.name}/parameters", (), {}),))
    for part in ("feed", "costs"):
        trade = trade.joined(part, parameters(part))
    economy = _build(Economy, trade)
    for key, problem in strangers(economy, catalogue, biology):
        raise ScenarioInvalid(*trade.place(tuple(key.split("."))), problem)
    return Scenario(
        outline=outline,
        geographies=geographies,
        facilities=facilities,
        breeding=breeding,
        catalogue=catalogue,
        biology=biology,
        observation=observation,
        economy=economy,
    )


@dataclass(frozen=True, slots=True)
class _Origin:
    """A file that gave a part of a document, and where that part sits in either of them."""

    file: str
    at: tuple[str, ...]
    data: Mapping[str, Any]
    key_prefix: tuple[str, ...] = ()

    def knows(self, where: tuple[str, ...]) -> bool:
        """Return whether a key of the document comes from this file."""
        if where[: len(self.at)] != self.at:
            return False
        node: Any = self.data
        for word in where[len(self.at) :]:
            if isinstance(node, Mapping) and word in node:
                node = node[word]
            elif isinstance(node, list) and word.isdigit() and int(word) < len(node):
                node = node[int(word)]
            else:
                return False
        return True


@dataclass(frozen=True, slots=True)
class _Document:
    """Configuration data put together of one or more files; the later origin of a key counts."""

    data: dict[str, Any]
    origins: tuple[_Origin, ...]

    @property
    def file(self) -> str:
        """The file that speaks for the whole document."""
        return self.origins[0].file

    def place(self, where: tuple[str, ...]) -> tuple[str, str]:
        """Return the file and, as written there, the dotted key of a key of the document."""
        for origin in reversed(self.origins):
            if origin.knows(where):
                return origin.file, ".".join(origin.key_prefix + where[len(origin.at) :])
        for origin in reversed(self.origins):
            if origin.at and where[: len(origin.at)] == origin.at:
                return origin.file, ".".join(origin.key_prefix + where[len(origin.at) :])
        return self.file, ".".join(where)

    def file_of(self, where: tuple[str, ...]) -> str:
        """Return the file that gave a key."""
        return self.place(where)[0]

    def without(self, *keys: str) -> _Document:
        """Return the document less some top-level keys."""
        data = {key: value for key, value in self.data.items() if key not in keys}
        return _Document(data, self.origins)

    def sub(self, key: str) -> _Document:
        """Return one table of the document, empty when it is not there."""
        table = self.data.get(key, {})
        if not isinstance(table, dict):
            raise ScenarioInvalid(self.file_of((key,)), key, "must be a table")
        origins = tuple(
            _Origin(o.file, (), o.data[key], (*o.key_prefix, key))
            for o in self.origins
            if isinstance(o.data.get(key), dict)
        )
        return _Document(table, origins)

    def overlaid(self, other: _Document) -> _Document:
        """Return this document with every leaf of another one in place of its own."""
        return _Document(_overlay(self.data, other.data), self.origins + other.origins)

    def merged(self, other: _Document) -> _Document:
        """Return this document with the tables of another one beside its own."""
        for key in other.data:
            if key in self.data:
                raise ScenarioInvalid(self.file, key, f"belongs into {other.file}")
        return _Document({**self.data, **other.data}, self.origins + other.origins)

    def joined(self, key: str, other: _Document) -> _Document:
        """Return this document with another one as its table ``key``."""
        if key in self.data:
            raise ScenarioInvalid(self.file, key, f"belongs into {other.file}")
        moved = tuple(_Origin(o.file, (key, *o.at), o.data, o.key_prefix) for o in other.origins)
        return _Document({**self.data, key: other.data}, self.origins + moved)


def _overlay(base: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(value, dict) and isinstance(below, dict) and "value" not in value:
            merged[key] = _overlay(below, value)
        else:
            merged[key] = value
    return merged


def _read(config_dir: Path, relative: str) -> _Document:
    label = f"{config_dir.name}/{relative}"
    try:
        data = tomllib.loads((config_dir / relative).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ScenarioInvalid(label, "", "no such file") from None
    except OSError as error:
        raise ScenarioInvalid(label, "", f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise ScenarioInvalid(label, "", "is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise ScenarioInvalid(label, "", f"is not TOML: {error}") from None
    return _Document(data, (_Origin(label, (), data),))


def _read_diseases(config_dir: Path) -> _Document:
    """Return all diseases, each under its file's name."""
    found = _Document({}, (_Origin(f"{config_dir.name}/diseases", (), {}),))
    for path in sorted((config_dir / "diseases").glob("*.toml")):
        found = found.joined(path.stem, _read(config_dir, f"diseases/{path.name}"))
    return found


def _read_scenario(name: str, config_dir: Path) -> _Document:
    known = scenario_names(config_dir)
    if name not in known:
        listed = ", ".join(known) or "none"
        where = f"{config_dir.name}/scenarios"
        raise ScenarioInvalid(where, "", f'no scenario "{name}"; known: {listed}')
    own = _read(config_dir, f"scenarios/{name}.toml")
    if "extends" not in own.data:
        return own
    base_name = own.data["extends"]
    if base_name not in known:
        raise ScenarioInvalid(own.file, "extends", f"must name one of {', '.join(known)}")
    base = _read(config_dir, f"scenarios/{base_name}.toml")
    if "extends" in base.data:
        raise ScenarioInvalid(own.file, "extends", f'"{base_name}" extends another one itself')
    return base.overlaid(own)


def _read_geography(config_dir: Path, own: _Document, number: int, name: str) -> _Document:
    if not (config_dir / "geography" / f"{name}.toml").is_file():
        file, key = own.place(("companies", str(number), "geography"))
        known = ", ".join(sorted(p.stem for p in (config_dir / "geography").glob("*.toml")))
        raise ScenarioInvalid(file, key, f'no geography "{name}"; known: {known or "none"}')
    return _read(config_dir, f"geography/{name}.toml")


def _build(model: type[ModelT], document: _Document) -> ModelT:
    try:
        # In JSON mode lists are tuples and texts are enum members, and still nothing else is
        # converted. TOML dates have no place in a scenario; as text they fail with their key.
        return model.model_validate_json(json.dumps(document.data, default=str))
    except ValidationError as error:
        found = error.errors(include_url=False)
        # A misspelt key is also a missing one: say which it was.
        first = next((e for e in found if e["type"] == "extra_forbidden"), found[0])
        where = tuple(str(word) for word in first["loc"])
        file, key = document.place(where)
        raise ScenarioInvalid(file, key, _in_one_line(first, found)) from None


def _in_one_line(error: ErrorDetails, found: list[ErrorDetails]) -> str:
    if error["type"] == "extra_forbidden":
        missing = [str(e["loc"][-1]) for e in found if e["type"] == "missing"]
        meant = get_close_matches(str(error["loc"][-1]), missing, n=1)
        return f'unknown key; did you mean "{meant[0]}"?' if meant else "unknown key"
    if error["type"] == "missing":
        return "is missing"
    if error["type"] == "value_error":
        return " ".join(error["msg"].removeprefix("Value error, ").split())
    text = " ".join(error["msg"].removeprefix("Input ").split())
    given = error["input"]
    if isinstance(given, dict) and "value" in given:
        given = given["value"]
    return text if isinstance(given, dict | list) else f"{text}, not {json.dumps(given)}"
