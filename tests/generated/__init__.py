"""Documents of many layouts and formats, made from a seed number together with what they say (their truth).

A family module (`forms`, `books`, …) draws an abstract document and its truth; a renderer writes it in a format; `score` reads
it back and compares. Labels are written here anew from what published forms print, so that the library's vocabulary is tested.
"""
