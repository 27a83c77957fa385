"""A mail server that keeps what it gets, for tests that want a real one. It refuses addresses that begin with `refused`."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP


class Sink(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine; `mails` holds what came in."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.mails: list[EmailMessage] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Session(socketserver.StreamRequestHandler):
    server: Sink

    def handle(self) -> None:
        self.say("220 sink")
        for line in self.rfile:
            word = line[:4].decode("ascii", "replace").upper()
            if word == "DATA":
                self.say("354 go on")
                mail = self.read_mail()
                if mail is None:
                    return
                self.server.mails.append(message_from_bytes(mail, EmailMessage, policy=SMTP))
                self.say("250 kept")
            elif word == "RCPT" and b"<refused" in line:
                self.say("550 nobody here")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 sink")

    def read_mail(self) -> bytes | None:
        """The mail, or None where the sender broke off in its midst: then nothing was taken."""
        lines: list[bytes] = []
        for line in self.rfile:
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return None

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def sink() -> Iterator[Sink]:
    """A running sink."""
    with Sink() as server:
        threading.Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.05}).start()
        yield server
        server.shutdown()
