"""Changes written into main.cf, postconf -n output and master.cf: minimal, order and comments kept; twice is as good as once."""

from __future__ import annotations

from collections.abc import Sequence

from kb.config.postfix import master_cf
from kb.config.postfix.lines import SPACE, Logical, indentation, key_and_value, split
from kb.config.postfix.parameters import parameters
from kb.config.setting import TABLE, Edit


def apply(text: str, edits: Sequence[Edit]) -> str:
    """`text` with the edits made. An edit with a section changes that service's `-o`, one without the parameter itself; one
    that cannot be carried out, such as of a service that is not there, leaves the text alone."""
    indent = indentation(text)
    if indent:
        plain = "\n".join(line.removeprefix(indent) if line.strip(SPACE) else line for line in text.split("\n"))
        changed = apply(plain, edits).split("\n")
        return "\n".join(indent + line if line.strip(SPACE) else line for line in changed)
    for edit in edits:
        change = _row if edit.section == TABLE else _override if edit.section else _parameter
        text = change(text, edit)
    return text


def _row(text: str, edit: Edit) -> str:
    """A lookup table with a row of this key: the row of the same host under the new key, or the only one; else one more."""
    rows = [logical for logical in split(text).logical if logical.text.strip(SPACE)]
    keys = [key_and_value(logical.text)[0] for logical in rows]
    if edit.key in keys:
        return text
    lines = _lines(text)
    same = [row for row, key in zip(rows, keys, strict=True) if _host(key) == _host(edit.key)]
    for row in same or (rows if len(rows) == 1 else []):
        first = lines[row.line - 1]
        lines[row.line - 1] = edit.key + first[len(key_and_value(first)[0]) :]
        return "".join(lines)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += _break(text)
    return "".join([*lines, f"{edit.key} {edit.value}{_break(text)}"])


def _host(key: str) -> str:
    return key.partition("]")[0].lstrip("[") if key.startswith("[") else key.partition(":")[0]


