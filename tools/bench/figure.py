"""A figure, its target, and the table that puts several subjects side by side."""

from dataclasses import dataclass
from typing import Any

from rich.box import SIMPLE
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One row: `key` in the results, and at most one target, `at_most` or `at_least`."""

    key: str
    title: str
    digits: int = 0
    at_most: float | None = None
    at_least: float | None = None

    @property
    def has_target(self) -> bool:
        """Whether anything was promised."""
        return self.at_most is not None or self.at_least is not None

    def met(self, value: float) -> bool:
        """Whether `value`, exactly as measured, is what was promised."""
        if self.at_most is not None:
            return value <= self.at_most
        return self.at_least is None or value >= self.at_least

    def target(self) -> str:
        """The target as text; empty without one."""
        if self.at_most is not None:
            return f"≤ {self.at_most:,g}"
        return "" if self.at_least is None else f"≥ {self.at_least:,g}"

    def text(self, value: float | str | None) -> str:
        """`value` with this figure's digits; a dash where there is none."""
        if value is None:
            return "-"
        return value if isinstance(value, str) else f"{value:,.{self.digits}f}"


@dataclass(frozen=True)
class Column:
    """One subject. `ours`: the targets are for it; `values`: by the figures' keys."""

    title: str
    values: dict[str, Any]
    ours: bool = False


def table(title: str, caption: str, figures: tuple[Figure, ...], columns: list[Column]) -> Table:
    """Figures down, subjects across; in our own columns each target says met or missed."""
    grid = Table(title=title, caption=" ".join(caption.split()), box=SIMPLE)
    grid.title_justify = grid.caption_justify = "left"
    grid.add_column("", no_wrap=True)
    targets = any(each.has_target for each in figures)
    if targets:
        grid.add_column("target", justify="right", no_wrap=True)
    for column in columns:
        grid.add_column(column.title, justify="right")
    for figure in figures:
        cells = [_cell(figure, column) for column in columns]
        grid.add_row(figure.title, *([figure.target()] if targets else []), *cells)
    return grid


def _cell(figure: Figure, column: Column) -> str:
    value = column.values.get(figure.key)
    text = figure.text(value)
    if value is None or not (column.ours and figure.has_target):
        return text
    verdict = "[green]met[/]" if figure.met(value) else "[bold red]missed[/]"
    return f"{text} {verdict}"


def verdicts(subject: str, figures: tuple[Figure, ...], values: dict[str, Any]) -> list[dict]:
    """Each of the figures that have a target, with what `subject` reached."""
    return [
        {
            "figure": f"{subject}.{figure.key}",
            "target": figure.target(),
            "measured": values[figure.key],
            "met": figure.met(values[figure.key]),
        }
        for figure in figures
        if figure.has_target and values.get(figure.key) is not None
    ]
