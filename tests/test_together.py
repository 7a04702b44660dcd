"""One report in two files counts once; one institute under several names is one."""

import shutil

import pytest

from jixiao import corpus
from jixiao.institutes import InstitutesError, canonical, institute_of, read_names
from jixiao.notebook import open_view

FORM = """{title}
实施单位：{institute}
\t资金来源\t年初预算数（万元）\t执行数（万元）\t分值\t执行率\t得分
\t年度资金总额\t{amount}\t10\t10\t{rate}\t10
\t其他资金\t{amount}\t10\t—\t—\t—
"""


def write(folder, name, institute="甲县计量检定所", amount=10, rate="100%", title="2023年度部门整体支出绩效自评报告"):
    folder.mkdir(exist_ok=True, parents=True)
    (folder / name).write_text(FORM.format(title=title, institute=institute, amount=amount, rate=rate), encoding="utf-8")


def test_the_same_report_in_two_formats_counts_once(root, tmp_path):
    raw, out = tmp_path / "raw", tmp_path / "processed"
    raw.mkdir()
    shutil.copy(root / "data" / "raw" / "quwo-2021.doc", raw / "a.doc")
    shutil.copy(root / "data" / "raw" / "quwo-2021.doc", raw / "b.doc")
    shutil.copy(root / "data" / "raw" / "hengyang-2024.docx", raw)
    corpus.build(raw, out, jobs=1, progress=False)
    tables = corpus.load(out)
    again = tables["reports"].set_index("report_id")["duplicate_of"].dropna()
    assert again.to_dict() == {"b": "a"}
    issue = tables["issues"].query("code == 'same_report'")
    assert list(issue["report_id"]) == ["b"] and list(issue["printed"]) == ["a"]
    processed = str(out)
    view = open_view({"processed": processed}, processed=processed)
    assert sorted(view.reports["report_id"]) == ["a", "hengyang-2024"]
    assert set(view.funds["report_id"]) == {"a", "hengyang-2024"}
    assert "same_report" in set(view.issues["code"])


def test_reports_of_two_years_or_with_other_figures_are_not_the_same(tmp_path):
    raw = tmp_path / "raw"
    write(raw, "a.txt")
    write(raw, "b.txt", amount=12, rate="83%")
    write(raw, "c.txt", title="2022年度部门整体支出绩效自评报告")
    corpus.build(raw, tmp_path / "out", jobs=1, progress=False)
    assert corpus.load(tmp_path / "out")["reports"]["duplicate_of"].isna().all()


def test_names_are_brought_together_by_a_table_that_users_edit(tmp_path):
    raw, out = tmp_path / "raw", tmp_path / "out"
    write(raw, "a.txt", institute="甲县计量检定所")
    write(raw, "b.txt", institute="甲县检验检测中心", title="2022年度部门整体支出绩效自评报告")
    corpus.build(raw, out, jobs=1, progress=False)
    assert corpus.load(out)["reports"]["institute"].nunique() == 2
    (tmp_path / "institutes.csv").write_text("printed,institute\n甲县计量检定所,甲县检验检测中心\n", encoding="utf-8")
    assert not corpus.build(raw, out, jobs=1, progress=False).unchanged
    assert set(corpus.load(out)["reports"]["institute"]) == {"甲县检验检测中心"}
    assert corpus.build(raw, out, jobs=1, progress=False).unchanged


def test_widths_and_brackets_do_not_make_another_institute():
    assert canonical("甲县 检测中心(本级)") == canonical("甲县检测中心（本级）") == "甲县检测中心（本级）"
    assert institute_of(None, {}) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name\n甲\n", "its first line must be"),
        ("printed,institute\n甲,\n", "line 2: a name is missing"),
        ("printed,institute\n甲,乙\n甲,丙\n", "twice"),
    ],
)
def test_a_wrong_table_of_names_is_refused_with_its_line(tmp_path, text, message):
    path = tmp_path / "institutes.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InstitutesError, match=message):
        read_names(path)
