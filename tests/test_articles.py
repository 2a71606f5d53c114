"""Articles: front matter, headings, rendering, sanitising, and all that can be wrong, named with file and line."""

from __future__ import annotations

import os
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from tables import each

from kb.articles import (
    Article,
    ArticleError,
    Heading,
    InvalidArticlesError,
    check_block,
    load_articles,
    read_articles,
    render_block,
    render_inline,
)
from kb.catalog.findings import CatalogError, Finding
from kb.text import Text

Front = dict[str, str | None]

FRONT: Front = {
    "title": "'标题'",
    "summary": "'摘要'",
    "tags": "['mailpit', 'tls']",
    "errors": "['auth-unencrypted-connection']",
    "updated": "'2026-11-24'",
    "source": "'zh'",
}
ZH = """
## 现象 {#symptom}

日志里有
这一行：

```text
502 command not implemented
```

## 原因 {#cause}

`MP_SMTP_RELAY_STARTTLS` 没有设置。

## 处理 {#fix}

1. 设置：

    ```yaml
    environment:
      MP_SMTP_RELAY_STARTTLS: 'true'  # 打开
    ```

2. 重启。

### 细节

| 设置 | 值 |
| --- | ---: |
| `port` | 587 |

## 验证 {#verify}

看[另一篇](other.zh.md#fix)和[标准](https://www.rfc-editor.org/rfc/rfc3207)。
"""
EN = """
## Symptom {#symptom}

The log has
this line:

```text
502 command not implemented
```

## Cause {#cause}

`MP_SMTP_RELAY_STARTTLS` is not set.

## Fix {#fix}

1. Set:

    ```yaml
    environment:
      MP_SMTP_RELAY_STARTTLS: 'true'  # on
    ```

2. Restart.

### Details

| Setting | Value |
| --- | ---: |
| `port` | 587 |

## Verify {#verify}

See [another](other.en.md#fix) and the [standard](https://www.rfc-editor.org/rfc/rfc3207).
"""
BODY = {"zh": ZH, "en": EN}


def strings_only(text: str) -> object:
    try:
        return yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CatalogError([Finding("-", line, 1, "KB002", Text("坏", "bad"))]) from error


