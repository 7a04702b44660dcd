"""What OCR mistakes inside figures, set right where everything around it is a figure: O for 0, l for 1, 。 for the decimal point.

Whatever is set right here is doubtful from then on, and becomes an issue for a person to look at.
"""

from __future__ import annotations

import re
from dataclasses import replace

from jixiao.readers.ocr import Reading

MENDED = 0.5  # the sureness of a character that was set right

_LIKE = dict.fromkeys("OoＯ〇○", "0") | dict.fromkeys("lI|｜丨", "1") | dict.fromkeys("。．·", ".")
_LETTERS = re.escape("".join(c for c in _LIKE if _LIKE[c] in "01"))
_POINTS = re.escape("".join(c for c in _LIKE if _LIKE[c] == "."))
# a whole cell that is a figure but for such characters, and has a digit besides
_NUMBER = rf"[\d{_LETTERS},，]*(?:[.{_POINTS}][\d{_LETTERS}]+)?"
_ALONE = re.compile(rf"(?=.*\d)[≥≤>＞<＜=±+\-－]?[\d{_LETTERS}]{_NUMBER}(?:[%％‰元]|万元|亿元|分)?")
# in a sentence only what begins with a digit and ends with a unit of figures
_AMONG = re.compile(rf"(?<![A-Za-z\d])\d{_NUMBER}(?=\s?(?:[%％‰]|[百千十]?万元|亿元|元))")
# a thousands separator taken for a point, where another point follows: 1.066.26
_TWO_POINTS = re.compile(r"(?<![\d.,])(\d{1,3})\.(\d{3}\.\d{1,2})(?![\d.,])")
_PERCENT = re.compile(r"([≥≤>＞<＜=]?\d[\d.]*[%％])[6oO0]")
_PARTED = re.compile(r"\d[\d,]*\s\d+[%％]?")


def mended(reading: Reading, alone: bool) -> Reading:
    """`reading` with the characters of its figures set right; `alone` where it is the whole line of a cell."""
    spans = [m.span() for m in _AMONG.finditer(reading.text)]
    if alone and _ALONE.fullmatch(reading.text):
        spans = [(0, len(reading.text))]
    text, sure = list(reading.text), list(reading.sure)
    for start, end in spans:
        for i in range(start, end):
            if new := _LIKE.get(text[i]):
                text[i], sure[i] = new, min(sure[i], MENDED)
    # a small percent sign is read with a digit behind it
    if alone and (match := _PERCENT.fullmatch("".join(text))):
        end = match.end(1)
        text, sure = text[:end], [*sure[: end - 1], MENDED]
        return replace(reading, text="".join(text), sure=tuple(sure), at=reading.at[:end])
    if alone and _PARTED.fullmatch("".join(text)):
        # the point between the parts may have been lost
        sure = [min(s, MENDED) for s in sure]
    for match in _TWO_POINTS.finditer("".join(text)):
        point = match.end(1)
        text[point], sure[point] = ",", min(sure[point], MENDED)
    return replace(reading, text="".join(text), sure=tuple(sure))
