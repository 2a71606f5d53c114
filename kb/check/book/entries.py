"""KB0xx and KB1xx: the file, and the shape of what stands in it."""

from __future__ import annotations

from kb.check.book.model import Rule
from kb.text import Text

ENTRIES = (
    Rule(
        "KB001",
        Text("文件能读：普通文件、UTF-8、不过大", "The file can be read: a regular file, in UTF-8, not too large"),
        Text(
            "不跟随符号链接，它可能指向仓库外的文件。编码错误会给出第一个坏字节的位置；在编辑器里另存为 UTF-8 即可。",
            "Symbolic links are not followed, for they may lead out of the repository. For a wrong encoding the place of the"
            " first bad byte is given; save the file as UTF-8 in your editor.",
        ),
    ),
    Rule(
        "KB002",
        Text("合法的 YAML", "Valid YAML"),
        Text(
            "最常见的三种：文字没加引号却含有冒号；缩进不是每级两个空格，或用了制表符；单引号里的单引号没有写两遍。"
            "一个条目坏了不影响其他条目的检查。",
            "Most often one of three: text with a colon that is not quoted; an indentation other than two spaces a level, or by"
            " tabs; a single quote inside single quotes that is not doubled. One broken entry does not hide the others.",
        ),
        "- error: can't connect",
        "- 'error: can''t connect'",
    ),
    Rule(
        "KB003",
        Text("嵌套不过深", "Not nested too deeply"),
        Text(
            "条目最深五六层，上限 20 层；Markdown 的引用和列表也一样。再深就是写错了，或者想让解析器崩溃。",
            "An entry has five or six levels, 20 are allowed; the same goes for quotes and lists in Markdown. Anything deeper is"
            " a slip, or meant to break the parser.",
        ),
    ),
    Rule(
        "KB004",
        Text("没有看不见的字符", "No invisible characters"),
        Text(
            "控制字符、零宽字符和改变文字方向的字符：评审的人看不见，匹配却会受影响。多半是从网页复制来的，删掉即可。",
            "Control characters, zero-width characters and those that turn the direction of text: reviewers cannot see them, and"
            " matching does. They mostly come from copying a web page; delete them.",
        ),
    ),
    Rule(
        "KB005",
        Text("LF 换行，没有 BOM，末尾有换行", "LF line ends, no byte order mark, a line end at the end"),
        Text(
            "否则每一行都成了改动。运行 kb fmt，或在编辑器里改换行符（仓库带有 .editorconfig）。",
            "Otherwise every line counts as changed. Run kb fmt, or set your editor (the repository has an .editorconfig).",
        ),
    ),
    Rule(
        "KB006",
        Text("注释只写在条目上方", "Comments stand above an entry"),
        Text(
            "写在值后面或键之间的注释会在改写时走失。事实写进字段（sources、when、cost），注释只说为什么。kb fmt 会把它移上去。",
            "A comment after a value or between keys gets lost when the value is rewritten. Facts belong in fields (sources,"
            " when, cost), a comment only says why. kb fmt moves it above the entry.",
        ),
        "    retry: 'later'  # greylisting",
        "  # greylisting\n  rcpt-…:",
    ),
    Rule(
        "KB007",
        Text("规范的写法", "Canonical form"),
        Text(
            "同样的内容只有一种写法，差异里就只有内容。运行 kb fmt；kb fmt --diff 先看改动。",
            "The same content is written in one way, so that a diff shows content alone. Run kb fmt; kb fmt --diff shows what it"
            " would change.",
        ),
    ),
    Rule(
        "KB008",
        Text("一个单词只用一种字母", "A word has the letters of one script"),
        Text(
            "西里尔字母、希腊字母里有些和拉丁字母长得一样，人看不出来，匹配和搜索却找不到。换成键盘上的字母。",
            "Some letters of Cyrillic and Greek look like Latin ones: nobody sees it, and neither matching nor search finds"
            " the word. Write it on the keyboard.",
        ),
    ),
    Rule(
        "KB101",
        Text("没有重复的键或 id", "No key or id twice"),
        Text(
            "YAML 会悄悄地只留一个。若两个条目说的是同一件事，把模式和示例并到一处；否则给后来的换一个 id。",
            "YAML silently keeps one of them. If both entries are about the same thing, put patterns and examples together;"
            " otherwise give the newer one another id.",
        ),
    ),
    Rule(
        "KB102",
        Text("只用已知的键", "Known keys only"),
        Text(
            "多半是拼写错误；消息里有最接近的键。全部的键见 docs/entry-format.md。",
            "Mostly a misspelling; the message has the nearest key. docs/entry-format.md lists them all.",
        ),
        "    retyr: 'later'",
        "    retry: 'later'",
    ),
    Rule(
        "KB103",
        Text("按 id 的字母顺序", "Sorted by id"),
        Text(
            "新条目插在中间，两个人同时添加就不会冲突。kb new error 会放对位置，kb fmt 会排好。",
            "New entries land in the middle, so two people who add one do not collide. kb new error finds the place, kb fmt"
            " sorts.",
        ),
    ),
    Rule(
        "KB104",
        Text("键按固定的顺序", "Keys in their order"),
        Text("读的人知道去哪里找。kb fmt 会排好。", "A reader knows where to look. kb fmt puts them in order."),
    ),
    Rule(
        "KB105",
        Text("每段文字都在", "Every text is there"),
        Text(
            "一段文字至少要有一种语言（zh 或 en）；组合与服务商的状态码两种都要。条目只有一种语言时会照收并注明，见 KB704。",
            "A text is there in one language at least (zh or en); combinations and providers' codes need both. An entry in one"
            " language is taken and marked, see KB704.",
        ),
    ),
    Rule(
        "KB106",
        Text("文字写在单引号或 | 块里", "Text in single quotes or a | block"),
        Text(
            "不加引号时，# 会截断文字，冒号会报错，no 和 5.10 在别的工具里不再是文字。kb fmt 会加上引号。",
            "Without quotes a # cuts the text, a colon breaks it, and no or 5.10 are no text to other tools. kb fmt adds them.",
        ),
        "    retry: later",
        "    retry: 'later'",
    ),
    Rule(
        "KB107",
        Text("没有锚点、别名和标签", "No anchors, aliases or tags"),
        Text(
            "条目要能单独读懂、单独移动；标签还可能执行代码。把文字写全。",
            "An entry is to be read and moved by itself, and tags can run code. Write the text out.",
        ),
        "    stage: &s 'auth'",
        "    stage: 'auth'",
    ),
    Rule(
        "KB108",
        Text("必需的键都在", "The required keys are there"),
        Text("docs/entry-format.md 标明了哪些必需。", "docs/entry-format.md says which are required."),
    ),
    Rule(
        "KB109",
        Text("词表里的词", "Words of the vocabulary"),
        Text(
            "reason、stage、side、emitters、retry 和 fixes 的 for 都取自封闭的词表（docs/entry-format.md）。"
            "确实缺一个程序时，在 kb/catalog/vocabulary.py 加一行。",
            "reason, stage, side, emitters, retry and the for of fixes come from closed lists (docs/entry-format.md). If a"
            " program is really missing, add a line to kb/catalog/vocabulary.py.",
        ),
    ),
    Rule(
        "KB110",
        Text("值的形状对", "Values of the right shape"),
        Text(
            "列表处是列表，文字处是文字，不为空。每个条目至少要有一个原因、一个改法、一个示例和一个出处。",
            "A list where a list belongs, text where text does, and not empty. Each entry has at least one cause, one fix, one"
            " example and one source.",
        ),
        "    emitters: 'postfix'",
        "    emitters: ['postfix']",
    ),
    Rule(
        "KB111",
        Text("id 是 <阶段>-<现象>", "An id is <stage>-<symptom>"),
        Text(
            "小写字母、数字和连字符，以自己的 stage 开头，不以 -error 结尾。id 是网址的一部分，发布后不再变。",
            "Lower case, digits and hyphens, beginning with its own stage, not ending in -error. It is part of an address and"
            " never changes once it is published.",
        ),
    ),
    Rule(
        "KB112",
        Text("没有过长的文字", "No text is too long"),
        Text(
            "读的人正着急：解释三五句就够，长的内容写成文章，示例只留说明问题的几行。",
            "The reader is in a hurry: a few sentences will do. What is long belongs in an article; of an example keep the lines"
            " that tell.",
        ),
    ),
    Rule(
        "KB113",
        Text("一份清单里没有重复的项", "A list names nothing twice"),
        Text(
            "emitters、codes、examples、aliases、sources 等清单里，同一项只写一次。删去重复的那一项。",
            "Each program, code, example, alias or source stands in its list once. Remove the repetition.",
        ),
        "    emitters: ['postfix', 'postfix']",
        "    emitters: ['postfix']",
    ),
    Rule(
        "KB114",
        Text("出处查得到", "A source can be looked up"),
        Text(
            "标准及章节、源码文件、文档的网址（https://），或实际运行的程序与版本。",
            "A standard with its section, a source file, the address of a page (https://), or the program and version"
            " that was run.",
        ),
        "    sources: ['http://www.example.com/']",
        "    sources: ['https://www.example.com/']",
    ),
)
