"""Performance self-evaluation reports (绩效自评报告) of Chinese public institutes as tidy pandas tables.

    import jixiao
    tables = jixiao.load()                      # what `jixiao build` made
    tables = jixiao.parse("data/raw/a.pdf")     # the same tables of one file
    jixiao.show("zhuzhou-2024.pdf#page=6&table=2&row=5&col=3")

The names are looked up when they are used: `import jixiao` alone loads neither pandas nor a PDF reader.
"""

from importlib import import_module

_HOMES = {
    "build": "corpus",
    "load": "corpus",
    "parse": "corpus",
    "read": "readers",
    "show": "spot",
}

__all__ = ["build", "load", "parse", "read", "show"]


def __getattr__(name: str):
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
