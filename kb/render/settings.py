"""One change of settings in each form in which its product takes it: a file, variables, compose, a command, code.

Made from the `set` lines of a fix, never written by hand. A form is left out unless every line of the change can be put that way.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import re2

from kb.config.mailpit import key_in_file
from kb.render.settings_postfix import postfix_forms


@dataclass(frozen=True)
class Form:
    """One way to write a change. name: a word of FORMS. parts: (file or "" for a shell, text to copy), in order."""

    name: str
    parts: tuple[tuple[str, str], ...]


_VARIABLE = re2.compile(r"^(?P<key>[A-Z][A-Z0-9_]*)=(?P<value>.*)$")
_NUMBER_OR_FLAG = re2.compile(r"^(?:true|false|[0-9]+)$")
# How the containers of programs that are set by variables are usually called: prefix -> (compose service, image).
_CONTAINERS = (
    ("MP_", "mailpit", "axllent/mailpit"),
    ("GF_", "grafana", "grafana/grafana"),
    ("GITEA__", "gitea", "gitea/gitea"),
)
_ELSE = ("app", "IMAGE")
_BY_VARIABLES = frozenset({"mailpit", "docker", "kubernetes", "symfony-mailer", "rust-lettre", "nodejs"})


def forms_of(product: str, lines: Sequence[str]) -> tuple[Form, ...]:
    """The forms of a change for `product`, as it was written first. At least one."""
    as_written = "\n".join(lines)
    make = _MAKERS.get(product) or (_by_variables if product in _BY_VARIABLES else None)
    made = make(lines) if make else []
    forms = [Form(name, tuple(parts)) for name, parts in made]
    return tuple(forms) or (Form("as-is", (("", as_written),)),)


Made = list[tuple[str, list[tuple[str, str]]]]


def _by_variables(lines: Sequence[str]) -> Made:
    pairs = [(found.group("key"), found.group("value")) for line in lines if (found := _VARIABLE.match(line))]
    if len(pairs) != len(lines):
        return []
    forms = _variable_forms(pairs)
    in_file = [(key_in_file(key), value) for key, value in pairs]
    kinds = {found[0] for found, _ in in_file if found}
    if len(kinds) == 1 and all(found for found, _ in in_file):
        text = "\n".join(f"{found[1]}: {_yaml(value)}" for found, value in in_file if found)
        forms.append(("mailpit-file", [(f"{kinds.pop()}.yaml", text)]))
    return forms


def _variable_forms(pairs: Sequence[tuple[str, str]]) -> Made:
    """Environment variables: as they are, for compose, `docker run` and Kubernetes."""
    service, image = next(
        ((service, image) for prefix, service, image in _CONTAINERS if pairs[0][0].startswith(prefix)), _ELSE
    )
    compose = "".join(f"\n      {key}: {_quoted(value.replace('$', '$$'))}" for key, value in pairs)
    flags = "".join(f" \\\n  -e {shlex.quote(f'{key}={value}')}" for key, value in pairs)
    made: Made = [
        ("env", [("", "\n".join(f"{key}={value}" for key, value in pairs))]),
        ("compose", [("compose.yaml", f"services:\n  {service}:\n    environment:{compose}")]),
        ("docker", [("", f"docker run{flags} \\\n  {image}")]),
    ]
    if not any("$(" in value for _, value in pairs):
        pod = "".join(f"\n  - name: {key}\n    value: {_quoted(value)}" for key, value in pairs)
        made.append(("kubernetes", [("", f"env:{pod}")]))
    return made


def _quoted(value: str) -> str:
    """A YAML string in single quotes, in which only the quote itself is special."""
    return "'" + value.replace("'", "''") + "'"


def _yaml(value: str) -> str:
    return value if _NUMBER_OR_FLAG.match(value) else _quoted(value)


_INI = re2.compile(r"^(?P<key>[A-Za-z][A-Za-z_]*) = (?P<value>.*)$")


def _ini(lines: Sequence[str], section: str) -> list[tuple[str, str]] | None:
    """The pairs of an ini section, None where a line is something else."""
    pairs = []
    for line in lines:
        if line == f"[{section}]":
            continue
        found = _INI.match(line)
        if not found:
            return None
        pairs.append((found.group("key"), found.group("value").strip('"')))
    return pairs


def _sectioned(section: str, lines: Sequence[str]) -> str:
    return "\n".join([f"[{section}]", *(line for line in lines if line != f"[{section}]")])


def _grafana(lines: Sequence[str]) -> Made:
    pairs = _ini(lines, "smtp")
    if not pairs:
        return []
    variables = [(f"GF_SMTP_{key.upper()}", value) for key, value in pairs]
    return [("ini", [("grafana.ini", _sectioned("smtp", lines))]), *_variable_forms(variables)]


def _gitea(lines: Sequence[str]) -> Made:
    pairs = _ini(lines, "mailer")
    if not pairs:
        return []
    variables = [(f"GITEA__mailer__{key}", value) for key, value in pairs]
    return [("ini", [("app.ini", _sectioned("mailer", lines))]), *_variable_forms(variables)]


_PHP_PAIR = re2.compile(r"^'(?P<key>[a-z_]+)' => (?:'(?P<text>[^'\\]*)'|(?P<number>[0-9]+)|(?P<flag>true|false)),$")


def _nextcloud(lines: Sequence[str]) -> Made:
    found = [_PHP_PAIR.match(line) for line in lines]
    if not all(found):
        return []
    commands = []
    for pair in found:
        value, kind = pair.group("text") or "", ""
        for group, name in (("number", "integer"), ("flag", "boolean")):
            if pair.group(group):
                value, kind = pair.group(group), f" --type={name}"
        commands.append(f"php occ config:system:set {pair.group('key')} --value={shlex.quote(value)}{kind}")
    return [("config.php", [("config.php", "\n".join(lines))]), ("occ", [("", "\n".join(commands))])]


_RUBY = re2.compile(r"^gitlab_rails\['[a-z_]+'\] = .+$")


def _gitlab(lines: Sequence[str]) -> Made:
    settings = [line for line in lines if _RUBY.match(line)]
    rest = [line for line in lines if line not in settings]
    if not settings or rest not in ([], ["gitlab-ctl reconfigure"]):
        return []
    block = "\n".join(f"        {line.replace('$', '$$')}" for line in settings)
    compose = f"services:\n  gitlab:\n    environment:\n      GITLAB_OMNIBUS_CONFIG: |\n{block}"
    run = [("", "gitlab-ctl reconfigure")]
    return [
        ("gitlab.rb", [("/etc/gitlab/gitlab.rb", "\n".join(settings)), *run]),
        ("compose", [("compose.yaml", compose)]),
    ]


_PROPERTY = re2.compile(r"^(?P<key>mail\.[a-z.]+)=(?P<value>[^\"\\]*)$")
_OF_SPRING = {"mail.smtp.host": "spring.mail.host", "mail.smtp.port": "spring.mail.port"}


def _jakarta(lines: Sequence[str]) -> Made:
    found = [_PROPERTY.match(line) for line in lines]
    if not all(found):
        return []
    pairs = [(pair.group("key"), pair.group("value")) for pair in found]
    code = "\n".join(f'props.put("{key}", "{value}");' for key, value in pairs)
    spring = "\n".join(f"{_OF_SPRING.get(key, f'spring.mail.properties.{key}')}={value}" for key, value in pairs)
    return [
        ("properties", [("", "\n".join(lines))]),
        ("java", [("", code)]),
        ("spring", [("application.properties", spring)]),
    ]


_MSMTP = re2.compile(r"^(?P<key>[a-z_]+) (?P<value>\S.*)$")
# The commands that msmtp takes as options too (msmtp --help), beside `account` and `password`, which it does not.
_MSMTP_OPTIONS = frozenset(
    {"host", "port", "timeout", "domain", "auth", "user", "passwordeval", "tls", "tls_starttls", "tls_trust_file"}
    | {"tls_fingerprint", "tls_certcheck", "tls_host_override", "tls_priorities", "from"}
)


def _msmtp(lines: Sequence[str]) -> Made:
    found = [_MSMTP.match(line) for line in lines]
    if not all(pair and pair.group("key") in _MSMTP_OPTIONS for pair in found):
        return []
    # With --host msmtp reads no file at all, so the rest of the account would be missing.
    if any(pair.group("key") == "host" for pair in found):
        return []
    options = []
    for pair in found:
        value = shlex.quote(pair.group("value").strip('"'))
        options.append(f"--{pair.group('key').replace('_', '-')}={value}")
    once = " ".join(["msmtp", *options, "--", "bob@example.net"])
    return [("msmtprc", [("~/.msmtprc", "\n".join(lines))]), ("once", [("", once)])]


def _phpmailer(lines: Sequence[str]) -> Made:
    if not all(line.startswith("$mail->") and line.endswith(";") for line in lines):
        return []
    whole = "PHPMailer\\PHPMailer\\PHPMailer::"
    body = "\n".join(f"    {line.replace('PHPMailer::', whole)}" for line in lines)
    hook = f"add_action('phpmailer_init', function ($mail) {{\n{body}\n}});"
    return [("php", [("", "\n".join(lines))]), ("wordpress", [("functions.php", hook)])]


_OPTION = re2.compile(r"^[a-zA-Z]+: [^;]+$")


def _nodemailer(lines: Sequence[str]) -> Made:
    if not all(_OPTION.match(line) for line in lines) or any(line.startswith("from:") for line in lines):
        return []
    body = "\n".join(f"  {line}," for line in lines)
    return [("options", [("", "\n".join(lines))]), ("js", [("", f"nodemailer.createTransport({{\n{body}\n}});")])]


_MAKERS: dict[str, Callable[[Sequence[str]], Made]] = {
    "postfix": postfix_forms,
    "grafana": _grafana,
    "gitea": _gitea,
    "nextcloud": _nextcloud,
    "gitlab": _gitlab,
    "jakarta-mail": _jakarta,
    "msmtp": _msmtp,
    "phpmailer": _phpmailer,
    "nodemailer": _nodemailer,
}
