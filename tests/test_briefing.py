"""Briefings: what is made from which tables, pages that stand alone, and a failure that does not stop the rest."""

import errno
import html
import json
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pandas as pd
import pytest
from jupyter_client.provisioning.local_provisioner import LocalPortCache

import sample_tables
from jixiao import briefing, choices, forking, kernels, pages, running
from jixiao.pages import Page

STRANGE = '甲县<b>计量</b>/检定所:"一"?*\\ #1 & 中心'


def tables_of(names: dict[str, tuple[int, ...]]) -> dict[str, pd.DataFrame]:
    """Sample tables of institutes called as `names` says, with reports of the years given."""
    found = sample_tables.tables(len(names), (2022, 2023, 2024), seed=8)
    called = dict(zip(sample_tables.names(len(names)), names, strict=True))
    for table, frame in found.items():
        if "institute" in frame:
            frame = frame.assign(institute=frame["institute"].map(called).astype("str"))
            cases = zip(frame["institute"], frame["fiscal_year"], strict=True)
            keep = pd.Series([year in names[name] for name, year in cases], index=frame.index, dtype=bool)
            found[table] = frame[keep].reset_index(drop=True)
    return found


@pytest.fixture(scope="module")
def processed(tmp_path_factory) -> Path:
    reports = {STRANGE: (2022, 2024), "乙市计量所": (2023,)}
    return sample_tables.write_frames(tmp_path_factory.mktemp("tables") / "processed", tables_of(reports))


@pytest.fixture(scope="module")
def made(processed, tmp_path_factory) -> list[Path]:
    """The pages of everything that there is to brief."""
    written = briefing.brief(out=tmp_path_factory.mktemp("out") / "briefings", processed=processed, progress=False)
    return [path for path in written if path.suffix == ".html"]


