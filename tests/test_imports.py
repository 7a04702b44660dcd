"""Imports run one way: a module imports only what stands before it here. A new module is put where it belongs."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import jixiao
from jixiao.cache import BYSTANDERS

HOME = Path(jixiao.__file__).parent

# what a line names may import what the lines above name, in itself only a package
ORDER = """
document machine
values facts page_breaks terms
vocabulary
readers layouts
extract
rows
dictionary
workbook datapackage storage
frames cache summary
edited
sources institutes accepted twins
audit parsing processes manifest
pieces
stored
workers
store
merging cluster
corpus tables
words measures choices findings
interactive
marks touched
rules
coverage readings display shown charts spot terminal explain
gate papers
pages
evidence
evidence_pages listing
notebook
forking
_warm kernels
ipynb
running provenance
catalogue
making
briefing
site_pages site_folder
site_tables site_index
site ending
cli
"""
RANK = {name: rank for rank, line in enumerate(ORDER.strip().splitlines()) for name in line.split()}

OPEN_SOURCES = {"parsing", "spot", "cli", "corpus", "sources"}  # nothing else right of the readers opens a source file
KNOW_LABELS = {"extract", "parsing", "terminal", "explain", "cli"}  # nothing else right of the layouts knows how a label is worded


def own_name(path: Path) -> str:
    return path.relative_to(HOME).parts[0].removesuffix(".py")


@cache
def imports() -> dict[str, set[str]]:
    """Module or package of the library → those of the library that it imports, anywhere in it."""
    found: dict[str, set[str]] = {}
    for path in sorted(HOME.rglob("*.py")):
        package = ("jixiao", *path.relative_to(HOME).parent.parts)
        targets = found.setdefault(own_name(path), set())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                full = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = ".".join((*package[: len(package) - node.level + 1], *filter(None, [node.module]))) if node.level else node.module
                full = [f"{base}.{alias.name}" for alias in node.names]
            else:
                continue
            targets |= {name.split(".")[1] for name in full if name.startswith("jixiao.")}
    return {name: {target for target in targets if target != name} for name, targets in found.items()}


def reached(start: str) -> set[str]:
    seen: set[str] = set()
    todo = [start]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += imports()[name]
    return seen


def test_every_module_has_its_place_in_the_order():
    assert set(imports()) - {"__init__"} == set(RANK)


@pytest.mark.parametrize("name", sorted(RANK))
def test_a_module_imports_only_what_stands_before_it(name):
    wrong = {target for target in imports()[name] if RANK.get(target, len(RANK)) >= RANK[name]}
    assert not wrong, f"{name} imports {', '.join(wrong)}, which do not stand before it"


@pytest.mark.parametrize(("target", "allowed"), [("readers", OPEN_SOURCES), ("layouts", KNOW_LABELS)])
def test_who_may_import(target, allowed):
    assert {name for name, targets in imports().items() if target in targets} <= allowed


def test_the_version_of_the_parser_counts_every_module_that_makes_the_tables():
    assert "audit" in reached("corpus") and "readers" in reached("corpus")
    assert not reached("corpus") & BYSTANDERS


def test_a_build_with_nothing_to_do_loads_no_heavy_library():
    code = "import sys, jixiao.cli, jixiao.corpus; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"pandas", "numpy", "pyarrow", "pdfplumber", "docx", "tqdm", "jixiao.readers"} & set(done.stdout.split())


@pytest.mark.parametrize("name", jixiao.__all__)
def test_the_public_names_are_functions(name):
    code = f"import jixiao; print(callable(jixiao.{name}), '{name}' in dir(jixiao))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]


def test_another_name_is_refused():
    with pytest.raises(AttributeError, match="no attribute 'parze'"):
        _ = jixiao.parze
