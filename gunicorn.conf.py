"""How gunicorn serves the portal. Arguments on its command line come before these.

No access log: the addresses of shared pages are keys, and the portal logs each request by its route.
"""

import os
import shutil
import tempfile
from pathlib import Path

wsgi_app = "fde_portal.wsgi"
worker_class = "gthread"
workers = 2
threads = 4
control_socket_disable = True
# A request that runs when the server is asked to end may finish.
graceful_timeout = 30

# The processes of this server share their counters in files; they need not outlive it.
PREFIX = "fde-portal-metrics-"
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix=PREFIX)


def on_exit(server: object) -> None:
    """Clean up when the server itself ends, not one of its workers."""
    folder = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
    if folder.name.startswith(PREFIX):
        shutil.rmtree(folder, ignore_errors=True)
