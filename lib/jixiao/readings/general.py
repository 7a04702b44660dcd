"""Sentences about what is there, what is missing, and what reading and checking found."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..findings import levels, open_ones
from ..measures import CASE
from ..tables import only
from ..words import Named, code, gap, heading, kind, names, say, texts, written
from .common import cases, ends, join, most_frequent, year_span

FEWEST = 3  # institutes of which something can be said in general


def corpus(counts: pd.DataFrame, reports: pd.DataFrame, language: str, brief: bool = False) -> str:
    """What reports there are. `counts` is `coverage.counts`; `brief`: only the first sentence."""
    tables = [column for column in counts.columns if column not in ("institute", "fiscal_year", "issues")]
    first = say("case", language, institute=counts["institute"].iloc[0], year=counts["fiscal_year"].iloc[0]) if len(counts) else ""
    told = {"years": year_span(reports["fiscal_year"], language), "figures": int(counts[tables].to_numpy().sum())}
    alone = reports["institute"].nunique() == 1 < len(reports)
    if alone:
        text = say("corpus_of_one", language, count=len(reports), institute=reports["institute"].iloc[0], **told)
    else:
        text = say("corpus", language, count=len(reports), institutes=reports["institute"].nunique(), first=first, **told)
    several = int(counts.groupby("institute")["fiscal_year"].nunique().gt(1).sum())
    empty = counts[tables].eq(0).sum()
    parts = [say("empty_table", language, table=heading(name, language), count=int(n)) for name, n in empty[empty > 0].items()]
    if brief or not len(counts):
        return text
    lacking = say("empty_tables", language, count=len(parts), list=names(parts, language, most=9))
    years = say("several_years", language, count=several) if counts["fiscal_year"].nunique() > 1 and not alone else ""
    return join(text, years, lacking, language=language)


def caveats(tables: Mapping[str, pd.DataFrame], lacking: pd.DataFrame | None, language: str) -> str:
    """What to mind before the figures are passed on, a line each. `lacking` is `coverage.gaps`, its topic's rows; None: not said."""
    reports = only(tables, "reports", "institute fiscal_year")
    newest = reports.groupby("institute")["fiscal_year"].max().dropna()
    lines = [say("caveat_years", language, years=year_span(newest, language))] if newest.nunique() > 1 else []
    if (few := reports["institute"].nunique()) < FEWEST:
        lines.append(say("caveat_few", language, count=few))
    if lacking is not None and len(reports):
        reasons, most = most_frequent(lacking["gap"])
        told = Named(pd.DataFrame({"gap": reasons}), lambda reason: gap(reason, language), "kind")
        key = "caveat_gaps_each" if most == 1 else "caveat_gaps"  # none is more frequent than others
        lines.append(say(key, language, count=len(lacking[CASE].drop_duplicates()), total=len(reports[CASE].drop_duplicates()),
                         list=told, most=most, each=say("each", language) if len(reasons) > 1 else ""))  # fmt: skip
    if len(reports):
        raised = open_ones(only(tables, "findings", "severity accepted"))
        lines.append(say("caveat_findings", language, count=len(raised), **levels(raised)))
        lines.append(issues(only(tables, "issues", "report_id code"), language))
    return "\n".join(f"- {line}" for line in lines)


def ranked(frame: pd.DataFrame, value: str, language: str) -> str:
    """The middle and both ends of the column `value`. `frame` has `institute` and `fiscal_year` (or `year`), as `charts.ranked`."""
    rows = frame.dropna(subset=[value])
    high, low = rows[value].max(), rows[value].min()
    told = {name: written(figure, kind(value), language) for name, figure in
            {"median": rows[value].median(), "highest": high, "lowest": low}.items()}  # fmt: skip
    top, bottom = (cases(found, language, rows) for found in ends(rows, value))
    key = "ranked_equal" if len(rows) > 1 and round(high - low, 6) == 0 else "ranked"
    return say(key, language, count=len(rows), what=heading(value, language), top=top, bottom=bottom, **told)


def issues(rows: pd.DataFrame, language: str) -> str:
    """What reading could not settle. `rows` is the table `issues`."""
    kinds, most = most_frequent(rows["code"])
    told = Named(pd.DataFrame({"code": kinds}), lambda found: say("quoted", language, text=code(found, language, "issue")), "kind")
    text = say("issues", language, count=len(rows), reports=rows["report_id"].unique().tolist(), list=told)
    key = "issues_each" if most == 1 else "issues_kind"
    return join(text, say(key, language, count=len(kinds), list=told, most=most) if kinds else "", language=language)


def taken(reports: pd.DataFrame, language: str) -> str:
    """What share of the cells with a number in the reports' tables went into the tidy tables. `reports` is the table `reports`."""
    cells, got = int(reports["figure_cells"].sum()), int(reports["figure_cells_taken"].sum())
    return say("taken", language, count=cells - got, cells=cells, taken=got, share=got / cells if cells else None)


def checks(rows: pd.DataFrame, language: str) -> str:
    """How many checks passed, failed and could not be made. `rows` is the table `checks`."""
    counts = rows["status"].value_counts()
    of = {status: int(counts.get(status, 0)) for status in ("fail", "not_checked", "not_applicable")}
    return say("checks", language, count=len(rows), passed=int(counts.get("pass", 0)), failed=of.pop("fail"), **of)


def findings(rows: pd.DataFrame, language: str) -> str:
    """How many things an auditor would raise, by severity. `rows` is the table `findings`."""
    return say("findings", language, count=len(rows), **levels(rows))


def gaps(frame: pd.DataFrame, language: str) -> str:
    """What cannot be compared and why, a line a reason. `frame` is `coverage.gaps`."""
    lines = [
        say("gap_line", language, gap=gap(reason, language), list=cases(lacking, language, frame))
        for reason, lacking in _by_gap(frame)
    ]  # fmt: skip
    return "\n".join(lines) or say("no_gaps", language)


def own_gaps(frame: pd.DataFrame, language: str) -> str:
    """As `gaps`, of one institute: its name is not said on each line, and its years where there are several."""
    several = frame["fiscal_year"].nunique() > 1
    lines = [
        say("gap_line", language, gap=gap(reason, language), list=[say("year", language, year=year) for year in lacking["fiscal_year"]])
        if several else say("gap_alone", language, gap=gap(reason, language))
        for reason, lacking in _by_gap(frame)
    ]  # fmt: skip
    return "\n".join(lines) or say("no_gaps", language)


def _by_gap(frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The gaps that there are with their rows, by topic, as `words.toml` has them."""
    return [(reason, rows) for reason in texts()["gap"] if len(rows := frame[frame["gap"].eq(reason)])]


def differ(frame: pd.DataFrame, language: str) -> str:
    """Figures that a report prints in more than one way. `frame` is any measure with `printed_differ`."""
    rows = frame[frame["printed_differ"].eq(True)]
    return say("differ", language, count=len(rows), list=cases(rows, language, frame))


def contradicted(rows: pd.DataFrame, language: str) -> str:
    """Amounts that a report prints differently from one place to another. `rows` is the table `findings`."""
    found = rows[rows["check"].eq("same_figure")]
    return say("differ", language, count=len(found), list=cases(found, language, rows))
