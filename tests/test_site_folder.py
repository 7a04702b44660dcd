"""The folder of a site: replaced whole or not at all, by one run at a time, with no language and no other file lost."""

import json
import os
from pathlib import Path

import pytest

import sample_tables
import strange_site
from jixiao import cli, pages, site_pages, store
from jixiao import site as sites
from jixiao.site_folder import LIST, SiteFolder


@pytest.fixture(scope="module")
def processed(tmp_path_factory) -> Path:
    return strange_site.write(tmp_path_factory.mktemp("tables") / "processed")


def test_the_list_of_an_earlier_run_leads_to_no_file_outside_the_site(tmp_path):
    out, outside = tmp_path / "site", tmp_path / "mine.txt"
    out.mkdir()
    outside.write_text("kept", encoding="utf-8")
    (out / LIST).write_text(json.dumps({"files": ["../mine.txt", str(outside), "never.html"]}), encoding="utf-8")
    place = SiteFolder(out, ["zh"])
    with place.begin():
        place.commit([])
    assert outside.exists() and json.loads((out / LIST).read_text(encoding="utf-8"))["files"] == []
    (out / LIST).write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match=r"\.site\.json cannot be read .* delete it"):
        SiteFolder(out, ["zh"])


@pytest.mark.parametrize("languages", [("en",), ("zh",)])
def test_a_language_that_the_site_has_is_never_lost_unasked(tmp_path, languages):
    (lost,) = {"zh", "en"} - set(languages)
    place = SiteFolder(tmp_path, ["zh", "en"])
    with place.begin() as work:
        page = work / "a.html"
        page.write_text("a", encoding="utf-8")
        place.commit([page])
    with pytest.raises(ValueError, match=rf"holds the site in {lost}, too: name all of its languages \({languages[0]} {lost}\)"):
        SiteFolder(tmp_path, languages)
    SiteFolder(tmp_path, ["en", "zh"])


@pytest.fixture
def few_briefings(monkeypatch):
    """Briefings that are made at once, with a text that can be told; the list of what was made."""
    made = []

    def brief(out, **options):
        page = out / "year-2024.html"
        if not page.is_file():
            pages.write(page, f"<title>{few.text}</title>")
            made.append(page.name)
        return [page, out / "index.html"]

    class few:
        text = "one"

    few.made = made
    monkeypatch.setattr(sites, "brief", brief)
    monkeypatch.setattr(sites._Site, "_notebooks", lambda *given: {})
    return few


@pytest.mark.parametrize("where", ["findings_html", "home_html"])
def test_a_run_that_ends_early_leaves_the_old_site_and_the_next_one_goes_on(few_briefings, processed, tmp_path, monkeypatch, where):
    out, fresh = tmp_path / "site", tmp_path / "fresh"
    sites.site(out=out, processed=processed, progress=False)
    before = strange_site.contents(out)
    newer = {table: frame[~frame["report_id"].eq("lost")] for table, frame in store.load(processed).items()}
    sample_tables.write_frames(tmp_path / "processed", newer)
    with monkeypatch.context() as patched:
        patched.setattr(site_pages, where, lambda *given: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            sites.site(out=out, processed=tmp_path / "processed", progress=False)
    assert strange_site.contents(out) == before
    sites.site(out=out, processed=tmp_path / "processed", progress=False)
    assert few_briefings.made == ["year-2024.html"], "what was there is not made again"
    sites.site(out=fresh, processed=tmp_path / "processed", progress=False)
    assert strange_site.contents(out) == strange_site.contents(fresh) != before
    assert not (out / ".new").exists()


def test_a_run_killed_while_pages_take_their_places_leaves_none_that_the_next_does_not_know(
    few_briefings, processed, tmp_path, monkeypatch
):
    out = tmp_path / "site"
    sites.site(out=out, processed=processed, progress=False)
    place = SiteFolder(out, ["zh"])

    def killed(new, old, real=os.replace):
        if Path(old).name == "index.html":
            raise KeyboardInterrupt
        real(new, old)

    with monkeypatch.context() as patched, place.begin() as work:
        strange, page = work / "strange.html", work / "index.html"
        strange.write_text("x", encoding="utf-8")
        pages.write(page, "y")
        patched.setattr("jixiao.site_folder.os.replace", killed)
        with pytest.raises(KeyboardInterrupt):
            place.commit([strange, page])
    assert (out / "strange.html").is_file()
    sites.site(out=out, processed=processed, progress=False)
    sites.site(out=tmp_path / "fresh", processed=processed, progress=False)
    assert strange_site.contents(out) == strange_site.contents(tmp_path / "fresh")


def test_a_second_run_into_the_folder_at_the_same_time_is_refused(few_briefings, processed, tmp_path, capsys):
    out = tmp_path / "site"
    sites.site(out=out, processed=processed, progress=False)
    before = strange_site.contents(out)
    with SiteFolder(out, ["zh"]).begin():
        status = cli.main(["site", "--processed", str(processed), "--out", str(out), "--language", "zh"])
        assert status == cli.FAILED and "another run is writing this site" in capsys.readouterr().err
        assert strange_site.contents(out) == before
    sites.site(out=out, processed=processed, progress=False)


def test_pages_that_come_out_as_they_were_are_left_untouched(few_briefings, processed, tmp_path):
    sites.site(out=tmp_path, processed=processed, progress=False)
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in strange_site.contents(tmp_path) if name != LIST}
    sites.site(out=tmp_path, processed=processed, progress=False)
    assert {name: (tmp_path / name).stat().st_mtime_ns for name in strange_site.contents(tmp_path) if name != LIST} == before
