"""Sentences about budget execution (预算执行)."""

from __future__ import annotations

import pandas as pd

from ..measures import latest
from ..words import Named, missing, names, say
from .common import case, cases, either_way, ends, first_of, forms, join, moves_of, teller, tied


def rates(frame: pd.DataFrame, language: str, brief: bool = False) -> str:
    """Execution rates of institutes. `frame` is `measures.institute_rates`, of which each institute's latest year counts.

    `brief`: only the first sentence.
    """
    rows = latest(frame)
    known = rows.dropna(subset=["rate"])
    low, high = known["rate"].min(), known["rate"].max()
    of_all = "rates_known_all" if len(known) == len(rows) else "rates_known"
    values = {"known": say(of_all, language, count=len(known), total=len(rows)), "median": known["rate"].median()}
    if rows.empty:
        text = say("rates_nothing", language)
    elif len(known) > 1 and high - low < 0.00005:
        text = say("rates_equal", language, **values)
    else:
        first, (top, bottom) = first_of(known), ends(known, "rate")
        named = {"first": case(first, language, rows), "top": cases(top, language, rows), "bottom": cases(bottom, language, rows)}
        money = {"spent": first.get("executed_wan"), "budget": first.get("budget_wan"), "rate": first.get("rate")}
        text = say("rates", language, count=len(known), **named, **money, **values, highest=high, lowest=low)
    if brief:
        return text
    projects, over = known[known["covers"].eq("projects")], known[known["rate"].gt(1.00005)]
    over = over.sort_values("rate", ascending=False, kind="stable")
    mixed = len(projects) if len(known) > len(projects) else 0
    return join(
        text,
        say("rates_mixed", language, count=mixed, list=cases(projects, language, rows)),
        say("rates_over", language, count=len(over), list=cases(over, language, rows)),
        language=language,
    )


def plan(frame: pd.DataFrame, language: str) -> str:
    """Budgets revised and left unspent. `frame` is `measures.institute_rates`."""
    rows = latest(frame)
    both = rows.dropna(subset=["adjusted_wan"])
    both = both.assign(change=both["adjusted_wan"] / both["initial_budget_wan"].where(both["initial_budget_wan"].ne(0)))
    both = both.sort_values("change", key=lambda change: -change.abs(), kind="stable")
    first, moves = first_of(both), moves_of("adjusted", both["adjusted_wan"].round(2), language)
    widest = tied(both, "change", size=True)
    said = bool(first.get("change", 0)) and pd.notna(first["change"])  # not of budgets that all stayed, or of one out of nothing
    change = say("adjusted_change", language, count=len(both), first=cases(widest, language, rows),
                 change=either_way(widest["change"], "change", language)) if said else ""  # fmt: skip
    left = rows[rows["unspent_wan"].gt(0.005).fillna(False)].sort_values("unspent_wan", ascending=False, kind="stable")
    adjusted = say("adjusted", language, count=len(both), first=cases(both.head(1), language, rows), moves=moves, change=change,
                   initial=first.get("initial_budget_wan"), revised=first.get("revised_budget_wan"))  # fmt: skip
    most = tied(left, "unspent_wan")
    each = say("each", language) if len(most) > 1 else ""
    unspent = say("unspent", language, count=len(left), amount=left["unspent_wan"].sum(), most=first_of(left).get("unspent_wan"),
                  first=cases(most, language, rows), each=each)  # fmt: skip
    return join(adjusted, unspent, language=language)


def scopes(frame: pd.DataFrame, language: str) -> str:
    """Execution by project. `frame` is `measures.execution_rates`, of which each institute's latest year counts."""
    rows = latest(frame[frame["part"].eq("project")]).dropna(subset=["rate"]).sort_values("rate", kind="stable")
    full = int(rows["rate"].ge(0.99995).sum())
    first = forms(tied(rows, "rate"), language, rows, counted="project")
    key = "scopes_full" if len(rows) and full == len(rows) else "scopes"
    return say(key, language, count=len(rows), full=full, first=first, rate=rows["rate"].iloc[0] if len(rows) else None)


def printed_rates(frame: pd.DataFrame, language: str) -> str:
    """Printed rates against computed ones. `frame` is `measures.execution_rates`."""
    rows = frame.dropna(subset=["rate_difference_pp"])
    wrong = rows[rows["rate_agrees"].eq(False).fillna(False).astype(bool)]
    wrong = wrong.sort_values("rate_difference_pp", key=lambda pp: -pp.abs(), kind="stable")
    agree = rows.drop(wrong.index)
    cut = agree["rate_rounded"].eq(False).fillna(False).astype(bool)
    worst = forms(tied(wrong, "rate_difference_pp", size=True), language, rows, "rate_printed rate rate_difference_pp",
                  teller("printed_rate_wrong", language, "name", "printed", "rate", "difference"))  # fmt: skip
    return join(
        say("printed_rates", language, count=len(rows), agree=len(agree)),
        say("printed_rates_cut", language, count=int(cut.sum()), list=forms(agree[cut], language, rows)),
        say("printed_rates_worst", language, count=len(wrong), first=worst),
        language=language,
    )


