"""From the bytes of a delivery to lines of text: unpacked and decoded piece by piece, never whole in memory."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from engagements.intake.rows import RowError, RowsRejected

# What files may be written in. UTF-8 may begin with the mark that Excel puts there.
ENCODINGS = {"utf-8": "utf-8-sig", "gb18030": "gb18030"}
# How a workbook begins: it is a ZIP archive.
ZIP = b"PK\x03\x04"
# A row with every column filled has less than two thousand characters.
LONGEST_LINE = 1_000_000
_GZIP = 16 + zlib.MAX_WBITS
_PIECE = 256 * 1024


class BrokenGzip(Exception):
    """The body says it is gzip and is not, or ends in the middle."""


def unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the content of a gzip stream, a bounded piece at a time. Raises BrokenGzip."""
    stream = zlib.decompressobj(_GZIP)
    try:
        for piece in pieces:
            while piece:
                if stream.eof:  # several members one after the other are one stream
                    stream = zlib.decompressobj(_GZIP)
                yield stream.decompress(piece, _PIECE)
                piece = stream.unconsumed_tail or stream.unused_data
    except zlib.error:
        raise BrokenGzip from None
    if not stream.eof:
        raise BrokenGzip


def decoded(pieces: Iterable[bytes], encoding: str) -> Iterator[str]:
    """Yield the text of `pieces`. Raises RowsRejected for another encoding and for workbooks."""
    decoder = codecs.getincrementaldecoder(ENCODINGS[encoding])()
    first = True
    try:
        for piece in pieces:
            if first and piece.startswith(ZIP):
                raise whole_file(_("This is an Excel workbook. Save it as “CSV UTF-8” and send that file."))
            first = first and not piece
            yield decoder.decode(piece)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise whole_file(
            _("This is not a text file in UTF-8. Save it as “CSV UTF-8”, or say that it is GB18030.")
            if encoding == "utf-8"
            else _("This is not a text file in GB18030.")
        ) from None


def lines(texts: Iterable[str]) -> Iterator[str]:
    """Yield lines with their ends, as csv wants them. Raises RowsRejected for a line beyond all measure."""
    rest = ""
    for text in texts:
        *whole, rest = (rest + text).split("\n")
        for line in whole:
            yield line + "\n"
        if len(rest) > LONGEST_LINE:
            raise whole_file(_("A line is longer than %(longest)s characters.") % {"longest": LONGEST_LINE})
    if rest:
        yield rest


def whole_file(message: str) -> RowsRejected:
    """Return the fault of a file as a whole, to be raised."""
    return RowsRejected([RowError(None, "", message)])
