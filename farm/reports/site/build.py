"""Builds the site: asks, renders and writes page after page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from farm.reports.site.blocks import Page
from farm.reports.site.folder import Folder
from farm.reports.site.html import Entry, Frame, Renderer
from farm.reports.site.pages import (
    batch,
    batches,
    compliance,
    economy,
    environment,
    facilities,
    feed,
    generation,
    health,
    lice,
    mature,
    overview,
    place,
    production,
    quality,
)
from farm.reports.site.reader import Reader, reading
from farm.reports.site.wording import joined
from farm.settings.yardsticks import Yardsticks

#: The pages of the menu, in its order; `place` and `batch` pages are reached from them.
_MENU: Sequence[tuple[str, Sequence[Callable[[Reader], Page]]]] = (
    ("Company", (overview.page, production.page, batches.page, mature.page)),
    ("Fish", (health.page, lice.page, compliance.page)),
    ("Means", (feed.page, economy.page, facilities.page, environment.page)),
    ("Data", (quality.page, generation.page)),
)

INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class Built:
    """What was written: ``index`` is the page to open."""

    index: Path
    pages: int
    files: int
    bytes: int
    seconds: float


def build(
    database_url: str, out: Path, yardsticks: Yardsticks, batch_code: str | None = None
) -> Built:
    """Write the report of everything, or of one batch, into a folder.

    Raises:
        SettingsInvalid: the folder is not the report's own.
        SessionRefused: no session is completed, or there is no such batch.
        DatabaseLost: the server cannot be reached, or the connection broke.
    """
    began = time.monotonic()
    with reading(database_url, batch_code, yardsticks) as reader:
        folder = Folder(out)
        pages, frame = _one_batch(reader) if batch_code else _all(reader)
        renderer = Renderer(frame, [page.path for page in pages])
        for page in pages:
            folder.text(page.path, renderer.html(page))
            for data in page.data:
                folder.csv(f"data/{page.stem}/{data.name}.csv", data)
    folder.assets()
    return Built(
        index=out / INDEX,
        pages=len(pages),
        files=folder.files,
        bytes=folder.bytes,
        seconds=time.monotonic() - began,
    )


def _all(reader: Reader) -> tuple[list[Page], Frame]:
    menu, pages = [], []
    for group, makers in _MENU:
        own = [make(reader) for make in makers]
        menu.append((group, [Entry(page.path, page.title) for page in own]))
        pages += own
    pages += place.pages(reader)
    pages += batch.pages(reader)
    return pages, _frame(reader, menu)


def _one_batch(reader: Reader) -> tuple[list[Page], Frame]:
    """Return a batch's page as the only one of the site."""
    (page,) = _alone(batch.pages(reader))
    return [page], _frame(reader, [("Batch", [Entry(page.path, page.title)])])


def _alone(pages: Iterator[Page]) -> Iterator[Page]:
    for page in pages:
        yield replace(page, path=INDEX, above="")


def _frame(reader: Reader, menu: list[tuple[str, list[Entry]]]) -> Frame:
    scope = reader.scope
    first = scope.sessions[0]
    return Frame(
        name=f"Salmon farming, {joined([row['name'] for row in scope.geographies])}",
        period=scope.period,
        scenario=first.scenario_name,
        seed=first.seed,
        menu=menu,
    )
