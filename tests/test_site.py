"""The site: every link leads somewhere, nothing is loaded from elsewhere, names stay text; in a browser, where there is one, it works."""

import io
import json
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
import pandas as pd
import pypdfium2
import pytest
from PIL import Image

import accessible
import browser
import sample_tables
import strange_site
from jixiao import briefing, cli, frames, pages, site_pages, site_tables, store, words, workbook
from jixiao import site as sites
from jixiao.evidence_pages import page_names, write_pages
from jixiao.facts import TABLES
from jixiao.site_folder import LIST
from jixiao.site_pages import Edition, Exported
from strange_site import PLAIN, REGION, STRANGE


@pytest.fixture(scope="module")
def processed(tmp_path_factory) -> Path:
    return strange_site.write(tmp_path_factory.mktemp("tables") / "processed")


@pytest.fixture(scope="module")
def made(processed, tmp_path_factory) -> list[Path]:
    return sites.site(("zh", "en"), tmp_path_factory.mktemp("out") / "本所 的网站 100%", processed, progress=False)


class Reader(HTMLParser):
    """What a page holds: tags with their attributes, ids, links, and its text."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.tags, self.ids, self.links, self.text = [], set(), [], ""
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.append((tag, values))
        self.ids.add(values.get("id"))
        if tag == "a" and "href" in values:
            self.links.append(values["href"])

    def handle_data(self, data):
        self.text += data


def table_html(frame: pd.DataFrame, language: str) -> str:
    """The page of these funds."""
    return site_tables.table_html(Exported("funds", frame, len(frame)), Edition(language))


def own(made: list[Path]) -> list[Path]:
    """The pages that are no briefings or evidence."""
    return [path for path in made if re.match(r"(index|findings|data)\b.*\.html$", path.name)]


def test_the_site_has_all_briefings_notebooks_findings_and_data(made, processed):
    names = {path.name for path in made}
    cases = briefing.catalogue(sites.find_notebooks(), processed, "zh")
    assert {run.page.file for run in cases} <= names, "every year of every institute, not the latest alone"
    assert {f"data-{table}.html" for table in TABLES} | {"findings.html", "data.html"} <= names
    assert made[-1].name == "index.html"
    assert {path.name for path in made if path.parent.name == "notebooks"} >= {"00_corpus.html", "04_audit.html"}
    english = [name for name in names if re.search(r"-en\.\w+$", name)]
    assert len(english) == len([name for name in names if name not in english]), "every page in both languages"
    data = {path.name for path in (made[-1].parent / "data").iterdir()}
    assert data == {f"{table}.{end}" for table in TABLES for end in ("csv", "parquet")} | {"jixiao.xlsx", "datapackage.json"}
    for table, frame in store.load(made[-1].parent / "data").items():
        pd.testing.assert_frame_equal(frame, store.load(processed)[table])


def test_every_link_leads_to_a_file_and_a_spot_that_are_there(made):
    read = {path.resolve(): Reader(path) for path in made if path.suffix == ".html"}
    for path, page in read.items():
        assert page.links, path
        for link in page.links:
            parts = urlsplit(link)
            assert not parts.scheme and not parts.netloc, (path, link)
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), (path, link)
            if parts.fragment and target in read:
                assert {parts.fragment, unquote(parts.fragment)} & read[target].ids, (path, link)


def test_briefings_for_paper_and_word_processors_are_offered_beside_the_page(made):
    links = {unquote(link) for home in ("index.html", "index-en.html") for link in Reader(made[-1].parent / home).links}
    others = {path.name for path in made if path.suffix in (".docx", ".pdf")}
    assert others and others <= links


def test_every_page_can_be_reached_from_the_home_page(made):
    home = made[-1].resolve()
    seen, todo = set(), [home]
    while todo:
        path = todo.pop()
        if path.suffix == ".html" and path not in seen:
            seen.add(path)
            todo += [(path.parent / unquote(urlsplit(link).path)).resolve() for link in Reader(path).links if urlsplit(link).path]
    assert {path.resolve() for path in made if path.suffix == ".html"} <= seen


def test_no_page_loads_anything_from_elsewhere(made):
    for path in made:
        if path.suffix == ".html":
            for tag, values in Reader(path).tags:
                assert tag not in ("link", "iframe", "object", "embed", "base"), (path, tag)
                assert "src" not in values or values["src"].startswith("data:"), (path, values)
            assert not re.search(r"url\((?!['\"]?data:)|@import|https?://[^\s\"<]*\.(js|css|woff2?)", path.read_text(encoding="utf-8")), (
                path
            )


def test_names_and_texts_of_reports_stay_text(made):
    for path in own(made):
        page, text = Reader(path), path.read_text(encoding="utf-8")
        assert sum(tag == "script" and values.get("type") != "application/json" for tag, values in page.tags) == 1, path
        assert not [values for _, values in page.tags for name in values if name.startswith("on")], path
        assert "<script>alert" not in text and "<img src=x" not in text and "<b onclick" not in text
    home = Reader(made[-1])
    assert STRANGE in home.text and REGION in home.text and "javascript:alert(3)" in home.text
    assert all(re.fullmatch(r"[\w.-]+", path.name) for path in made)
    assert len({path.name.casefold() for path in made if path.parent == made[-1].parent}) == len(
        [path for path in made if path.parent == made[-1].parent]
    )


def test_a_policy_lets_only_the_own_script_run(made):
    for path in own(made):
        text = path.read_text(encoding="utf-8")
        (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
        (policy,) = [values["content"] for tag, values in Reader(path).tags if values.get("http-equiv") == "Content-Security-Policy"]
        assert policy.startswith("default-src 'none'") and policy.endswith(f"script-src '{site_pages._hash(script)}'")


def test_a_report_without_institute_or_year_is_told(made):
    assert "另有 1 份报告读不出单位或年度" in Reader(made[-1]).text


def test_blank_missing_and_zero_are_told_apart_and_numbers_sort_as_numbers():
    given = {"report_id": "a", "scope": "整体", "item": "x", "item_printed": "x", "origin": "table"}
    rows = [{**given, "amount_wan": amount, "printed": printed} for amount, printed in ((0.0, "0"), (None, ""), (1234.5, None))]
    html = table_html(sample_tables.frame("funds", rows), "en")
    assert 'class="number" data-value="0.0">0</td>' in html and 'data-value="1234.5">1,234.5</td>' in html
    assert html.count('<td class="blank">blank in the source</td>') == 1
    assert "nan" not in html and "NA<" not in html


def test_a_very_long_table_says_that_it_is_cut():
    frame = sample_tables.tables(2)["funds"]
    for language, said in (("zh", f"前 3 行，共 {len(frame)} 行"), ("en", f"first 3 of {len(frame)} rows")):
        html = site_tables.table_html(Exported("funds", frame.head(3), len(frame), left_out=True), Edition(language))
        assert said in html and html.count("<tr>") == 4 + len(frame.columns) + 1
        assert "jixiao.xlsx" in html and 'href="data/jixiao.xlsx"' not in html


def long_table(count: int) -> pd.DataFrame:
    """Rows of funds: amounts some of which are missing or below zero, texts with what ends an element, characters some of them blank."""
    amounts = [None if at % 7 == 0 else (at * 7919 % count - 20) * 1234.56789 for at in range(count)]
    rows = [{"report_id": f"r{at}", "institute": STRANGE if at == count - 1 else f"第{at}所", "fiscal_year": 2020 + at % 5, "scope": "整体",
             "item": "x", "item_printed": "<!--</script>" if at % 2 else "y", "printed": "" if at % 3 else "1", "amount_wan": amount,
             "origin": "table"} for at, amount in enumerate(amounts)]  # fmt: skip
    return sample_tables.frame("funds", rows)


def test_the_rows_of_a_long_table_stand_in_its_page_as_data_that_nothing_in_them_ends():
    frame = long_table(site_tables.STANDING + 50)
    page = table_html(frame, "zh")
    (text,) = re.findall(r'<script type="application/json" id="rows-data">(.*?)</script>', page, re.DOTALL)
    assert "<" not in text
    data = json.loads(text)
    assert data["count"] == len(frame)
    for column, held in zip(frame, data["columns"], strict=True):
        found = [held["values"][at] if at >= 0 else None for at in held["at"]]
        assert found == [None if words.missing(value) else value for value in frame[column].tolist()], column
    assert page.count("<tr>") == 2 + site_tables.STANDING + len(frame.columns), "the first of them for browsers without scripts"
    assert "rows-data" not in table_html(frame.head(site_tables.STANDING), "zh")


def test_pages_of_institutes_that_are_gone_are_removed_and_nothing_else(processed, tmp_path, monkeypatch):
    def brief(out, language, notebooks, processed, **options):
        written = [out / run.page.file for each in language for run in briefing.catalogue(notebooks, processed, each)]
        for path in written:
            pages.write(path, f"<title>{path.stem}</title>")
        return [*written, out / "index.html"]

    monkeypatch.setattr(sites, "brief", brief)
    monkeypatch.setattr(sites._Site, "_notebooks", lambda *given: {})
    out = tmp_path / "site"
    before = {path.relative_to(out) for path in sites.site(out=out, processed=processed, progress=False)}
    own = out / "notes.txt"
    own.write_text("kept", encoding="utf-8")
    alone = {
        table: frame[frame["institute"].ne(PLAIN)] if "institute" in frame else frame for table, frame in store.load(processed).items()
    }
    sample_tables.write_frames(tmp_path / "processed", alone)
    after = {path.relative_to(out) for path in sites.site(out=out, processed=tmp_path / "processed", progress=False)}
    gone = before - after
    assert gone and all(not (out / path).exists() for path in gone)
    assert all((out / path).is_file() for path in after) and own.read_text(encoding="utf-8") == "kept"
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert not [path for path in there if PLAIN in (out / path).read_text(encoding="utf-8", errors="ignore")]


def test_findings_beyond_the_gravest_are_left_to_the_table_of_all(monkeypatch):
    monkeypatch.setattr(site_pages, "MOST_FINDINGS", 2)
    tables = sample_tables.audited(sample_tables.tables(4))
    page = site_pages.findings_html(tables, {}, Edition("zh"))
    assert f"前 2 行，共 {len(tables['findings'])} 行" in page and 'href="data-findings.html"' in page
    assert page.count("<tr class=") == 2


def test_every_word_of_the_site_is_there_in_both_languages():
    for key, text in words.texts()["site"].items():
        assert set(text) == {"zh", "en"} and all(text.values()), key
        assert set(re.findall(r"\{\w+\}", text["zh"])) == set(re.findall(r"\{\w+\}", text["en"])), key


def test_a_page_that_cannot_be_made_is_named_and_stops_nothing_else(processed, tmp_path, monkeypatch):
    def brief(out, **options):
        page = out / "index.html"
        raise briefing.BriefingError([page], [("某页 <b>", "ValueError: odd")])

    def run(notebook, parameters):
        raise ValueError("no kernel")

    monkeypatch.setattr(sites, "brief", brief)
    monkeypatch.setattr("jixiao.making.run", run)
    with pytest.raises(briefing.BriefingError) as raised:
        sites.site(out=tmp_path, processed=processed, progress=False)
    assert raised.value.failed[0] == ("某页 <b>", "ValueError: odd")
    home = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "某页 &lt;b&gt;" in home and "ValueError: odd" in home
    assert not [link for link in Reader(tmp_path / "index.html").links if link.startswith(("year-", "institute-", "evidence-"))]
    for name, up in (("year-2024.html", ""), ("notebooks/new_question.html", "../")):  # other pages lead there
        stands = Reader(tmp_path / name)
        assert "未能生成的页面" in stands.text and f"{up}index.html" in stands.links
    assert ("新问题：十格从问题到图", "ValueError: no kernel") in raised.value.failed


def test_the_command_says_what_is_wrong(tmp_path, capsys):
    assert cli.main(["site", "--processed", str(tmp_path), "--out", str(tmp_path / "site")]) == cli.WRONG_USE
    assert "there is no reports.csv" in capsys.readouterr().err


def test_every_page_leads_to_the_pages_of_the_site_and_to_itself_in_the_other_language(made):
    out = made[-1].parent
    for path in made:
        if path.suffix != ".html":
            continue
        english, up = path.stem.endswith("-en"), "" if path.parent == out else "../"
        links = [unquote(link) for link in Reader(path).links]
        end = "-en.html" if english else ".html"
        assert {f"{up}{name}{end}" for name in ("index", "findings", "data")} <= set(links), path
        other = path.name.replace("-en.html", ".html") if english else f"{path.stem}-en.html"
        assert other in links, path
        assert f'<html lang="{"en" if english else "zh-CN"}">' in path.read_text(encoding="utf-8")


def test_a_page_of_evidence_leads_to_its_institutes_briefings(made):
    evidence = [path for path in made if path.name.startswith("evidence-")]
    assert evidence
    for path in evidence:
        page = Reader(path)
        (year,) = set(re.findall(r"20\d\d", path.name))
        institute = PLAIN if PLAIN in page.text else pages.safe(STRANGE)
        end = "-en.html" if path.stem.endswith("-en") else ".html"
        assert {f"institute-{institute}-{year}{end}", f"institute-{institute}{end}"} <= {unquote(link) for link in page.links}


def test_a_second_run_with_nothing_new_runs_no_notebook_and_writes_no_page(made, processed, monkeypatch):
    out = made[-1].parent
    before = {name: (out / name).stat().st_mtime_ns for name in strange_site.contents(out) if name != LIST}
    monkeypatch.setattr("jixiao.making.run", lambda *given: pytest.fail("a notebook is run"))
    sites.site(("zh", "en"), out, processed, progress=False)
    assert {name: (out / name).stat().st_mtime_ns for name in strange_site.contents(out) if name != LIST} == before


def test_a_page_that_is_passed_on_names_no_folder_of_this_machine(made, processed):
    told = [path.read_text(encoding="utf-8") for path in made if path.name.startswith("evidence-") and path.suffix == ".html"]
    assert any("raw 中没有" in text for text in told) and not any(str(processed.parent) in text for text in told)


def test_a_language_that_there_is_not_is_refused_before_anything_is_written(processed, tmp_path):
    with pytest.raises(ValueError, match=r"language 'fr' is not known; there is: .*zh"):
        sites.site(("zh", "fr"), tmp_path / "site", processed, progress=False)
    assert not (tmp_path / "site").exists()


def test_a_table_too_long_for_one_file_is_there_by_year(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "MOST_ROWS", 20)
    monkeypatch.setattr(workbook, "MOST_ROWS", 10)
    monkeypatch.setattr(site_tables, "MOST_ROWS", 5)
    tables = sample_tables.tables(4)
    exported = {each.table: each for each in site_tables.export(tables.items(), tmp_path / "data")}
    long = exported["funds"] if len(tables["funds"]) > 20 else exported["indicators"]
    frame = tables[long.table]
    assert len(long.head) == 5 and long.rows == len(frame) > 20 and long.left_out
    assert [year for year, _ in long.parts] == ["2023", "2024"]
    assert sum(len(pd.read_parquet(tmp_path / "data" / file)) for _, file in long.parts) == len(frame)
    assert not (tmp_path / "data" / f"{long.table}.csv").exists()
    for text in (site_tables.table_html(long, Edition("en")), site_pages.data_html(exported.values(), Edition("en"))):
        (tmp_path / "page.html").write_text(text, encoding="utf-8")
        links = [unquote(link) for link in Reader(tmp_path / "page.html").links if link.startswith("data/")]
        assert links and all((tmp_path / link).is_file() for link in links), "no link to a file that is not made"
        assert "Parquet by year" in text


HOSTILE = ["../../etc/passwd", "=cmd|' /C calc'!A0", "长" * 300, "𠀀" * 300, "\u202e乙所\u200f", "😀😀", "%2e%2e%2f", "尾点. . ", "Abc所",
           "aBC所", "NUL.txt", "CON", "甲", "甲-en", "甲-EN", "甲-2024", "甲-2024-en", "é所",
           "e\u0301所", "#top?x=1", "'\"<b>"]  # fmt: skip


def test_no_two_pages_share_a_file_whatever_institutes_and_reports_are_called(tmp_path):
    tables = sample_tables.tables(len(HOSTILE), (2023, 2024), seed=8)
    called = dict(zip(sample_tables.names(len(HOSTILE)), HOSTILE, strict=True))
    reports = tables["reports"].assign(institute=tables["reports"]["institute"].map(called).astype("str"))
    reports = reports.assign(report_id=[f"{HOSTILE[at % len(HOSTILE)]}{'' if at < len(HOSTILE) else at}" for at in range(len(reports))])
    sample_tables.write_frames(tmp_path, tables | {"reports": frames.conform("reports", reports)})
    names = [run.page.file for each in ("zh", "en") for run in briefing.catalogue(sites.find_notebooks(), tmp_path, each)]
    names += [f"{name}.html" for each in ("zh", "en") for name in page_names(reports, each).values()]
    names += [edition.file(f"data-{table}") for edition in (Edition("zh"), Edition("en", ("zh", "en"))) for table in TABLES]
    assert len({unicodedata.normalize("NFC", name).casefold() for name in names}) == len(names)
    for name in names:
        assert re.fullmatch(r"[\w-]+\.html", name) and len(f".{name}.partial".encode()) < 255, name


# in a browser


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    if not browser.find():
        pytest.skip("no Chromium on this machine: install one, or name its program in CHROMIUM")
    opened = browser.Browser(tmp_path_factory.mktemp("profile"))
    opened.size(1280, 900)
    yield opened
    opened.close()


def kinds(made: list[Path]) -> dict[str, Path]:
    """One page of each kind."""
    shown = [path for path in made if path.suffix == ".html"]
    return {"notebooks" if path.parent.name == "notebooks" else re.split(r"[-.]", path.name)[0]: path for path in shown}


@pytest.mark.parametrize("width", [1280, 390])
def test_each_kind_of_page_loads_alone_and_is_not_blank(made, chromium, width):
    chromium.size(width, 900)
    assert {"index", "findings", "data", "year", "institute", "evidence", "notebooks"} <= set(kinds(made))
    for kind, path in kinds(made).items():
        chromium.open(path)
        assert chromium.errors == [], kind
        outside = [url for url in chromium.requests if not url.startswith(("data:", "about:", made[-1].parent.resolve().as_uri()))]
        assert outside == [], kind
        assert chromium.evaluate("typeof alerted") == "undefined"
        assert chromium.evaluate("document.documentElement.scrollWidth") <= width, f"{kind}: the page itself scrolls sideways"
        picture = np.asarray(Image.open(io.BytesIO(chromium.screenshot())).convert("L"))
        assert 0.005 < (picture < 128).mean() < 0.5, kind
    chromium.size(1280, 900)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_kind_of_page_is_fit_for_screen_readers_and_has_enough_contrast(made, chromium, language):
    chromium.size(1280, 900)
    for kind, path in kinds([path for path in made if path.stem.endswith("-en") == (language == "en")]).items():
        chromium.open(path)
        assert accessible.lacks(chromium) == [], kind


def test_the_first_key_on_every_page_leads_past_the_menu(made, chromium):
    for kind, path in kinds(made).items():
        chromium.open(path)
        chromium.press("Tab")
        assert chromium.evaluate("document.activeElement.className") == "skip", kind
        assert chromium.evaluate("document.activeElement.getBoundingClientRect().left") >= 0, f"{kind}: it is to be seen"
        assert chromium.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", kind
        chromium.press("Enter", "\r")
        chromium.press("Tab")
        assert chromium.evaluate("!document.activeElement.closest('nav')"), kind


def test_evidence_on_paper_is_not_cut_off(root, chromium, tmp_path):
    (page,) = write_pages(store.load(root / "data/processed"), ["changji-2020"], root / "data/raw", tmp_path)
    chromium.size(673, 900)  # what the margins leave of A4
    chromium.open(page)
    chromium.media("print")
    wide = "[...document.querySelectorAll('.rows')].map(each => [each.scrollWidth, each.clientWidth, getComputedStyle(each).overflowX])"
    found = chromium.evaluate(wide)
    chromium.media("")
    chromium.size(1280, 900)
    assert len(found) > 10 and all(inner <= outer and how == "visible" for inner, outer, how in found)


@pytest.fixture(scope="module")
def home_of_400(tmp_path_factory) -> Path:
    """The home page of 400 institutes with five years each."""
    known = [
        site_pages.Institute(name, f"institute-{at}", "湖南省", f"第{at % 14}市", "市场监督管理局", 3, years={2020, 2024},
                             briefings=[site_pages.Link(str(year), "a.html") for year in range(2020, 2025)]
                             + [site_pages.Link("历年", "b.html", (("DOCX", "b.docx"), ("PDF", "b.pdf")))],
                             evidence=[site_pages.Link(f"{name}-{year}", "c.html") for year in range(2020, 2025)])
        for at, name in enumerate(sample_tables.names(400))
    ]  # fmt: skip
    of_year = [
        site_pages.Year(str(year), site_pages.Link("年度", "y.html"), [each.briefings[0] for each in known]) for year in (2020, 2024)
    ]
    page = tmp_path_factory.mktemp("many") / "index.html"
    page.write_text(site_pages.home_html(sample_tables.tables(4), known, of_year, [], [], Edition("zh")), encoding="utf-8")
    return page


def test_the_home_page_of_400_institutes_is_a_short_index_on_paper_with_its_headings_on_each_page(home_of_400, chromium):
    chromium.open(home_of_400)
    with pypdfium2.PdfDocument(chromium.pdf()) as printed:
        texts = [page.get_textpage().get_text_range() for page in printed]
    assert len(texts) <= 12
    assert all("单位" in text.splitlines()[0] for text in texts[1:-1]), "headings are repeated"
    assert "DOCX" not in "".join(texts) and all(name in "".join(texts) for name in sample_tables.names(40))


def test_findings_on_paper_are_rows_without_links(chromium, tmp_path):
    page = tmp_path / "findings.html"
    page.write_text(site_pages.findings_html(sample_tables.audited(sample_tables.tables(4)), {}, Edition("zh")), encoding="utf-8")
    chromium.open(page)
    with pypdfium2.PdfDocument(chromium.pdf()) as printed:
        (text,) = [each.get_textpage().get_text_range() for each in printed]
    assert "应为" in text and "原文依据" not in text.split("应为")[1]


def test_a_long_name_without_blanks_stays_in_its_cell(chromium, tmp_path):
    link = site_pages.Link("x" * 250, "c.html")
    page = tmp_path / "index.html"
    page.write_text(
        site_pages.home_html(sample_tables.tables(1), [site_pages.Institute("某所", "a", evidence=[link])], [], [], [], Edition())
    )
    chromium.open(page)
    assert chromium.evaluate("(link => link.getBoundingClientRect().right <= link.closest('td').getBoundingClientRect().right)"
                             "(document.querySelector('td.proof a'))")  # fmt: skip


def test_the_home_page_of_400_institutes_fits_a_phone(home_of_400, chromium):
    chromium.size(390, 844)
    chromium.open(home_of_400)
    assert chromium.evaluate("document.documentElement.scrollWidth") == 390
    type_into(chromium, "all-institutes", sample_tables.names(400)[399])
    assert chromium.evaluate(SHOWN % ("all-institutes", 0)) == [sample_tables.names(400)[399]]
    chromium.size(1280, 900)


SHOWN = "[...document.querySelectorAll('#%s tbody tr')].filter(row => !row.hidden).map(row => row.cells[%d].textContent)"


def type_into(chromium, table: str, text: str) -> None:
    chromium.evaluate(f"document.querySelector('input[data-for={table}]').focus()")
    chromium.evaluate(f"document.activeElement.value = ''; document.execCommand('insertText', false, {json.dumps(text)})")


def test_the_search_finds_institutes(made, chromium):
    chromium.open(made[-1])
    everyone = chromium.evaluate(SHOWN % ("all-institutes", 0))
    assert sorted(everyone) == sorted([STRANGE, PLAIN])
    type_into(chromium, "all-institutes", "乙市 2024")
    assert chromium.evaluate(SHOWN % ("all-institutes", 0)) == [PLAIN]
    assert chromium.evaluate("document.querySelector('.count').textContent") == "显示 1 行，共 2 行"
    type_into(chromium, "all-institutes", "没有这个")
    assert chromium.evaluate(SHOWN % ("all-institutes", 0)) == []
    type_into(chromium, "all-institutes", "</ＳＣＲＩＰＴ>")
    assert chromium.evaluate(SHOWN % ("all-institutes", 0)) == [STRANGE], "whatever the width and case"


def test_a_link_shows_the_row_that_a_search_hides(made, chromium):
    chromium.open(made[-1])
    type_into(chromium, "all-institutes", "没有这个")
    chromium.evaluate("document.querySelector('#regions ~ details a').click()")
    chromium.evaluate("new Promise(done => setTimeout(done, 100))")
    assert len(chromium.evaluate(SHOWN % ("all-institutes", 0))) == 2


def test_tables_sort_by_number_with_the_keyboard_and_what_is_missing_stands_last(made, chromium):
    chromium.open(made[-1].parent / "data-execution.html")
    at = list(frames.schema("execution")).index("initial_budget_wan")
    wanted = store.load(made[-1].parent / "data")["execution"]["initial_budget_wan"]
    assert wanted.isna().any() and wanted.notna().sum() > 2, "the case is in the sample"
    chromium.evaluate(f"document.querySelectorAll('#rows th button')[{at}].focus()")
    for direction in ("ascending", "descending"):
        chromium.press("Enter", "\r")
        assert chromium.evaluate(f"document.querySelectorAll('#rows thead th')[{at}].getAttribute('aria-sort')") == direction
        found = [text.replace(",", "") for text in chromium.evaluate(SHOWN % ("rows", at))]
        present = [float(text) for text in found if text]
        assert present == sorted(wanted.dropna(), reverse=direction == "descending")
        assert found[len(present) :] == [""] * int(wanted.isna().sum())


ROWS = "[...document.querySelectorAll('#rows tbody tr')].map(row => [...row.cells].map(cell => cell.textContent))"
PART = "document.querySelector('.pager output').textContent"


def go(chromium, where: str) -> None:
    chromium.evaluate(f"document.querySelector('[data-go=\\'{where}\\']').click()")


def test_a_long_table_is_searched_and_sorted_whole_and_shown_in_parts(chromium, tmp_path):
    frame = long_table(2 * site_tables.STANDING + 50)
    page = tmp_path / "data-funds.html"
    page.write_text(table_html(frame, "zh"), encoding="utf-8")
    without = re.sub("<script.*?</script>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    (tmp_path / "plain.html").write_text(without, encoding="utf-8")
    chromium.open(tmp_path / "plain.html")
    standing = chromium.evaluate(ROWS)
    chromium.open(page)
    assert chromium.errors == []
    assert chromium.evaluate(ROWS) == standing, "the script writes cells as the page does"
    assert chromium.evaluate(PART) == "第 1—200 行"
    go(chromium, "+1")
    go(chromium, "+1")
    assert chromium.evaluate(PART) == "第 401—450 行" and len(chromium.evaluate(ROWS)) == 50
    assert chromium.evaluate("document.querySelector('[data-go=last]').disabled")
    type_into(chromium, "rows", "</ｓcript>甲县")
    ((found, *_),) = chromium.evaluate(ROWS)
    assert found == f"r{len(frame) - 1}", "in the last row of all"
    type_into(chromium, "rows", "")
    at = list(frame).index("amount_wan")
    chromium.evaluate(f"document.querySelectorAll('#rows th button')[{at}].click()")
    wanted = frame["amount_wan"].sort_values(kind="stable", na_position="last")
    shown = [row[at] for row in chromium.evaluate(ROWS)]
    assert shown == [words.number(value, 6) for value in wanted.head(site_tables.STANDING)]
    go(chromium, "last")
    assert {row[at] for row in chromium.evaluate(ROWS)} == {""}, "what is missing stands last"
    type_into(chromium, "rows", "没有这个")
    assert chromium.evaluate(ROWS) == [] and chromium.evaluate(PART) == "第 0—0 行"


def choose(chromium, at: int, value: str) -> None:
    chromium.evaluate(f"var list = document.querySelectorAll('.tools select')[{at}]; list.value = {json.dumps(value)};"
                      "list.dispatchEvent(new Event('change', {bubbles: true}))")  # fmt: skip


def test_institutes_and_findings_can_be_chosen_by_year_region_and_severity(made, processed, chromium):
    chromium.open(made[-1])
    years = store.load(processed)["reports"].groupby("institute")["fiscal_year"].unique()
    offered = chromium.evaluate("[...document.querySelector('.tools select').options].map(option => option.value)")
    assert offered == ["", *map(str, sorted({year for each in years for year in each}))]
    for year in offered[1:]:
        choose(chromium, 0, year)
        assert sorted(chromium.evaluate(SHOWN % ("all-institutes", 0))) == sorted(years.index[[int(year) in each for each in years]])
    choose(chromium, 0, "")
    choose(chromium, 1, REGION)
    assert len(chromium.evaluate(SHOWN % ("all-institutes", 0))) == 2, "a province holds its cities"
    chromium.open(made[-1].parent / "findings.html")
    choose(chromium, 0, "high")
    shown = chromium.evaluate(SHOWN % ("findings", 0))
    assert shown and {text[0] for text in shown} == {"高"}


def test_a_reader_who_comes_back_finds_what_was_searched_chosen_and_sorted(made, chromium):
    chromium.open(made[-1])
    chromium.evaluate("document.querySelectorAll('#all-institutes th button')[0].click()")
    type_into(chromium, "all-institutes", "乙市")
    choose(chromium, 0, "2024")
    chromium.evaluate("document.querySelector('#all-institutes tr:not([hidden]) td a').click()")
    chromium.loaded()
    assert "institute-" in chromium.evaluate("location.href")
    chromium.evaluate("history.back()")
    chromium.loaded()
    assert chromium.evaluate("document.querySelector('.tools input').value") == "乙市"
    assert chromium.evaluate("document.querySelector('.tools select').value") == "2024"
    assert chromium.evaluate(SHOWN % ("all-institutes", 0)) == [PLAIN]
    assert chromium.evaluate("document.querySelector('#all-institutes th').getAttribute('aria-sort')") == "ascending"
    chromium.open(made[-1])
    assert chromium.evaluate("document.querySelector('.tools input').value") == "", "who comes by a link sees all"


def test_the_keyboard_reaches_search_headings_and_links(made, chromium):
    chromium.open(made[-1].parent / "findings.html")
    seen = []
    for _ in range(20):
        chromium.press("Tab")
        seen.append(chromium.evaluate("document.activeElement.className || document.activeElement.tagName"))
    assert seen[0] == "skip" and {"INPUT", "BUTTON", "frame", "A"} <= set(seen)
    chromium.evaluate("document.querySelector('#findings a').focus()")
    chromium.press("Enter", "\r")
    chromium.loaded()
    assert re.search(r"/evidence-.*#f\d+$", chromium.evaluate("location.href"))
