"""The web process: gunicorn around Django, set up by our own variables alone."""

import gc
import os
import selectors
import sys
from functools import partial
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import TConn, ThreadWorker

from firsthand.config import environment
from firsthand.config.database import POOLED
from firsthand.config.logs import without_link


class AccessLog(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's log, without signed links in its access lines."""

    def atoms(self, *arguments: Any) -> dict[str, Any]:
        atoms: dict[str, Any] = super().atoms(*arguments)
        # The path stands in the request line, in itself and in the referrer of the page after it.
        return {name: without_link(value) if isinstance(value, str) else value for name, value in atoms.items()}

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> None:
        if environ.get("PATH_INFO") not in {"/healthz", "/readyz"}:  # monitors ask every few seconds
            super().access(resp, req, environ, request_time)


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's threads, which a connection gets only once something came over it.

    Browsers connect ahead and stay silent. gunicorn 27 gives each such connection a thread for five seconds, so four
    of them stop everybody; here it waits with those that are kept alive, and is closed like them.
    """

    def accept(self, listener: Any) -> None:
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):  # another process was quicker, or it has gone again
            return
        client.setblocking(False)
        connection = TConn(self.cfg, client, address, listener.getsockname())
        connection.set_timeout()
        self.nr_conns += 1
        self.pending_conns.append(connection)
        self.poller.register(client, selectors.EVENT_READ, partial(self.on_pending_socket_readable, connection))


class Web(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn without a configuration file or a command line of its own."""

    def load_config(self) -> None:
        host, threads = environment.HOST.read(), environment.WEB_THREADS.read()
        chosen = {
            "bind": f"[{host}]:{environment.PORT.read()}" if ":" in host else f"{host}:{environment.PORT.read()}",
            "worker_class": PatientWorker,
            "workers": environment.WEB_PROCESSES.read(),
            "threads": threads,
            "preload_app": True,  # one start for all, and memory shared between them
            "timeout": 60,
            "graceful_timeout": 10,
            "forwarded_allow_ips": ",".join(environment.TRUSTED_PROXIES.read()) or "127.0.0.1",
            "accesslog": "-",
            "access_log_format": '%(h)s "%(r)s" %(s)s %(b)s %(M)s ms',
            "loglevel": "debug" if environment.LOG_LEVEL.read() == "DEBUG" else "warning",  # its own coming and going
            "logger_class": AccessLog,
            "control_socket_disable": True,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from firsthand.config import urls  # noqa: F401  (once, and shared, instead of in each process at its first request)
        from firsthand.config.wsgi import application

        gc.freeze()  # what is loaded stays, shared between the processes: a collection that walks it would copy it
        gc.enable()
        return application


def run_web() -> None:
    """Answer requests until told to stop. Ends with status 2 and a sentence when the database is not up to date."""
    os.environ[POOLED] = "1"
    gc.disable()  # until all is loaded: nothing of it is garbage, and looking takes a tenth of a second
    import django

    django.setup()
    from firsthand.config.prepared import gather_static_files, why_not_ready

    not_ready = why_not_ready()
    if not_ready:
        print(not_ready, file=sys.stderr)
        sys.exit(2)
    gather_static_files()
    Web().run()
