"""E-mail leaves by TLS or not at all: codes for signing in and the mail server's password travel in it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import aiosmtplib
import msgspec
import pytest

from core.config import Settings
from messaging.notices.smtp import Smtp
from messaging.notices.texts import Notice

NOTICE = Notice("Your sign-in code", "482913 is your code")


@asynccontextmanager
async def mail_server() -> AsyncIterator[tuple[int, list[str]]]:
    """A server that offers no STARTTLS, as one would seem to whom somebody on the way has taken it from: its port, and
    every line that it is told."""
    heard: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        in_data = False
        while raw := await reader.readline():
            line = raw.decode().strip("\r\n")
            heard.append(line)
            if in_data:
                in_data = line != "."
                answer = b"" if in_data else b"250 kept\r\n"
            elif line.upper().startswith("EHLO"):
                answer = b"250-here\r\n250 AUTH PLAIN LOGIN\r\n"
            elif line.upper() == "DATA":
                in_data, answer = True, b"354 go on\r\n"
            else:
                answer = b"221 bye\r\n" if line.upper() == "QUIT" else b"250 ok\r\n"
            writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], heard
    finally:
        server.close()


def smtp(settings: Settings, url: str) -> Any:
    return Smtp(msgspec.structs.replace(settings, smtp_url=url))


async def test_without_tls_neither_password_nor_code_is_sent(settings: Settings) -> None:
    async with mail_server() as (port, heard):
        with pytest.raises(aiosmtplib.SMTPException):
            await smtp(settings, f"smtp://clinic:secret@127.0.0.1:{port}").send(
                "maria@example.org", NOTICE, uuid4()
            )
    assert not [
        line for line in heard if line.upper().startswith(("AUTH", "MAIL", "DATA")) or "482913" in line
    ]


async def test_a_relay_on_this_machine_may_do_without(settings: Settings) -> None:
    async with mail_server() as (port, heard):
        await smtp(settings, f"smtp://127.0.0.1:{port}").send("maria@example.org", NOTICE, uuid4())
    assert "To: maria@example.org" in heard


async def test_each_try_of_a_mail_bears_the_same_message_id(settings: Settings) -> None:
    """The answer to the first may have been lost after the server kept it: whoever gets both knows the second."""
    notification_id = uuid4()
    async with mail_server() as (port, heard):
        for _ in range(2):
            await smtp(settings, f"smtp://127.0.0.1:{port}").send(
                "maria@example.org", NOTICE, notification_id
            )
    ids = [line for line in heard if line.startswith("Message-ID:")]
    assert ids == [f"Message-ID: <{notification_id}@carethread>"] * 2
