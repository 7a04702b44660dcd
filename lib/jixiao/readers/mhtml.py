"""Reader for saved web pages (.mht, and .doc or .xls files that are one inside): the pages among its parts, in order."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import Message
from itertools import islice

from jixiao.document import Document, ReadingError
from jixiao.readers.blocks import Blocks
from jixiao.readers.html import add_page

_MAX_PARTS = 2000


def read(data: bytes, name: str) -> Document:
    """The document in `data`. Raises ReadingError (`damaged_file`) where it holds no page."""
    try:
        message = message_from_bytes(data, policy=policy.compat32)
        pages = [part for part in islice(message.walk(), _MAX_PARTS) if part.get_content_type() == "text/html"]
        contents = [(_payload(page), page.get_content_charset()) for page in pages]
    except Exception as error:  # the mail parser has no common error for what is wrong in damaged parts
        raise _damaged(str(error)) from error
    if not contents:
        raise _damaged("it holds no page")
    blocks = Blocks()
    for content, charset in contents:
        # a workbook is saved as a frame with a page for each sheet
        if b"<frameset" not in content[:20000].lower():
            add_page(content, blocks, charset)
    return Document(name, "mhtml", blocks.all())


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _damaged(reason: str) -> ReadingError:
    return ReadingError(f"The saved web page is damaged ({reason}): save it anew as PDF or DOCX.", "damaged_file")