def write(
    folder: Path, lang: str = "zh", slug: str = "mail", body: str | None = None, front: Front | None = None
) -> Path:
    lines = [f"{name}: {value}" for name, value in {**FRONT, **(front or {})}.items() if value is not None]
    path = folder / f"{slug}.{lang}.md"
    path.write_text("\n".join(["---", *lines, "---", BODY[lang] if body is None else body]), "utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for slug in ("mail", "other"):
        for lang in ("zh", "en"):
            write(tmp_path, lang, slug)
    return tmp_path


def load(folder: Path) -> dict[tuple[str, str], Article]:
    return {(article.slug, article.lang): article for article in load_articles(folder, strings_only)}


def errors(folder: Path) -> list[tuple[str, int, str]]:
    return [(Path(error.path).name, error.line, error.message.en) for error in read_articles(folder, strings_only)[1]]


def test_an_article_has_it_all(folder: Path) -> None:
    articles = load(folder)
    assert list(articles) == [("mail", "en"), ("mail", "zh"), ("other", "en"), ("other", "zh")]
    article = articles["mail", "zh"]
    assert (article.title, article.summary, article.updated, article.source) == ("标题", "摘要", "2026-11-24", "zh")
    assert (article.tags, article.errors) == (("mailpit", "tls"), ("auth-unencrypted-connection",))
    assert article.markdown.strip() == ZH.strip()
    assert article.path == folder / "mail.zh.md"
    assert article.headings == (
        Heading(2, "symptom", "现象"),
        Heading(2, "cause", "原因"),
        Heading(2, "fix", "处理"),
        Heading(3, "", "细节"),
        Heading(2, "verify", "验证"),
    )
    assert article.links == ("other#fix", "https://www.rfc-editor.org/rfc/rfc3207")


def test_html_and_text(folder: Path) -> None:
    article = load(folder)["mail", "zh"]
    assert '<h2 id="symptom">现象</h2>' in article.html
    assert "<p>日志里有这一行：</p>" in article.html
    assert '<div class="highlight"><pre><span></span><code>502 command not implemented\n' in article.html
    assert article.html.count("<ol>") == 1
    assert article.html.count("<li>") == 2
    assert '<span class="nt">environment</span>' in article.html
    assert '<td align="right">587</td>' in article.html
    assert '<a href="other#fix" rel="nofollow noopener">另一篇</a>' in article.html
    assert "{#" not in article.html
    lines = article.text.split("\n")
    assert lines[:4] == ["现象", "日志里有这一行：", "502 command not implemented", "原因"]
    assert "  MP_SMTP_RELAY_STARTTLS: 'true'  # 打开" in lines
    assert "port 587" in lines
    assert "<" not in article.text


def test_windows_line_ends(folder: Path) -> None:
    before = load(folder)
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    articles, errors = read_articles(folder, strings_only)
    assert {(article.slug, article.lang): article for article in articles} == before
    assert {(error.rule, error.line) for error in errors} == {("KB005", 1)}


def test_all_errors_come_at_once_with_their_lines(folder: Path) -> None:
    write(folder, "zh", "mail", front={"updated": "'24.11.2026'", "title": None, "titel": "'x'"})
    write(folder, "en", "other", body=EN.replace("## Cause {#cause}", "## Cause"))
    (folder / "Bad Name.md").write_text("")
    with pytest.raises(InvalidArticlesError) as caught:
        load_articles(folder, strings_only)
    found = [(Path(error.path).name, error.line) for error in caught.value.errors]
    assert found == [
        ("Bad Name.md", 1),
        ("mail.zh.md", 1),
        ("mail.zh.md", 5),
        ("mail.zh.md", 7),
        ("other.en.md", 9),
        ("other.en.md", 9),
        ("other.en.md", 19),
    ]
    assert all(
        isinstance(error, ArticleError) and error.message.zh != error.message.en for error in caught.value.errors
    )
    assert "mail.zh.md:5" in str(caught.value)


@pytest.mark.parametrize(
    ("front", "line", "part"),
    [
        ({"title": "''"}, 2, "not empty"),
        ({"title": "['x']"}, 2, "must be text"),
        ({"tags": "'x'"}, 4, "list of names"),
        ({"tags": "['A b']"}, 4, "list of names"),
        ({"errors": "[['a']]"}, 5, "list of names"),
        ({"updated": "'2026-02-30'"}, 6, "YYYY-MM-DD"),
        ({"updated": "'20260230'"}, 6, "YYYY-MM-DD"),
        ({"source": "'fr'"}, 7, "zh or en"),
        ({"source": None}, 1, "lacks source"),
        ({"extra": "'x'"}, 8, "Unknown key extra"),
        ({"title": "'open"}, 3, "bad"),
    ],
)
def test_front_matter(tmp_path: Path, front: Front, line: int, part: str) -> None:
    write(tmp_path, front=front)
    (found,) = errors(tmp_path)
    assert found[:2] == ("mail.zh.md", line)
    assert part in found[2]


@pytest.mark.parametrize("text", ["", "x", "---\ntitle: 'x'\n", "---\n- 'x'\n---\n", "---\n---\n", "\ufeff---\n---\n"])
def test_no_front_matter(tmp_path: Path, text: str) -> None:
    (tmp_path / "mail.zh.md").write_text(text, "utf-8")
    assert [error[:2] for error in errors(tmp_path)] == [("mail.zh.md", 1)]


def make_symlink(folder: Path) -> None:
    (folder / "mail.zh.md").symlink_to("/etc/passwd")


def make_folder(folder: Path) -> None:
    (folder / "mail.zh.md").mkdir()


def make_pipe(folder: Path) -> None:
    os.mkfifo(folder / "mail.zh.md")


def make_large(folder: Path) -> None:
    write(folder, body=ZH + "x" * 200 * 1024)


def make_latin(folder: Path) -> None:
    path = write(folder)
    path.write_bytes(path.read_bytes() + b"\n\xff\xfe")


def make_deep(folder: Path) -> None:
    write(folder, body=ZH + "\n" + "".join("    " * depth + "- x\n" for depth in range(300)))


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (make_symlink, "symlink"),
        (make_folder, "folder"),
        (make_pipe, "regular file"),
        (make_large, "larger than"),
        (make_latin, "UTF-8"),
        (make_deep, "Nested too deeply"),
    ],
)
def test_files_that_cannot_be_articles(tmp_path: Path, make: Callable[[Path], None], part: str) -> None:
    make(tmp_path)
    (found,) = errors(tmp_path)
    assert part in found[2]
    write(tmp_path, slug="after", body=ZH.replace("other.zh.md#fix", "/"))
    assert [article.slug for article in read_articles(tmp_path, strings_only)[0]] == ["after"]


