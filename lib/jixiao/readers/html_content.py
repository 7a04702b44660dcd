"""Which part of a web page is its content: what is hidden, the navigation and the page's own head and foot are left out.

No list of sites: the element with nearly all text that is no link is the content, and no table with figures is ever left out.
"""

from __future__ import annotations

import re

from lxml import etree

from jixiao.document import tidy

Element = etree._Element

_NEVER = {"script", "style", "noscript", "template", "head", "select", "option", "button", "input", "textarea", "svg", "iframe", "object"}
_AROUND = {"nav", "header", "footer", "aside"}
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_FIGURE = re.compile(r"[-−]?[\d,，]*\d(?:\.\d+)?\s*[%％]?")
_SHARE = 0.8  # of the text, for an element to be the content of the one around it
_LINKS = 0.6  # of an element's text in links: it is a menu
_MENU = 4  # links at least
_TITLE_END = re.compile(r"\s*[_|｜]\s*|\s+[-—–]+\s+")
_FIGURE_WORTH = 20  # a figure in a table counts like so many characters


def drop_hidden(root: Element) -> None:
    """Take out of the tree what a reader of the page does not see, `head` excepted for its title."""
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        gone = (element.tag in _NEVER and element.tag != "head") or element.get("hidden") is not None
        if gone or _HIDDEN.search(element.get("style") or ""):
            _drop(element)


def content(root: Element) -> Element:
    """The element that holds the content; navigation and menus inside it are taken out of the tree."""
    body = root.find(".//body")
    found = root if body is None else body
    for element in list(found.iter(*_AROUND)):
        if not _figures(element):
            _drop(element)
    worth, figures = _measures(found)
    while True:
        best = max((child for child in found if isinstance(child.tag, str)), key=lambda child: worth[child], default=None)
        if best is not None and best.tag == "table":
            best = _frame(best, worth)
        if best is None or best.tag == "p" or worth[best] < _SHARE * worth[found] or figures[best] < figures[found]:
            break
        found = best
    for element in list(found.iter("ul", "ol", "div", "table", "p")):
        if element is not found and not figures[element] and _is_menu(element):
            _drop(element)
    return found


def title(root: Element, found: Element) -> str:
    """The title that stands outside of the content `found`: as the page's description names it, its heading, or its window's title."""
    shown = tidy("".join(found.itertext()))
    named = [meta.get("content") for meta in root.iter("meta") if (meta.get("name") or "").lower() == "articletitle"]
    headings = [tidy("".join(heading.itertext())) for heading in root.iter("h1") if found not in heading.iterancestors()]
    window = "" if found.tag == "body" or found is root else _TITLE_END.split(root.findtext(".//title") or "")[0]
    text = next((tidy(text) for text in [*named, *headings, window] if text and text.strip()), "")
    return "" if text in shown else text


def _frame(table: Element, worth: dict[Element, float]) -> Element | None:
    """The cell of a table that frames the content of a page, None where it is a table of its own."""
    rows = [row for row in table.iterchildren("tr", "tbody") for row in ([row] if row.tag == "tr" else row.iterchildren("tr"))]
    cells = [cell for row in rows for cell in row.iterchildren("td")]
    best = max(cells, key=lambda cell: worth[cell], default=None)
    if best is None or (best.find(".//table") is None and len(best.findall(".//p")) < _MENU):
        return None
    return best


def _measures(root: Element) -> tuple[dict[Element, float], dict[Element, int]]:
    """How much each element holds, in characters outside of links, and how many figures in tables."""
    worth: dict[Element, float] = {}
    figures: dict[Element, int] = {}
    links: list[Element] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            links += [element] * (element.tag == "a")
            continue
        own = 0 if links else _length(element.text)
        tails = 0 if links else sum(_length(child.tail) for child in element)
        inner = [child for child in element if child in worth]
        figures[element] = sum(figures[child] for child in inner) or int(element.tag in ("td", "th") and _is_figure(element))
        worth[element] = own + tails + sum(worth[child] for child in inner)
        if element.tag == "table":
            worth[element] += _FIGURE_WORTH * figures[element]
        if links and links[-1] is element:
            links.pop()
    return worth, figures


def _length(text: str | None) -> int:
    return len(re.sub(r"\s+", "", text)) if text else 0


def _is_figure(cell: Element) -> bool:
    text = "".join(cell.itertext()).strip()
    return len(text) < 30 and _FIGURE.fullmatch(text) is not None


def _figures(element: Element) -> int:
    return sum(1 for cell in element.iter("td", "th") if _is_figure(cell))


def _is_menu(element: Element) -> bool:
    links = list(element.iter("a"))
    if len(links) < _MENU:
        return False
    text = _length("".join(element.itertext()))
    return sum(_length("".join(link.itertext())) for link in links) > _LINKS * text


def _drop(element: Element) -> None:
    """Take an element out of the tree; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    tail, before = element.tail or "", element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)
