"""Worker processes under granian: made, replaced when one dies, told of new content, stopped after their last answer."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.net import SocketSpec  # type: ignore[attr-defined]

from kb.web import logs
from kb.web.settings import Settings

STOP_SECONDS = 8  # less than the 10 s after which `docker stop` kills
_HEADER_SECONDS = 15
# Each search by RE2 lets another thread have the interpreter, and waits to get it back: four answered a third of what two do.
_THREADS = 2
_BACKLOG = 2048
# Who makes the workers, known before they are: one that begins when that has ended already has another parent.
_supervisor = 0


class Workers(Granian):  # type: ignore[misc,valid-type]
    """granian with one listening socket for all workers, and with SIGHUP for the content instead of fresh workers.

    With a socket of each worker's own, as granian has it on Linux, connections that wait in the queue of a worker that ends
    are reset, and with a single worker none is accepted until its successor runs.
    """

    listening: Callable[[], None]  # called once connections are taken

    def _init_shared_socket(self) -> None:
        if sys.platform != "linux" or self.bind_uds:
            super()._init_shared_socket()
            self.listening()
            return
        self._shd = SocketSpec(self.bind_addr, self.bind_port, self.backlog).build()
        self._sfd = self._shd.get_fd()
        self._ssp = None
        self._sso = socket.socket(fileno=self._sfd)
        self._sso.set_inheritable(True)
        self._sso.listen(self.backlog)  # From here on a connection waits for its worker, and is not refused.
        self.listening()

    def signal_handler_reload(self, *args: Any, **kwargs: Any) -> None:
        """Pass SIGHUP on: each worker loads the content and goes on answering meanwhile."""
        if os.getpid() != _supervisor:
            return  # A worker that has only begun has this from its parent; it will see for itself that content has changed.
        for worker in self.wrks:
            if worker.is_alive():
                os.kill(worker.inner.pid, signal.SIGHUP)


def serve_with_granian(host: str, port: int, workers: int, settings: Settings, listening: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT; requests that have begun are answered, for at most STOP_SECONDS."""
    server = Workers(
        "kb.web.workers:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=_THREADS,
        backlog=_BACKLOG,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADER_SECONDS * 1000),
        log_access=False,
        log_level=LogLevels.warning,
        log_dictconfig=logs.config(settings.log_format),
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    )
    server.listening = listening
    global _supervisor
    _supervisor = os.getpid()
    server.serve()


def application() -> object:
    """The application of one worker, which ends with the process that made it."""
    from kb.web import serve

    serve.follow_parent(_supervisor or os.getppid())
    return serve.application()
