"""Asks the web server of this container for `/healthz`, under the host name it answers to."""

import os
import sys
import urllib.request
from urllib.parse import urlsplit


def main() -> int:
    """0 when the server answers, else 1."""
    host = urlsplit(os.environ.get("BASE_URL", "")).netloc or "localhost"
    request = urllib.request.Request("http://127.0.0.1:8000/healthz", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=4) as response:
            return 0 if response.status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
