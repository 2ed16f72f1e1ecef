"""A report on disk, as a browser would find it."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from farm.reports.site.build import Built

#: Attributes by which a page asks for something else.
_REFERENCES = {"href", "src", "action", "data", "poster", "srcset"}


@dataclass
class HtmlTable:
    """A table as it stands in the page: its classes, the text of each cell, and its file."""

    csv: str = ""
    looks: str = ""
    rows: list[list[str]] = field(default_factory=list)


class PageReader(HTMLParser):
    """Reads what a test wants to know of a page; ``captions``: title and sentence of each chart."""

    def __init__(self) -> None:
        super().__init__()
        self.references: list[tuple[str, str, str]] = []
        self.anchors: set[str] = set()
        self.tables: list[HtmlTable] = []
        self.specs: list[Any] = []
        self.captions: list[list[str]] = []
        self.text = ""
        self._caption: int | None = None
        self._cell: str | None = None
        self._in_spec = False
        self._tabled = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.references += [(tag, n, v) for n, v in found.items() if n in _REFERENCES]
        if "id" in found:
            self.anchors.add(found["id"])
        if found.get("class") == "tabled":
            self.tables.append(HtmlTable())
            self._tabled = True
        if tag == "figure":
            self._tabled = False
        self._begin_caption(tag)
        if tag == "table":
            self.tables[-1].looks = found["class"]
        if tag in ("tr", "td"):  # HTML lets the ends of rows and cells be left out
            self._end_cell()
        if tag == "tr" and self.tables:
            self.tables[-1].rows.append([])
        if tag == "td":
            self._cell = ""
        if tag == "a" and "download" in found and self._tabled and not self.tables[-1].csv:
            self.tables[-1].csv = found["href"]
        self._in_spec = tag == "script" and found.get("type") == "application/json"

    def _begin_caption(self, tag: str) -> None:
        if tag == "figcaption":
            self.captions.append(["", ""])
            self._caption = 0
        if tag == "span" and self._caption == 0:
            self._caption = 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "tbody":
            self._end_cell()
        if tag == "figcaption":
            self._caption = None

    def _end_cell(self) -> None:
        if self._cell is not None:
            self.tables[-1].rows[-1].append(self._cell.strip())
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._in_spec:
            self.specs.append(json.loads(data))
            self._in_spec = False
        elif self._cell is not None:
            self._cell += data
        elif self._caption is not None:
            self.captions[-1][self._caption] += data.strip()
        self.text += data


class Written:
    """The folder of a report."""

    def __init__(self, built: Built) -> None:
        self.built = built
        self.folder = built.index.parent

    @cached_property
    def pages(self) -> dict[str, PageReader]:
        """Every page by its path."""
        found = {}
        for file in sorted(self.folder.rglob("*.html")):
            reader = PageReader()
            reader.feed(file.read_text(encoding="utf-8"))
            found[str(file.relative_to(self.folder))] = reader
        return found

    def csv(self, name: str) -> list[dict[str, str]]:
        """Return the rows of a CSV below `data`."""
        with (self.folder / "data" / name).open(encoding="utf-8", newline="") as opened:
            return list(csv.DictReader(opened))

    def target(self, page: str, reference: str) -> Path:
        """Return the file that a page's reference means."""
        return (self.folder / page).parent.joinpath(reference).resolve()
