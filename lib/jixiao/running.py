"""Where the notebooks are, and one run of a notebook through papermill with parameters that it declares.

python -m jixiao.running            # run all notebooks here with what they declare and keep their outputs in them
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .ipynb import nbformat

if TYPE_CHECKING:
    from nbformat import NotebookNode

AUDIT = "04_audit"  # the one that shows the sources
INJECTED = "injected-parameters"  # the tag of the cell that papermill adds
SCORES = "05_comparable_scores"  # the one that takes a rule set
COMPARISONS = ("00_corpus", "01_execution_rates", "02_three_public_funds", "03_indicator_scores", AUDIT, SCORES)


def find_notebooks(folder: str | Path | None = None) -> Path:
    """The folder of the notebooks: the one given, `notebooks` here, or that of the checkout this library is used from.

    Raises FileNotFoundError that says where it looked and what to do.
    """
    here = [Path(folder)] if folder is not None else [Path("notebooks"), Path(__file__).resolve().parents[2] / "notebooks"]
    for candidate in here:
        if (candidate / f"{COMPARISONS[0]}.ipynb").is_file():
            return candidate.resolve()
    looked = " and ".join(str(candidate) for candidate in here)
    raise FileNotFoundError(f"no notebooks in {looked}: run this in a checkout of the project, or name the folder of its notebooks")


def run(notebook: str | Path, parameters: dict[str, Any]) -> NotebookNode:
    """The notebook executed in its own folder with `parameters`, which it must declare.

    Raises ValueError for a parameter that it does not declare, listing those it does; papermill alone would only warn.
    """
    nbformat()  # before papermill imports it
    import papermill

    from .kernels import KernelHere

    logging.getLogger("papermill").setLevel(logging.ERROR)
    notebook = Path(notebook).resolve()
    declared = list(papermill.inspect_notebook(str(notebook)))
    for name in parameters:
        if name not in declared:
            raise ValueError(f"{notebook.name}: parameter {name!r} is not known; there is: {', '.join(declared)}")
    place = {"metadata": {"path": str(notebook.parent)}}  # the kernel's folder; papermill's cwd would move this whole process
    # a kernel has nothing to put away at its end: it is ended at once
    given = {"kernel_manager_class": KernelHere, "resources": place, "shutdown_kernel": "immediate"}
    executed = papermill.execute_notebook(str(notebook), None, parameters, progress_bar=False, **given)
    return without_run_metadata(executed)


def without_run_metadata(notebook: NotebookNode) -> NotebookNode:
    """The notebook without times, paths and states of the run, which mislead a later reader and change each time."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        if not cell.metadata.get("tags"):
            cell.metadata.pop("tags", None)
        elif INJECTED in cell.metadata["tags"]:  # papermill gives it a name of chance, and readers a page that differs each time
            cell["id"] = INJECTED
    return notebook


def refresh(folder: str | Path | None = None) -> list[Path]:
    """Run each notebook of the folder with its own defaults and keep the outputs in it, for readers and for nbval."""
    from .pages import write

    notebooks = sorted(find_notebooks(folder).glob("*.ipynb"))
    for notebook in notebooks:
        executed = run(notebook, {})
        for number, cell in enumerate((cell for cell in executed.cells if cell.cell_type == "code"), start=1):
            cell.execution_count = number
        write(notebook, nbformat().writes(executed).rstrip("\n") + "\n")
    return notebooks


if __name__ == "__main__":
    for done in refresh(*sys.argv[1:2]):
        print(done.name)
