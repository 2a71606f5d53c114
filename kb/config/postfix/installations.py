"""Which pasted files belong to one Postfix: those of a folder, where several folders or texts have parameters of their own."""

from __future__ import annotations

from collections.abc import Mapping

import re2

from kb.text import without_surrogates

# Parameters that a main.cf has and a lookup table or a master.cf has not.
_PARAMETER = re2.compile(
    r"(?m)^(?:myhostname|mydestination|mynetworks|relayhost|smtpd?_\w+|inet_interfaces|compatibility_level)\s*="
)


def installations(files: Mapping[str, str]) -> list[dict[str, str]]:
    """The files of each Postfix. A file in a folder without parameters goes to the Postfix of the folder above, or the last."""
    mains = [name for name, text in files.items() if _PARAMETER.search(without_surrogates(text))]
    if len(mains) < 2:
        return [dict(files)]
    folders = {_folder(name) for name in mains}
    keys = [name if len(folders) < len(mains) else _folder(name) for name in mains]
    groups: dict[str, dict[str, str]] = {key: {} for key in keys}
    for name, text in files.items():
        groups[_home(name, keys)][name] = text
    return list(groups.values())


def _home(name: str, keys: list[str]) -> str:
    if name in keys:
        return name
    folder = _folder(name)
    near = [key for key in keys if not key or folder == key or folder.startswith(f"{key}/")]
    return max(near, key=len) if near else keys[-1]


def _folder(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[0]
