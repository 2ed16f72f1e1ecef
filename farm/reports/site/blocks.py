"""What a page is made of. No HTML here: `templates/page.html` gives every block its shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from farm.reports.site.chart import Chart
from farm.reports.site.data import Data, Row

#: So many rows are shown; all of them are in the CSV.
SHOWN = 300


@dataclass(frozen=True, slots=True)
class Fact:
    """One headline figure: ``label``, ``value`` with its unit, and what to make of it."""

    label: str
    value: str
    unit: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Headline figures side by side."""

    facts: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs."""

    paragraphs: Sequence[str]


@dataclass(frozen=True, slots=True)
class Points:
    """Short statements below each other."""

    points: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A sortable table. ``says``: what to see; ``empty``: what to say without rows."""

    title: str
    says: str
    data: Data
    empty: str = "Nothing to show."
    most: int = SHOWN

    @property
    def rows(self) -> Sequence[Row]:
        """The rows that are shown."""
        return self.data.rows[: self.most]


Block: TypeAlias = Facts | Text | Points | Table | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what belongs under it."""

    title: str
    blocks: Sequence[Block]

    @property
    def anchor(self) -> str:
        """The section's name in an address."""
        return "".join(c if c.isalnum() else "-" for c in self.title.lower())


@dataclass(frozen=True, slots=True)
class Page:
    """A page: ``path`` within the site, and the title of the page it belongs below, if any."""

    path: str
    title: str
    lead: str
    sections: Sequence[Section]
    above: str = ""
    facts: Sequence[Fact] = field(default=())

    @property
    def root(self) -> str:
        """The way from the page to the site's folder: empty, or ``../``."""
        return "../" * self.path.count("/")

    @property
    def stem(self) -> str:
        """The path without its ending: the folder of the page's CSV files below ``data``."""
        return self.path.removesuffix(".html")

    @property
    def data(self) -> list[Data]:
        """Everything on the page that has a CSV, each once."""
        found: dict[str, Data] = {}
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Table):
                    found[block.data.name] = block.data
                elif isinstance(block, Chart):
                    found.update({data.name: data for data in block.data})
        return list(found.values())
