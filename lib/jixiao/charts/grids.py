"""Charts over two dimensions (institute × table, form × level) and the grid they are drawn on. Many rows become boxes or shares."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import colors
from matplotlib.axes import Axes

from ..words import code, heading, number, say
from .canvas import BLUE, GREY, INK, MOST_ROWS, PALE, SPACING, axes, empty, finish
from .row_names import LINE, case_labels, form_labels, labels, told_apart, wrap

GRADES = "cividis"  # light to dark for every kind of colour vision
MIDDLE = 0.18  # the luminance on which white and black letters are read equally well


def grid(values: pd.DataFrame, texts: pd.DataFrame, ax: Axes | None, low: float, high: float) -> Axes:
    """A heat map with its values written in; a missing one is pale and says so."""
    lines = max((name.count("\n") for name in values.index.astype(str)), default=0)
    ax = axes(ax, 1.3 + len(values) * (0.34 + 0.13 * lines))
    ax.set_facecolor(PALE)
    sns.heatmap(values.astype(float), annot=texts, fmt="", cmap=GRADES, vmin=low, vmax=high, ax=ax, cbar=False, linewidths=1.5,
                linecolor="white", annot_kws={"fontsize": 8})  # fmt: skip
    for text, face in zip(ax.texts, ax.collections[0].get_facecolors()[values.notna().to_numpy().ravel()], strict=True):
        text.set_color("white" if luminance(face) < MIDDLE else "black")
    for row, column in np.argwhere(values.isna().to_numpy()):
        ax.text(column + 0.5, row + 0.5, "—", ha="center", va="center", color=GREY, fontsize=8)
    ax.tick_params(axis="x", rotation=0, length=0)
    ax.tick_params(axis="y", rotation=0, length=0)
    plt.setp([*ax.get_xticklabels(), *ax.get_yticklabels()], linespacing=SPACING)
    ax.grid(False)
    return ax


def luminance(colour: np.ndarray) -> float:
    """Relative luminance (WCAG 2) of an RGBA colour."""
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colors.to_rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def percents(values: pd.DataFrame) -> pd.DataFrame:
    return values.map(lambda value: "" if pd.isna(value) else number(value, 1) + "%")


def every_year(values: pd.Series) -> list[int]:
    """All years from the first to the last, those without data too."""
    return list(range(int(values.min()), int(values.max()) + 1))


def levels(frame: pd.DataFrame, language: str = "zh", ax: Axes | None = None) -> Axes:
    """Share of the points taken, form × first-level heading. `frame` is `marks.form_scores`.

    More than 24 forms become one box a level (middle half and median, whiskers to lowest and highest).
    """
    rows = frame.dropna(subset=["earned_share"])
    if rows.empty:
        return empty("empty_scores", language, ax)
    keys = ["institute", "fiscal_year", "scope"]
    forms = len(rows[keys].drop_duplicates())
    if forms > MOST_ROWS:
        return _level_boxes(rows, forms, language, ax)
    order = rows.drop_duplicates("level1")["level1"].tolist()
    wide = rows.pivot_table(index=keys, columns="level1", values="earned_share", sort=False, observed=True).reindex(columns=order) * 100
    wide.index = pd.Index(form_labels(wide.index.to_frame(index=False), language))
    line = min(LINE, 40 / len(wide.columns))  # many columns are narrow
    heads = told_apart([code(name, language, "level") for name in wide.columns], 3 * line - 1)
    wide.columns = pd.Index([wrap(name, 3, line) for name in heads])
    ax = grid(wide, percents(wide), ax, min(80.0, float(np.nanmin(wide))), 100.0)
    finish(ax, "chart_levels", "axis_share", language)
    ax.set_xlabel("")
    ax.set_title(f"{say('chart_levels', language)} (%)")
    return ax


def _level_boxes(rows: pd.DataFrame, forms: int, language: str, ax: Axes | None) -> Axes:
    names = rows.drop_duplicates("level1")["level1"].tolist()[:MOST_ROWS]
    words = labels([code(name, language, "level") for name in names])
    values = [rows.loc[rows["level1"].eq(name), "earned_share"].to_numpy(float) * 100 for name in names]
    ax = axes(ax, 1.2 + 0.45 * len(names))
    ax.boxplot(values, orientation="horizontal", whis=(0, 100), widths=0.5, patch_artist=True,
               boxprops={"facecolor": BLUE, "alpha": 0.45}, medianprops={"color": INK}, tick_labels=words)  # fmt: skip
    ax.invert_yaxis()
    for row, shares in enumerate(values, start=1):
        ax.annotate(number(float(np.median(shares)), 1) + "%", (np.median(shares), row), xytext=(0, 13), textcoords="offset points",
                    ha="center", fontsize=8)  # fmt: skip
    return finish(ax, "chart_levels", "axis_share", language, say("boxes", language, count=forms))


def coverage(counts: pd.DataFrame, language: str = "zh", ax: Axes | None = None) -> Axes:
    """How many rows each table has for each institute and year. `counts` is `coverage.counts`.

    More than 24 institutes and years become the share of the year's reports that have data in the table.
    """
    if counts.empty:
        return empty("empty_corpus", language, ax)
    tables = [column for column in counts.columns if column not in ("institute", "fiscal_year")]
    if len(counts) > MOST_ROWS:
        shares = counts.groupby("fiscal_year", dropna=False)[tables].agg(lambda column: column.gt(0).mean() * 100)
        shares = shares.reindex(every_year(counts["fiscal_year"].dropna())) if counts["fiscal_year"].notna().all() else shares
        shares.columns = pd.Index([wrap_heading(name, language) for name in tables])
        ax = grid(shares, percents(shares), ax, 0, 100)
        finish(ax, "chart_coverage_share", "axis_reports", language)
        return ax
    ordered = counts.sort_values(["fiscal_year", "institute"], kind="stable").reset_index(drop=True)
    wide = ordered[tables].astype(float)
    wide.index = pd.Index(case_labels(ordered, language))
    wide.columns = pd.Index([wrap_heading(name, language) for name in tables])
    scale = np.log1p(wide.where(wide.gt(0)))
    texts = wide.map(lambda value: f"{value:.0f}" if value else "")
    ax = grid(scale, texts, ax, 0, max(1.0, float(np.nanmax(scale, initial=1))))
    return finish(ax, "chart_coverage", "axis_rows", language)


def wrap_heading(table: str, language: str) -> str:
    """A table's name as a column label."""
    return wrap(heading(table, language), line=7.0)