class Reader(HTMLParser):
    """What a page holds: its tags, what it asks for from elsewhere, its links, and its text."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.tags, self.loads, self.links, self.pictures, self.words = [], [], [], [], []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.append(tag)
        if tag == "a":
            self.links.append(values.get("href", ""))
        elif tag == "img":
            self.pictures.append(values)
        if tag in ("script", "link", "iframe", "object") or (tag == "img" and not values["src"].startswith("data:image/png;base64,")):
            self.loads.append((tag, values))

    def handle_data(self, data):
        self.words.append(data)


def test_with_nothing_given_all_comparisons_years_and_latest_institutes_are_made(made):
    assert [path.name for path in made][:9] == [
        "00_corpus.html", "01_execution_rates.html", "02_three_public_funds.html", "03_indicator_scores.html",
        "04_audit.html", "05_comparable_scores.html", "year-2022.html", "year-2023.html", "year-2024.html",
    ]  # fmt: skip
    institutes = [path.stem for path in made[9:-1]]
    assert sorted(stem.rsplit("-", 1)[1] for stem in institutes[:2]) == ["2023", "2024"], "each institute's latest year"
    assert sorted(institutes[2:]) == sorted(["institute-乙市计量所", f"institute-{briefing.safe(STRANGE)}"]), "and over its years"
    assert made[-1].name == "index.html"
    kept = sorted(path.stem for path in (made[0].parent / "notebooks").iterdir())
    assert kept == sorted(path.stem for path in made[:-1])
    assert not list(made[0].parent.rglob("*.partial"))


def test_each_page_stands_alone_hides_its_code_and_escapes_what_reports_say(made):
    for path in made:
        page = Reader(path)
        text = path.read_text(encoding="utf-8")
        assert page.loads == []
        assert "b" not in page.tags, "a name with markup in it stays text"
        assert not re.search(r"url\(|@import|https?://", text)
        assert "open_view" not in text and "NBVAL" not in text
        assert "Traceback" not in text
        assert 'name="viewport"' in text and "@media print" in text
        if path.name != "index.html":
            assert page.pictures, path
            assert all(len(picture.get("alt", "")) > 5 for picture in page.pictures), "a picture says what is to be seen"
            assert "h1" in page.tags and "table" in page.tags


def test_every_link_leads_to_a_file(made):
    folder = made[0].parent
    linked = {path: [unquote(link) for link in Reader(path).links if not link.startswith("#")] for path in made}
    for path, links in linked.items():
        assert links, path
        assert [link for link in links if not (folder / link).is_file()] == [], path
    assert {path.name for path in made[:-1]} <= set(linked[made[-1]])


def test_file_names_are_safe_and_short_and_never_shared():
    assert re.fullmatch(r"[\w-]+", briefing.safe(STRANGE))
    assert briefing.safe("...") == "_"
    assert len(briefing.safe("所" * 500).encode()) <= 200
    taken: set[str] = set()
    assert [briefing.free_name("institute-a_b", "-en", taken) for _ in range(3)] == [
        "institute-a_b-en",
        "institute-a_b-2-en",
        "institute-a_b-3-en",
    ]
    assert briefing.free_name("Institute-A_B", "-en", taken) == "Institute-A_B-4-en", "some file systems ignore case"


def runs_for(processed, notebooks, language="zh") -> list[briefing.Run]:
    return briefing.catalogue(notebooks, processed, language)


def stems(runs) -> list[str]:
    return [run.page.stem for run in runs]


def test_the_comparable_scores_are_told_their_rule_set_by_name_or_file(processed, root, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text((root / "data" / "rules" / "example.toml").read_text(encoding="utf-8"), encoding="utf-8")
    for given, told in (("mof-2020", "mof-2020"), (file, os.path.relpath(file, root / "notebooks"))):
        runs = {run.page.stem: run for run in briefing.catalogue(root / "notebooks", processed, "zh", rules=given)}
        assert runs["05_comparable_scores"].parameters["rule_set"] == told
        assert "rule_set" not in runs["03_indicator_scores"].parameters


def test_the_catalogue_and_what_is_chosen_from_it(processed, root):
    runs = runs_for(processed, root / "notebooks")
    strange = f"institute-{briefing.safe(STRANGE)}"
    assert len(runs) == 6 + 3 + 3 + 2
    assert stems(briefing.plan(runs, year=2022)) == ["year-2022", f"{strange}-2022"]
    assert stems(briefing.plan(runs, institute=STRANGE)) == [f"{strange}-2022", f"{strange}-2024", strange]
    assert stems(briefing.plan(runs, "2024", STRANGE)) == [f"{strange}-2024"]
    assert all(stem.endswith("-en") for stem in stems(runs_for(processed, root / "notebooks", "en")))
    assert not Path(runs[0].parameters["processed"]).is_absolute() or not str(processed).startswith(str(root.anchor))


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"year": 2025}, "year 2025 is not known; there is: "),
        ({"institute": "乙市计量"}, "institute '乙市计量' is not known; there is: 乙市计量所"),
        ({"institute": "乙市计量所", "year": 2024}, "乙市计量所: year 2024 is not known; there is: 2023"),
        ({"language": "fr"}, "language 'fr': choose one of zh, en"),
        ({"formats": ("html", "odt")}, "format 'odt': choose one of html, docx, pdf"),
    ],
)
def test_what_there_is_not_is_refused_with_a_list(processed, tmp_path, wanted, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        briefing.brief(**wanted, out=tmp_path / "out", processed=processed, progress=False)
    assert not (tmp_path / "out").exists()


def test_of_many_names_the_nearest_few_are_listed_and_where_all_stand():
    known = [f"第{n}县林业局" for n in range(400)] + ["乙市计量测试所", "乙市计量检定所"]
    with pytest.raises(ValueError) as caught:
        choices.choose("乙市计量所", known, "institute")
    told = str(caught.value)
    assert told.startswith("institute '乙市计量所' is not known; the nearest of 402 are: 乙市计量")
    assert "乙市计量测试所" in told and "乙市计量检定所" in told and told.count("县林业局") == 3
    assert told.endswith("; the column institute of reports.csv lists all")
    assert choices.unknown("year", 9, range(2000, 2030)).endswith(" of 30 are: 2009, 2019, 2029, 2000, 2001")


def test_without_tables_or_notebooks_it_says_what_to_do(processed, tmp_path):
    with pytest.raises(ValueError, match="jixiao build"):
        briefing.brief(out=tmp_path, processed=tmp_path / "nowhere", progress=False)
    with pytest.raises(FileNotFoundError, match="run this in a checkout"):
        briefing.brief(out=tmp_path, processed=processed, progress=False, notebooks=tmp_path)


def test_one_failure_does_not_stop_the_rest_and_is_told_at_the_end(processed, root, tmp_path):
    notebooks = shutil.copytree(root / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".*"))
    broken = notebooks / "briefing_year.ipynb"
    found = json.loads(broken.read_text(encoding="utf-8"))
    found["cells"][-1]["source"] = ["raise RuntimeError('no <such> figure')"]
    broken.write_text(json.dumps(found), encoding="utf-8")
    with pytest.raises(briefing.BriefingError, match="1 of 2 briefings could not be made") as caught:
        briefing.brief(year=2023, out=tmp_path / "out", processed=processed, progress=False, notebooks=notebooks)
    assert [path.name for path in caught.value.written] == [
        *(f"institute-乙市计量所-2023.{end}" for end in briefing.FORMATS),
        "index.html",
    ]
    assert caught.value.failed == [("2023 年度绩效自评简报", "RuntimeError: no <such> figure")]
    index = caught.value.written[-1].read_text(encoding="utf-8")
    assert "no &lt;such&gt; figure" in index
    assert not (tmp_path / "out" / "year-2023.html").exists()


def test_a_second_run_in_english_keeps_the_chinese_pages_and_links_both(processed, tmp_path):
    out = tmp_path / "out"
    briefing.brief(institute="乙市计量所", out=out, processed=processed, progress=False)
    (out / "mine.html").write_text("<title>not ours</title>", encoding="utf-8")
    gone = Page("institute-丙所-2019", "丙所", "institute", "丙所 2019")
    (out / gone.file).write_text(
        (out / "institute-乙市计量所-2023.html").read_text(encoding="utf-8").replace("乙市计量所", "丙所"), encoding="utf-8"
    )
    briefing.brief(institute="乙市计量所", language="en", out=out, processed=processed, progress=False)
    links = [unquote(link) for link in Reader(out / "index.html").links]
    stems = [f"institute-乙市计量所{end}" for end in ("-2023-en", "-en", "-2023", "")]
    assert links == [f"{stem}.{end}" for stem in stems for end in briefing.FORMATS], "neither strangers nor institutes that are gone"
    page = (out / "institute-乙市计量所-2023-en.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in page and "In short" in page


def test_kept_notebooks_hold_their_parameters_and_no_folders_of_this_machine(made, processed):
    kept = made[0].parent / "notebooks" / "year-2024.ipynb"
    found = json.loads(kept.read_text(encoding="utf-8"))
    assert "papermill" not in found["metadata"]
    injected = next("".join(cell["source"]) for cell in found["cells"] if "injected-parameters" in cell["metadata"].get("tags", []))
    assert "year = 2024" in injected and 'language = "zh"' in injected
    assert str(Path(__file__).parents[1]) not in kept.read_text(encoding="utf-8")


def test_a_notebook_run_twice_gives_the_same_notebook(processed, root):
    given = {"processed": os.path.relpath(processed, root / "notebooks"), "language": "en"}
    first, second = (nbformat.writes(running.run(root / "notebooks" / "00_corpus.ipynb", given)) for _ in range(2))
    assert first == second


def test_a_page_keeps_what_a_list_of_pages_needs(tmp_path):
    import nbformat

    page = Page("a", 'x <y> "z" & 中', "institute", 'n "q" 2024', "en")
    pages.write(tmp_path / page.file, pages.page_html(nbformat.v4.new_notebook(), page, {"year": 2024}))
    assert pages.pages_in(tmp_path) == [page]
    assert html.escape(page.title, quote=False) in (tmp_path / page.file).read_text(encoding="utf-8").replace("&#34;", '"')


def test_what_is_up_to_date_stays_and_what_is_not_is_made_again(processed, root, tmp_path, monkeypatch):
    ran = []
    monkeypatch.setattr("jixiao.making.run", lambda notebook, parameters: ran.append(notebook.stem) or running.run(notebook, parameters))
    asked = {"institute": "乙市计量所", "year": 2023, "out": tmp_path / "out", "progress": False}
    tables = shutil.copytree(processed, tmp_path / "processed")
    page = briefing.brief(**asked, processed=tables, formats=("html",))[0]
    assert ran == ["briefing_institute"] and not page.with_suffix(".pdf").exists()
    before = page.stat().st_mtime_ns
    paper = briefing.brief(**asked, processed=tables, formats=("html", "pdf"))[1]
    assert paper == page.with_suffix(".pdf") and paper.read_bytes()[:5] == b"%PDF-"
    assert len(ran) == 1 and page.stat().st_mtime_ns == before, "a format that was not there is made of the notebook that is kept"
    page.write_text("half a page", encoding="utf-8")
    briefing.brief(**asked, processed=tables, formats=("html", "pdf"))
    assert len(ran) == 1 and "</html>" in page.read_text(encoding="utf-8"), "a damaged file is made again"
    paper_before, menu = paper.stat().st_mtime_ns, pages.Menu((("elsewhere.html", "elsewhere"),))
    briefing.brief(**asked, processed=tables, formats=("html", "pdf"), menus={"zh": menu})
    assert len(ran) == 1 and paper.stat().st_mtime_ns == paper_before, "what a page leads to is no part of the notebook"
    assert "elsewhere.html" in page.read_text(encoding="utf-8")
    with (tables / "issues.csv").open("a", encoding="utf-8") as issues:
        issues.write(f"{pd.read_csv(tables / 'reports.csv')['report_id'].iloc[0]},unit_jump,,,changed\n")
    for parquet in tables.glob("*.parquet"):
        parquet.unlink()
    briefing.brief(**asked, processed=tables, formats=("html",))
    assert len(ran) == 2 and not paper.exists(), "tables that changed: nothing of the old figures is left"


def test_an_interrupt_begins_no_further_page(monkeypatch):
    begun = []

    def make(page):
        begun.append(page)
        return Path(page)

    def interrupted(items, total, progress):
        yield next(iter(items))
        raise KeyboardInterrupt

    monkeypatch.setattr(briefing, "_shown", interrupted)
    hold = threading.Event()
    work = [(make, ("first",), "first"), (lambda: (hold.wait(5), Path("second"))[1], (), "second")]
    threading.Timer(0.5, hold.set).start()
    with pytest.raises(KeyboardInterrupt):
        briefing._all(work + [(make, (str(number),), "") for number in range(50)], 1, False)
    assert begun == ["first"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path):
    pages.write(tmp_path / "a.html", "old")
    with pytest.raises(UnicodeEncodeError):
        pages.write(tmp_path / "a.html", "new \ud800")
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == "old"


def test_two_runs_may_write_the_same_page(tmp_path, monkeypatch):
    written, replace = tmp_path / "a.html", os.replace

    def other_run_first(partial, path):
        monkeypatch.setattr(os, "replace", replace)
        monkeypatch.setattr(os, "getpid", lambda: 1)
        pages.write(written, "of the other run")
        replace(partial, path)

    monkeypatch.setattr(os, "replace", other_run_first)
    pages.write(written, "of this run")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["of this run"]


def test_a_full_disk_is_said_with_the_file_and_leaves_no_half_of_it(tmp_path, monkeypatch):
    def full(path, content, **_):
        path.touch()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match=r"a\.html"):
        pages.write(tmp_path / "a.html", "new")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_nothing_is_said_before_anything_is_run(processed, tmp_path, monkeypatch):
    monkeypatch.setattr(briefing, "_all", lambda *_: pytest.fail("work was begun"))

    def refused(dir):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(Path(dir, "tmp123")))

    monkeypatch.setattr(pages.tempfile, "TemporaryFile", refused)
    with pytest.raises(PermissionError) as told:
        briefing.brief(year=2024, out=tmp_path / "out", processed=processed, progress=False)
    assert told.value.filename == str(tmp_path / "out")


@pytest.mark.skipif(os.name != "posix", reason="this system has no sockets among its files")
def test_no_other_program_can_take_the_ports_of_a_kernel(processed, root, monkeypatch):
    """Two runs side by side chose the same port now and then: the kernel of one died."""
    folder = Path(kernels._folder().name)
    monkeypatch.setattr(LocalPortCache, "find_available_port", lambda *_: pytest.fail("a port of the network was chosen"))
    running.run(root / "notebooks" / "00_corpus.ipynb", {"processed": str(processed)})
    assert not [path for path in folder.iterdir() if path.is_socket() or path.suffix == ".json"]


def test_kernels_that_start_side_by_side_share_a_folder_that_stays(monkeypatch):
    make = kernels.tempfile.TemporaryDirectory
    monkeypatch.setattr(kernels.tempfile, "TemporaryDirectory", lambda **options: (time.sleep(0.2), make(**options))[1])
    kernels._made.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        names = list(pool.map(lambda _: kernels._folder().name, range(4)))
    assert len(set(names)) == 1 and Path(names[0]).is_dir()


@pytest.mark.skipif(os.name != "posix", reason="this system has no sockets among its files")
def test_where_the_folder_for_temporary_files_is_deep_kernels_have_ports(tmp_path, monkeypatch):
    deep = tmp_path / ("a" * 90)
    deep.mkdir()
    assert kernels.KernelHere().transport == "ipc" and kernels.KernelHere().ip.endswith("-ipc")
    assert kernels.KernelHere(connection_file=str(deep / "a.json")).transport == "tcp"


@pytest.fixture
def shallow():
    """A folder for temporary files whose path leaves room for those of sockets."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def test_kernels_are_not_forked_where_their_server_could_have_no_socket(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn", "forkserver"])
    monkeypatch.setattr(tempfile, "tempdir", "/" + "a" * (forking.LONGEST - 1))
    assert forking.can_fork()
    monkeypatch.setattr(tempfile, "tempdir", "/" + "计" * (forking.LONGEST // 3))
    assert not forking.can_fork()


@pytest.mark.parametrize("forked", [True, False])
def test_settings_of_the_user_change_no_run_and_no_folder_stays(forked, root, tmp_path, shallow):
    """IPython has start-up files and settings for all notebooks of a user."""
    if forked and not forking.can_fork():
        pytest.skip("this system does not fork")
    own = tmp_path / "home" / ".ipython" / "profile_default"
    (own / "startup").mkdir(parents=True)
    (own / "startup" / "a.py").write_text("x = 'of the user'")
    source = "print(globals().get('x', 'none'))"
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)], metadata=metadata)
    nbformat.write(notebook, tmp_path / "a.ipynb")
    code = f"from jixiao import kernels, running; kernels.can_fork = lambda: {forked}; "
    code += f"print(running.run({str(tmp_path / 'a.ipynb')!r}, {{}}).cells[0].outputs[0].text)"
    environment = {**os.environ, "PYTHONPATH": str(root / "lib"), "HOME": str(tmp_path / "home"), "TMPDIR": str(shallow)}
    environment.pop("IPYTHONDIR", None)
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.stdout.strip() == "none", done.stderr
    wait_until(lambda: not any(shallow.iterdir()), 10)


