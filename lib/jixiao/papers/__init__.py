"""A briefing as a paper: headings, sentences, tables and pictures out of an executed notebook, written as HTML, DOCX and PDF.

paper = gather(notebook, title, language)         # one content …
write_docx(paper), write_pdf(paper)               # … and a writer a format (HTML: `pages.paper_html`), which all say the same

The notebook's outputs carry their content as data (`notebook.View` puts it into their metadata); nothing is read back out of HTML.
"""

from .gathering import gather
from .model import Figure, Heading, Paper, Paragraph, Run, Table, paragraph
from .pdf import write_pdf
from .word import write_docx

__all__ = ["Figure", "Heading", "Paper", "Paragraph", "Run", "Table", "gather", "paragraph", "write_docx", "write_pdf"]
