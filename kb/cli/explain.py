"""`kb explain`: the one command that must feel instant, so it imports no command-line framework."""

from __future__ import annotations

import sys

from kb.cli.files import read_input, user_language, write_text
from kb.text import Text

ANSWERED, NO_ANSWER, USAGE = 0, 1, 2


def run(source: str | None, lang: str | None, as_json: bool) -> int:
    """Answer TEXT, a file or standard input on standard output; the exit status says whether there was an answer."""
    from kb.data import open_store
    from kb.explain import explain

    language = user_language(lang)
    try:
        text = read_input(source)
    except OSError as error:
        print(
            Text(f"无法读取 {source}：{error.strerror}。", f"Cannot read {source}: {error.strerror}.").get(language),
            file=sys.stderr,
        )
        return USAGE
    if not text.strip():
        print(
            Text("没有输入。请粘贴一段报错，例如：", "Nothing to explain. Paste an error, for example:").get(language),
            file=sys.stderr,
        )
        print("  kb explain '554 5.7.1 <bob@example.com>: Relay access denied'", file=sys.stderr)
        return USAGE
    store = open_store()
    answer = explain(store, text)
    if as_json:
        import json

        from kb.render.as_json import lookup_json

        write_text(json.dumps(lookup_json(store, answer, language), ensure_ascii=False, indent=2) + "\n")
    else:
        from kb.render.as_text import answer_text

        write_text(answer_text(store, answer, language))
    return ANSWERED if answer.reason else NO_ANSWER
