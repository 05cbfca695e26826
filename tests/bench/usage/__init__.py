"""What usage costs: intake over HTTP against bare COPY, all series from bitmaps against SQL over rows."""
