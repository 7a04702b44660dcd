"""Charts of what the audit found."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from ..findings import SEVERITIES
from ..words import code, number, say
from . import bars
from .canvas import DARK_RED, ENDS, ORANGE, SILVER, empty, finish, year_note
from .row_names import case_labels


def findings(frame: pd.DataFrame, language: str = "zh", ax: Axes | None = None) -> Axes:
    """How many findings each institute and year has, by severity, accepted ones too. `frame` is `findings.by_institute`.

    Of more than 24 those with the gravest, and the mean of the rest.
    """
    if frame.empty:
        return empty("empty_findings", language, ax)
    most = bars.MOST_ROWS if len(frame) <= bars.MOST_ROWS else 2 * ENDS
    shown, others = frame.head(most), frame.iloc[most:]
    words = [code(level, language) for level in SEVERITIES]
    notes = [str(total) + (f" ({say('of_which_accepted', language, count=taken)})" if taken else "")
             for total, taken in zip(shown["total"], shown["accepted"], strict=True)]  # fmt: skip
    rest = say("the_rest_cases", language, count=len(others))
    drawn, names = bars.with_rest(shown, others, SEVERITIES, "mean", case_labels(shown, language), rest)
    notes += [number(others["total"].mean())] if len(others) else []
    ax = bars.stacked(drawn, list(SEVERITIES), names, words, [DARK_RED, ORANGE, SILVER], notes, ax)
    ax.xaxis.get_major_locator().set_params(integer=True)
    left_out = say("gravest_cases", language, shown=len(shown), total=len(frame)) if len(others) else ""
    return finish(ax, "chart_findings", "axis_findings", language, left_out or year_note(shown, language), legend=3)
