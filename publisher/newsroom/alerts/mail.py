"""E-mail to one person at a time, through the mail server of the settings. No secret stands in any error."""

import smtplib
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from publisher import config
from publisher.errors import PublisherError

TIMEOUT = 10
"""Seconds for each answer of the mail server."""


class NotTaken(PublisherError):
    """A message was not taken by the other side; it may be tried again."""


class ServerDown(NotTaken):
    """The mail server takes nothing at all at the moment, whoever it is for."""


def can_send() -> bool:
    return bool(config.get().smtp_host)


def send(to: str, subject: str, text: str, *, number: str) -> None:
    """Hand one message to the mail server. Raises NotTaken, ServerDown.

    `number` makes the Message-ID: the same message sent again has the same, so that most mailboxes show it once.
    """
    settings = config.get()
    sender = settings.sender
    message = EmailMessage(
        subject=" ".join(subject.split()),
        body=text,
        from_email=sender,
        to=[to],
        connection=_Server(
            host=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user,
            password=settings.smtp_password.get_secret_value(),
            use_tls=settings.smtp_security == "starttls",
            use_ssl=settings.smtp_security == "tls",
            timeout=TIMEOUT,
        ),
        headers={
            "Message-ID": f"<{number}@{sender.rpartition('@')[2]}>",
            "Auto-Submitted": "auto-generated",  # RFC 3834: no absence note answers it
            "X-Auto-Response-Suppress": "All",  # the same for Exchange
        },
    )
    try:
        message.send()
    except smtplib.SMTPAuthenticationError as error:
        raise ServerDown("mail.credentials", str(error.smtp_code), host=settings.smtp_host) from None
    except smtplib.SMTPSenderRefused as error:
        raise ServerDown("mail.sender", str(error.smtp_code), sender=sender) from None
    except smtplib.SMTPRecipientsRefused as error:
        codes = ", ".join(str(code) for code, _ in error.recipients.values())
        raise NotTaken("mail.refused", codes, to=to) from None
    except smtplib.SMTPDataError as error:
        raise NotTaken("mail.refused", str(error.smtp_code), to=to) from None
    except (smtplib.SMTPException, OSError) as error:
        key = "mail.not_secure" if _is_about_security(error) else "mail.unreachable"
        raise ServerDown(key, type(error).__name__, host=settings.smtp_host, port=settings.smtp_port) from None
    except ValueError as error:  # an address that no mail server could read
        raise NotTaken("mail.refused", type(error).__name__, to=to) from None


class _Server(EmailBackend):
    """Django's, which closes politely; a server that is gone after it took the message does not undo that."""

    def close(self) -> None:
        try:
            super().close()
        except (smtplib.SMTPException, OSError):
            self.connection: Any = None


def _is_about_security(error: Exception) -> bool:
    import ssl

    return isinstance(error, (ssl.SSLError, smtplib.SMTPNotSupportedError))
