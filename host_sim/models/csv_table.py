"""CSV files with named columns, line by line. Whatever is wrong is a `DataError` of one line."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple


class DataError(Exception):
    """A recording cannot be used. Its text is one line: file, line, what is wrong, what to do."""

    def __init__(self, path: Path, line: int | None, problem: str, remedy: str) -> None:
        where = f"{path}: line {line}" if line else f"{path}"
        super().__init__(" ".join(f"{where}: {problem}; {remedy}".split()))


class Row(NamedTuple):
    """One line of data: the cells of the columns asked for, and where it stands."""

    path: Path
    line: int
    cells: list[str]

    def error(self, problem: str, remedy: str = "correct or remove the line") -> DataError:
        """What is wrong with this line."""
        return DataError(self.path, self.line, problem, remedy)


def listed(columns: Iterable[str]) -> str:
    """Column names to read; a column may have none."""
    return ", ".join(name or '""' for name in columns)


def columns_of(path: Path) -> list[str]:
    """The column names of a CSV file."""
    return _header(path, _lines(path))


def rows_of(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    """The lines of data, with the cells of `columns` in that order."""
    lines = _lines(path)
    header = _header(path, lines)
    for name in columns:
        if name not in header:
            remedy = f"the header must have {listed(columns)}"
            raise DataError(path, 1, f'the column "{name}" is missing', remedy)
    places = [header.index(name) for name in columns]
    reader = csv.reader(lines)
    try:
        next(reader)
        for cells in reader:
            row = Row(path, reader.line_num, cells)
            if len(cells) != len(header):
                raise row.error(f"{len(cells)} cells where the header has {len(header)}")
            yield row._replace(cells=[cells[place].strip() for place in places])
    except csv.Error as error:
        raise DataError(path, reader.line_num, f"no CSV ({error})", "correct the line") from None


def _lines(path: Path) -> list[str]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DataError(path, None, "there is no such file", "check the path") from None
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
        raise DataError(path, None, problem, "give a readable CSV file") from None
    try:
        return data.decode("utf-8-sig").splitlines(keepends=True)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError(path, line, "the text is not UTF-8", "save the file in UTF-8") from None


def _header(path: Path, lines: list[str]) -> list[str]:
    try:
        header = next(csv.reader(lines), None)
    except csv.Error as error:
        raise DataError(path, 1, f"no CSV ({error})", "give a CSV file") from None
    if not header:
        raise DataError(path, None, "the file is empty", "give a recording with a header line")
    return [name.strip() for name in header]
