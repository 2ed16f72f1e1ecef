"""What a run is about to make, told to the workers it starts: they plan it once, before they fork.

A hint, nothing more: whoever gets another scenario to make than was announced plans that one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from farm.services.home import Home
from farm.services.processes import write_whole
from farm.settings.settings import Settings

_FILE = "scenario.json"


def announce(settings: Settings, scenario: Mapping[str, Any]) -> None:
    """Tell workers that start in this home which scenario, as plain JSON data, comes next."""
    write_whole(Home(settings.home).run / _FILE, json.dumps(scenario))


def announced(settings: Settings) -> Mapping[str, Any] | None:
    """Return the scenario that was announced in this home; None when none can be read."""
    try:
        scenario = json.loads((Home(settings.home).run / _FILE).read_text())
    except (OSError, ValueError):
        return None
    return scenario if isinstance(scenario, dict) else None
