"""`kb probe`: a real server in, what it does and whether a client gets through it out."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kb.cli.files import MAX_INPUT, user_language, write_text
from kb.config.setting import Party
from kb.data import open_store
from kb.inputs.encoding import decode
from kb.probe.answer import DEPENDS, FAILS, WORKS, client_of, probe_json
from kb.probe.link import machine_name, readable_authorities
from kb.probe.measure import measure
from kb.probe.model import Options
from kb.probe.sasl import NO_SECRET, Secret
from kb.probe.target import TargetError, address, target
from kb.probe.text import probe_text
from kb.text import Text

STATUS = {WORKS: 0, FAILS: 1, DEPENDS: 3}
USAGE = 2
PASSWORD_VARIABLE = "KB_PROBE_PASSWORD"  # noqa: S105 (the name of a variable)


class UsageError(Exception):
    """Called wrongly; `text` says how."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True)
class Request:
    """What stood on the command line."""

    where: str | None
    clients: Sequence[str]
    options: Options
    lang: str | None
    as_json: bool


def run_command(arguments: Mapping[str, Any]) -> int:
    """The command with its arguments as click gives them."""
    options = Options(
        host="",
        port=0,
        name="",
        begins={"starttls": "plain"}.get(arguments["tls"], arguments["tls"]),
        timeout=arguments["timeout"],
        ehlo=arguments["ehlo"],
        user=arguments["user"],
        mechanism=arguments["mechanism"],
        in_clear=arguments["password_in_clear"],
        unverified=arguments["password_to_unverified"],
        sender=arguments["sender"],
        recipient=arguments["recipient"],
        ca_file=arguments["ca_file"],
        versions=arguments["tls_versions"],
    )
    return run(Request(arguments["host"], arguments["clients"], options, arguments["lang"], arguments["as_json"]))


def run(request: Request) -> int:
    """Probe and print; the exit status says whether mail goes through."""
    language = user_language(request.lang)
    try:
        files = {name: _read(name) for name in request.clients}
        options = _checked(_completed(request, files))
        options = replace(options, secret=_password(options, language) if options.user else NO_SECRET)
    except (UsageError, TargetError) as error:
        print(error.text.get(language), file=sys.stderr)
        return USAGE
    body = probe_json(open_store(), measure(options), files, language, datetime.now(UTC))
    write_text(json.dumps(body, ensure_ascii=False, indent=2) + "\n" if request.as_json else probe_text(body, language))
    return STATUS[body["outcome"]]


def _completed(request: Request, files: Mapping[str, str]) -> Options:
    """Host and port from the command line, else from the client's settings; the name to check is the host as it spells it."""
    client = client_of(files) if files else None
    if files and client is None:
        raise UsageError(
            Text("--client 的文件里没有认出发信设置。", "The files of --client hold no settings of a mail client.")
        )
    details = client.details if client else {}
    spelled = details.get("host", "").strip("[]")
    where = request.where or (f"[{spelled}]" if ":" in spelled else spelled)
    if not where:
        raise UsageError(Text("请给出主机：kb probe HOST[:PORT]。", "Name a host: kb probe HOST[:PORT]."))
    usual = details.get("port", "")
    host, port = target(where, int(usual) if usual.isdigit() else 587)
    name = target(f"[{spelled}]" if ":" in spelled else spelled, port)[0] if spelled else host
    options = replace(request.options, host=host, port=port, name=name, names=tuple(details.get("names", "").split()))
    if client is None or options.ehlo or client.facts.get("ehlo") == "full":
        return options
    return replace(options, short_name=_short_name(client))


def _short_name(client: Party) -> str:
    """A name without a dot such as the client may give: this machine's, as in a container, where it gives its machine's."""
    of_machine = "ehlo" not in client.facts or (
        client.product.startswith("mailpit") and client.facts["tls"] != "implicit"
    )
    name = machine_name() if of_machine else ""
    return (
        name if name and "." not in name and name.isascii() and name.isprintable() and " " not in name else "localhost"
    )


def _checked(options: Options) -> Options:
    for value in (options.sender, options.recipient):
        address(value)
    if any(ord(character) < 33 or ord(character) == 127 for character in options.ehlo) or "\0" in options.user:
        raise UsageError(Text("名字里不能有空格或控制字符。", "A name must not hold blanks or control characters."))
    if options.ca_file and not readable_authorities(options.ca_file):
        raise UsageError(
            Text(
                f"--ca-file {options.ca_file} 里没有可读的证书。",
                f"--ca-file {options.ca_file} holds no readable certificate.",
            )
        )
    return options


def _password(options: Options, language: str) -> Secret:
    """From the environment or the terminal, never from the command line, where others see it."""
    value = os.environ.get(PASSWORD_VARIABLE)
    if value is None:
        if not sys.stdin.isatty():
            raise UsageError(
                Text(
                    f"没有终端可以问密码：请设环境变量 {PASSWORD_VARIABLE}。",
                    f"There is no terminal to ask for the password at: set the variable {PASSWORD_VARIABLE}.",
                )
            )
        value = getpass.getpass(Text("密码（不显示）：", "Password (not shown): ").get(language))
    if not value or "\0" in value:
        raise UsageError(Text("密码是空的。", "The password is empty."))
    return Secret(value, options.user)


def _read(name: str) -> str:
    try:
        with Path(name).open("rb") as file:
            return decode(file.read(MAX_INPUT))
    except OSError as problem:
        raise UsageError(
            Text(f"无法读取 {name}：{problem.strerror}。", f"Cannot read {name}: {problem.strerror}.")
        ) from problem