def test_without_forks_an_ordinary_kernel_of_this_python_runs(processed, root, monkeypatch):
    monkeypatch.setattr(kernels, "can_fork", lambda: False)
    monkeypatch.delenv("MPLBACKEND", raising=False)
    spec = kernels.KernelHere().kernel_spec
    assert spec.metadata == {}
    executed = running.run(root / "notebooks" / "02_three_public_funds.ipynb", {"processed": str(processed)})
    assert any("image/png" in output.get("data", {}) for cell in executed.cells for output in cell.get("outputs", []))


def test_forked_kernels_are_processes_of_their_own(root, processed, tmp_path):
    if not forking.can_fork():
        pytest.skip("this system does not fork")
    source = "import os\nprint(os.getpid(), os.getppid(), 'pandas' in __import__('sys').modules)"
    import nbformat

    cells = [nbformat.v4.new_code_cell("x = 1", metadata={"tags": ["parameters"]}), nbformat.v4.new_code_cell(source)]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), tmp_path / "a.ipynb")
    said = [running.run(tmp_path / "a.ipynb", {}).cells[-1].outputs[0].text.split() for _ in range(2)]
    assert said[0][0] != said[1][0]
    assert said[0][1] == said[1][1], "forks of the same server"
    assert said[0][2] == "True", "which has imported what notebooks need"


