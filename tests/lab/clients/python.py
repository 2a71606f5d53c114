"""Django and Flask-Mail, which send with Python's smtplib."""

from __future__ import annotations

import ast
import gc
import smtplib
import traceback
from typing import Any

import django.conf
from django.core.mail import EmailMessage
from django.core.mail.utils import DNS_NAME
from django.test.utils import override_settings
from flask import Flask
from flask_mail import Mail, Message

from lab.clients.job import Job
from lab.model import Outcome

django.conf.settings.configure()

STAGE_OF_FUNCTION = {
    "starttls": "starttls", "login": "auth", "mail": "mail", "rcpt": "rcpt", "data": "data", "ehlo": "ehlo", "helo": "ehlo",
    "_get_socket": "connect", "getreply": "banner",
}  # fmt: skip
STAGE_OF_ERROR = {
    smtplib.SMTPSenderRefused: "mail", smtplib.SMTPRecipientsRefused: "rcpt", smtplib.SMTPDataError: "data",
    smtplib.SMTPHeloError: "ehlo", smtplib.SMTPAuthenticationError: "auth",
}  # fmt: skip


def parse(text: str) -> dict[str, Any]:
    """The assignments of literals in a Python settings file."""
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = ast.literal_eval(node.value)
    return found


def stage_of(error: BaseException) -> str:
    """Where in the session an exception came: by its class, else by the outermost call in smtplib that has a stage."""
    for kind, stage in STAGE_OF_ERROR.items():
        if isinstance(error, kind):
            return stage
    names = [entry.name for entry in traceback.extract_tb(error.__traceback__) if entry.filename == smtplib.__file__]
    if "ehlo_or_helo_if_needed" in names:
        return "ehlo"
    return next((STAGE_OF_FUNCTION[name] for name in names if name in STAGE_OF_FUNCTION), "config")


def _outcome(error: Exception) -> Outcome:
    """The last line of the traceback; the connection goes with it, as it does when the program ends."""
    said = Outcome(False, stage_of(error), traceback.format_exception_only(error)[-1].strip())
    error.__traceback__ = None
    return said


def _end_connections() -> None:
    gc.collect()


def run_django(job: Job) -> Outcome:
    """Send with Django's SMTP backend under the job's settings."""
    try:
        with override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", **parse(job.text)):
            EmailMessage("lab", job.body, job.sender, [job.recipient], headers={"X-Lab": job.marker}).send()
    except Exception as error:
        return _outcome(error)
    finally:
        _end_connections()
        DNS_NAME.__dict__.pop("_fqdn", None)  # the next job's machine may have another name
    return Outcome(True)


def run_flask_mail(job: Job) -> Outcome:
    """Send with Flask-Mail under the job's configuration."""
    app = Flask("lab")
    app.config.update(parse(job.text))
    mail = Mail(app)
    try:
        with app.app_context():
            headers = {"X-Lab": job.marker}
            mail.send(Message("lab", [job.recipient], job.body, sender=job.sender, extra_headers=headers))
    except Exception as error:
        return _outcome(error)
    finally:
        _end_connections()
    return Outcome(True)
