"""Imported once by the fork server of `kernels`: what every notebook imports, so that a fork has it already."""

import ipykernel.ipkernel
import ipykernel.kernelapp
import matplotlib.pyplot
import matplotlib_inline.backend_inline
import pyarrow  # noqa: F401
import seaborn  # noqa: F401

from . import charts, coverage, marks, measures, notebook, readings  # noqa: F401
from .charts.canvas import style

style()  # finds and registers the fonts

__all__ = ["ipykernel", "matplotlib", "matplotlib_inline"]
