"""The picture of a run: every figure as a point with its interval, a panel for each unit. English only, since
plotting fonts rarely hold Chinese characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas

from eval.baseline import Change
from eval.figures import NAMES, Figure

LINE_INCHES = 0.24
COLOURS = {"en": "#1f5fa8", "zh": "#b5452c", "mixed": "#6b4c9a"}
OTHER = "#444444"


def save(path: Path, name: str, figures: Sequence[Figure], changes: Sequence[Change]) -> None:
    """A PNG at `path`; hollow points are the baseline."""
    before = {(c.figure.key, c.figure.row): c.before for c in changes}
    units = sorted({figure.unit for figure in figures})
    panels = [[f for f in figures if f.unit == unit] for unit in units]
    heights = [len(panel) + 2.5 for panel in panels]
    canvas = Canvas(figsize=(10, LINE_INCHES * sum(heights) + 0.6), layout="constrained")
    FigureCanvasAgg(canvas)
    grid = canvas.subplots(len(panels), 1, squeeze=False, height_ratios=heights)
    for axes, unit, panel in zip(grid[:, 0], units, panels, strict=True):
        _draw(axes, unit, panel, [before.get((f.key, f.row)) for f in panel])
    canvas.suptitle(f"{name}: value and 95 % interval (hollow: baseline)", fontsize=10)
    path.parent.mkdir(parents=True, exist_ok=True)
    canvas.savefig(path, dpi=120)


def _draw(axes: Axes, unit: str, panel: Sequence[Figure], before: Sequence[Figure | None]) -> None:
    scale = 100.0 if unit == "%" else 1.0
    for line, (figure, earlier) in enumerate(zip(panel, before, strict=True)):
        colour = COLOURS.get(figure.row.split("/")[0], OTHER)
        if figure.low is not None and figure.high is not None:
            axes.plot([scale * figure.low, scale * figure.high], [line, line], color=colour, linewidth=1.5)
        if earlier is not None:
            axes.plot(scale * earlier.value, line, "o", color=colour, fillstyle="none", markersize=8)
        axes.plot(scale * figure.value, line, "o", color=colour, markersize=4)
    axes.set_yticks(range(len(panel)), [f"{NAMES.say(f.key, 'en')} · {f.row}" for f in panel], fontsize=7)
    axes.set_ylim(len(panel) - 0.5, -0.5)
    axes.set_xlabel(unit, fontsize=8)
    axes.tick_params(axis="x", labelsize=7)
    axes.grid(axis="x", alpha=0.3)
