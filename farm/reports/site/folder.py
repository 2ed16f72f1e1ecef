"""The folder a report is written into: its own, or none at all.

A list of what was written lies in it. It says that the folder is a report's, and what to remove
before the next one, so that nothing of anybody else's is ever touched.
"""

from __future__ import annotations

from importlib.metadata import distribution
from pathlib import Path
from shutil import copyfile

from farm.errors import SettingsInvalid
from farm.reports.site.data import Data

#: The list of the files written; the folder's mark.
LIST = "farm-report.txt"

_HEAD = "Written by `farm report`. These files are replaced by the next report:"
_ASSETS = Path(__file__).parent / "assets"
_PLOTLY = "plotly/package_data/plotly.min.js"


class Folder:
    """A report's folder, made empty of the report before."""

    def __init__(self, path: Path) -> None:
        """Take the folder.

        Raises:
            SettingsInvalid: it is no folder, or holds something else.
        """
        self.path = path
        self._written: list[str] = []
        if path.exists() and not path.is_dir():
            raise SettingsInvalid(f"{path} is a file: name a folder for the report with --out")
        path.mkdir(parents=True, exist_ok=True)
        mark = path / LIST
        if not mark.exists() and any(path.iterdir()):
            raise SettingsInvalid(
                f"{path} is not empty and holds no report: name another folder with --out"
            )
        if mark.exists():
            self._clear(mark.read_text(encoding="utf-8").splitlines()[1:])
        mark.write_text(f"{_HEAD}\n", encoding="utf-8")

    @property
    def files(self) -> int:
        """How many files were written."""
        return len(self._written)

    @property
    def bytes(self) -> int:
        """How large they are together."""
        return sum((self.path / name).stat().st_size for name in self._written)

    def text(self, name: str, content: str) -> None:
        """Write a text file."""
        self._place(name).write_text(content, encoding="utf-8")

    def csv(self, name: str, data: Data) -> None:
        """Write rows."""
        data.save(self._place(name))

    def assets(self) -> None:
        """Write the style sheet, the script and plotly.js."""
        for source in sorted(_ASSETS.iterdir()):
            copyfile(source, self._place(f"assets/{source.name}"))
        plotly = Path(str(distribution("plotly").locate_file(_PLOTLY)))
        copyfile(plotly, self._place("assets/plotly.min.js"))

    def _place(self, name: str) -> Path:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        # Before the file: a report that breaks off leaves nothing that the next one does not know.
        with (self.path / LIST).open("a", encoding="utf-8") as mark:
            mark.write(f"{name}\n")
        self._written.append(name)
        return file

    def _clear(self, names: list[str]) -> None:
        root = self.path.resolve()
        for name in names:
            file = (root / name).resolve()
            if root in file.parents:
                file.unlink(missing_ok=True)
        for folder in sorted((p for p in root.rglob("*") if p.is_dir()), reverse=True):
            if not any(folder.iterdir()):
                folder.rmdir()
