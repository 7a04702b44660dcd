"""Optical character recognition (光学字符识别): where lines of text stand on an image, and what they say.

The models come inside the rapidocr package, so nothing is fetched. They are loaded when the first scan is met, once a process.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from jixiao.machine import processors

if TYPE_CHECKING:
    import numpy as np
    from rapidocr import RapidOCR

NARROW = 240  # pixels of 48 a line is high: what is shorter is read with white paper up to there; the time goes with the width

_SIMPLIFIED = str.maketrans("決", "决")  # characters that differ by a dot from the only one that reports print


@dataclass(frozen=True, slots=True)
class Reading:
    """What one line of text says: its characters, how sure each is (0–1), and its middle as a share of the line's width."""

    text: str
    sure: tuple[float, ...]
    at: tuple[float, ...]


@cache
def _engine(**options: Any) -> RapidOCR:
    # only here: onnxruntime and OpenCV take a second to import, and most reports are no scans
    from rapidocr import RapidOCR

    settings = {
        "Global.log_level": "critical",
        "Global.use_cls": False,
        "Global.use_preprocess_img": False,  # sizes are chosen here, see `scan_page`
        "Det.limit_side_len": 32,  # what is small is not made larger
        "Rec.rec_img_shape": [3, 48, NARROW],
        # a second thread in a model waits more than it works
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
    return RapidOCR(params=settings | {f"Global.{name}": value for name, value in options.items()})


def find_lines(image: np.ndarray) -> list[np.ndarray]:
    """The corners (4 × 2: x and y, from the upper left corner on, clockwise) of each line of text that is seen on a grey image."""
    found = _engine(use_rec=False)(image)
    return [] if found.boxes is None else list(found.boxes)


def read_lines(images: Sequence[np.ndarray]) -> list[Reading]:
    """What each grey image of one line of text says."""
    engine = _engine(use_det=False, return_word_box=True)
    if images:
        engine(images[0])  # loads the model in this thread, before others want it
    with ThreadPoolExecutor(processors()) as pool:
        return list(pool.map(lambda image: _reading(engine(image)), images))


def _reading(found: Any) -> Reading:
    text, words = found.txts[0].translate(_SIMPLIFIED), found.word_results[0]
    columns = [column for group in words.word_cols for column in group] if words and words.word_cols else []
    solid = [i for i, char in enumerate(text) if not char.isspace()]
    if not solid or len(columns) != len(solid):
        return Reading("", (), ())
    width = max(words.line_txt_len, columns[-1] + 1)
    at = {i: (column + 0.5) / width for i, column in zip(solid, columns, strict=True)}
    first, last = solid[0], solid[-1]
    kept = range(first, last + 1)
    # a blank stands in the middle of its neighbours
    places = [at.get(i) or (at[max(j for j in solid if j < i)] + at[min(j for j in solid if j > i)]) / 2 for i in kept]
    return Reading(text[first : last + 1], tuple(words.confs[first : last + 1]), tuple(places))
