"""Formulas of rules: sums, differences and one ratio of named figures, computed exactly.

    executed / first(initial_budget, revised_budget)
    abs(revised_budget - initial_budget) / initial_budget

The language has figures' names, numbers, + - * /, brackets, and abs(x), min(a, b), max(a, b), first(a, b, …), the first one that
is known. Python parses it; only these parts are taken, and nothing is executed. Figures are fractions of whole numbers, so a rate
of 95 % is exactly 0.95 and falls on its side of a boundary whatever binary floating point would make of it.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

OPERATORS = {ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply}
ARGUMENTS = {"abs": (1, 1), "min": (2, 9), "max": (2, 9), "first": (2, 9)}
MICRO = 10**6  # the tables keep six decimals

Used = dict[str, np.ndarray]  # figure → the rows whose value it went into


class FormulaError(ValueError):
    """A formula that is not of the language, or names what there is not."""


@dataclass(frozen=True)
class Evaluated:
    """A formula's values, one a row, as Fractions, NaN where a figure is missing or the denominator is zero."""

    value: np.ndarray
    numerator: np.ndarray | None
    denominator: np.ndarray | None
    used: Used


@dataclass(frozen=True, kw_only=True)
class Formula:
    """A checked formula: `names` the figures in it, `needs` the parts that must be known: a figure, or a first(…) of several."""

    text: str
    tree: ast.expr = field(compare=False, repr=False)
    names: tuple[str, ...]
    needs: tuple[ast.expr, ...] = field(compare=False, repr=False)

    def evaluate(self, figures: Mapping[str, np.ndarray]) -> Evaluated:
        """The formula over figures of the same length, made by `exact`."""
        ratio: list[np.ndarray] = []
        with np.errstate(invalid="ignore"):  # NaN is compared
            value, used = _evaluate(self.tree, figures, ratio)
        return Evaluated(value, *(ratio or (None, None)), used)

    def missing(self, figures: Mapping[str, np.ndarray]) -> list[tuple[np.ndarray, tuple[str, ...]]]:
        """What is lacking where: for each of `needs` the rows without a value, and the figures of which any would have given it."""
        alone = {node.id for node in self.needs if isinstance(node, ast.Name)}
        found = []
        with np.errstate(invalid="ignore"):
            # what is needed anyway is no reason that first(…) has no value
            filled = {name: np.where(lacking(each), Fraction(1), each) if name in alone else each for name, each in figures.items()}
            for node in self.needs:
                if isinstance(node, ast.Name):
                    found.append((lacking(figures[node.id]), (node.id,)))
                else:
                    value, _ = _evaluate(node, filled, [])
                    found.append((lacking(value), tuple(name for name in _names(node) if name not in alone)))
        return found


def parse(text: str, known: Collection[str]) -> Formula:
    """`text` as a Formula over the figures `known`. Raises FormulaError that says what is wrong."""
    if not isinstance(text, str) or not text.strip():
        raise FormulaError(f"{text!r} is no formula")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:  # ValueError: a null character
        raise FormulaError(f"{text!r} is no formula: {error.args[0]}") from error
    names = tuple(dict.fromkeys(_checked(tree, known)))
    if not names:
        raise FormulaError(f"{text!r} names no figure")
    if sum(isinstance(node, ast.Div) for node in ast.walk(tree)) > 1:
        raise FormulaError(f"{text!r} has more than one ratio: a rule is one numerator over one denominator")
    return Formula(text=text.strip(), tree=tree, names=names, needs=tuple({ast.unparse(node): node for node in _needs(tree)}.values()))


def exact(values: np.ndarray) -> np.ndarray:
    """Figures of the tables as Fractions; NaN stays NaN."""
    return _exact(np.asarray(values, dtype=float))


def lacking(values: np.ndarray) -> np.ndarray:
    """Where a value is not known."""
    return (values != values).astype(bool)


def _checked(node: ast.expr, known: Collection[str]) -> Iterator[str]:
    """The names in `node`, refused where it is more than the language has."""
    match node:
        case ast.Name(id=name):
            if name not in known:
                raise FormulaError(f"there is no figure {name!r}; there is: {', '.join(sorted(known))}")
            yield name
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool) and math.isfinite(node.value):
            return
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield from _checked(operand, known)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right=right):
            yield from _checked(left, known)
            yield from _checked(right, known)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in ARGUMENTS:
            least, most = ARGUMENTS[name]
            if not least <= len(arguments) <= most:
                raise FormulaError(f"{name}() takes {least if least == most else f'{least} or more'} arguments, not {len(arguments)}")
            for argument in arguments:
                yield from _checked(argument, known)
        case _:
            parts = "figures, numbers, + - * /, brackets, " + ", ".join(f"{name}()" for name in ARGUMENTS)
            raise FormulaError(f"{ast.unparse(node)!r} is not of the language of formulas: {parts}")


def _needs(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Name) or (isinstance(node, ast.Call) and node.func.id == "first"):
        yield node
    else:
        for part in node.args if isinstance(node, ast.Call) else ast.iter_child_nodes(node):
            yield from _needs(part)


def _names(node: ast.expr) -> tuple[str, ...]:
    """The figures in `node`, each once; the names of functions are none."""
    functions = {id(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)}
    names = [each for each in ast.walk(node) if isinstance(each, ast.Name) and id(each) not in functions]
    return tuple(dict.fromkeys(name.id for name in sorted(names, key=lambda name: name.col_offset)))


def _evaluate(node: ast.expr, figures: Mapping[str, np.ndarray], ratio: list[np.ndarray]) -> tuple[np.ndarray, Used]:
    length = len(next(iter(figures.values())))
    match node:
        case ast.Name(id=name):
            return figures[name], {name: np.ones(length, dtype=bool)}
        case ast.Constant(value=value):
            return np.full(length, Fraction(repr(value)), dtype=object), {}
        case ast.UnaryOp(operand=operand):
            value, used = _evaluate(operand, figures, ratio)
            return -value, used
        case ast.BinOp(left=left, op=operator, right=right):
            (first, used), (second, more) = _evaluate(left, figures, ratio), _evaluate(right, figures, ratio)
            if isinstance(operator, ast.Div):
                ratio += [first, second]
                return _divide(first, second), _either(used, more)
            return OPERATORS[type(operator)](first, second), _either(used, more)
    (value, used), *rest = [_evaluate(argument, figures, ratio) for argument in node.args]
    if node.func.id == "abs":
        return np.abs(value), used
    for other, more in rest:
        if node.func.id == "first":
            take = lacking(value)
            value = np.where(take, other, value)
            used = _either({name: rows & ~take for name, rows in used.items()}, {name: rows & take for name, rows in more.items()})
        else:
            value, used = (_least if node.func.id == "min" else _most)(value, other), _either(used, more)
    return value, used


def _either(used: Used, more: Used) -> Used:
    return {name: used.get(name, False) | more.get(name, False) for name in {**used, **more}}


_exact = np.frompyfunc(lambda value: Fraction(round(value * MICRO), MICRO) if math.isfinite(value) else math.nan, 1, 1)
_divide = np.frompyfunc(lambda first, second: math.nan if second == 0 else first / second, 2, 1)
_least = np.frompyfunc(lambda first, second: math.nan if first != first or second != second else min(first, second), 2, 1)
_most = np.frompyfunc(lambda first, second: math.nan if first != first or second != second else max(first, second), 2, 1)
