"""`kb serve`: granian where it has a wheel, waitress elsewhere."""

from __future__ import annotations

import os
import socket
import sys

from kb import __version__
from kb.data import data_root, open_store


def serve(host: str, port: int, workers: int) -> None:
    """Serve the page and the API until stopped. Compiles catalogue and index first, so that workers only open them."""
    from kb.content import open_searcher

    _check_address(host, port)
    root = data_root()
    os.environ["KB_ROOT"] = root
    entries = len(open_store(root).entries())
    open_searcher(root).close()
    print(f"smtp-kb {__version__}: {entries} entries, http://{host}:{port}/", file=sys.stderr, flush=True)
    try:
        from granian import Granian
        from granian.constants import Interfaces
        from granian.log import LogLevels
    except ImportError:
        _serve_with_waitress(host, port)
        return
    Granian(
        "kb.web.serve:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=2 * (os.cpu_count() or 1),
        log_access=False,
        log_level=LogLevels.warning,
        websockets=False,
    ).serve()


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
                f"cannot listen on {host}:{port} ({reason}); choose another with --host and --port"
            ) from error


def application() -> object:
    """The WSGI application, for `kb serve` and any other WSGI server. It watches its content; see `kb.web.reload`."""
    from kb.web import create_app, reload

    app = create_app()
    reload.start(app.extensions, data_root())
    return app


def _serve_with_waitress(host: str, port: int) -> None:
    from waitress import serve as waitress_serve

    from kb.web import create_app, reload

    app = create_app()
    # granian has its own meaning for SIGHUP: fresh workers, one after the other.
    reload.on_hangup(reload.start(app.extensions, data_root()))
    waitress_serve(
        app,
        host=host,
        port=port,
        threads=8,
        connection_limit=1000,
        channel_timeout=20,
        max_request_body_size=256 * 1024,
        ident=None,
    )
