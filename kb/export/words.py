"""What an exported site says where the served one has a form."""

from __future__ import annotations

from collections.abc import Mapping

from kb.text import Text

ASK = Text(
    "这是静态导出的副本，不能解释粘贴的报错。要查一段报错，请在自己的机器上运行 <code>kb explain</code>"
    "（从标准输入或文件读取），或用 <code>kb serve</code> 打开带输入框的站点。在这里可以搜索和浏览全部内容。",
    "This is a copy of the site as plain files; it cannot explain a pasted error. For that, run <code>kb explain</code>"
    " on your own machine (it reads standard input or a file), or <code>kb serve</code> for the site with the box."
    " Here you can search and browse everything.",
)


def _local(note: str, words: Mapping[str, str]) -> str:
    said = "".join(f' data-{name}="{text}"' for name, text in words.items())
    return f'<p class="note" data-until-script>{note}</p>\n<p class="status asking" role="status"{said}></p>'


# {size}: what is loaded when somebody first asks, in MB.
LOCAL = Text(
    _local(
        "查询在你自己的浏览器里进行，需要 JavaScript，而且本站要经 http 或 https 打开：直接打开的文件（file://）不行。",
        {
            "python": "第一次查询，正在载入查询程序（约 {size} MB，只此一次）…",
            "catalogue": "正在载入报错目录…",
            "start": "正在启动…",
            "busy": "正在查…",
            "done": "查到了：",
            "failed": "查询程序没有载入：网络断了，或者浏览器不支持 WebAssembly。浏览和搜索不受影响；再按一次按钮可以重试，"
            "也可以在自己的机器上运行 kb explain，答案相同。",
            "broken": "查这段文字时出错了。请用 kb explain 试试，并告诉本站的维护者（不要附上密码）。",
            "slow": "查了 {limit} 秒还没有结果，已经停下。请只贴出报错附近的几行，再试一次。",
            "link": "这段文字来自你打开的链接，没有发给任何人。看过之后按按钮。",
        },
    ),
    _local(
        "Looking up happens in your own browser. It needs JavaScript, and this site opened over http or https: a file opened"
        " directly (file://) cannot do it.",
        {
            "python": "First lookup: loading the program (about {size} MB, only this once)…",
            "catalogue": "Loading the catalogue…",
            "start": "Starting…",
            "busy": "Looking it up…",
            "done": "Found: ",
            "failed": "The lookup could not be loaded: the network is gone, or this browser has no WebAssembly. Reading and"
            " searching still work; press the button to try again, or run kb explain on your own machine for the same answer.",
            "broken": "Something went wrong with this text. Try kb explain, and tell who keeps this site (without passwords).",
            "slow": "Stopped after {limit} seconds without an answer. Paste only the few lines around the error and try again.",
            "link": "This text came with the link you opened and was sent to nobody. Look at it, then press the button.",
        },
    ),
)
FOOT = Text(
    "每条都注明依据；这是静态副本，没有可以粘贴的地方，也没有东西会发送出去；页面不加载任何外站资源。",
    "Every entry names its sources; these are plain files, with nothing to paste into and nothing sent anywhere; pages load"
    " nothing from elsewhere.",
)
FOOT_LOCAL = Text(
    "每条都注明依据；粘贴的内容只在你自己的浏览器里查，不发送、不保存；页面不加载任何外站资源。",
    "Every entry names its sources; what you paste is looked up in your own browser, sent nowhere and not kept; pages load"
    " nothing from elsewhere.",
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
