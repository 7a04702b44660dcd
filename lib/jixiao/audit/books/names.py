"""Names and codes of the classification in a book: what code a name has in each table, and which row of the tables prose speaks of."""

from __future__ import annotations

import pandas as pd

from ..checking import CENT, per_text

_NAME = r"[^()]+(?:\([^()类款项][^()]*\)[^()]*)?"
PATH = rf"^(?:(?P<klass>{_NAME})\(类\))?(?:(?P<section>{_NAME})\(款\))?(?:(?P<name>{_NAME})\(项\))?$"
_NUMBER = r"^\(?(?:\d+|[一二三四五六七八九十]+)[)、.]+"
_LENGTH = {"klass": 3, "section": 5, "name": 7}
_CODED = ["report_id", "table", "code", "item"]


def functional(ledger: pd.DataFrame) -> pd.DataFrame:
    """The rows with 科目编码 of tables by function (功能分类), each once a table: report_id, table, code, item, place."""
    rows = ledger[ledger["code"].notna() & ledger["table"].notna()]
    by_function = per_text(rows["code"], lambda codes: codes.str.startswith("2")).groupby(rows["table"]).transform("mean") > 0.5
    rows = rows.loc[by_function & rows["item"].notna(), [*_CODED, "place"]]
    return rows.drop_duplicates(_CODED)


def disagreeing(ledger: pd.DataFrame) -> pd.DataFrame:
    """Pairs of rows of two tables: one name under two codes, or one code under two names, that neither table has otherwise."""
    rows = functional(ledger)[[*_CODED, "place"]]
    found = []
    for same, other in (("item", "code"), ("code", "item")):
        each = rows.groupby(["report_id", same])[other].transform("nunique") > 1
        odd = rows[each]
        both = odd.merge(odd, on=["report_id", same], suffixes=("", "_other"))
        both = both[(both["table"] < both["table_other"]) & (both[other] != both[f"{other}_other"])]
        there = pd.MultiIndex.from_frame(rows[["table", same, other]])
        crossed = pd.MultiIndex.from_arrays([both["table"], both[same], both[f"{other}_other"]]).isin(there)
        crossed |= pd.MultiIndex.from_arrays([both["table_other"], both[same], both[other]]).isin(there)
        both = both[~crossed]
        found.append(both.assign(**{f"{same}_other": both[same], "by": same}))
    return pd.concat(found, ignore_index=True)


def repaired(ledger: pd.DataFrame) -> pd.DataFrame:
    """The ledger with each code that has no class in its own table put as another table of the book has it for the same name."""
    pairs = disagreeing(ledger)
    pairs = pairs[pairs["by"] == "item"]
    if pairs.empty:
        return ledger
    swapped = pairs.rename(columns={"table": "table_other", "table_other": "table", "code": "code_other", "code_other": "code"})
    both = pd.concat([pairs, swapped], ignore_index=True)
    known = pd.MultiIndex.from_frame(functional(ledger)[["table", "code"]])
    lone = ~pd.MultiIndex.from_arrays([both["table"], both["code"].str[:3]]).isin(known)
    sound = pd.MultiIndex.from_arrays([both["table_other"], both["code_other"].str[:3]]).isin(known)
    right = both[lone & sound].drop_duplicates(["table", "item", "code"])[["table", "item", "code", "code_other"]]
    merged = ledger[["table", "item", "code"]].merge(right, on=["table", "item", "code"], how="left")
    return ledger.assign(code=merged["code_other"].fillna(merged["code"]).array)


def names(ledger: pd.DataFrame) -> pd.DataFrame:
    """The names of each code of a report: report_id, code, name, section, klass (of itself and of those above it), place."""
    rows = functional(ledger).drop_duplicates(["report_id", "code"])[["report_id", "code", "item", "place"]]
    rows = rows.rename(columns={"item": "name"})
    for column, length in (("section", 5), ("klass", 3)):
        above = rows[["report_id", "code", "name"]].rename(columns={"code": "above", "name": column})
        rows = rows.assign(above=rows["code"].str[:length]).merge(above, on=["report_id", "above"], how="left").drop(columns="above")
    return rows


def paths(prose: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Rows of prose that name a class, section or item (类、款、项), with what they print of each, the last of them and the length of
    its code."""
    text = prose["item_printed"].str.normalize("NFKC").str.replace(r"[\s“”\"]", "", regex=True)
    found = text.str.replace(_NUMBER, "", regex=True).str.extract(PATH)
    rows = pd.concat([prose.drop(columns="section"), found], axis=1)
    bare = found.isna().all(axis=1)
    classes = pd.MultiIndex.from_frame(known.loc[known["code"].str.len() == 3, ["report_id", "name"]])
    rows["klass"] = rows["klass"].mask(bare & pd.MultiIndex.from_frame(prose[["report_id", "item"]]).isin(classes), prose["item"])
    rows["last"], rows["length"] = pd.Series(pd.NA, index=rows.index, dtype="str"), 0
    for column, length in _LENGTH.items():
        told = rows[column].notna()
        rows["last"], rows["length"] = rows["last"].mask(told, rows[column]), rows["length"].mask(told, length)
    return rows[rows["length"] > 0]


def matched(ledger: pd.DataFrame, prose: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Rows of prose that name a classification of `known` (see `names`), with the `code` of the tables that they speak of and its
    names there.

    By its own name and those above it; where no row has the name, by its amount in the same class (then `renamed`); what fits no one
    row has no code.
    """
    rows = paths(prose, known).drop(columns="code")
    coded = known.rename(columns={"name": "name_known", "section": "section_known", "klass": "klass_known", "place": "place_known"})
    coded["length"] = coded["code"].str.len()
    both = rows.merge(coded, left_on=["report_id", "last", "length"], right_on=["report_id", "name_known", "length"])
    both["fits"] = sum((both[c] == both[f"{c}_known"]).astype("int64") * weight for c, weight in (("section", 2), ("klass", 1)))
    best = both[both["fits"] == both.groupby("cell")["fits"].transform("max")]
    best = best[~best.duplicated("cell", keep=False)].assign(renamed=False)
    rest = rows[~rows["cell"].isin(both["cell"])]
    amounts = ledger[ledger["code"].notna() & ledger["table"].notna()][
        ["report_id", "code", "year", "stage", "amount_wan"]
    ].drop_duplicates()
    near = rest.merge(amounts, on=["report_id", "year", "stage"], suffixes=("", "_table"))
    near = near[((near["amount_wan"] - near["amount_wan_table"]).abs() <= CENT / 2 + 1e-9) & (near["amount_wan"] != 0)]
    near = near.merge(coded, on=["report_id", "code"], suffixes=("", "_code"))
    near = near[near["length"] == near["length_code"]].drop_duplicates(["cell", "code"])
    near["fits"] = sum((near[c] == near[f"{c}_known"]).astype("int64") * weight for c, weight in (("section", 1), ("klass", 2)))
    near = near[((near["fits"] > 0) | (near["length"] == 3)) & (near["fits"] == near.groupby("cell")["fits"].transform("max"))]
    # a row that prose names elsewhere is not meant
    taken = pd.MultiIndex.from_frame(best[["report_id", "code"]])
    near = near[~pd.MultiIndex.from_frame(near[["report_id", "code"]]).isin(taken)]
    near = near[~near.duplicated("cell", keep=False)].assign(renamed=True)
    return pd.concat([best, near], ignore_index=True)
