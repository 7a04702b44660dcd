"""Labels are compared whole after one normalisation; the vocabulary does not contradict itself."""

import pytest

from jixiao import terms, vocabulary
from jixiao.vocabulary import Label, _data, label, spellings, term

SECTIONS = ("items", "three_public", "levels", "totals", "roles", "staff", "ratings")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("年初预算\n数(万元)", Label("年初预算数", "年初预算数", unit="万元")),
        ("2023 年决算数", Label("决算数", "决算数", year=2023)),
        ("其中：公车购置", Label("公车购置", "公车购置", part=True)),
        ("1、公务用车购置和维护\n经费", Label("公务用车购置和维护经费", "公务用车购置和维护经费")),
        ("（一）基本支出：", Label("基本支出", "基本支出")),
        ("产出指标（50分）", Label("产出指标", "产出指标", points=50.0)),
        ("执行率(B/A)", Label("执行率", "执行率(B/A)")),
        ("因公出国（境）费", Label("因公出国(境)费", "因公出国(境)费")),
    ],
)
def test_a_label_is_taken_apart(printed, expected):
    assert label(printed) == expected


@pytest.mark.parametrize("section", SECTIONS)
def test_no_spelling_has_two_terms(section):
    assert spellings(section)


def test_a_spelling_with_two_terms_is_refused_by_name(monkeypatch):
    monkeypatch.setattr(vocabulary, "_data", lambda: {"items": {"甲": ["乙"], "丙": ["乙"]}})
    spellings.cache_clear()
    with pytest.raises(vocabulary.VocabularyError, match=r"'乙'.*'甲'.*'丙'"):
        spellings("items")
    spellings.cache_clear()


def test_near_labels_are_not_taken():
    assert term("items", "其中：当年财政拨款") == "当年财政拨款"
    assert term("items", "财政拨款单") is None
    assert term("three_public", "公务用车") is None
    assert term("three_public", "“三公”经费") == "total"


TERMS = ("items", "incomes", "levels", "second_levels", "totals", "rating_rows", "ratings")


def test_every_standard_term_has_english_words_and_a_report_s_own_names_stay():
    names = {name for section in TERMS for name in _data()[section] if not name.isascii()}
    assert names - set(terms.english()) == set()
    assert all(text.isascii() and text.strip() == text for text in terms.english().values())
    every = {section for section, found in _data().items() if any(not key.isascii() for key in found)}
    assert every == {*TERMS, "parts"}, "another section with standard terms: put it into TERMS, and its words into terms.toml"
    assert terms.term("工资福利支出", "en") == "wages and welfare" and terms.term("工资福利支出", "zh") == "工资福利支出"
    assert terms.term("衡器产业园科技资金", "en") == "衡器产业园科技资金"
