"""Imported once by the fork server of `forking`: what every notebook imports, so that a fork has it already."""

import gc
import io

import ipykernel.debugger
import ipykernel.ipkernel
import ipykernel.kernelapp
import IPython.core.debugger
import IPython.core.logger
import IPython.core.magics
import IPython.core.oinspect
import IPython.extensions.storemagic
import jinja2  # noqa: F401
import matplotlib.pyplot as plt
import matplotlib_inline.backend_inline
import psutil  # noqa: F401
import pyarrow.csv  # noqa: F401
import seaborn  # noqa: F401

from . import charts, corpus, coverage, marks, measures, notebook, readings, store  # noqa: F401
from .charts.canvas import empty
from .rules import wording  # noqa: F401

# The first drawing looks for the fonts, opens them and imports what writes a PNG.
empty("empty_rates", "zh").figure.savefig(io.BytesIO())
plt.close("all")
gc.collect()
gc.freeze()  # what is here stays: a fork's garbage collection leaves these pages shared

__all__ = ["IPython", "ipykernel", "matplotlib_inline"]
