"""Plausible tables of the data contract for any number of institutes and years; invented names, no report behind them.

`tables(institutes=40, years=(2021, 2022, 2023), seed=1)` gives a dict of frames as `corpus.load` does, `write` puts them in a folder
as `corpus` would read them. The same arguments give the same tables. What real reports do is in there: institutes with project
forms only, budgets nobody states, missing years, blank cells, rubrics without scores, totals that do not add up, long names.

`many(folder, reports=100_000)` writes the tables of so many reports as a build does, from `python tests/sample_tables.py FOLDER 100000`
too: a few thousand are made and written over and over under other names.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd

from jixiao import facts, frames, manifest, store
from jixiao.audit import CHECKS
from jixiao.cache import digest
from jixiao.storage import Folder

PLACES = ["青溪市", "白云岭县", "临河区", "沙湾自治州", "石门市", "红谷县", "云台山风景名胜区", "东岭市", "南泉县", "长汀湖区"]
KINDS = ["计量测试检定所", "计量检定所", "综合检验检测中心", "食品药品检验检测与不良反应监测中心（含实验室）", "纤维检验所"]
LEVELS = ["产出指标", "效益指标", "满意度指标", "成本指标"]
PROJECTS = ["检定能力提升", "设备购置及维护", "专项抽检经费"]
ITEMS = {"abroad": 0.1, "vehicle_running": 0.7, "reception": 0.2}


def names(count: int) -> list[str]:
    """`count` different institute names, some long."""
    pairs = [place + kind for kind in KINDS for place in PLACES]
    extra = (f"第{number}{place}{kind}" for number in itertools.count(1) for kind in KINDS for place in PLACES)
    return list(itertools.islice(itertools.chain(pairs, extra), count))


def tables(institutes: int = 4, years: tuple[int, ...] = (2023, 2024), seed: int = 0, indicators: int = 9) -> dict[str, pd.DataFrame]:
    """All tables; about one institute-year in ten has no report, and each kind of gap occurs. A form has so many `indicators`."""
    rng = np.random.default_rng(seed)
    rows: dict[str, list[dict]] = {table: [] for table in facts.TABLES}
    for index, name in enumerate(names(institutes)):
        present = [year for year in years if rng.random() > 0.1] or [years[-1]]
        for year in present:
            _report(rows, rng, index, name, year, indicators)
    return {table: frame(table, rows[table]) for table in facts.TABLES}


def frame(table: str, rows: list[dict] | pd.DataFrame) -> pd.DataFrame:
    schema = frames.schema(table)
    if isinstance(rows, pd.DataFrame):
        return rows.reindex(columns=list(schema)).astype(schema)
    return pd.DataFrame({column: pd.Series([row.get(column) for row in rows], dtype=kind) for column, kind in schema.items()})


def _report(rows: dict, rng: np.random.Generator, index: int, name: str, year: int, indicators: int) -> None:
    report_id = f"sample{index}-{year}"
    case = {"report_id": report_id, "institute": name, "fiscal_year": year}
    place = itertools.count(1)

    def add(table: str, **values: object) -> None:
        values.setdefault("place", f"{report_id}.pdf#page=1&table=1&row={next(place)}&col=1")
        rows[table].append({**case, **values})

    style = ("whole", "projects", "prose", "rubric")[index % 4]
    staff = int(rng.integers(8, 120)) if index % 5 else None
    add("reports", kind="project" if style == "projects" else "whole", title=f"{year}年度绩效自评报告", staff_actual=staff,
        source_file=f"{report_id}.pdf", source_format="pdf", pages=6, forms=1, issues=0)  # fmt: skip
    initial = round(float(rng.lognormal(6, 0.8)), 2)
    revised = round(initial * float(rng.normal(1.03, 0.05)), 2)
    spent = round(revised * float(np.clip(rng.normal(0.95, 0.05), 0.3, 1.05)), 2)
    if style == "projects":
        for scope in PROJECTS:
            budget = round(initial / 5 * float(rng.uniform(0.5, 1.5)), 2)
            used = round(budget * float(rng.choice([1, 1, 0.8])), 2)
            blank = scope == PROJECTS[1] and index % 8 == 1
            _execution(add, scope, None if blank else budget, budget, used)
            _indicators(add, rng, scope, used / budget, indicators)
    else:
        if style == "prose":
            add("execution", scope="整体", executed_wan=spent, origin="derived", place=None)
            add("execution", scope="整体/基本支出", executed_wan=round(spent * 0.7, 2), origin="text")
            add("execution", scope="整体/项目支出", executed_wan=round(spent * 0.3, 2), origin="text")
        else:
            _execution(add, "整体", initial, None if style == "rubric" else revised, spent)
            if style == "whole":
                add("execution", scope="整体", executed_wan=spent + 0.01, origin="text")
                _indicators(add, rng, "整体", spent / revised, indicators)
            else:
                _rubric(add, rng)
        if style != "prose":
            _three_public(add, rng, year, style == "rubric" and index % 8 == 3)
    if style != "prose":
        add("funds", scope="整体", item="年度资金总额", item_printed="年度资金总额", year=year, stage="executed", amount_wan=spent,
            unit="万元", printed=f"{spent:g}", origin="table")  # fmt: skip
    add("activities", scope="整体", what="检定计量器具", value=float(rng.integers(100, 40000)), approximate=False, unit="台件", printed="…")
    if rng.random() < 0.3:
        rows["issues"].append(
            {"report_id": report_id, "code": "unknown_label", "place": f"{report_id}.pdf#page=2", "printed": "其他", "message": "…"}
        )


def _execution(add, scope: str, initial: float | None, revised: float | None, spent: float) -> None:
    rate = spent / (revised or initial)
    add("execution", scope=scope, initial_budget_wan=initial, revised_budget_wan=revised, executed_wan=spent, rate_printed=round(rate, 4),
        rate=rate, weight=10.0, score_printed=round(10 * min(rate, 1), 2), score=10 * min(rate, 1), origin="table")  # fmt: skip


def _indicators(add, rng: np.random.Generator, scope: str, rate: float, count: int) -> None:
    total = round(10 * min(rate, 1), 2)
    weight = 90.0 / count
    for position in range(1, count + 1):
        score = float(rng.choice([10, 10, 10, 9.5, 8])) * weight / 10
        target, actual = 95.0, float(rng.integers(85, 101))
        total += score
        add("indicators", scope=scope, position=position, level1=LEVELS[position % 4], level3=f"检定任务完成率之{position}", target="≥95%",
            actual=f"{actual:g}%", target_op=">=", target_value=target, target_unit="%", actual_value=actual, actual_unit="%",
            weight=weight, score=score, attained=actual >= target)  # fmt: skip
    wrong = 0.5 if rng.random() < 0.3 else 0.0
    add("scores", scope=scope, name="总分", weight=100.0, score_printed=f"{total + wrong:g}", score=round(total + wrong, 2))


def _rubric(add, rng: np.random.Generator) -> None:
    sections = {"投入": 13.0, "过程": 59.0, "产出及效率": 28.0}
    total = 0.0
    for number, (section, weight) in enumerate(sections.items()):
        for part in (1, 2):
            add("indicators", scope="整体", position=number * 2 + part, level1=section, level3=f"准则{part}", weight=weight / 2)
        score = weight - float(rng.integers(0, 5))
        total += score
        add("scores", scope="整体", name=section, score_printed=f"{score:g}", score=score)
        add("scores", scope="整体", name=section, weight=weight)
    add("scores", scope="整体", name="总分", score_printed=f"{total:g}", score=total, rating="优" if total >= 90 else "良")


def _three_public(add, rng: np.random.Generator, year: int, zero: bool) -> None:
    if zero:
        add("three_public", item="total", year=year, stage="executed", amount_wan=0.0, printed="0", origin="text")
        return
    for stage, of_year in (("executed", year - 1), ("initial_budget", year), ("executed", year)):
        amounts = {item: round(20 * share * float(rng.uniform(0.6, 1.2)), 2) for item, share in ITEMS.items()}
        amounts["abroad"] = None
        amounts["vehicle"] = amounts["vehicle_running"]
        amounts["vehicle_purchase"] = None
        amounts["total"] = round(amounts["vehicle"] + amounts["reception"], 2)
        for item, amount in amounts.items():
            printed = "" if amount is None else f"{amount:g}"
            add("three_public", item=item, year=of_year, stage=stage, amount_wan=amount, printed=printed, origin="table")


def audited(found: dict[str, pd.DataFrame], seed: int = 0) -> dict[str, pd.DataFrame]:
    """The tables with findings and checks: some reports without a finding, some findings accepted or without numbers."""
    rng = np.random.default_rng(seed)
    findings, checks = [], []
    for report in found["reports"].to_dict("records"):
        case = {name: report[name] for name in ("report_id", "institute", "fiscal_year")}
        for check in ("scores_to_total", "fund_sources", "same_figure"):
            raised = rng.random() < 0.4
            taken = "已核对" if rng.random() < 0.2 else None
            findings += [{**case, "scope": "整体", "check": check, "severity": str(rng.choice(["high", "medium", "low"])), "message": "…",
                          "expected": 98.8 if rng.random() < 0.8 else None, "found": 98.3, "accepted": taken,
                          "places": f"{report['source_file']}#page=1&table=1&row=2&col=3"}] * raised  # fmt: skip
            left = not raised and rng.random() < 0.3
            status = "fail" if raised else "not_checked" if left else "pass"
            checks.append({**case, "check": check, "status": status, "compared": 0 if left else 3, "reason": "缺少总分" if left else None})
    return {**found, "findings": frame("findings", findings), "checks": frame("checks", checks)}


def write(folder: Path, **options: object) -> Path:
    """The tables of `tables(**options)` as a build writes them into `folder`; gives `folder`."""
    return write_frames(folder, tables(**options))


def write_frames(folder: Path, found: dict[str, pd.DataFrame]) -> Path:
    """The frames as the CSV files of a build in `folder`; gives `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in found.items():
        frames.write_csv(table, folder / f"{name}.csv")
    return folder


BASE = 400  # institutes that are made one by one, each with about 4.5 reports
FINDINGS = 10  # of a report in `many`


def many(folder: Path, reports: int) -> Path:
    """The tables of so many reports, each with some 20 indicators, 10 findings and all checks, as a build writes them; gives `folder`.

    They are copies, under other names, of the tables of the first 400 institutes.
    """
    years = (2020, 2021, 2022, 2023, 2024)
    made = _looked_at(tables(min(BASE, max(1, reports // len(years))), years, seed=1, indicators=20))
    made = {name: table.sort_values("report_id", kind="stable", ignore_index=True) for name, table in made.items()}
    copies = -(-reports // len(made["reports"]))
    kept = set(made["reports"]["report_id"].head(reports - (copies - 1) * len(made["reports"])))  # of the last copy
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in made.items():
        last = table[table["report_id"].isin(kept)]
        rows = len(table) * (copies - 1) + len(last)
        with store.TableWriter(folder, name, single=rows <= store.MOST_ROWS) as writer:
            for number in range(copies):
                writer.append(_copy(last if number == copies - 1 else table, number))
    written = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != manifest.NAME)
    manifest.write(Folder(folder), {"outputs": {path.relative_to(folder).as_posix(): digest(path) for path in written}})
    return folder


def _looked_at(found: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables with texts as long as those of reports, ten findings for each and a row for each check."""
    texts = {
        "criterion": "达到指标值得满分，未达到的按完成比例计分，低于百分之六十不得分。",
        "deviation_reason": "部分任务跨年度实施，下一年度继续推进。",
    }
    indicators = found["indicators"].assign(criterion=texts["criterion"])
    full = indicators["score"].eq(indicators["weight"]) & (np.arange(len(indicators)) % 20 > 0)  # of which few miss their targets
    indicators = indicators.assign(actual=indicators["actual"].mask(full, "95%"), attained=indicators["attained"] | full)
    less = indicators["score"].lt(indicators["weight"]) & (np.arange(len(indicators)) % 3 > 0)
    found = found | {"indicators": indicators.assign(deviation_reason=pd.Series(texts["deviation_reason"], indicators.index).where(less))}
    reports = found["reports"][["report_id", "institute", "fiscal_year", "source_file"]]
    rng = np.random.default_rng(2)

    codes = list(CHECKS)
    checks = reports.merge(pd.DataFrame({"check": codes}), how="cross")
    status = rng.choice(["pass", "fail", "not_checked", "not_applicable"], len(checks), p=[0.5, 0.1, 0.2, 0.2])
    left = np.isin(status, ["not_checked", "not_applicable"])
    checks = checks.assign(status=status, compared=np.where(left, 0, 3), reason=np.where(left, "the report states no total", None))

    places = found["indicators"].drop_duplicates("report_id").set_index("report_id")["place"]
    findings = reports.loc[np.repeat(reports.index, FINDINGS)].reset_index(drop=True)
    count = len(findings)
    findings = findings.assign(
        scope="整体", check=rng.choice(codes, count), severity=rng.choice(["high", "medium", "low"], count, p=[0.1, 0.4, 0.5]),
        message="the parts come to another sum", expected=rng.uniform(1, 1000, count).round(2), found=rng.uniform(1, 1000, count).round(2),
        places=findings["report_id"].map(places).fillna(findings["source_file"] + "#page=1"),
        accepted=np.where(rng.random(count) < 0.1, "已核对", None),
    )  # fmt: skip
    return found | {"findings": frame("findings", findings), "checks": frame("checks", checks)}


def _copy(table: pd.DataFrame, number: int) -> pd.DataFrame:
    """The rows under the name of another report and institute; the first as they are, but for the report's."""
    marked = table.assign(report_id=f"{number:04}-" + table["report_id"])
    if "institute" in table and number:
        marked["institute"] = f"{number}区" + table["institute"]
    return marked


if __name__ == "__main__":
    import sys

    many(Path(sys.argv[1]), int(sys.argv[2]))
