"""The services of Debian's stock master.cf, which hold when only a main.cf was pasted."""

from __future__ import annotations

from dataclasses import replace

from kb.config.postfix.model import Assignment, Service

# (name, type, program) of the entries that are not comments in Debian's postfix 3.7 master.cf; the same since 3.4.
_STOCK = (
    ("smtp", "inet", "smtpd"),
    ("pickup", "unix", "pickup"),
    ("cleanup", "unix", "cleanup"),
    ("qmgr", "unix", "qmgr"),
    ("tlsmgr", "unix", "tlsmgr"),
    ("rewrite", "unix", "trivial-rewrite"),
    ("bounce", "unix", "bounce"),
    ("defer", "unix", "bounce"),
    ("trace", "unix", "bounce"),
    ("verify", "unix", "verify"),
    ("flush", "unix", "flush"),
    ("proxymap", "unix", "proxymap"),
    ("proxywrite", "unix", "proxymap"),
    ("smtp", "unix", "smtp"),
    ("relay", "unix", "smtp"),
    ("showq", "unix", "showq"),
    ("error", "unix", "error"),
    ("retry", "unix", "error"),
    ("discard", "unix", "discard"),
    ("local", "unix", "local"),
    ("virtual", "unix", "virtual"),
    ("lmtp", "unix", "lmtp"),
    ("anvil", "unix", "anvil"),
    ("scache", "unix", "scache"),
    ("postlog", "unix-dgram", "postlogd"),
    ("maildrop", "unix", "pipe"),
    ("uucp", "unix", "pipe"),
    ("ifmail", "unix", "pipe"),
    ("bsmtp", "unix", "pipe"),
    ("scalemail-backend", "unix", "pipe"),
    ("mailman", "unix", "pipe"),
)


def services() -> tuple[Service, ...]:
    """The services, marked as assumed."""
    found = [Service("", 0, name, kind, program, assumed=True) for name, kind, program in _STOCK]
    relay = next(service for service in found if service.name == "relay")
    name = Assignment("", 0, 0, 0, "syslog_name", "postfix/$service_name")
    found[found.index(relay)] = replace(relay, overrides=(name,))
    return tuple(found)


def service(label: str, file: str, line: int) -> Service:
    """A service of which only overrides are known."""
    name, _, kind = label.rpartition("/")
    return Service(file, line, name, kind, "smtpd" if kind in ("inet", "pass") else "smtp")


def with_overrides(service: Service, overrides: tuple[Assignment, ...]) -> Service:
    """The service with other overrides, no longer only assumed."""
    return replace(service, overrides=overrides, assumed=False, file=overrides[0].file if overrides else service.file)
