"""Small PDF files made for one question each: written characters, ruled lines, any number of pages."""

from __future__ import annotations

HIGH = 842.0
_SONG = "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType0\
/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000/W[1 95 500]\
/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120\
/CapHeight 880/StemV 93>>>>]>>"


def text(x: float, top: float, words: str, size: float = 12, turned: bool = False) -> str:
    """`words` from `x` on, `top` points below the page's upper edge; `turned`, they run from bottom to top."""
    matrix = f"0 1 -1 0 {x} {HIGH - top}" if turned else f"1 0 0 1 {x} {HIGH - top - size}"
    return f"BT /F1 {size} Tf {matrix} Tm <{words.encode('utf-16-be').hex()}> Tj ET\n"


def line(x0: float, top: float, x1: float, bottom: float) -> str:
    return f"{x0} {HIGH - top} m {x1} {HIGH - bottom} l S\n"


def grid(xs: list[float], ys: list[float], sides: bool = True) -> str:
    """All lines of a table with these edges; without `sides`, its left and right are open."""
    across = [line(xs[0], y, xs[-1], y) for y in ys]
    down = [line(x, ys[0], x, ys[-1]) for x in (xs if sides else xs[1:-1])]
    return "".join(across + down)


def table(xs: list[float], ys: list[float], rows: list[list[str]], sides: bool = True) -> str:
    words = [text(xs[c] + 3, ys[r] + 4, cell, 10) for r, row in enumerate(rows) for c, cell in enumerate(row) if cell]
    return grid(xs, ys, sides) + "".join(words)


def pdf(*pages: str, extra: str = "", trailer: str = "") -> bytes:
    """A file of pages with this content; `extra` goes into each page's dictionary, `trailer` into the file's."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>", _SONG]
    for i, content in enumerate(pages):
        media = "" if "/MediaBox" in extra else f"/MediaBox[0 0 595 {HIGH}]"
        objects.append(f"<</Type/Page/Parent 2 0 R{media}/Resources<</Font<</F1 3 0 R>>>>/Contents {5 + 2 * i} 0 R{extra}>>")
        objects.append(f"<</Length {len(content)}>>stream\n{content}\nendstream")
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode()
    index = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{index}trailer\n<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\n"
    return data + f"{end}startxref\n{len(data)}\n%%EOF\n".encode()