@pytest.mark.parametrize("piped", [True, False])
def test_a_script_without_a_guard_runs_once_and_may_come_out_of_a_pipe(piped, root, tmp_path):
    import nbformat

    cells = [nbformat.v4.new_code_cell("x = 1", metadata={"tags": ["parameters"]}), nbformat.v4.new_code_cell("print(x + 1)")]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), tmp_path / "a.ipynb")
    code = "from jixiao import running\nprint(running.run('a.ipynb', {'x': 41}).cells[-1].outputs[0].text)\n"
    (tmp_path / "script.py").write_text(code, encoding="utf-8")
    command = [sys.executable, "-" if piped else "script.py"]
    environment = {**os.environ, "PYTHONPATH": str(root / "lib")}
    done = subprocess.run(command, input=code if piped else "", cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["42"], "")


def test_kernels_and_their_server_end_with_a_run_that_is_killed(root, tmp_path):
    if not forking.can_fork():
        pytest.skip("this system does not fork")
    import nbformat

    source = "import os, pathlib, time\npathlib.Path('pids').write_text(f'{os.getpid()} {os.getppid()}')\ntime.sleep(60)"
    cells = [nbformat.v4.new_code_cell("x = 1", metadata={"tags": ["parameters"]}), nbformat.v4.new_code_cell(source)]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), tmp_path / "a.ipynb")
    code = f"from jixiao import running; running.run({str(tmp_path / 'a.ipynb')!r}, {{}})"
    program = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(root / "lib")})
    told = tmp_path / "pids"
    wait_until(lambda: told.is_file() and " " in told.read_text())
    program.send_signal(signal.SIGKILL)
    program.wait()
    wait_until(lambda: not any(alive(int(pid)) for pid in told.read_text().split()))


def wait_until(true, seconds: float = 50) -> None:
    for _ in range(int(seconds * 10)):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("it never came")


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked after does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
