"""Tables that a reader sorts and searches in a running JupyterLab (itables' DataTables, carried in the page; nothing is loaded).

Only a live front end gets them. Runs that keep their outputs (papermill, nbconvert, nbval, `python -m jixiao.running`) keep plain
tables: small, the same from run to run, and readable where no script runs, as on GitHub.
"""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache

from .words import texts

SESSION = "JPY_SESSION_NAME"  # Jupyter's server gives it to the kernels of the notebooks that people open
MOST = 2000  # rows that a browser sorts at once
PAGE = 15  # rows shown at once

_SCRIPT = """<script type="module">
const begin = async () => {
  const { ITable, set_or_remove_dark_class } = await window.%(module)s;
  set_or_remove_dark_class();
  document.querySelectorAll("#%(id)s:not(.dataTable)").forEach(table => new ITable(table, %(options)s));
};
if (window.%(module)s) begin(); else window.addEventListener("%(ready)s", begin);
</script>"""


def live() -> bool:
    """Whether a person sits before this kernel, who can click."""
    return bool(os.environ.get(SESSION))


def most(rows: int) -> int:
    """How many rows of a table are shown where `rows` are in a plain one: those that cannot be searched need not be there."""
    return max(rows, MOST) if live() else rows


@cache
def bundle() -> str:
    """DataTables and its styles as HTML, once for each notebook: 1 MB."""
    from itables import javascript, options

    return javascript.generate_init_offline_itables_html(options.dt_bundle)


def sortable(table: str, rows: int, language: str) -> str:
    """`table`, HTML of a table with `rows` rows, with the script that makes it sortable and searchable.

    Cells sort by their `data-order` where they have one. The table's id is made from its content, so it stays from run to run.
    """
    from itables import javascript

    number = "jixiao-" + hashlib.sha1(table.encode()).hexdigest()[:12]
    options = {
        "order": [],
        "paging": rows > PAGE,
        "pageLength": PAGE,
        "lengthMenu": [PAGE, 50, MOST],
        "layout": {"topStart": "pageLength" if rows > PAGE else None, "topEnd": "search", "bottomStart": "info",
                   "bottomEnd": "paging" if rows > PAGE else None},
        "classes": ["display", "compact"],
        "style": {"width": "100%", "table-layout": "auto"},  # JupyterLab's own is fixed: words run over their neighbours
        "language": {key: text[language] for key, text in texts()["sortable"].items()},
    }  # fmt: skip
    names = {"module": javascript._itables_underscore_version(), "ready": javascript._itables_ready_event()}
    script = _SCRIPT % {**names, "id": number, "options": json.dumps(options, ensure_ascii=False).replace("<", "\\u003c")}
    return table.replace("<table", f'<table id="{number}"', 1) + "\n" + script
