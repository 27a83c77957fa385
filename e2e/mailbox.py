"""A mail server on the loopback that keeps what it is given: journeys read the real mails and open their links."""

import email
import email.policy
import re
import socketserver
import threading
from email.message import EmailMessage
from typing import cast

LINK = re.compile(r"http://127\.0\.0\.1:\d+/l/\S+")


class Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as Python's own client speaks."""

    def handle(self) -> None:
        self.say("220 sink")
        while line := self.rfile.readline():
            verb = line.strip().upper()
            if verb == b"DATA":
                self.say("354 go on")
                self.keep()
            self.say("221 bye" if verb == b"QUIT" else "250 ok")
            if verb == b"QUIT":
                return

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def keep(self) -> None:
        lines = iter(self.rfile.readline, b".\r\n")
        raw = b"".join(line.removeprefix(b".") if line.startswith(b"..") else line for line in lines)
        cast("Mailbox", self.server).add(email.message_from_bytes(raw, policy=email.policy.default))


class Mailbox(socketserver.ThreadingTCPServer):
    """Everything that was sent, oldest first."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.mails: list[EmailMessage] = []
        self.arrived = threading.Condition()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def add(self, mail: EmailMessage) -> None:
        with self.arrived:
            self.mails.append(mail)
            self.arrived.notify_all()

    def wait_for(self, to: str, subject: str, *, seconds: float = 20) -> EmailMessage:
        """The newest mail to somebody whose subject holds these words; takes it out, so the next wait is for the next one."""
        name, at, domain = to.rpartition("@")
        spelled = {to, f"{name}{at}{domain.encode('idna').decode()}"}  # a domain goes over the wire in ASCII

        def fits(mail: EmailMessage) -> bool:
            return any(each in str(mail["To"]) for each in spelled) and subject in str(mail["Subject"])

        with self.arrived:
            self.arrived.wait_for(lambda: any(map(fits, self.mails)), timeout=seconds)
            found = [mail for mail in self.mails if fits(mail)]
            heard = [(str(mail["To"]), str(mail["Subject"])) for mail in self.mails]
            assert found, f"No mail to {to} about {subject!r} within {seconds} s; there were: {heard}"
            self.mails.remove(found[-1])
            return found[-1]


def words(mail: EmailMessage) -> str:
    """The plain words of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link(mail: EmailMessage, label: str = "") -> str:
    """The signed link in a mail, or the one that follows a label."""
    found = LINK.search(words(mail).partition(label)[2] if label else words(mail))
    assert found, f"no link {label!r} in: {words(mail)}"
    return found.group()
