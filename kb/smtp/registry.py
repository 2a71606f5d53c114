"""Look-up in the code tables: what a reply code or an enhanced status code means, registered or not.

`reply_code` and `status_code` give a registered row or None. `describe_reply` and `describe_status` have an answer for
every well-formed code: where none is registered it is read off the class, as RFC 5321 section 4.3.2 and RFC 3463
section 2 tell clients to do, and `registered` is False.
"""

from __future__ import annotations

from kb.smtp.reply import function_of, severity_of
from kb.smtp.rows import CodePart, ReplyCode, StatusCode
from kb.smtp.status import class_of, is_status_code, parse_status, subject_of
from kb.text import Text


def all_reply_codes() -> tuple[ReplyCode, ...]:
    """Every registered reply code, in numeric order."""
    from kb.smtp.reply_codes import BASE_REPLY_CODES
    from kb.smtp.reply_codes_extensions import EXTENSION_REPLY_CODES

    return tuple(sorted(BASE_REPLY_CODES + EXTENSION_REPLY_CODES, key=lambda row: row.code))


def all_status_codes() -> tuple[StatusCode, ...]:
    """Every enhanced status code registered with IANA, as `X.y.z`, in numeric order."""
    return _status_rows("0") + _status_rows("5") + _status_rows("7")


def reply_code(code: str) -> ReplyCode | None:
    """The row of a registered reply code, else None."""
    return next((row for row in all_reply_codes() if row.code == code), None)


def status_code(code: str) -> StatusCode | None:
    """The registry's row for an enhanced status code, given as `X.1.1` or `5.1.1`; None where none is registered."""
    if is_status_code(code):
        code = f"X{code[1:]}"
    _, _, sub_codes = code.partition(".")
    return next((row for row in _status_rows(sub_codes.partition(".")[0]) if row.code == code), None)


def describe_reply(code: str) -> ReplyCode:
    """What `code` means. ValueError for anything but a reply code (RFC 5321 section 4.2)."""
    severity = severity_of(code)
    return reply_code(code) or _derived_reply(code, severity, function_of(code))


def describe_status(code: str) -> StatusCode:
    """What `code` means, its class included. ValueError for anything but an enhanced status code (RFC 3463 section 2).

    The reason is given only in a class for which the registered row has one.
    """
    status = parse_status(code)
    class_ = class_of(code)
    row = status_code(code)
    if row is None:
        return _derived_status(code, class_, subject_of(code))
    reason = row.reason if status.class_ in row.reason_classes else None
    return row._replace(code=code, meaning=_sentences(row.meaning, class_.meaning), reason=reason)


def _status_rows(subject: str) -> tuple[StatusCode, ...]:
    """The rows of the table that holds `subject`: imported on demand, as a look-up at start-up needs only one."""
    if subject == "7":
        from kb.smtp.status_codes_security import SECURITY_STATUS_CODES

        return SECURITY_STATUS_CODES
    if subject in ("5", "6"):
        from kb.smtp.status_codes_protocol import PROTOCOL_STATUS_CODES

        return PROTOCOL_STATUS_CODES
    from kb.smtp.status_codes import DELIVERY_STATUS_CODES

    return DELIVERY_STATUS_CODES


def _derived_reply(code: str, severity: CodePart, function: CodePart | None) -> ReplyCode:
    note = Text(
        f"没有标准定义 {code}，以下含义由数字的类别推出。",
        f"No standard defines {code}; this is what its digits say.",
    )
    parts = [severity] if function is None else [severity, function]
    meaning = _sentences(note, *(part.meaning for part in parts))
    return ReplyCode(code, _joined_title(parts), meaning, "RFC 5321 section 4.2.1", False)


def _derived_status(code: str, class_: CodePart, subject: CodePart | None) -> StatusCode:
    note = Text(
        f"{code} 没有在 IANA 登记，以下含义由类别推出；服务商可能另有定义。",
        f"{code} is not registered with IANA; this is what its class says, the provider may have a meaning of its own.",
    )
    parts = [class_] if subject is None else [class_, subject]
    meaning = _sentences(note, *(part.meaning for part in reversed(parts)))
    return StatusCode(code, _joined_title(parts), meaning, (), "RFC 3463 section 2", registered=False)


def _joined_title(parts: list[CodePart]) -> Text:
    return Text("：".join(part.title.zh for part in parts), ": ".join(part.title.en for part in parts))


def _sentences(*texts: Text) -> Text:
    return Text("".join(text.zh for text in texts), " ".join(text.en for text in texts))
