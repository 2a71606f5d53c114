"""Where the catalogue and the articles are, and the compiled catalogue made from them when it is missing or old.

`KB_ROOT` names another folder with an `errors.yaml`; otherwise a checkout uses its own, and an installed package the copy
that its wheel carries. Only the standard library is imported while the compiled file is current.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kb.match.store import Store

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_SHIPPED = os.path.join(_PACKAGE, "_data")
_COMPILED = "catalog.sqlite"


def data_root() -> str:
    """The folder that holds `errors.yaml` and `articles/`. Raises FileNotFoundError with what to do."""
    chosen = os.environ.get("KB_ROOT")
    for root in (chosen,) if chosen else (os.path.dirname(_PACKAGE), _SHIPPED):
        if os.path.isfile(os.path.join(root, "errors.yaml")):
            return root
    where = f"KB_ROOT={chosen}" if chosen else _PACKAGE
    raise FileNotFoundError(f"no errors.yaml in {where}; set KB_ROOT to a folder that has one")


def cache_dir() -> str:
    """Where derived files are kept: `KB_CACHE`, or the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.environ.get("KB_CACHE") or os.path.join(base, "smtp-kb")


def open_store(root: str | None = None) -> Store:
    """Open the compiled catalogue of `root` (default: `data_root()`), compiling it first when what it is made from has changed.

    Raises CatalogError when `errors.yaml` has findings that keep it from being used.
    """
    from kb.match.store import Store

    root = root or data_root()
    if root == _SHIPPED:
        return Store(os.path.join(_SHIPPED, _COMPILED))
    stamp = f"{os.path.abspath(root)} {_stamp(os.path.join(root, 'errors.yaml'))} {_stamp_of_tables()}"
    pointer = os.path.join(cache_dir(), f"{_short(os.path.abspath(root))}.current")
    try:
        with open(pointer, encoding="utf-8") as file:
            seen, _, version = file.read().rpartition(" ")
        if seen == stamp:
            return Store(os.path.join(cache_dir(), f"{version}.sqlite"))
    except (OSError, ValueError):
        pass  # No compiled catalogue yet, or one that an older version wrote.
    version = _compile(root)
    _write(pointer, f"{stamp} {version}")
    return Store(os.path.join(cache_dir(), f"{version}.sqlite"))


def _stamp(path: str) -> str:
    stat = os.stat(path)
    return f"{stat.st_mtime_ns} {stat.st_size}"


def _stamp_of_tables() -> str:
    """What changes when a table of the providers' codes does."""
    with os.scandir(os.path.join(_PACKAGE, "providers")) as files:
        stamps = sorted((stat.st_mtime_ns, stat.st_size) for stat in (file.stat() for file in files))
    return " ".join(f"{time}:{size}" for time, size in stamps)


def _compile(root: str) -> str:
    """Compile `errors.yaml` into the cache unless the same content lies there already; return its version."""
    from kb.compile import compile_file

    return compile_file(root, cache_dir())


def _short(text: str) -> str:
    """A file name for a path: FNV-1a of it, since each library that holds a ready one takes longer to load."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return f"{value:08x}"


def _write(path: str, text: str) -> None:
    """Replace a small file at once, so that a concurrent reader sees the old or the new one."""
    temporary = f"{path}.{os.getpid()}"
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)
