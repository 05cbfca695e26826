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


class Text:
    """The text of a delivery from byte `start` on, while its pieces arrive; it knows which byte follows what was used of it.

    Iterating raises RowsRejected for another encoding and for workbooks.
    """

    def __init__(self, pieces: Iterable[bytes], encoding: str, start: int = 0) -> None:
        self.pieces, self.encoding, self.given = pieces, encoding, start
        # The mark that a file may begin with is a character further on.
        self.decoder = codecs.getincrementaldecoder(encoding if start else ENCODINGS[encoding])()

    def __iter__(self) -> Iterator[str]:
        try:
            for piece in self.pieces:
                if not self.given and piece.startswith(ZIP):
                    raise whole_file(_("This is an Excel workbook. Save it as “CSV UTF-8” and send that file."))
                self.given += len(piece)
                yield self.decoder.decode(piece)
            yield self.decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            raise whole_file(
                _("This is not a text file in UTF-8. Save it as “CSV UTF-8”, or say that it is GB18030.")
                if self.encoding == "utf-8"
                else _("This is not a text file in GB18030.")
            ) from None

    def offset_of(self, unused: str) -> int:
        """Return the byte at which `unused` begins, the end of what was given out so far."""
        # In both encodings each character is written in one way only, so that this counts what was read.
        return self.given - len(self.decoder.getstate()[0]) - len(unused.encode(self.encoding))


class Lines:
    """Lines with their ends, as csv wants them. Iterating raises RowsRejected for a line beyond all measure."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts, self.whole, self.given, self.rest = texts, [], 0, ""

    def __iter__(self) -> Iterator[str]:
        for text in self.texts:
            *self.whole, self.rest = (self.rest + text).split("\n")
            for self.given, line in enumerate(self.whole, start=1):  # noqa: B020
                yield line + "\n"
            self.whole, self.given = [], 0
            if len(self.rest) > LONGEST_LINE:
                raise whole_file(_("A line is longer than %(longest)s characters.") % {"longest": LONGEST_LINE})
        last, self.rest = self.rest, ""
        if last:
            yield last

    def unused(self) -> str:
        """The text that was read and not given out as a line."""
        return "\n".join([*self.whole[self.given :], self.rest])


def whole_file(message: str) -> RowsRejected:
    """Return the fault of a file as a whole, to be raised."""
    return RowsRejected([RowError(None, "", message)])
