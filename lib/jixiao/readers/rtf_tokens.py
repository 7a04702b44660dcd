"""The text and the control words of a rich text file: groups, fonts with their code pages, characters in three notations.

RTF 1.9.1. A character is written as itself, as bytes of the font's code page (\\'hh), or by its number (\\uN) with a
substitute for old programs behind it, which is passed over.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from jixiao.document import ReadingError

Token = tuple[str, int | None]  # a control word and its number, or TEXT with the text behind it

TEXT = "\0"  # the word of a piece of text, which stands in front of it
_MAX_DEPTH = 2000
_TOKEN = re.compile(rb"\\([A-Za-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])|[\r\n\0]+|([^\\{}\r\n\0]+)", re.DOTALL)
# fcharset → code page
_CHARSETS = {134: "gb18030", 136: "big5", 128: "cp932", 129: "cp949", 204: "cp1251", 161: "cp1253", 162: "cp1254", 238: "cp1250"}
_SYMBOLS = {"~": " ", "_": "-", "-": "", "\n": "\n", "\r": "\n", "\\": "\\", "{": "{", "}": "}", "\t": "\t"}
_WORDS = {
    **{"tab": "\t", "line": "\n", "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’"},
    **{"ldblquote": "“", "rdblquote": "”", "emspace": "\u2003", "enspace": "\u2002", "qmspace": " "},
}
# destinations whose text is not the document's
_SKIPPED = {
    *("colortbl", "stylesheet", "info", "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"),
    *("footnote", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "annotation", "atnid", "atnauthor", "pict"),
    *("nonshppict", "objdata", "objclass", "objname", "fldinst", "bkmkstart", "bkmkend", "listtable", "listoverridetable"),
    *("revtbl", "rsidtbl", "filetbl", "xmlnstbl", "themedata", "colorschememapping", "latentstyles", "datastore", "datafield"),
    *("generator", "sp", "shprslt", "upr", "xe", "tc", "rxe", "private", "nonesttables", "pgdsctbl", "falt", "panose", "mmath"),
}
_ALSO_READ = {"shpinst", "ud", "nesttableprops", "pnseclvl", "shppict"}  # of those that begin with \*


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits and its end undoes."""

    skip: bool = False
    fonts: bool = False  # inside the font table
    font: int | None = None
    substitutes: int = 1  # \uc
    hidden: bool = False


class Tokens:
    """Iterates over the control words and texts of a file's visible part: (word, number) or (TEXT + text, None)."""

    def __init__(self, data: bytes):
        self._data = data
        self._state = _State()
        self._stack: list[_State] = []
        self._page = "cp1252"
        self._fonts: dict[int, str] = {}
        self._own_font: int | None = None  # the one the font table is at
        self._default = 0
        self._bytes = bytearray()  # text in the code page that is not decoded yet
        self._high = ""  # the first half of a surrogate pair
        self._pass = 0  # characters that stand in for a \u before them
        self._starts = False  # a group has just begun
        self._starred = False

    def __iter__(self) -> Iterator[Token]:
        position = 0
        while match := _TOKEN.match(self._data, position) or _TOKEN.search(self._data, position):
            position = match.end()
            word, number, code, symbol, brace, plain = match.groups()
            if word is not None:
                name, value = word.decode(), int(number) if number else None
                if name == "bin":
                    position += max(0, value or 0)
                    continue
                if not (name in ("u",) or self._pass == 0):
                    self._pass -= 1  # a control word stands in as one character
                    continue
                yield from self._word(name, value)
            elif code is not None:
                self._byte(bytes([int(code, 16)]))
            elif symbol is not None:
                yield from self._symbol(symbol.decode("latin-1"))
            elif brace is not None:
                yield from self._brace(brace)
            elif plain is not None:
                self._byte(plain)
        yield from self._flush()

    def _visible(self) -> bool:
        return not (self._state.skip or self._state.fonts or self._state.hidden)

    def _byte(self, raw: bytes) -> None:
        self._starts = False
        passed = min(self._pass, len(raw))
        self._pass -= passed
        if self._visible():
            self._bytes += raw[passed:]

    def _flush(self) -> Iterator[Token]:
        if self._bytes:
            text = bytes(self._bytes).decode(self._encoding(), "replace")
            self._bytes.clear()
            yield TEXT + text, None

    def _encoding(self) -> str:
        font = self._default if self._state.font is None else self._state.font
        return self._fonts.get(font, self._page)

    def _brace(self, brace: bytes) -> Iterator[Token]:
        yield from self._flush()
        self._pass = 0
        if brace == b"{":
            if len(self._stack) >= _MAX_DEPTH:
                raise ReadingError("The RTF file nests its groups too deeply: save it anew as DOCX or PDF.", "damaged_file")
            self._stack.append(self._state)
            self._starts, self._starred = True, False
        else:
            self._starts = False
            if self._stack:
                self._state = self._stack.pop()

    def _symbol(self, symbol: str) -> Iterator[Token]:
        if symbol == "*":
            self._starred = self._starts
            return
        self._starts = False
        if self._pass:
            self._pass -= 1
        elif symbol in ("\n", "\r"):
            yield from self._flush()
            yield "par", None
        elif self._visible() and symbol in _SYMBOLS:
            self._bytes += _SYMBOLS[symbol].encode("ascii")

    def _word(self, name: str, value: int | None) -> Iterator[Token]:
        if name != "u":
            yield from self._flush()
        starts, starred = self._starts, self._starred
        self._starts = self._starred = False
        if name == "fonttbl":
            self._state = replace(self._state, fonts=True)
        elif name in _SKIPPED or (starts and starred and name not in _ALSO_READ):
            self._state = replace(self._state, skip=True)
        elif self._state.fonts:
            self._font(name, value)
        elif not self._setting(name, value) and not self._state.skip:
            yield from self._visible_word(name, value)

    def _font(self, name: str, value: int | None) -> None:
        if name == "f":
            self._own_font = value
        elif self._own_font is not None and name == "fcharset" and value in _CHARSETS:
            self._fonts[self._own_font] = _CHARSETS[value]
        elif self._own_font is not None and name == "cpg":
            self._fonts[self._own_font] = _code_page(value) or self._page

    def _setting(self, name: str, value: int | None) -> bool:
        """Take note of a word that changes how what follows is read; false for any other."""
        if name == "ansicpg":
            self._page = _code_page(value) or self._page
        elif name == "deff":
            self._default = value or 0
        elif name == "f":
            self._state = replace(self._state, font=value)
        elif name == "plain":
            self._state = replace(self._state, font=None, hidden=False)
        elif name == "uc":
            self._state = replace(self._state, substitutes=max(0, min(value or 0, 10)))
        elif name in ("v", "deleted"):
            self._state = replace(self._state, hidden=value != 0)
        else:
            return False
        return True

    def _visible_word(self, name: str, value: int | None) -> Iterator[Token]:
        if name == "u":
            yield from self._flush()
            self._pass = self._state.substitutes
            if self._visible():
                yield from self._character((value or 0) & 0xFFFF)
        elif name in _WORDS:
            if self._visible():
                yield TEXT + _WORDS[name], None
        else:
            yield name, value

    def _character(self, code: int) -> Iterator[Token]:
        text = self._high + chr(code)
        self._high = ""
        if 0xD800 <= code < 0xDC00:
            self._high = chr(code)
        else:
            yield TEXT + text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"), None


def _code_page(number: int | None) -> str:
    """The codec of a Windows code page; 0 and what is not known give ""."""
    try:
        return "gb18030" if number == 936 else codecs.lookup(f"cp{number}").name
    except LookupError:
        return "utf-8" if number == 65001 else ""