def _break(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _lines(text: str) -> list[str]:
    """Physical lines with their breaks, numbered as `split` numbers them."""
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _one_line(value: str) -> str:
    """A value as it can be written: no line break in it that would end it."""
    return (
        " ".join(value.replace("\0", " ").split("\n")).strip(SPACE)
        if "\n" in value or "\0" in value
        else value.strip(SPACE)
    )


def _name_of(logical: Logical) -> str:
    if master_cf.is_service(logical.text):
        return ""
    return logical.text.partition("=")[0].strip(SPACE) if "=" in logical.text else ""


def _parameter(text: str, edit: Edit) -> str:
    found = [logical for logical in split(text).logical if _name_of(logical) == edit.key]
    lines = _lines(text)
    if edit.value is None:
        return _without(lines, found)
    wanted = _one_line(edit.value)
    if found:
        winner = found[-1]
        _, _, value = winner.text.partition("=")
        if value.strip(SPACE) == wanted:
            return text
        return _replaced(lines, winner, _written(winner, wanted, lines))
    end = _break(text)
    position = _place_for(edit.key, text, len(lines))
    if position and not lines[position - 1].endswith("\n"):
        lines[position - 1] += end
    lines.insert(position, f"{edit.key} = {wanted}{end}")
    return "".join(lines)


def _place_for(name: str, text: str, length: int) -> int:
    """Index of the line where a new parameter goes: after the last one that begins alike, else at the end."""
    logical = split(text).logical
    services = [line.line for line in logical if master_cf.is_service(line.text)]
    alike = name.split("_")[0] + "_"
    near = [line for line in logical if _name_of(line).startswith(alike) and name in parameters()]
    if near:
        return near[-1].last
    return services[0] - 1 if services else length


def _written(winner: Logical, value: str, lines: list[str]) -> str:
    """The assignment with another value, with blanks around the equals sign as before."""
    first = lines[winner.line - 1]
    name, _, rest = first.partition("=")
    blank = " " if (rest[:1] in SPACE and rest[:1] not in ("", "\n", "\r")) or not rest.strip(SPACE) else ""
    end = "\r\n" if first.endswith("\r\n") else "\n" if first.endswith("\n") else ""
    return f"{name}={blank}{value}".rstrip(SPACE) + end if not value else f"{name}={blank}{value}{end}"


def _continued(logical: Logical) -> list[int]:
    """Indexes of the physical lines that belong to a logical line; comments in between do not."""
    return [line - 1 for _, line in logical.starts]


def _replaced(lines: list[str], logical: Logical, new: str) -> str:
    indexes = _continued(logical)
    gone = set(indexes[1:])
    return "".join(new if index == indexes[0] else line for index, line in enumerate(lines) if index not in gone)


def _without(lines: list[str], found: Sequence[Logical]) -> str:
    gone = {index for logical in found for index in _continued(logical)}
    return "".join(line for index, line in enumerate(lines) if index not in gone)


def _override(text: str, edit: Edit) -> str:
    """One `-o` of a service set, replaced or removed; also in what postconf -P prints."""
    printed = [logical for logical in split(text).logical if _name_of(logical) == f"{edit.section}/{edit.key}"]
    if printed:
        return _parameter(text, Edit(edit.file, f"{edit.section}/{edit.key}", edit.value))
    name, _, kind = edit.section.partition("/")
    service = None
    for logical in split(text).logical:
        if master_cf.is_service(logical.text):
            fields = logical.text[:400].split(None, 2)
            if fields[0] == name and fields[1] == (kind or fields[1]):
                service = logical
    if service is None:
        return text
    places = master_cf.options(service, edit.key)
    lines = _lines(text)
    if edit.value is None:
        for place in reversed(places):
            _cut(lines, service, place.start, place.end)
        return "".join(lines)
    wanted = _argument(edit.key, _one_line(edit.value))
    if places:
        last = places[-1]
        if last.value == _one_line(edit.value):
            return text
        _splice(lines, service, last.argument, last.end, wanted)
        return "".join(lines)
    return _added(lines, service, f"-o {wanted}", _break(text))


def _argument(name: str, value: str) -> str:
    return f"{{ {name} = {value} }}" if any(blank in value for blank in SPACE) else f"{name}={value}"


def _added(lines: list[str], service: Logical, option: str, end: str) -> str:
    """A new -o on a line of its own: after the last option, before what else the command takes."""
    offset = master_cf.options_end(service)
    line = service.place(max(offset - 1, 0))[0]
    rest_on_line = lines[line - 1][_column(lines, service, offset, line) :].strip(SPACE)
    indent = next(
        (lines[i][: len(lines[i]) - len(lines[i].lstrip(" \t"))] for i in _continued(service)[1:]),
        "  ",
    )
    if rest_on_line:
        column = _column(lines, service, offset, line)
        body = lines[line - 1]
        lines[line - 1] = (
            f"{body[:column].rstrip(SPACE)}{end}{indent}{option}{end}{indent}{body[column:].lstrip(SPACE)}"
        )
        return "".join(lines)
    if not lines[line - 1].endswith("\n"):
        lines[line - 1] += end
        lines.insert(line, f"{indent}{option}")
    else:
        lines.insert(line, f"{indent}{option}{end}")
    return "".join(lines)


def _column(lines: list[str], service: Logical, offset: int, line: int) -> int:
    """Index in the physical line of an offset in the logical one."""
    start = next((begin for begin, number in service.starts if number == line), 0)
    return offset - start


def _splice(lines: list[str], service: Logical, start: int, end: int, new: str) -> None:
    """Replaces text[start:end] of the logical line in its physical lines."""
    spans = list(service.starts)
    bounds = [begin for begin, _ in spans[1:]] + [len(service.text)]
    put = new
    emptied: list[int] = []
    for (begin, number), bound in zip(spans, bounds, strict=True):
        left, right = max(start, begin), min(end, bound)
        if left >= right:
            continue
        body = lines[number - 1]
        changed = body[: left - begin] + put + body[right - begin :]
        put = ""
        lines[number - 1] = changed
        if not changed.strip(SPACE):
            emptied.append(number - 1)
    for index in reversed(emptied):
        del lines[index]


def _cut(lines: list[str], service: Logical, start: int, end: int) -> None:
    """Removes an option with the blanks before it; a line that is left empty goes as a whole."""
    begin = next(b for b, _ in reversed(service.starts) if b <= start)
    while start > begin and service.text[start - 1] in " \t" and service.text[begin:start].strip(SPACE):
        start -= 1
    _splice(lines, service, start, end, "")
