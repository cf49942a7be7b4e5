"""E-mail by SMTP."""

from datetime import datetime
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib

from core.config import Settings
from core.open_transactions import require_none
from messaging.notices.carrier import SECONDS, Refused
from messaging.notices.texts import Notice


class Smtp:
    """E-mail over SMTP: ``smtps://`` has TLS from the start, ``smtp://user:password@host:port`` begins it by STARTTLS.

    Without TLS nothing is sent, for somebody on the way could switch it off and read codes and password; only a server
    on this machine that asks for no password may do without.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def sent_before(self, to: str, notice: Notice, since: datetime) -> list[str]:
        """A mail server cannot be asked: whoever gets a mail twice knows it by its Message-ID."""
        return []

    async def send(self, to: str, notice: Notice, notification_id: UUID) -> str:
        """The Message-ID, the same at each try.

        Raises Refused if the recipient is refused for good, SMTPException otherwise.
        """
        require_none("a mail")
        url = urlsplit(self._settings.smtp_url)
        mail = EmailMessage()
        mail["From"] = self._settings.mail_from
        mail["To"] = to
        mail["Subject"] = notice.subject
        mail["Message-ID"] = f"<{notification_id}@carethread>"
        mail.set_content(notice.text)
        try:
            await aiosmtplib.send(
                mail,
                hostname=url.hostname or "localhost",
                port=url.port,
                username=unquote(url.username) if url.username else None,
                password=unquote(url.password) if url.password else None,
                use_tls=url.scheme == "smtps",
                start_tls=url.scheme != "smtps" and (bool(url.username) or not _is_here(url.hostname)),
                timeout=SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused:
            raise Refused("recipient_refused") from None
        return str(mail["Message-ID"])


def _is_here(host: str | None) -> bool:
    """Whether it is this very machine."""
    return host in (None, "localhost", "127.0.0.1", "::1")
