"""Figures for Prometheus: extra `metrics`, off unless asked for. The only `import prometheus_client`.

Workers keep their figures in files of one folder, and whichever worker is asked adds them up. Labels are methods, route
templates and statuses: a bounded number, and nothing of what was asked.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_MISSING = "metrics need the extra of that name: pip install 'smtp-kb[metrics]'; or serve without --metrics"
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """The figures of this worker, and of all workers when they are asked for."""

    def __init__(self) -> None:
        """Needs the folder that `open_folder` makes. Raises ValueError when the extra is not installed."""
        client = _client()
        self._requests = client.Counter(
            "kb_http_requests", "Requests answered.", ("method", "route", "status"), registry=None
        )
        self._seconds = client.Histogram(
            "kb_http_request_duration_seconds", "Time to the answer.", ("route",), buckets=_BUCKETS, registry=None
        )
        self._bytes = client.Counter("kb_http_response_bytes", "Bytes of answers' bodies.", ("route",), registry=None)
        self._loads = client.Counter("kb_content_loads", "New content, used or refused.", ("result",), registry=None)
        self._entries = client.Gauge(
            "kb_catalog_entries", "Entries served.", multiprocess_mode="mostrecent", registry=None
        )
        for result in ("used", "refused"):
            self._loads.labels(result)

    def count(self, method: str, route: str, status: int, seconds: float, size: int) -> None:
        """One request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        self._bytes.labels(route).inc(size)

    def loaded(self, entries: int | None) -> None:
        """Content was loaded with so many entries, or (None) found unusable."""
        self._loads.labels("refused" if entries is None else "used").inc()
        if entries is not None:
            self._entries.set(entries)

    def serving(self, entries: int) -> None:
        """So many entries are served since this worker began."""
        self._entries.set(entries)

    def respond(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The figures of all workers, in the text form that Prometheus reads."""
        client = _client()
        from prometheus_client import multiprocess

        registry = client.CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        body = client.generate_latest(registry)
        headers = [("Content-Type", client.CONTENT_TYPE_LATEST), ("Content-Length", str(len(body)))]
        start_response("200 OK", [*headers, ("Cache-Control", "no-store")])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


def open_folder() -> str:
    """Make the folder of the workers' figures, unless the environment names one, and name it there.

    To be called before the library is imported: it looks for the folder then. Raises ValueError without the extra.
    """
    if find_spec("prometheus_client") is None:
        raise ValueError(_MISSING)
    known = os.environ.get(FOLDER)
    if known:
        Path(known).mkdir(parents=True, exist_ok=True)
        return known
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="smtp-kb-metrics-")
    return os.environ[FOLDER]


def close_folder(folder: str) -> None:
    """Remove the folder; the figures end with the service."""
    shutil.rmtree(folder, ignore_errors=True)


def _client() -> Any:
    try:
        import prometheus_client
    except ImportError as error:
        raise ValueError(_MISSING) from error
    return prometheus_client
