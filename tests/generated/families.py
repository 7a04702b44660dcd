"""Every layout family by its name."""

from __future__ import annotations

from collections.abc import Callable

from . import base_data, books, forms, lists, prose, public, rubric, whole
from .model import Made

FAMILIES: dict[str, Callable[[int], Made]] = {
    "project": forms.project_form,
    "several": forms.several_forms,
    "whole": forms.whole_form,
    "two_up": whole.two_up,
    "by_task": whole.by_task,
    "rubric": rubric.rubric,
    "base_data": base_data.base_data,
    "prose": prose.prose,
    "public": public.public_family,
    "public_rows": lists.public_rows,
    "project_list": lists.project_list,
    "accounts": books.accounts,
    "budget": books.budget,
}
