"""Gives pages their shape: the templates, and the cells of tables."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from farm.reports.site.blocks import Page
from farm.reports.site.data import Column, Mark
from farm.reports.site.wording import shown

_TEMPLATES = Path(__file__).parent / "templates"

#: Texts that are longer may break into lines.
_WIDE = 44

#: Units across a drawn figure.
_SCALE = 100

#: A text cell by its looks.
_CELLS = {
    "": Markup("<td>{}</td>"),
    "good": Markup('<td class="good">{}</td>'),
    "bad": Markup('<td class="bad">{}</td>'),
    "wide": Markup('<td class="wide">{}</td>'),
    "number": Markup('<td class="n">{}</td>'),
    "day": Markup('<td class="day">{}</td>'),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the menu."""

    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page."""

    name: str
    period: str
    scenario: str
    seed: int
    menu: Sequence[tuple[str, Sequence[Entry]]]


class Renderer:
    """Renders pages. ``paths`` are all pages of the site: a cell links to none but these."""

    def __init__(self, frame: Frame, paths: Collection[str]) -> None:
        self._paths = frozenset(paths)
        environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals.update(site=frame, kind=lambda block: type(block).__name__)
        self._template = environment.get_template("page.html")

    def html(self, page: Page) -> str:
        """Return a page's HTML."""

        def cell(column: Column, value: Any) -> Markup:
            return self._cell(page, column, value)

        return self._template.render(page=page, cell=cell)

    def _cell(self, page: Page, column: Column, value: Any) -> Markup:
        if column.drawn:
            return _drawn(value)
        text = f"{value:%Y-%m}" if column.monthly else shown(value, column.digits)
        inner = Markup.escape(text)
        target = column.link.format(value) if column.link and value is not None else ""
        if target in self._paths:
            inner = Markup('<a href="{}{}">{}</a>').format(page.root, target, text)
        if column.is_number:
            return _CELLS["number"].format(inner)
        looks = "day" if isinstance(value, date) else self._looks(column, text)
        return _CELLS[looks].format(inner)

    @staticmethod
    def _looks(column: Column, text: str) -> str:
        """Return which of the looks a text cell has."""
        if text in column.good:
            return "good"
        if text in column.bad:
            return "bad"
        return "wide" if len(text) > _WIDE else ""


def _drawn(mark: Mark | None) -> Markup:
    """Return a cell with a figure drawn within its band."""
    if mark is None:
        return Markup("<td></td>")
    left, width = _SCALE * mark.low, _SCALE * (mark.high - mark.low)
    return Markup(
        '<td><svg class="mark" viewBox="0 0 100 12" width="100" height="12" aria-hidden="true">'
        '<path d="M0 6H100"/><rect x="{:.1f}" y="2" width="{:.1f}" height="8"/>'
        '<circle class="{}" cx="{:.1f}" cy="6" r="3"/></svg></td>'
    ).format(left, width, "good" if mark.good else "bad", _SCALE * mark.at)