@pytest.mark.parametrize(
    "name",
    ["mail.md", "mail.fr.md", "Mail.zh.md", "ma il.zh.md", "邮件.zh.md", "x" * 81 + ".zh.md", "m_.zh.md", ".zh.md"],
)
def test_file_names(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("")
    (found,) = errors(tmp_path)
    assert "<slug>" in found[2]


@pytest.mark.parametrize(
    ("old", "new", "place", "part"),
    [
        ("## 原因 {#cause}\n", "## 原因 {#reason}\n", "", "{#cause}"),
        ("### 细节", "### 细节 {#fix}", "### 细节", "twice"),
        ("### 细节", "## 细节", "## 细节", "no anchor"),
        ("没有设置", "没有 <host> 设置", "<host>", "<host> would be removed"),
        ("没有设置", "![图](x.png)", "![", "No images"),
        ("### 细节", "# 细节", "# 细节", "No level 1"),
        ("没有设置", "[x](javascript:x)", "[x]", "not allowed"),
        ("没有设置", "[x](//evil.example/)", "[x]", "not allowed"),
        ("other.zh.md", "missing.zh.md", "missing", "missing.zh.md"),
        ("other.zh.md", "other.en.md", "other", "same language"),
        ("没有设置。", "没有：\n- 设置", "- 设置", "blank line"),
        ("| 设置", "表：\n| 设置", "| 设置", "blank line"),
        ("2. 重启", "  - 重启", "- 重启", "4 spaces"),
        ("    ```yaml\n", "   ```yaml\n", "```yaml", "4 spaces"),
        ("587 |\n", "587 |\n\n~~~\nlast\n", "~~~", "no end"),
    ],
)
def test_bodies(folder: Path, old: str, new: str, place: str, part: str) -> None:
    assert old in ZH
    lines = write(folder, body=ZH.replace(old, new, 1)).read_text("utf-8").split("\n")
    body = lines.index("---", 1) + 1
    line = next(number for number, text in enumerate(lines[body:], body + 1) if place in text)
    assert [(name, at) for name, at, text in errors(folder) if part in text] == [("mail.zh.md", line)]


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("### Details", "Details", "levels and anchors"),
        ("## Verify {#verify}", "### More\n\n## Verify {#verify}", "levels and anchors"),
        ("502 command", "550 command", "the code must be that"),
        ("'true'", "'false'", "the code must be that"),
        ("```text\n502 command not implemented\n```", "", "the code must be that"),
    ],
)
def test_translations_agree(folder: Path, old: str, new: str, part: str) -> None:
    write(folder, "en", body=EN.replace(old, new, 1))
    assert [(name, part in text) for name, _, text in errors(folder)] == [("mail.en.md", True)]


def test_translations_have_the_same_front_matter(folder: Path) -> None:
    write(folder, "en", front={"tags": "['tls']", "errors": "[]"})
    assert [name for name, _, _ in errors(folder)] == ["mail.en.md"] * 2
    write(folder, "en", front={"source": "'en'"})
    assert [text for _, _, text in errors(folder)] == ["source must be the same as in mail.zh.md."]


def test_an_article_may_wait_for_its_translation(folder: Path) -> None:
    (folder / "mail.en.md").unlink()
    assert ("mail", "zh") in load(folder)


