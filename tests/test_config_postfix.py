"""Reading Postfix configuration: cases with what they say, properties on any text, and postconf(1) itself where it is installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from conftest import CASES
from effort import FULL, examples, sampled
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from tables import each

from kb.config import postfix
from kb.config.diagnose import read_files
from kb.config.facts import FACTS
from kb.config.postfix.effective import Effective, effective
from kb.config.postfix.expand import Expander, ExpansionError
from kb.config.postfix.lines import split
from kb.config.postfix.master_cf import is_service
from kb.config.postfix.parameters import parameters
from kb.config.postfix.version import label
from kb.config.setting import TABLE, Edit, Party

FILES = sorted((CASES / "config" / "postfix").glob("*.cf"))
POSTCONF = shutil.which("postconf") or shutil.which("postconf", path="/usr/sbin:/usr/local/sbin")
calm = examples(100)
needs_postconf = pytest.mark.skipif(POSTCONF is None, reason="postconf(1) of Postfix is not installed")


def files_of(path: Path) -> dict[str, str]:
    """The files in a case: parts headed `==> name <==`, or main.cf alone."""
    found = {"main.cf": ""}
    name = "main.cf"
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("==> "):
            name = line.split()[1]
            found[name] = ""
        else:
            found[name] += line
    return found


def described(party: Party) -> dict[str, Any]:
    return {**party.facts, "host": party.details["host"], "port": party.details["port"]}


def observed(path: Path) -> dict[str, Any]:
    files = files_of(path)
    reading = postfix.read(files)
    return {
        "version": label(postfix.read_config(files).version),
        "parties": {party.name.en: described(party) for party in reading.parties},
        "findings": [[finding.file, finding.line, finding.key] for finding in reading.findings],
    }


@each("path", FILES, lambda path: path.stem)
def test_case(path: Path) -> None:
    assert observed(path) == json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def test_every_case_has_its_expectation() -> None:
    folder = CASES / "config" / "postfix"
    assert {path.stem for path in FILES} == {path.stem for path in folder.glob("*.json")}
    assert len(FILES) >= 20


@each("path", FILES, lambda path: path.stem)
def test_facts_are_of_the_vocabulary(path: Path) -> None:
    for party in postfix.read(files_of(path)).parties:
        for name, value in party.facts.items():
            fact = FACTS[name]
            assert fact.side == party.side
            assert value in fact.values or not fact.values, (name, value)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_shows_the_password(path: Path) -> None:
    files = files_of(path)
    config = postfix.read_config(files)
    assert "hunter2" not in repr((config, postfix.read(files)))
    everything = [effective(config, service.name) for service in config.services]
    assert "hunter2" not in repr([dict(values) for values in everything[:3]])


@each(
    "value expanded",
    [
        ("$foo", "FOO"),
        ("${foo}x", "FOOx"),
        ("$(foo)", "FOO"),
        ("$foo_bar", ""),
        ("a$$b", "a$b"),
        ("${foo?yes}", "yes"),
        ("${empty?yes}", ""),
        ("${empty:no}", "no"),
        ("${foo?{a b}:{c}}", "a b"),
        ("${empty ? {a} : {c $foo}}", "c FOO"),
        ("${{$foo} == {FOO} ? {same} : {other}}", "same"),
        ("${{10} > {9} ? {number}}", "number"),
        ("${{b10} > {b9} ? {number}:{text}}", "text"),
        ("${{$level} <level {3.10} ? {older} : {newer}}", "older"),
        ("${{$level} >=level {3} ? {newer}}", "newer"),
        ("${{$level} < {2} ? {a} : {b}}", "b"),
        ("${{a} != {b}}", "true"),
        ("$chain", "FOO and FOO"),
    ],
)
def test_expansion(value: str, expanded: str) -> None:
    own = {"foo": "FOO", "empty": "", "level": "3.6", "chain": "$link and ${link}", "link": "$foo"}
    assert Expander(own.get).expand(value) == expanded


@each(
    "value kind",
    [
        ("${foo", "truncated"),
        ("$", "empty"),
        ("a $ b", "empty"),
        ("${foo-bar}", "name"),
        ("${foo?{a}b}", "syntax"),
        ("${{a} = {b} ? {c}}", "operator"),
        ("${{a} <level {b} ? {c}}", "level"),
        ("$loop", "nesting"),
        ("${x?" * 150 + "}" * 150, "nesting"),
        ("$many9", "work"),
    ],
)
def test_expansion_gives_up(value: str, kind: str) -> None:
    own = {"x": "x", "loop": "a $loop", "many0": "x" * 1000}
    own |= {f"many{n}": f"$many{n - 1}" * 10 for n in range(1, 10)}
    with pytest.raises(ExpansionError) as caught:
        Expander(own.get).expand(value)
    assert caught.value.kind == kind


def test_defaults_follow_the_version() -> None:
    table = parameters()
    assert table["smtpd_tls_protocols"].default((3, 5, 0)) == "!SSLv2, !SSLv3"
    assert table["smtpd_tls_protocols"].default((3, 6, 0)) == ">=TLSv1"
    assert table["smtpd_forbid_bare_newline"].default((3, 9, 0)) == "normalize"
    assert table["smtpd_forbid_bare_newline"].default((3, 7, 11)) == "no"
    assert not table["smtpd_forbid_bare_newline"].exists((3, 7, 8))
    assert table["smtpd_forbid_unauth_pipelining"].default((3, 8, 1)) == "no"
    assert table["smtpd_forbid_unauth_pipelining"].default((3, 9, 0)) == "yes"
    assert len(table) > 850


@pytest.mark.parametrize(
    ("level", "version", "value"),
    [
        ("0", "3.7.11", ""),
        ("1", "3.7.11", "permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination"),
        ("3.6", "3.11.0", "permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination"),
    ],
)
def test_defaults_follow_the_compatibility_level(level: str, version: str, value: str) -> None:
    config = postfix.read_config({"main.cf": f"mail_version = {version}\ncompatibility_level = {level}\n"})
    assert effective(config, "25").text("smtpd_relay_restrictions") == value


def test_version_from_a_parameter_that_only_some_have() -> None:
    config = postfix.read_config({"main.cf": "smtp_tlsrpt_enable = yes\n"})
    assert (label(config.version), config.version_source) == ("3.10", "smtp_tlsrpt_enable")


def test_a_value_knows_its_place() -> None:
    text = "a = b\nsmtpd_tls_security_level =\n# between\n  may\n"
    master = "submission inet n - y - - smtpd\n  -o a=b -o smtpd_tls_security_level=$level\n"
    config = postfix.read_config({"main.cf": text + "level = encrypt\n", "master.cf": master})
    main = Effective(config)["smtpd_tls_security_level"]
    assert (main.file, main.line, main.column, main.value, main.origin) == ("main.cf", 2, 1, "may", "main.cf")
    own = effective(config, "587")["smtpd_tls_security_level"]
    assert (own.file, own.line, own.column) == ("master.cf", 2, 13)
    assert (own.raw, own.value, own.origin) == ("$level", "encrypt", "master.cf: submission/inet")
    default = Effective(config)["smtpd_tls_loglevel"]
    assert (default.line, default.value, default.origin) == (0, "0", "default of Postfix 3.7")


MAIN = """# head
smtpd_banner = $myhostname
smtpd_tls_security_level =
  # inside
  may
