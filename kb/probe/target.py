"""HOST[:PORT] and addresses as they stand on a command line. Pure."""

from __future__ import annotations

from kb.text import Text


class TargetError(ValueError):
    """A host, port or address that is none; `text` says what is wrong."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def target(where: str, usual_port: int) -> tuple[str, int]:
    """Host and port of `host`, `host:port`, `[::1]:25` or `::1`. An international name comes back in its ASCII form.

    Raises TargetError.
    """
    host, port = _apart(where.strip())
    if port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        raise TargetError(Text(f"{port} 不是端口。", f"{port} is no port."))
    if not host or any(character.isspace() or not character.isprintable() or character in "/@<>" for character in host):
        raise TargetError(Text(f"{where!r} 不是主机名。", f"{where!r} is no host name."))
    try:
        plain = host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise TargetError(Text(f"{where!r} 不是主机名。", f"{where!r} is no host name.")) from error
    return plain.rstrip(".") or plain, int(port) if port else usual_port


def _apart(where: str) -> tuple[str, str]:
    if where.startswith("["):
        host, _, rest = where[1:].partition("]")
        return host, rest.removeprefix(":")
    if where.count(":") > 1:
        return where, ""
    host, _, port = where.partition(":")
    return host, port


def address(value: str) -> str:
    """An address that is safe to put between angle brackets. Raises TargetError."""
    if any(ord(character) < 33 or ord(character) == 127 or character in "<>" for character in value):
        raise TargetError(Text(f"{value!r} 不是邮件地址。", f"{value!r} is no mail address."))
    return value
