"""The fund block of a self-evaluation form (预算执行情况), as provinces vary it, and its truth."""

from __future__ import annotations

from dataclasses import dataclass

from . import words
from .draw import Draw, Unit
from .model import ABOVE, LEFT, Truth, blank_row

TOTAL = "年度资金总额"


@dataclass
class Sums:
    """Initial, revised and executed amounts of one row in hundredths of the unit; None is printed as nothing."""

    initial: int | None
    revised: int | None
    executed: int | None


def sums(d: Draw, unit: Unit) -> Sums:
    revised = d.amount(unit)
    initial = revised if d.chance(0.5) else d.amount(unit)
    executed = revised if d.chance(0.3) else round(revised * d.uniform(0.4, 1.02))
    return Sums(initial, revised, executed)


def split(d: Draw, whole: Sums, count: int) -> list[Sums]:
    """`count` rows that sum up to `whole`."""
    shares = [d.uniform(0.1, 1) for _ in range(count)]
    parts = []
    left = [whole.initial, whole.revised, whole.executed]
    for i, share in enumerate(shares):
        if i == count - 1:
            values = list(left)
        else:
            values = [
                None if whole_value is None else round(whole_value * share / sum(shares))
                for whole_value in (whole.initial, whole.revised, whole.executed)
            ]
        left = [None if a is None or b is None else a - b for a, b in zip(left, values, strict=True)]
        parts.append(Sums(*values))
    return parts


def fund_block(d: Draw, truth: Truth, scope: str, year: int, unit: Unit, *, whole: bool = False, caption: bool = False) -> list[list[str]]:
    """Rows of the block: first the header. Its first column is the side label that reaches down. `caption`: the unit is stated above."""
    columns = d.pick(
        [
            ["initial", "revised", "executed", "weight", "rate", "score"],
            ["initial", "revised", "executed", "weight", "rate", "score"],
            ["initial", "revised", "executed", "rate", "weight", "score"],
            ["initial", "executed", "weight", "rate", "score"],
            ["initial", "executed", "rate"],
            ["initial", "revised", "executed", "rate"],
            ["revised", "executed", "rate", "weight", "score"],
            ["executed", "initial", "revised", "rate", "score", "weight"],
        ]
    )
    labels = {
        "initial": d.pick(words.INITIAL if "revised" in columns else words.ONLY_BUDGET),
        "revised": d.pick(words.REVISED), "executed": d.pick(words.EXECUTED),
        "rate": d.pick(words.RATE), "weight": d.pick(words.WEIGHT), "score": d.pick(words.SCORE),
    }  # fmt: skip
    where = "caption" if caption else d.pick(["side", "side", "header", "cell"])
    side = d.pick(words.SIDE) + (d.pick(["（{}）", "\n（{}）", "({})"]).format(unit.name) if where == "side" else "")
    head = [side, d.label(d.pick(words.SOURCE))]
    for name in columns:
        money = name in ("initial", "revised", "executed")
        head.append(d.label(labels[name] + (f"({unit.name})" if money and where == "header" and "(" not in labels[name] else "")))
    if where == "header" and all("(" in labels[n] for n in columns if n in ("initial", "revised", "executed")):
        head[0] += f"（{unit.name}）"
    rows = [head]
    total = sums(d, unit)
    if d.chance(0.2):
        total.initial = None
    weight = d.pick([10, 10, 20])
    parts = d.sample(sorted(words.PARTS), d.randint(2, 4))
    names = [(TOTAL, d.pick(words.WHOLE_TOTALS if whole else words.TOTALS), total)]
    names += [(item, d.pick(words.PARTS[item]), each) for item, each in zip(parts, [*split(d, total, len(parts) - 1), None], strict=True)]
    mark = d.pick(["—", "", "-", "/"])
    for item, printed, values in names:
        row = [ABOVE, d.label(printed)]
        for name in columns:
            if name in ("initial", "revised", "executed"):
                value = getattr(values, name) if values else None
                text = d.nothing() if value is None else unit.show(value) + (unit.name if where == "cell" else "")
                if value is not None:
                    truth.add("funds", scope=scope, item=item, year=year, stage=_stage(name, columns), amount_wan=unit.wan(value))
                row.append(text)
            else:
                row.append(mark)
        if values is total:
            _execution(d, truth, scope, columns, total, unit, weight, row, labels["rate"])
        elif values and "rate" in columns and d.chance(0.5):
            budget = (values.revised if "revised" in columns else values.initial) or 0
            row[2 + columns.index("rate")] = f"{100 * values.executed / budget:.2f}%" if budget else "—"
        rows.append(row)
    if d.chance(0.15):
        rows.append([ABOVE, *blank_row(len(columns) + 1)])
    return rows


def _stage(name: str, columns: list[str]) -> str:
    return {"initial": "initial_budget", "revised": "revised_budget", "executed": "executed"}[name]


def _execution(
    d: Draw, truth: Truth, scope: str, columns: list[str], total: Sums, unit: Unit, weight: int, row: list[str], rate_label: str
) -> None:
    initial = total.initial if "initial" in columns else None
    revised = total.revised if "revised" in columns else None
    budget = revised if revised is not None else initial
    rate = None if not budget else total.executed / budget
    printed = None
    if rate is None:
        row[2 + columns.index("rate")] = d.pick(["", "—"])
    else:
        digits = d.pick([0, 1, 2])
        text = f"{rate * 100:.{digits}f}"
        printed = round(float(text) / 100, 10)
        bare = "%" in rate_label
        row[2 + columns.index("rate")] = text + ("" if d.chance(0.7 if bare else 0.1) else "%")
    score = None
    if "score" in columns and rate is not None:
        score = round(weight * min(rate, 1), 2)
        row[2 + columns.index("score")] = f"{score:g}"
    if "weight" in columns:
        row[2 + columns.index("weight")] = f"{weight}" + ("分" if d.chance(0.1) else "")
    truth.add(
        "execution",
        scope=scope,
        initial_budget_wan=None if initial is None else unit.wan(initial),
        revised_budget_wan=None if revised is None else unit.wan(revised),
        executed_wan=unit.wan(total.executed),
        rate_printed=printed,
        rate=None if rate is None else unit.wan(total.executed) / unit.wan(budget),
        weight=weight if "weight" in columns else None,
        score_printed=score,
    )  # fmt: skip


__all__ = ["LEFT", "TOTAL", "Sums", "fund_block", "split", "sums"]