PAYLOADS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=//evil.example/pixel.png>",
    "![x](http://evil.example/pixel.png)",
    "![x](//evil.example/pixel.png)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<form action=//evil.example><input name=x><button>go</button></form>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href='javascript&colon;alert(1)'>x</a>",
    "<a href=vbscript:x>x</a>",
    "<a href=data:text/html,x>x</a>",
    "<a href=//evil.example>x</a>",
    "<a href='/\\evil.example'>x</a>",
    "<a href='\\\\evil.example'>x</a>",
    "<a href='/&#9;/evil.example'>x</a>",
    "<a href='https:///evil.example'>x</a>",
    "<a href=https://ok.example onclick=alert(1) style=x target=_top id=x class=x>x</a>",
    "<a href=https://ok.example rel=opener>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java%0ascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](ftp://evil.example)",
    "[x](file:///etc/passwd)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "<style>*{background:url(//evil.example)}</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example>",
    "<div style='position:fixed' onclick=alert(1) class='highlight admin'>x</div>",
    "<p onmouseover=alert(1)>x</p>",
    "<span class='k evil' data-x=1>x</span>",
    "<h2 id='location' onclick=x>x</h2>\n\n## x {#a onclick=alert(1)}",
    '## x {#X"><script>alert(1)</script>}',
    "## <img src=x onerror=alert(1)> {#x}",
    "x {: onclick=alert(1) style=x }",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<body onload=alert(1)>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<table background=//evil.example><tr><td background=//evil.example style=x>x</td></tr></table>",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "```html onclick=alert(1)\n<script>alert(1)</script>\n```",
    '```{.html #x onclick="alert(1)" style="x"}\n<script>alert(1)</script>\n```',
    "`<script>alert(1)</script>`",
    "\\<script>alert(1)\\</script>",
    "\x00<script>alert(1)</script>",
    "<a/href=javascript:alert(1)/onclick=alert(1)>x",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
]


class Audit(HTMLParser):
    """Collects what a strict allow-list of its own does not know."""

    TAGS = frozenset(
        {"a", "blockquote", "br", "code", "del", "div", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "span"}
        | {"strong", "table", "tbody", "td", "th", "thead", "tr", "ul"}
    )

    def __init__(self, html: str) -> None:
        super().__init__()
        self.bad: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.TAGS:
            self.bad.append(tag)
        for name, value in attrs:
            self.bad += [] if self.known(tag, name, value or "") else [f"{tag} {name}={value}"]

    @staticmethod
    def known(tag: str, name: str, value: str) -> bool:
        if (tag, name) == ("a", "href"):
            local = value.startswith(("#", "/")) or value.replace("-", "").isalnum()
            return (local and value[1:2] not in ("/", "\\")) or value.startswith(("https://ok.example", "mailto:"))
        return (
            (tag, name, value) == ("a", "rel", "nofollow noopener")
            or (tag in ("div", "span") and name == "class" and (value == "highlight" or len(value) <= 3))
            or (tag in ("h2", "h3", "h4") and name == "id" and value.islower() and value.isalnum())
            or (name == "align" and value in ("left", "center", "right"))
        )

    def handle_comment(self, data: str) -> None:
        self.bad.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.bad.append(f"declaration {decl}")

    def handle_pi(self, data: str) -> None:
        self.bad.append(f"instruction {data}")


@each("payload", PAYLOADS, range(len(PAYLOADS)))
@each("frame", ["{}", "text {} text", "- item\n\n    {}\n", "> {}", "# {}", "**{}**", "<p>{}</p>"])
def test_nothing_gets_past_the_sanitiser(payload: str, frame: str) -> None:
    for render in (render_block, render_inline):
        html = render(frame.replace("{}", payload))
        assert Audit(html).bad == []
        assert "<script" not in html.lower()


def test_the_audit_sees_what_is_bad() -> None:
    assert len(PAYLOADS) >= 60
    raw = [payload for payload in PAYLOADS if payload.startswith("<") and not payload.startswith("<!")]
    assert sum(bool(Audit(payload).bad) for payload in raw) > 40


@each(
    "markdown html",
    [
        ("1. one", "1. one"),
        ("# 550", "# 550"),
        ("- a\n- b", "- a - b"),
        ("> q", "&gt; q"),
        ("    code", "code"),
        ("**注意：**请设置 `port`", "<strong>注意：</strong>请设置 <code>port</code>"),
        ("中文\n换行", "中文换行"),
        ("a <host> b", "a  b"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("", ""),
        ("[x](https://ok.example/?a=1&b=2)", '<a href="https://ok.example/?a=1&amp;b=2" rel="nofollow noopener">x</a>'),
        ("[x](/zh/errors/y#z)", '<a href="/zh/errors/y#z" rel="nofollow noopener">x</a>'),
    ],
)
def test_inline(markdown: str, html: str) -> None:
    assert render_inline(markdown) == html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("一行\n两行", "<p>一行两行</p>"),
        ("一行，\n“引”\n一", "<p>一行，“引”一</p>"),
        ("a\nb", "<p>a\nb</p>"),
        ("中\nb", "<p>中\nb</p>"),
        ("### 标题\n正文", "<h3>标题</h3>\n<p>正文</p>"),
        ("```\n一\n二\n```", '<div class="highlight"><pre><span></span><code>一\n二\n</code></pre></div>'),
    ],
)
def test_chinese_lines_join_outside_code(markdown: str, html: str) -> None:
    assert render_block(markdown) == html


def test_code_in_a_list_needs_no_blank_lines() -> None:
    html = render_block("1. one\n    ```\n    a\n    ```\n2. two")
    assert html.count("<li>") == 2
    assert "<code>a\n</code>" in html


def test_a_renderer_survives_what_it_cannot_render() -> None:
    with pytest.raises(RecursionError):
        render_block("".join("    " * depth + "- x\n" for depth in range(300)))
    assert render_block("x") == "<p>x</p>"


def test_check_block_names_what_vanishes() -> None:
    assert check_block("好\n\n`<ok>` &lt;ok&gt;") == []
    assert [(line, message.en.split(" ")[0]) for line, message, _ in check_block("a\n\nb <host> c")] == [(3, "<host>")]
