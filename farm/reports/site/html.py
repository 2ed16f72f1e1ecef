"""Gives pages their shape: the templates, and the cells of tables."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from farm.reports.site.blocks import Page, Table
from farm.reports.site.data import Column, Mark
from farm.reports.site.wording import shown

_TEMPLATES = Path(__file__).parent / "templates"

#: Texts that are longer may break into lines.
_WIDE = 44

#: Units across a drawn figure.
_SCALE = 100


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

        def body(table: Table) -> Markup:
            # A page can have ten thousand cells: joined as text, marked as safe once. The ends of
            # cells and rows are left out, as HTML allows.
            columns = table.data.columns
            return Markup(  # noqa: S704
                "\n".join(
                    "<tr>" + "".join(self._cell(page, one, row[one.name]) for one in columns)
                    for row in table.rows
                )
            )

        return self._template.render(page=page, body=body, looks=_looks)

    def _cell(self, page: Page, column: Column, value: Any) -> str:
        """Return a cell as HTML."""
        if column.drawn:
            return _drawn(value)
        text = f"{value:%Y-%m}" if column.monthly else shown(value, column.digits)
        if column.is_number:
            return f"<td>{text}"
        inner = escape(text, quote=False)
        if column.link and value is not None:
            target = column.link.format(value)
            if target in self._paths:
                inner = f'<a href="{page.root}{escape(target)}">{inner}</a>'
        if text in column.good:
            return f"<td class=good>{inner}"
        if text in column.bad:
            return f"<td class=bad>{inner}"
        return f"<td class=wide>{inner}" if len(text) > _WIDE else f"<td>{inner}"


def _looks(table: Table) -> str:
    """Return the classes of a table: ``r3`` if its third column holds numbers, ``d3`` if days."""
    found = []
    for place, column in enumerate(table.data.columns, start=1):
        if column.is_number:
            found.append(f"r{place}")
        elif any(isinstance(row[column.name], date) for row in table.rows):
            found.append(f"d{place}")
    return " ".join(found)


def _drawn(mark: Mark | None) -> str:
    """Return a cell with a figure drawn within its band."""
    if mark is None:
        return "<td>"
    left, width = _SCALE * mark.low, _SCALE * (mark.high - mark.low)
    looks, at = "good" if mark.good else "bad", _SCALE * mark.at
    return (
        '<td><svg class="mark" viewBox="0 0 100 12" width="100" height="12" aria-hidden="true">'
        f'<path d="M0 6H100"/><rect x="{left:.1f}" y="2" width="{width:.1f}" height="8"/>'
        f'<circle class="{looks}" cx="{at:.1f}" cy="6" r="3"/></svg>'
    )
