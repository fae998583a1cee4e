"""Letters leave once: see docs/decisions/0006-letters-leave-once.md."""

import datetime
import re
import smtplib
import socket
from typing import Protocol

from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends.smtp import EmailBackend
from django.db import IntegrityError, transaction
from django.utils import timezone

from comments.models import Letter, Notification
from comments.notifications.letters import compose

ATTEMPTS = 8
FIRST_PAUSE = datetime.timedelta(minutes=1)  # doubled with each attempt: two hours in all
LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class Carrier(Protocol):
    """Brings a message in two steps: all of it but the last, which makes it count."""

    def hand_over(self, message: EmailMultiAlternatives) -> None: ...

    def complete(self) -> None: ...

    def close(self) -> None: ...


class SmtpCarrier:
    """Speaks SMTP over Django's connection; the line with the dot is the last step (RFC 5321)."""

    def __init__(self, backend: EmailBackend) -> None:
        self.backend = backend

    def hand_over(self, message: EmailMultiAlternatives) -> None:
        """Send everything but the dot. Raises OSError, smtplib.SMTPException or ValueError."""
        is_new = self.backend.open()
        smtp = self._connection
        if is_new and smtp.sock is not None:
            # The dot follows alone; the system must not hold it back until the rest is receipted.
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.ehlo_or_helo_if_needed()
        sender = self.backend.prep_address(message.from_email)
        recipient = self.backend.prep_address(message.to[0])
        for code, answer, expected in (
            (*smtp.mail(sender), {250}),
            (*smtp.rcpt(recipient), {250, 251}),
            (*smtp.docmd("DATA"), {354}),
        ):
            if code not in expected:
                raise smtplib.SMTPResponseException(code, answer)
        smtp.send(_as_lines(message))

    def complete(self) -> None:
        """Send the dot and read the answer."""
        smtp = self._connection
        smtp.send(b".\r\n")
        code, answer = smtp.getreply()
        if code != 250:
            raise smtplib.SMTPDataError(code, answer)

    @property
    def _connection(self) -> smtplib.SMTP:
        if self.backend.connection is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self.backend.connection

    def close(self) -> None:
        """End the connection, in whatever state it is."""
        if self.backend.connection is not None:
            self.backend.connection.close()
            self.backend.connection = None


class PlainCarrier:
    """Gives the message to any other mailer of Django, whole."""

    message: EmailMultiAlternatives | None = None

    def hand_over(self, message: EmailMultiAlternatives) -> None:
        self.message = message

    def complete(self) -> None:
        if self.message:
            self.message.send()

    def close(self) -> None:
        self.message = None


def send_due_letters(limit: int) -> datetime.datetime | None:
    """Send up to limit letters that are due; return when the next is, None when none waits."""
    backend = mailers["default"]
    carrier: Carrier = SmtpCarrier(backend) if isinstance(backend, EmailBackend) else PlainCarrier()
    try:
        for _number in range(limit):
            if not _send_next(carrier):
                break
    finally:
        carrier.close()
    return Letter.objects.to_send().order_by("due_at").values_list("due_at", flat=True).first()


def _send_next(carrier: Carrier) -> bool:
    """Send the letter that is due first and that nobody else is sending; tell whether there was."""
    with transaction.atomic():
        due = Letter.objects.to_send().filter(due_at__lte=timezone.now()).order_by("due_at", "pk")
        due = due.select_related("subscription__user", "discussion__article")
        letter = due.select_for_update(skip_locked=True, of=("self",)).first()
        if letter is None:
            return False
        message = compose(letter)
        if message is None:
            letter.delete()
            return True
        try:
            carrier.hand_over(message)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            carrier.close()
            _keep(letter, error)
            return True
        letter.sent_at = timezone.now()
        letter.attempts += 1
        letter.error = ""
        letter.save(update_fields=["sent_at", "attempts", "error"])
    # It is noted as sent; only now the server is told that this is all.
    try:
        carrier.complete()
    except (OSError, smtplib.SMTPException) as error:
        carrier.close()
        _put_back(letter, error)
    return True


def _put_back(letter: Letter, error: Exception) -> None:
    """Let a letter wait again that did not leave after all; what came meanwhile goes with it."""
    letter.sent_at = None
    letter.attempts -= 1
    try:
        with transaction.atomic():
            _keep(letter, error)
    except IntegrityError:
        # Another waits for the same reader already.
        other = Letter.objects.waiting_news(letter.discussion_id).get(address=letter.address)
        Notification.objects.filter(letter=letter).update(letter=other)
        letter.delete()


def _keep(letter: Letter, error: Exception) -> None:
    letter.attempts += 1
    letter.error = str(error)[:1000]
    letter.is_given_up = letter.attempts >= ATTEMPTS or _is_final(error)
    letter.due_at = timezone.now() + FIRST_PAUSE * 2 ** (letter.attempts - 1)
    letter.save()


def _is_final(error: Exception) -> bool:
    """Tell whether trying again is no use: the address, or the message, was refused for good."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return False  # a wrong password is mended by the operator
    code = getattr(error, "smtp_code", 0)
    return isinstance(error, ValueError) or 500 <= int(code) < 600


def _as_lines(message: EmailMultiAlternatives) -> bytes:
    """Return the message as SMTP's DATA wants it: CRLF, and no line that is a dot alone."""
    text = message.message().as_bytes()
    lines = LEADING_DOT.sub(b"..", re.sub(rb"\r\n|\r|\n", b"\n", text)).replace(b"\n", b"\r\n")
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"
