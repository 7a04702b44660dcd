"""XML of office files, read safely: nothing outside is fetched, entities stay unexpanded, texts and depth are limited."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from jixiao.readers.limits import check_tree

Element = etree._Element


def parse(data: bytes) -> Element:
    """The root of an XML part. Raises etree.XMLSyntaxError, ReadingError (`too_large`)."""
    check_tree(len(data))
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False))


def stream(data: bytes, tags: set[str], opened: str = "") -> Iterator[Element]:
    """The elements with one of the local names `tags`, each when it is complete; its content is dropped behind it.

    Those called `opened` come when they begin: their attributes are there, their content is still to come.
    """
    names = [f"{{*}}{name}" for name in (*tags, opened) if name]
    found = etree.iterparse(io.BytesIO(data), events=("start", "end"), tag=names, resolve_entities=False, no_network=True, huge_tree=False)
    for event, element in found:
        if (local(element) == opened) == (event == "start"):
            yield element
        if event == "end":
            element.clear(keep_tail=True)
            while element.getprevious() is not None:
                del element.getparent()[0]


def local(element: Element) -> str:
    """An element's name without its namespace, empty for comments and processing instructions."""
    return local_name(element.tag) if isinstance(element.tag, str) else ""


@lru_cache(1 << 12)
def local_name(tag: str) -> str:
    """The name of an element or attribute without its namespace: the same few come thousands of times."""
    return etree.QName(tag).localname


def attribute(element: Element, name: str) -> str | None:
    """The attribute with the local name `name`, whatever its namespace (the strict variants have others)."""
    value = element.get(name)
    if value is None:
        value = next((value for key, value in element.attrib.items() if local_name(key) == name), None)
    return value


def descendants(element: Element, name: str) -> Iterator[Element]:
    return element.iter(f"{{*}}{name}")