foo=1
# tail
"""
MASTER = """submission inet n - y - - smtpd
  -o smtpd_tls_security_level=encrypt -o a=b
#  -o x=y
  -o { c = d e }
pipe unix - n n - - pipe
  flags=R user=mail argv=/usr/bin/true ${recipient}
"""


@each(
    "edit gone new",
    [
        (
            Edit("", "smtpd_tls_security_level", "none"),
            ["smtpd_tls_security_level =", "  may"],
            ["smtpd_tls_security_level = none"],
        ),
        (Edit("", "smtpd_tls_security_level", None), ["smtpd_tls_security_level =", "  may"], []),
        (Edit("", "smtpd_tls_security_level", "may"), [], []),
        (Edit("", "foo", "2"), ["foo=1"], ["foo=2"]),
        (Edit("", "foo", ""), ["foo=1"], ["foo="]),
        (Edit("", "smtpd_tls_loglevel", "1"), [], ["smtpd_tls_loglevel = 1"]),
        (Edit("", "relayhost", "x"), [], ["relayhost = x"]),
        (Edit("", "relayhost", None), [], []),
        (
            Edit("", "a", "c", "submission/inet"),
            ["  -o smtpd_tls_security_level=encrypt -o a=b"],
            ["  -o smtpd_tls_security_level=encrypt -o a=c"],
        ),
        (
            Edit("", "a", None, "submission"),
            ["  -o smtpd_tls_security_level=encrypt -o a=b"],
            ["  -o smtpd_tls_security_level=encrypt"],
        ),
        (Edit("", "c", "d", "submission/inet"), ["  -o { c = d e }"], ["  -o c=d"]),
        (Edit("", "c", None, "submission/inet"), ["  -o { c = d e }"], []),
        (Edit("", "new", "x y", "submission/inet"), [], ["  -o { new = x y }"]),
        (Edit("", "new", "1", "pipe/unix"), [], ["  -o new=1"]),
        (Edit("", "new", "1", "absent/unix"), [], []),
    ],
)
@each("end", ["\n", "\r\n"])
def test_an_edit_changes_as_little_as_can_be(edit: Edit, gone: list[str], new: list[str], end: str) -> None:
    before = (MASTER if edit.section else MAIN).replace("\n", end)
    after = postfix.apply(before, [edit])
    assert sorted(set(before.splitlines()) - set(after.splitlines())) == sorted(gone)
    assert sorted(set(after.splitlines()) - set(before.splitlines())) == sorted(new)
    assert postfix.apply(after, [edit]) == after
    assert after.count("\r\n") == (after.count("\n") if end == "\r\n" else 0)


NAMES = st.sampled_from(
    [
        *("mydestination", "relayhost", "smtpd_banner", "smtpd_tls_security_level", "mynetworks", "message_size_limit"),
        *("smtpd_relay_restrictions", "smtp_tls_policy_maps", "mua_client_restrictions", "foo", "bar", "myorigin"),
    ]
)
WORDS = st.sampled_from(
    [
        *(
            "a",
            "mail.example.com",
            "yes",
            "reject",
            ",",
            "$myhostname",
            "$mydomain",
            "${foo}",
            "$(bar)",
            "${foo?x}",
            "é",
        ),
        *(
            "${foo:y}",
            "${foo?{x}:{$bar}}",
            "${bar ? {1 2} : {3}}",
            "${{$compatibility_level} < {2} ? {lo} : {hi}}",
            "$$",
        ),
        *("${{$compatibility_level} <level {3.6} ? {lo} : {hi}}", "${{$foo} == {$bar}?same:{no}}", "#", '"q"', "$foo"),
        *("${{a} != {b}}", "$mail_name", "${nosuch}", "$relayhost", "{", "}", "1.5", "${foo?}", "${foo?a:b}", "$bar"),
    ]
)
VALUES = st.lists(WORDS, max_size=5).map(" ".join)
LINES = st.one_of(
    st.tuples(NAMES, st.sampled_from(["=", " = ", "=\t", "  ="]), VALUES, st.sampled_from(["", " "])).map("".join),
    st.tuples(st.sampled_from([" ", "\t", "    "]), VALUES).map("".join),
    st.sampled_from(["", "# comment", "  # comment", "   ", "#a = b", "\t"]),
)
MAIN_TEXTS = st.lists(LINES, max_size=30).map("\n".join)
HEAD = "compatibility_level = 3.6\nmyhostname = mail.example.com\nmydomain = example.com\n"


def postconf(folder: Path, files: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "master.cf").write_text("", encoding="utf-8")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
        # postconf waits until a file has not changed for a while.
        os.utime(folder / name, (0, 0))
    assert POSTCONF is not None
    return subprocess.run(
        [POSTCONF, "-c", str(folder), *options], capture_output=True, check=False, text=True, encoding="utf-8"
    )


def printed(output: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in output.splitlines())
    return {key.strip(): " ".join(value.split()) for key, _, value in pairs if key.strip() != "config_directory"}


@pytest.mark.thorough
@needs_postconf
@examples(300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(body=MAIN_TEXTS)
def test_main_cf_reads_as_postconf_reads_it(body: str, tmp_path: Path) -> None:
    text = HEAD + body
    config = postfix.read_config({"main.cf": text})
    values = Effective(config)
    run = postconf(tmp_path, {"main.cf": text}, "-n", "-x")
    ours = {name: values[name].value for name in config.main}
    if run.returncode:
        assert values.problems, run.stderr
        return
    for name, value in printed(run.stdout).items():
        assert " ".join(ours[name].split()) == value, name
    # What postconf leaves out is not a parameter that anything uses.
    assert set(ours) - set(printed(run.stdout)) <= {"foo", "bar", "mua_client_restrictions"}


SETTINGS = (
    "smtpd_banner = $myhostname ESMTP ${mail_name} (${foo:Debian})\n",
    "smtpd_relay_restrictions =\n permit_mynetworks,\n# comment\n permit_sasl_authenticated,\n reject_unauth_destination\n",
    "smtpd_tls_security_level=may\nsmtpd_tls_cert_file = /etc/ssl/$mydomain.pem\nsmtpd_tls_key_file = $smtpd_tls_cert_file\n",
    "foo = bar\nmua_client_restrictions = permit_sasl_authenticated, reject\nsmtpd_client_restrictions = $mua_client_restrictions\n",
    "relayhost = [smtp.$mydomain]:${{$compatibility_level} <level {3} ? {25} : {587}}\nrelayhost = $relayhost_of_old\n",
    "smtp_tls_policy_maps = inline:{ { [smtp.example.net]:587 = encrypt }, example.org=may }\n",
)
MASTERS = (
    "smtp inet n - y - - smtpd\n  -o smtpd_banner=$myhostname -o { smtpd_client_restrictions = permit_mynetworks, reject }\n",
    "submission inet n - n - - smtpd -o smtpd_tls_security_level=encrypt\n -o smtpd_sasl_auth_enable=\n# -o x=y\n -o bar=${foo}x\n",
    "relay unix - - y - - smtp\n    -o syslog_name=postfix/$service_name -v -o smtp_helo_timeout=5\n",
)


@needs_postconf
@pytest.mark.parametrize("number", range(1, 2 ** len(SETTINGS) + 1))
def test_a_configuration_holds_what_postconf_says(number: int, tmp_path: Path) -> None:
    main = HEAD + "".join(part for index, part in enumerate(SETTINGS) if number >> index & 1)
    master = MASTERS[number % 3] + MASTERS[(number + 1) % 3] * (number % 2)
    files = {"main.cf": main, "master.cf": master}
    config = postfix.read_config(files)
    values = Effective(config)
    for name, value in printed(postconf(tmp_path, files, "-n", "-x").stdout).items():
        assert " ".join(values.text(name).split()) == value
    per_service = printed(postconf(tmp_path, files, "-P", "-x").stdout)
    ours = {
        f"{s.label}/{o.name}": effective(config, s.label).text(o.name) for s in config.services for o in s.overrides
    }
    for name, value in per_service.items():
        assert " ".join(ours[name].split()) == value
    assert {name.rsplit("/", 1)[1] for name in set(ours) - set(per_service)} <= {"bar"}


@needs_postconf
def test_defaults_are_those_of_the_installed_postfix(tmp_path: Path) -> None:
    run = postconf(tmp_path, {"main.cf": "myhostname = mail.example.com\n"}, "-d")
    real = printed(run.stdout)
    config = postfix.read_config({"main.cf": f"mail_version = {real['mail_version']}\n"})
    values = Effective(config)
    compared = 0
    for name, value in real.items():
        default = values.raw(name)
        if name in parameters() and default is not None and not default.startswith("$$"):
            assert " ".join(default.split()) == value, name
            compared += 1
    assert compared > 780


@needs_postconf
@pytest.mark.parametrize("edit", range(12))
def test_edited_files_hold_the_new_value_for_postconf(edit: int, tmp_path: Path) -> None:
    names = ("smtpd_tls_security_level", "relayhost", "smtpd_banner", "smtpd_relay_restrictions")
    value = ("none", "[smtp.example.net]:587", "a  b", "")[edit % 4]
    main = postfix.apply(HEAD + "".join(SETTINGS), [Edit("main.cf", names[edit % 4], value)])
    service = ("submission/inet", "relay/unix", "smtp/inet")[edit % 3]
    master = postfix.apply("".join(MASTERS), [Edit("master.cf", names[edit % 4], value, service)])
    files = {"main.cf": main, "master.cf": master}
    assert printed(postconf(tmp_path, files, "-n").stdout)[names[edit % 4]] == " ".join(value.split())
    own = printed(postconf(tmp_path, files, "-P").stdout)
    assert own[f"{service}/{names[edit % 4]}"] == " ".join(value.split())


ANY = st.text(max_size=300) | st.text(alphabet="${}()?:=<> \t\n#-o,[]@abc_019\r\x00'\"", max_size=400)
PIECES = st.lists(st.one_of(LINES, ANY, st.sampled_from(MASTERS), st.sampled_from(SETTINGS)), max_size=8).map("\n".join)
FILE_NAMES = st.sampled_from(["main.cf", "master.cf", "sasl_passwd", "tls_policy", "x", ""])


def whole(files: dict[str, str]) -> None:
    reading = postfix.read(files)
    for party in reading.parties:
        for change in ({"tls": "starttls"}, {"starttls": "offered"}, {"trusts_client": "yes"}, {"helo_check": "none"}):
            postfix.edits(party, change)
    assert len(reading.findings) < 500


@calm
@given(text=ANY)
def test_any_text_is_read(text: str) -> None:
    whole({"main.cf": text})


@calm
@given(files=st.dictionaries(FILE_NAMES, PIECES, max_size=4))
def test_any_files_are_read(files: dict[str, str]) -> None:
    whole(files)


@calm
@given(text=st.text(alphabet=st.characters(), max_size=200), name=st.text(max_size=20))
def test_any_characters_and_names_are_read(text: str, name: str) -> None:
    postfix.sniff(name, text)
    whole({name: text})


@calm
@given(text=PIECES)
def test_findings_stand_in_the_file(text: str) -> None:
    lines = text.count("\n") + 1
    for finding in postfix.read({"main.cf": text}).findings:
        assert finding.file == "main.cf"
        assert 0 <= finding.line <= lines
        assert finding.text.zh
        assert finding.text.en
        assert "{" not in finding.text.en.replace("-o { name = value }", "").replace("${", "").replace(
            "{a} == {b}", ""
        ) or ("{" in text)


@calm
@given(text=PIECES)
def test_every_logical_line_is_in_the_text(text: str) -> None:
    plain = text.replace("\r\n", "\n").split("\n")
    for logical in split(text).logical:
        for index, (start, line) in enumerate(logical.starts):
            end = logical.starts[index + 1][0] if index + 1 < len(logical.starts) else len(logical.text)
            assert plain[line - 1].startswith(logical.text[start:end])


@calm
@given(text=PIECES)
def test_settings_stand_where_they_say(text: str) -> None:
    config = postfix.read_config({"main.cf": text})
    lines = text.replace("\r\n", "\n").split("\n")
    indented = any(finding.text.en.startswith("Every line begins") for finding in config.findings)
    for name, assignment in config.main.items():
        if "/" not in name and not indented:
            assert lines[assignment.line - 1][assignment.column - 1 :].startswith(name)


@calm
@given(value=ANY, values=st.dictionaries(st.sampled_from(["a", "b", "c", "_0"]), ANY, max_size=4))
def test_expansion_ends(value: str, values: dict[str, str]) -> None:
    with suppress(ExpansionError):
        assert isinstance(Expander(values.get).expand(value), str)


@calm
@given(value=st.text(alphabet="abc ,:={}[]", max_size=200))
def test_text_without_a_dollar_is_itself(value: str) -> None:
    assert Expander({}.get).expand(value) == value


KEYS = st.sampled_from(["smtpd_tls_security_level", "relayhost", "foo", "smtpd_banner"])
NEW = st.text(alphabet="abc $.,[]:", max_size=20) | st.none()


@calm
@given(text=MAIN_TEXTS, key=KEYS, value=NEW)
def test_an_edit_does_what_it_says(text: str, key: str, value: str | None) -> None:
    after = postfix.apply(text, [Edit("main.cf", key, value)])
    before, now = postfix.read_config({"main.cf": text}).main, postfix.read_config({"main.cf": after}).main
    if value is None:
        assert key not in now
    else:
        assert now[key].raw == value.strip()
    assert {k: a.raw for k, a in before.items() if k != key} == {k: a.raw for k, a in now.items() if k != key}


@calm
@given(text=PIECES, key=KEYS, value=NEW, section=st.sampled_from(["", "submission/inet", "smtp/inet", "relay/unix"]))
def test_an_edit_made_twice_is_made_once(text: str, key: str, value: str | None, section: str) -> None:
    edit = Edit("main.cf", key, value, section)
    once = postfix.apply(text, [edit])
    assert postfix.apply(once, [edit]) == once


@calm
@given(text=st.sampled_from(MASTERS), rest=st.sampled_from(MASTERS), key=KEYS, value=NEW)
def test_an_override_is_set_for_its_service_alone(text: str, rest: str, key: str, value: str | None) -> None:
    fields = text.split()
    section = f"{fields[0]}/{fields[1]}"
    before = {s.label: s for s in postfix.read_config({"master.cf": text + rest}).services}
    after = postfix.apply(text + rest, [Edit("master.cf", key, value, section)])
    now = {s.label: s for s in postfix.read_config({"master.cf": after}).services}
    assert set(now) == set(before)
    own = [override.raw for override in now[section].overrides if override.name == key]
    assert own[-1:] == ([] if value is None else [value.strip()])
    for name, service in now.items():
        if name != section:
            assert [o.raw for o in service.overrides] == [o.raw for o in before[name].overrides]


@calm
@given(text=PIECES)
def test_text_without_an_edit_stays(text: str) -> None:
    assert postfix.apply(text, []) == text


SECRET = "Zx9hunter2Qy"
PLACES = st.sampled_from(
    [
        "smtp_sasl_password_maps = static:user:{}\n",
        "smtp_sasl_password_maps = inline:{{ [smtp.example.net]:587=user:{} }}\n",
        "smtp_sasl_password_maps = inline:{{ {{ a = user:{} }}, b=c:{} }}\n",
        "smtp_sasl_password_maps = user:{}\n",
        "smtp_sasl_password_maps = static:user:$own\nown = {}\n",
        "smtp_sasl_password_maps = static:${{own}}\nown = u:$deeper\ndeeper = {}\n",
        "smtp_sasl_password_maps = static:user:$own\nsubmission inet n - n - - smtpd -o own={}\n",
        "mydb_password = {}\nmysql_pass = {}\n",
        "relayhost = smtp://user:{}@smtp.example.net\n",
        "[smtp.example.net]:587 user:{}\n",
        "smtp.example.net:user:{}\n",
        "submission inet n - n - - smtpd -o smtp_sasl_password_maps=static:u:{}\n",
        "submission inet n - n - - smtpd\n  -o {{ smtp_sasl_password_maps = static:u:{} }}\n",
        "submission/inet/smtp_sasl_password_maps = static:u:{}\n",
        "# smtp_sasl_password_maps = static:u:{}\n",
    ]
)


@calm
@given(files=st.dictionaries(FILE_NAMES, st.lists(PLACES, min_size=1, max_size=4).map("".join), min_size=1, max_size=3))
def test_no_password_gets_out(files: dict[str, str]) -> None:
    pasted = {name: text.replace("{}", SECRET).replace("{{", "{").replace("}}", "}") for name, text in files.items()}
    config = postfix.read_config(pasted)
    seen = [postfix.read(pasted), config, *(dict(effective(config, service.label)) for service in config.services[:4])]
    assert SECRET not in repr(seen)


@calm
@given(words=st.lists(st.sampled_from(["a", "-o", "a=b", "{", "}", "-v", "{ x = y }", "\n  ", "--"]), max_size=12))
def test_any_arguments_of_a_service_are_read(words: list[str]) -> None:
    text = "smtp inet n - y - - smtpd " + " ".join(words)
    assert is_service(text)
    whole({"master.cf": text})


@calm
@given(text=MAIN_TEXTS)
def test_the_place_of_a_file_does_not_matter(text: str) -> None:
    one, two = postfix.read({"main.cf": text}), postfix.read({"some/where/main.cf": text})
    assert [party.facts for party in one.parties] == [party.facts for party in two.parties]
    assert [finding.line for finding in one.findings] == [finding.line for finding in two.findings]


@calm
@given(text=MAIN_TEXTS)
def test_line_breaks_of_windows_change_nothing(text: str) -> None:
    one, two = (postfix.read_config({"main.cf": body}) for body in (text, text.replace("\n", "\r\n")))
    assert {k: a.raw for k, a in one.main.items()} == {k: a.raw for k, a in two.main.items()}


HOSTILE = {
    "one line of a megabyte": "relayhost = " + "a " * 500_000,
    "a megabyte of dollars": "relayhost = " + "$" * 1_000_000,
    "a megabyte of references": "a = b\nrelayhost = " + "$a" * 500_000,
    "deep braces": "relayhost = " + "${a?" * 200_000 + "}" * 200_000,
    "deep parentheses": "relayhost = " + "$(" * 300_000,
    "many lines": "relayhost = x\n" * 100_000,
    "many unknown names": "".join(f"smtp_unknown_{n} = x\n" for n in range(100_000)),
    "many continuation lines": "relayhost = x\n" + " y\n" * 100_000,
    "many services": "".join(f"s{n} inet n - y - - smtpd -o a=b\n" for n in range(20_000)),
    "a service with many options": "smtp inet n - y - - smtpd" + " -o a=b" * 100_000,
    "braces in a service": "smtp inet n - y - - smtpd " + "{" * 500_000,
    "doubling": "".join(f"a{n} = $a{n + 1}$a{n + 1}\n" for n in range(60)) + "relayhost = $a0\n",
    "many classes": "smtpd_restriction_classes = c\nc = c c c c c c c c\nsmtpd_relay_restrictions = c c c c c c\n",
    "many blanks": "relayhost" + " " * 1_000_000 + "= x",
    "orphans": " x = y\n" * 100_000 + "a",
    "many comments": "#submission inet n - y - - smtpd\n" * 50_000,
}


@sampled
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read(name: str) -> None:
    """Each would take minutes or blow the stack if anything were not linear; the suite's own limit is what stops it then."""
    text = HOSTILE[name][: 1_000_000 if FULL else 25_000]
    reading = postfix.read({"main.cf": text})
    assert len(reading.findings) < 500
    postfix.apply(text, [Edit("main.cf", "relayhost", "x"), Edit("main.cf", "a", "x", "smtp/inet")])


