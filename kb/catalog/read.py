"""The whole of `errors.yaml` as a checked `Catalog`, or the findings that keep it from being one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from kb.catalog.findings import FORM, CatalogError, Finding, did_you_mean
from kb.catalog.load import Document, Key, load_file, load_yaml
from kb.catalog.model import Bilingual, Catalog, Entry, Fix, Rule, Verify
from kb.text import Text

FILE = "errors.yaml"
_SHOWN = 120  # of a word that is none
_ENTRYLIKE = {"reason", "match"}
_M = TypeVar("_M", bound=BaseModel)


def read_catalog(root: Path) -> tuple[bytes, Catalog]:
    """The bytes and the model of `root`/errors.yaml. Raises CatalogError."""
    document = load_file(root / FILE, FILE)
    catalog, findings = validate(document)
    fatal = [finding for finding in (*document.findings, *findings) if finding.rule not in FORM]
    if fatal:
        raise CatalogError(fatal)
    return (root / FILE).read_bytes(), catalog


def validate(document: Document) -> tuple[Catalog, list[Finding]]:
    """The model of all entries and combinations of a document that have a usable shape, and what is wrong with the others."""
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("errors"), dict):
        if not document.whole:
            return Catalog(errors={}), []  # its syntax is broken, which is reported
        message = Text(
            "文件应以 errors: 开头，其下是条目。", "The file must begin with errors:, with the entries below."
        )
        return Catalog(errors={}), [document.finding("KB110", ("errors",), message)]
    findings: list[Finding] = []
    for name, item in data.items():
        if name in Catalog.model_fields:
            continue
        if isinstance(item, dict) and _ENTRYLIKE & item.keys():
            message = Text(
                "条目放在 errors: 之下，缩进两个空格。", "An entry stands below errors:, indented by two spaces."
            )
            findings.append(document.finding("KB110", (name,), message, at_key=True))
        else:
            findings.append(_unknown(document, (name,), name))
    errors = _each(document, "errors", Entry, findings)
    combinations = _each(document, "combinations", Rule, findings)
    return Catalog.model_construct(errors=errors, combinations=combinations), findings


def front_matter(text: str) -> object:
    """The front matter of an article. Raises CatalogError on what an article must not contain; quotes are optional there."""
    document = load_yaml(text, "front matter")
    wrong = [finding for finding in document.findings if finding.rule != "KB106"]
    if wrong:
        raise CatalogError(wrong)
    return document.data


def all_ids(document: Document) -> frozenset[str]:
    """The ids and aliases of every entry, broken ones too."""
    entries = document.data.get("errors") if isinstance(document.data, dict) else None
    found: set[str] = set()
    for id_, entry in entries.items() if isinstance(entries, dict) else ():
        aliases = entry.get("aliases") if isinstance(entry, dict) else None
        found |= {id_, *(alias for alias in (aliases if isinstance(aliases, list) else ()) if isinstance(alias, str))}
    return frozenset(found)


def _each(document: Document, section: str, model: type[_M], findings: list[Finding]) -> dict[str, _M]:
    """The items of a section that fit their model, by id; what is wrong with the others is added to `findings`."""
    items = document.data.get(section, {})
    if not isinstance(items, dict):
        message = Text(f"{section} 应为映射（id: 条目）。", f"{section} must be a mapping (id: entry).")
        findings.append(document.finding("KB110", (section,), message))
        return {}
    good: dict[str, _M] = {}
    for id_, item in items.items():
        if item is None:  # its syntax is broken, which is reported
            continue
        if section == "combinations" and isinstance(item, dict) and item.keys() >= _ENTRYLIKE:
            message = Text(
                "这是条目，不是组合：移到 errors: 之下（kb new error 会放对位置）。",
                "This is an entry, not a combination: it belongs under errors: (kb new error finds the place).",
            )
            findings.append(document.finding("KB110", (section, id_), message, at_key=True))
            continue
        try:
            good[id_] = model.model_validate(item)
        except ValidationError as invalid:
            found: list[Any] = [
                {**error, "loc": (section, id_, *error["loc"])} for error in invalid.errors(include_url=False)
            ]
            # A list all of whose items are wrong is also reported as too short; the items say it better.
            inner = {error["loc"][:end] for error in found for end in range(len(error["loc"]))}
            findings += [_finding(document, e) for e in found if not (e["type"] == "too_short" and e["loc"] in inner)]
    return good


def _finding(document: Document, error: Any) -> Finding:
    key: Key = tuple(part for part in error["loc"] if part not in ("[key]",))
    name = str(key[-1])[:_SHOWN] if key else ""
    kind = error["type"]
    if kind == "missing":
        return _missing(document, key, name)
    if kind == "extra_forbidden":
        return _unknown(document, key, name)
    if kind == "vocabulary":
        word = str(error.get("input", ""))[:_SHOWN]
        hint = did_you_mean(word, error["ctx"]["words"])
        return document.finding(
            "KB109", key, Text(f"词表中没有 {word!r}。{hint.zh}", f"{word!r} is not in the vocabulary. {hint.en}")
        )
    shown = f"{key[-2]}[{name}]" if key and isinstance(key[-1], int) else name
    return document.finding("KB110", key, _shape(error, shown, key))


def _unknown(document: Document, key: Key, name: str) -> Finding:
    name = name[:_SHOWN]
    hint = did_you_mean(name, keys_of(model_at(key[:-1])))
    message = Text(f"未知的键 {name}。{hint.zh}", f"Unknown key {name}. {hint.en}")
    return document.finding("KB102", key, message, at_key=True)


def _missing(document: Document, key: Key, name: str) -> Finding:
    if name in ("zh", "en"):
        language = Text("中文" if name == "zh" else "英文", "Chinese" if name == "zh" else "English")
        message = Text(f"缺少{language.zh}（键 {name}）。", f"The {language.en} text is missing (key {name}).")
        return document.finding("KB105", key, message)
    return document.finding(
        "KB108", key, Text(f"缺少必需的键 {name}。", f"The required key {name} is missing."), at_key=True
    )


def _shape(error: Any, name: str, key: Key) -> Text:
    kind = error["type"]
    if "codes" in key and kind == "string_pattern_mismatch":
        return Text(
            f"{name} 应是 4 或 5 开头的增强状态码，三段数字，例如 5.7.1。",
            f"{name} must be an enhanced status code of class 4 or 5, three numbers such as 5.7.1.",
        )
    if kind == "literal_error":
        return Text(f"{name} 只能写 'yes'；否则整行删去。", f"{name} is 'yes', or the line is left out.")
    if kind in ("too_short", "string_too_short", "string_pattern_mismatch"):
        return Text(f"{name} 不能为空，或格式不对。", f"{name} is empty or malformed.")
    if kind == "tuple_type":
        return Text(
            f"{name} 应为列表：每项一行，以「- 」开头，或写成 ['…']。",
            f"{name} must be a list: an item a line, each begun with a hyphen and a space, or ['…'].",
        )
    if kind == "model_type" and isinstance(error.get("input"), str) and model_at(key) is Bilingual:
        return Text(
            f"{name} 要注明语言：{{zh: '…', en: '…'}}，只写一种也行。",
            f"{name} names its languages: {{zh: '…', en: '…'}}, or one of them.",
        )
    if kind in ("model_type", "dict_type"):
        return Text(f"{name} 应为映射（键: 值）。", f"{name} must be a mapping (key: value).")
    if kind == "string_type" and isinstance(error.get("input"), dict):
        return Text(
            "引号之外有冒号，成了「键: 值」：请用单引号把整段文字括起来。",
            "A colon outside quotes has made this key: value; put the whole text in single quotes.",
        )
    if kind == "string_type":
        return Text(f"{name} 应为一段文字。", f"{name} must be text.")
    return Text(f"{name} 的值无效：{error['msg']}。", f"{name} is invalid: {error['msg']}.")


def model_at(key: Key) -> type[BaseModel]:
    """The model that describes the mapping at a place of `errors.yaml`."""
    parts = [part for part in key if not isinstance(part, int)]
    if not parts or parts[0] not in ("errors", "combinations"):
        return Catalog
    if len(parts) == 2:
        return Entry if parts[0] == "errors" else Rule
    if len(parts) == 3 and parts[2] in ("fixes", "verify"):
        return Fix if parts[2] == "fixes" else Verify
    return Bilingual


@lru_cache(maxsize=64)
def keys_of(model: type[BaseModel]) -> tuple[str, ...]:
    """The keys of a mapping in their canonical order."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


def mappings(data: Any, key: Key = ()) -> Iterator[tuple[Key, dict[str, Any]]]:
    """Every mapping below a node, with its place, in the order of the file."""
    open_: list[tuple[Key, Any]] = [(key, data)]
    while open_:
        key, node = open_.pop()
        if isinstance(node, dict):
            yield key, node
            inside = [((*key, name), value) for name, value in node.items() if isinstance(value, dict | list)]
        else:
            items = enumerate(node) if isinstance(node, list) else ()
            inside = [((*key, index), value) for index, value in items if isinstance(value, dict | list)]
        open_ += reversed(inside)
