"""The configurations that can be read: one adapter a product, each a line in ADAPTERS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from kb.config import (
    alertmanager,
    applications,
    apps,
    boky,
    dms,
    exim,
    exim_debian,
    ghost,
    gitea,
    gitlab,
    go_code,
    grafana,
    laravel,
    mailhog,
    mailpit,
    mailpit_server,
    mastodon,
    measured,
    msmtp,
    nextcloud,
    nodemailer,
    nullmailer,
    opensmtpd,
    phpmailer,
    postfix,
    python_settings,
    sendmail,
    smtp4dev,
    smtplib_code,
    spring,
    symfony,
)
from kb.config.setting import Edit, Party, Reading


class Adapter(Protocol):
    """What every product's module has.

    PRODUCTS: the names under which its parties go. SHARES: whether the files it reads may hold other products too.
    """

    PRODUCTS: frozenset[str]
    SHARES: bool

    def sniff(self, name: str, text: str) -> bool:
        """Whether a file looks like one of this product."""

    def read(self, files: Mapping[str, str]) -> Reading:
        """Parties and findings of the files. Never raises."""

    def edits(self, party: Party, change: Mapping[str, str]) -> tuple[Edit, ...] | None:
        """The settings to change so that the facts change; empty when no setting says it, None when the product cannot."""

    def apply(self, text: str, edits: Sequence[Edit]) -> str:
        """The text of a file with edits made."""


ADAPTERS: tuple[Adapter, ...] = (
    nullmailer,
    opensmtpd,
    exim,
    exim_debian,
    sendmail,
    boky,
    dms,
    postfix,
    mailpit,
    mailpit_server,
    mailhog,
    smtp4dev,
    alertmanager,
    go_code,
    smtplib_code,
    phpmailer,
    nextcloud,
    gitlab,
    grafana,
    gitea,
    msmtp,
    ghost,
    nodemailer,
    python_settings,
    spring,
    symfony,
    laravel,
    mastodon,
    apps,
    applications,
    measured,
)


def adapter(product: str) -> Adapter:
    """The adapter of a product. Raises KeyError."""
    for found in ADAPTERS:
        if product in found.PRODUCTS:
            return found
    raise KeyError(product)