MEMBERS = "permit_mynetworks, permit_sasl_authenticated, reject"


@pytest.mark.parametrize(
    ("settings_", "relay", "gate"),
    [
        (f"smtpd_relay_restrictions = {MEMBERS}\n", "members-only", None),
        (f"smtpd_recipient_restrictions = {MEMBERS}\n", "defer", "recipient-strangers"),
        (f"smtpd_relay_restrictions =\nsmtpd_recipient_restrictions = {MEMBERS}\n", "members-only", None),
        ("smtpd_relay_restrictions = permit_sasl_authenticated, reject\n", "login-only", None),
        ("smtpd_recipient_restrictions = permit_sasl_authenticated, reject\n", "defer", "recipient"),
        ("smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination\n", "reject", None),
    ],
)  # fmt: skip
def test_who_is_let_in_for_local_recipients_too(settings_: str, relay: str, gate: str | None) -> None:
    facts = postfix.read({"main.cf": HEAD + "compatibility_level = 3.6\n" + settings_}).parties[0].facts
    assert (facts["relay"], facts.get("gate")) == (relay, gate)


def test_a_row_of_a_password_map_takes_the_new_key_or_is_added() -> None:
    row = Edit("sasl_passwd", "[new.example.com]:587", "USER:PASSWORD", TABLE)
    one = "# relay\n[old.example.com]:25  app:secret\n"
    assert postfix.apply(one, [row]) == "# relay\n[new.example.com]:587  app:secret\n"
    two = "[old.example.com]:25 a:b\n[other.example.com]:25 c:d"
    assert postfix.apply(two, [row]) == two + "\n[new.example.com]:587 USER:PASSWORD\n"
    same_host = "[old.example.com]:25 a:b\n[new.example.com] c:d\n"
    assert postfix.apply(same_host, [row]) == "[old.example.com]:25 a:b\n[new.example.com]:587 c:d\n"
    assert postfix.apply(postfix.apply(one, [row]), [row]) == postfix.apply(one, [row])


@pytest.mark.parametrize(
    ("limit", "mailbox", "wanted"),
    [
        ("10240000", "", {"message_size_limit": "40960000"}),
        (
            "20480000",
            "",
            dict.fromkeys(("message_size_limit", "mailbox_size_limit", "virtual_mailbox_limit"), "81920000"),
        ),
        (
            "20480000",
            "mailbox_size_limit = 0\n",
            dict.fromkeys(("message_size_limit", "virtual_mailbox_limit"), "81920000"),
        ),
    ],
)
def test_larger_messages_leave_no_mailbox_that_is_too_small_for_them(
    limit: str, mailbox: str, wanted: dict[str, str]
) -> None:
    (server,) = read_files({"main.cf": f"mydestination = example.com\nmessage_size_limit = {limit}\n{mailbox}"}).parties
    made = postfix.edits(server, {"size": "fits"})
    assert made is not None
    assert {edit.key: edit.value for edit in made} == wanted
