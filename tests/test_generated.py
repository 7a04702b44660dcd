"""Documents drawn from seed numbers, of every layout family and in every clean format: every row of their truth, and nothing else.

Pictures of pages are left to `make score`: reading them takes seconds a page.
"""

import pytest

from generated.families import FAMILIES
from generated.formats import CLEAN
from generated.score import Result, score_one

SEEDS = {"drawn": range(1, 13), "pdf": range(101, 104)}  # other documents in each format


@pytest.mark.parametrize("form", CLEAN)
@pytest.mark.parametrize("family", FAMILIES)
def test_every_row_of_a_drawn_document_and_no_other(family, form):
    result = Result()
    for seed in SEEDS.get(form, range(201, 205)):
        score_one(FAMILIES[family](seed), form, result)
    assert not result.unread
    assert result.differences == []
    assert sum(outcome.right for outcome in result.outcomes.values()) > 3 * result.documents


@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_is_lost_where_columns_are_aligned_by_blanks(family):
    result = Result()
    for seed in (301, 302):
        score_one(FAMILIES[family](seed), "columns", result)
    assert (result.unread, result.lost) == (0, [])


def test_the_same_seed_draws_the_same_document():
    for make in FAMILIES.values():
        one, again = make(7), make(7)
        assert (one.blocks, one.truth) == (again.blocks, again.truth)
        assert make(8).blocks != one.blocks


def test_a_wrong_row_is_told():
    result = Result()
    made = FAMILIES["project"](1)
    made.truth.rows["execution"][0]["executed_wan"] += 0.01
    score_one(made, "drawn", result)
    outcome = result.outcomes["execution"]
    assert (outcome.precision, outcome.recall, len(outcome.missing), len(outcome.extra)) == (0, 0, 1, 1)
    assert [line for line in result.differences if " execution " in line]
