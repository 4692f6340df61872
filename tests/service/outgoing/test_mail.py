"""Mail through a real SMTP server on this machine."""

from __future__ import annotations

import socket
import tomllib
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from service.outgoing import mail
from service.outgoing.mail import MailRefused, SmtpMail, words


class Box:
    """A mailbox that keeps what arrives."""

    def __init__(self):
        self.arrived = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the name that aiosmtpd calls
        self.arrived.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def server(box):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield port
    controller.stop()


def mail_to(port, login=""):
    return SmtpMail(f"smtp://{login}127.0.0.1:{port}", "rapport@rapport.example")


def test_a_message_arrives_in_the_language_of_its_reader(server, box):
    subject, body = words("minutes_waiting", "zh", {"link": "https://rapport.example/meetings/1"})
    SmtpMail(f"smtp://127.0.0.1:{server}", "rapport@rapport.example").send(
        "li@firm.example", subject, body, "m1"
    )
    (message,) = box.arrived
    assert message["To"] == "li@firm.example"
    assert message["Subject"] == "Rapport 中有事项等待您处理"
    assert "https://rapport.example/meetings/1" in message.get_content()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == "<m1@rapport.example>"


@pytest.mark.parametrize(
    "address",
    ["li@firm.example\r\nBcc: all@firm.example", "li", "a@b, c@d", "", "a@]", "(a@x", "a@[x", "\u00ad@,"],
)
def test_an_address_cannot_smuggle_in_another(server, box, address):
    with pytest.raises(MailRefused):
        mail_to(server).send(address, "s", "b", "m1")
    assert box.arrived == []


def test_a_password_never_goes_out_in_the_clear(server, box):
    with pytest.raises(MailRefused):
        SmtpMail(f"smtp://user:secret@127.0.0.1:{server}", "r@rapport.example").send(
            "a@b.example", "s", "b", "m"
        )
    assert box.arrived == []


def test_a_server_that_is_away_is_an_error_for_people_without_the_address():
    with pytest.raises(MailRefused) as refused:
        SmtpMail("smtp://127.0.0.1:1", "r@rapport.example").send("li@firm.example", "s", "b", "m")
    assert "li@firm" not in str(refused.value)
    assert refused.value.retry_can_help


def test_no_message_says_how_anybody_performed_or_what_was_said():
    table = tomllib.loads((Path(mail.__file__).parent / "messages.toml").read_text("utf-8"))
    for entry in table.values():
        fields = {part.split("}")[0] for part in entry["en"].split("{")[1:]}
        assert fields <= {"link", "until"}
