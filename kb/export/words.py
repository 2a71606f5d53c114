"""What an exported site says where the served one has a form."""

from __future__ import annotations

from kb.text import Text

ASK = Text(
    "这是静态导出的副本，不能解释粘贴的报错。要查一段报错，请在自己的机器上运行 <code>kb explain</code>"
    "（从标准输入或文件读取），或用 <code>kb serve</code> 打开带输入框的站点。在这里可以搜索和浏览全部内容。",
    "This is a copy of the site as plain files; it cannot explain a pasted error. For that, run <code>kb explain</code>"
    " on your own machine (it reads standard input or a file), or <code>kb serve</code> for the site with the box."
    " Here you can search and browse everything.",
)
SEARCH_LINK = Text("搜索", "Search")


def _search(label: str, none: str, failed: str) -> str:
    return (
        f'<section class="find" hidden data-none="{none}" data-failed="{failed}" role="search">\n'
        f'<p><label for="find">{label}</label><br>\n'
        '<input type="search" id="find" maxlength="200" autocomplete="off" spellcheck="false"></p>\n'
        '<p class="quiet" role="status"></p>\n<ul class="cards"></ul>\n</section>'
    )


SEARCH = Text(
    _search(
        "搜索条目、文章、配置项或状态码", "没有找到。换一个词，或者看看全部报错。", "索引没有读到，请从下面的列表里找。"
    ),
    _search(
        "Search entries, articles, settings or codes",
        "Nothing found. Try another word, or look through all errors.",
        "The index could not be read; use the lists below.",
    ),
)
HOME_TITLE = Text("SMTP 报错知识库", "SMTP error knowledge base")
SEARCH_TITLE = Text("搜索", "Search")
DOORS = (
    ("errors/", Text("全部报错", "All errors"), Text("按阶段、原因和产品分组。", "By stage, reason and product.")),
    ("articles/", Text("文章", "Articles"), Text("一步一步的说明。", "Step by step.")),
    (
        "codes/",
        Text("状态码", "Codes"),
        Text("回复码、增强状态码、服务商自己的码。", "Reply codes, enhanced status codes, codes of providers."),
    ),
)
NOT_FOUND = Text(
    "这里没有这个页面。请回到本站的首页，从列表或搜索里找。",
    "There is no such page here. Go back to the front page of this site and use the lists or the search.",
)
LLMS = Text(
    "从一段 SMTP 报错、日志或退信，到它的含义、谁说的、原因、怎么改、怎么验证。{count} 条报错，中英文对照。这里是静态副本："
    "要解释一段文字，请运行 kb explain，或 kb serve 之后用它的接口；全部内容在 catalog.json。",
    "From an SMTP error, a log or a bounce to what it means, who said it, why, what to change and how to verify. {count} errors,"
    " in Chinese and English. This is a static copy: to explain a text, run kb explain, or the API of kb serve; everything is in"
    " catalog.json.",
)
