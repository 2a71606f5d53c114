"""`kb serve`: granian where it has a wheel, waitress elsewhere.

The content is loaded before the workers are made, so that they share its memory; each holds no more than what it works with.
"""

from __future__ import annotations

import gc
import importlib.util
import logging.config
import os
import socket
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kb import __version__
from kb.data import cache_dir, data_root, open_store
from kb.web import logs
from kb.web.settings import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _typeshed.wsgi import WSGIApplication
    from flask import Flask

    from kb.web.reload import Stamp

MAX_BODY = 2 * 1024 * 1024  # of a batch; the application holds everything else to less
_PATIENCE_SECONDS = 1.5
_WARMING = (
    "/zh/",
    "/en/lookup?q=554+5.7.1+%3Cbob@example.com%3E:+Relay+access+denied",
    "/api/v1/lookup?q=554+5.7.1+%3Cbob@example.com%3E:+Relay+access+denied",
    "/zh/search?q=relay+中继",
    "/en/errors/auth-unencrypted-connection",
    "/zh/codes/5.7.1",
)
_preloaded: list[tuple[Stamp, Flask]] = []


@dataclass(frozen=True)
class Options:
    """Where and how to serve."""

    host: str = "127.0.0.1"
    port: int = 8055
    workers: int = 1
    settings: Settings = field(default_factory=lambda: Settings("text"))


def serve(options: Options) -> None:
    """Serve the page and the API until stopped. Raises OSError or ValueError that says what to do."""
    settings = options.settings
    _check_address(options.host, options.port)
    os.environ |= settings.write()
    with _figures(settings):
        entries = prepare(settings)

        def listening() -> None:
            _say(
                settings,
                f"smtp-kb {__version__}: {entries} entries, {settings.base_url or _url(options.host, options.port)}/",
                listening=_url(options.host, options.port),
                workers=options.workers,
                pid=os.getpid(),
            )

        if importlib.util.find_spec("granian"):
            from kb.web.workers import serve_with_granian

            with _patience(settings, "loading the content"):
                _preload(settings)
            serve_with_granian(options.host, options.port, options.workers, settings, listening)
        else:
            _serve_with_waitress(options, listening)


def prepare(settings: Settings | None = None) -> int:
    """Make catalogue and index where they are missing or old; the number of entries. Raises OSError with what to do."""
    from kb.content import open_searcher
    from kb.search import BuildError

    root = data_root()
    os.environ["KB_ROOT"] = root
    try:
        with _patience(settings, "preparing catalogue and search index, once per change of the content"):
            entries = len(open_store(root).entries())
            open_searcher(root).close()
    except ValueError:
        raise  # What is wrong with the content; it says so.
    except Exception as error:
        reason = _why_not_writable(cache_dir())
        if reason is not None:
            raise OSError(
                f"cannot write to the data directory {cache_dir()} ({reason}); choose another with --data-dir or KB_CACHE"
            ) from error
        if isinstance(error, BuildError):
            raise OSError(f"the search index could not be built: {error}") from error
        raise
    return entries


def application() -> WSGIApplication:
    """The WSGI application, for `kb serve` and any other WSGI server. It watches its content; see `kb.web.reload`."""
    from kb.web import reload
    from kb.web.metrics import Metrics
    from kb.web.observe import observed

    settings = Settings.read()
    metrics = Metrics() if settings.metrics else None
    seen = reload.stamp(data_root())
    app = _current(settings, seen)
    if metrics:
        metrics.serving(len(app.extensions["kb"].entries))
    if "kb-preview" in app.extensions:
        app.extensions["kb-preview"].watch()
        return observed(app, settings, metrics)
    watching = reload.start(app.extensions, data_root(), seen, metrics.loaded if metrics else None)
    reload.on_hangup(watching)
    return observed(app, settings, metrics)


def _preload(settings: Settings) -> None:
    """Make the application once, for the workers that are forked from this process.

    Asked for a page of each kind and for each example, it holds what requests load, and the expressions with the states that
    RE2 makes of them while it searches; a worker that had to make those had 30 MB more of its own.
    """
    from kb.explain import explain
    from kb.web.reload import stamp

    root = data_root()
    seen = stamp(root)
    app = _make(settings)
    client = app.test_client()
    for path in _WARMING:
        client.get(path)
    store = app.extensions["kb"].base.store
    for text in store.examples():
        explain(store, text)
    _preloaded[:] = [(seen, app)]
    gc.collect()
    gc.freeze()  # The collector of a worker must not touch, and so copy, what all share.


def _current(settings: Settings, now: Stamp) -> Flask:
    """The application that this process was forked with, its content loaded anew if it was another then; else a new one."""
    from kb.web.site import Site

    for seen, app in _preloaded:
        app.extensions["kb"].base.store.reopen()
        if seen != now:
            app.extensions["kb"] = Site.load()
        return app
    return _make(settings)


def _make(settings: Settings) -> Flask:
    from kb.web import create_app
    from kb.web.reload import stamp

    seen = stamp(data_root())
    app = create_app(None, settings.base_url, settings.trusted_hosts())
    if os.environ.get("KB_WATCH"):
        from kb.web import preview

        preview.install(app, data_root(), seen)
    return app


def _serve_with_waitress(options: Options, listening: Callable[[], None]) -> None:
    import waitress

    logging.config.dictConfig(logs.config(options.settings.log_format))
    server = waitress.create_server(
        application(),
        host=options.host,
        port=options.port,
        threads=8,
        connection_limit=1000,
        channel_timeout=20,
        max_request_body_size=MAX_BODY,
        ident=None,
    )
    listening()
    server.run()


@contextmanager
def _patience(settings: Settings | None, message: str) -> Iterator[None]:
    """Says what takes so long, where it does."""
    timer = threading.Timer(_PATIENCE_SECONDS, lambda: _say(settings, message))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def _figures(settings: Settings) -> Iterator[None]:
    """The folder of the workers' figures, while it is needed."""
    if not settings.metrics:
        yield
        return
    from kb.web import metrics

    own = metrics.FOLDER not in os.environ
    folder = metrics.open_folder()
    try:
        yield
    finally:
        if own:
            metrics.close_folder(folder)


def _check_address(host: str, port: int) -> None:
    """Raise OSError with what to do when the address cannot be listened on, before anything is loaded."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise OSError(
                f"cannot listen on {_url(host, port)[7:]} ({reason}); choose another with --host and --port"
            ) from error


def _why_not_writable(directory: str) -> str | None:
    """Why no file can be made in a directory, or None when one can."""
    path = Path(directory, f".write-test.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * 4096)
        path.unlink()
    except OSError as error:
        return error.strerror or str(error)
    return None


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _say(settings: Settings | None, message: str, **fields: object) -> None:
    """A line for whoever starts the service: as plain as it gets, or JSON where the logs are."""
    if settings and settings.log_format == "json":
        sys.stderr.write(logs.line("json", "info", message, **fields))
    else:
        sys.stderr.write(message + "\n")
    sys.stderr.flush()


def follow_parent(parent: int) -> None:
    """End this worker when the process that made it has ended without telling it: nobody could stop it any more."""

    def look() -> None:
        import signal

        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=look, name="kb-parent", daemon=True).start()
