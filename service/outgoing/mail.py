"""Mail over SMTP (RFC 5321). A message says that something waits, never what."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

from models.wording import Wording
from service.errors import Broken

WORDING = Wording.beside(__file__, "messages.toml")
TIMEOUT_S = 20


class MailRefused(Broken):
    """The mail server does not take the message (a retry can help)."""

    retry_can_help = True


class Mail(Protocol):
    """Whatever takes a message."""

    def send(self, to: str, subject: str, body: str, message_id: str) -> None: ...  # noqa: D102


class SmtpMail:
    """The operator's mail server. `url`: smtp://user:password@host:port (STARTTLS) or smtps://..."""

    def __init__(self, url: str, sender: str) -> None:
        self._parts = urlsplit(url)
        self._sender = sender

    def send(self, to: str, subject: str, body: str, message_id: str) -> None:
        """Hands the message over. Raises MailRefused; an address with a line break is refused as well."""
        try:
            message = compose(self._sender, to, subject, body, message_id)
            with self._connection() as server:
                if self._parts.username:
                    server.login(unquote(self._parts.username), unquote(self._parts.password or ""))
                server.send_message(message)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            # Not chained: a server's answer may quote the address.
            raise MailRefused("mail_refused", what=type(error).__name__) from None

    def _connection(self) -> smtplib.SMTP:
        host, context = self._parts.hostname or "localhost", ssl.create_default_context()
        if self._parts.scheme == "smtps":
            return smtplib.SMTP_SSL(host, self._parts.port or 465, timeout=TIMEOUT_S, context=context)
        with contextlib.ExitStack() as undo:
            server = undo.enter_context(smtplib.SMTP(host, self._parts.port or 25, timeout=TIMEOUT_S))
            server.ehlo()
            # A password never goes out in the clear: without STARTTLS this raises.
            if server.has_extn("starttls") or self._parts.username:
                server.starttls(context=context)
            undo.pop_all()
        return server


def compose(sender: str, to: str, subject: str, body: str, message_id: str) -> EmailMessage:
    """The message (RFC 5322); marked as sent by a machine (RFC 3834). ValueError for no address."""
    message = EmailMessage()
    message["From"] = Address("Rapport", addr_spec=sender)
    try:
        message["To"] = Address(addr_spec=to)
    except Exception as error:  # the parser breaks in many ways on what is no address
        raise ValueError("no address") from error
    message["Subject"] = subject
    message["Message-ID"] = f"<{message_id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message


def words(kind: str, language: str, values: Mapping[str, object]) -> tuple[str, str]:
    """Subject and body of a kind of message. KeyError for an unknown kind."""
    body = WORDING.say(kind, language, **values)
    return WORDING.say("subject", language), f"{body}\n\n{WORDING.say('footer', language)}\n"