def history(frame: pd.DataFrame, language: str) -> str:
    """Change of the rate from year to year. `frame` is `measures.institute_rates`.

    A rate is compared with that of the institute's time before; where one is of the whole and the other of projects it is not.
    """
    rows = frame.dropna(subset=["rate"]).sort_values(["institute", "fiscal_year"], kind="stable")
    before = rows.groupby("institute")[["rate", "fiscal_year", "basis", "covers"]].shift().add_prefix("before_")
    rows = latest(rows.join(before).dropna(subset=["before_rate"]))
    unlike = rows[rows["covers"].ne(rows["before_covers"])]
    rows = rows.drop(unlike.index)
    rows = rows.assign(change=(rows["rate"] - rows["before_rate"]).round(6))
    rows = rows.sort_values("change", key=lambda change: -change.abs(), kind="stable")
    widest = tied(rows, "change", size=True)[["institute", "before_fiscal_year", "before_rate", "fiscal_year", "rate"]]
    first = Named(widest, teller("history_of", language, "name", "before_year", "before", "year", "rate"), "institute")
    most = say("history_most", language, first=first) if rows["change"].ne(0).any() else ""
    other = rows[rows["basis"].ne(rows["before_basis"])]
    return join(
        say("history", language, count=len(rows), first=first, most=most, moves=moves_of("history", rows["change"], language)),
        say("history_basis", language, count=len(other), list=cases(other, language, other)),
        say("history_unlike", language, count=len(unlike), list=cases(unlike, language, unlike)),
        language=language,
    )


def own_history(frame: pd.DataFrame, language: str) -> str:
    """One institute's rates over its years, and which are of another kind. `frame` is its rows of `measures.institute_rates`."""
    rows = frame.dropna(subset=["rate"]).sort_values("fiscal_year", kind="stable")
    kinds = {column: rows[column].nunique() > 1 for column in ("covers", "basis")}
    told = [
        say("own_history_year", language, year=int(row["fiscal_year"]), rate=row["rate"],
            kind="".join(say(f"own_history_{row[column]}", language) for column, several in kinds.items() if several))
        for _, row in rows.iterrows()
    ]  # fmt: skip
    moved = ""
    if len(rows) > 1 and rows["covers"].iloc[0] == rows["covers"].iloc[-1]:
        first, last = rows.iloc[0], rows.iloc[-1]
        moved = say("own_history_moved", language, before_year=int(first["fiscal_year"]), year=int(last["fiscal_year"]),
                    difference=(last["rate"] - first["rate"]) * 100)  # fmt: skip
    other = say("own_history_unlike", language) if any(kinds.values()) else ""
    return join(say("own_history", language, count=len(rows), rates=names(told, language, most=99), moved=moved), other, language=language)


def parts(frame: pd.DataFrame, language: str) -> str:
    """Basic and project spending. `frame` is `measures.spending_parts`, of which each institute's latest year counts."""
    basic = latest(frame[frame["item"].eq("基本支出")].dropna(subset=["share"]))
    first = case(first_of(basic), language, basic)
    return say("parts", language, count=len(basic), first=first, share=basic["share"].median())


def peers(row: pd.DataFrame, language: str) -> str:
    """Place among peers. `row` is the institute's row of `measures.place_among_peers`, or no row."""
    known = row.dropna(subset=["rate"])
    if known.empty:
        return say("peers", language, count=0)
    first = known.iloc[0]
    if pd.isna(first["rank"]):
        return say("peers", language, count=int(first["peers"]))
    others = int(first["sharing"]) - 1
    return say("peers_rank", language, count=others + 1, others=others, peers=int(first["peers"]), rank=int(first["rank"]),
               median=first["peers_median"])  # fmt: skip


def own_rate(row: pd.DataFrame, language: str) -> str:
    """One institute's budget, spending and rate. `row` is its row of `measures.institute_rates`, or no row."""
    first = first_of(row)
    budget, spent, rate = (None if missing(first.get(name)) else float(first[name]) for name in ("budget_wan", "executed_wan", "rate"))
    kind = "_projects" if first.get("covers") == "projects" and first["scopes"] > 1 else ""
    if rate is not None:
        unspent = round(float(first["unspent_wan"]), 2)
        left = say("one_left" if unspent > 0 else "one_over" if unspent else "one_all", language, amount=abs(unspent))
        text = say("one_rate", language, count=1, budget=budget, spent=spent, rate=rate, left=left)
    elif spent is not None:
        text = say("one_zero_budget" if budget is not None else f"one_spent{kind}", language, spent=spent)
    elif budget is not None:
        text = say(f"one_budget{kind}", language, budget=budget)
    else:
        return say("one_incomplete" if kind else "one_rate", language, count=0)
    projects = say("one_projects", language, count=int(first["scopes"])) if first["covers"] == "projects" else ""
    return join(text, projects, language=language)
