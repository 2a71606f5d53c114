"""KB2xx and KB3xx: matching, ids, links and articles."""

from __future__ import annotations

from kb.check.book.model import Rule
from kb.text import Text

CONTENT = (
    Rule(
        "KB201",
        Text("每个示例都得到答案", "Every example gets an answer"),
        Text(
            "没有模式匹配这个示例，或匹配的文字太少，不够有把握。kb test '示例' 会说明为什么。",
            "No pattern matches the example, or too little of it to be sure. kb test 'EXAMPLE' says why.",
        ),
    ),
    Rule(
        "KB202",
        Text("示例得到自己的条目", "An example gets its own entry"),
        Text(
            "另一个条目的模式更具体，抢走了示例；也可能是新模式抢走了别人的。让该赢的模式多含几个字，或并入那个条目。"
            "kb test '示例' 会列出双方的得分。",
            "A pattern of another entry is more specific and takes the example, or a new pattern takes somebody else's. Give the"
            " one that should win more words, or put the wording into the other entry. kb test 'EXAMPLE' lists the scores.",
        ),
    ),
    Rule(
        "KB203",
        Text("反例不得到本条目", "A counter-example does not get the entry"),
        Text(
            "not_examples 是容易混淆、却属于别处的文字。让模式更具体。",
            "not_examples are texts that look alike and belong elsewhere. Make the pattern more specific.",
        ),
    ),
    Rule(
        "KB204",
        Text("没有两个相同的模式", "No two patterns are the same"),
        Text(
            "大小写、引号和空白不算区别。同一种说法只能有一个主人。",
            "Case, quotes and white space make no difference. A wording has one owner.",
        ),
    ),
    Rule(
        "KB205",
        Text("模式能用", "A pattern can be used"),
        Text(
            "至少 6 个字节连续的固定文字、一个完整的单词、已知的占位符、成对的花括号；"
            "re: 之后是 RE2 语法（没有前瞻和反向引用）。",
            "At least 6 bytes of literal text in one run, one whole word, known placeholders, braces in pairs; after re: RE2's"
            " syntax (no look-around, no back-references).",
        ),
        "- '{any} denied'",
        "- 'relay access denied'",
    ),
    Rule(
        "KB206",
        Text("条目查得到", "An entry can be found"),
        Text("要有 match 或 codes。", "It has match or codes."),
    ),
    Rule(
        "KB207",
        Text("没有并列", "No ties"),
        Text(
            "文件里的先后从不决定结果，所以最好的两个条目不能同分。让其中一个更具体。",
            "The order of the file never decides, so the best two entries must not have the same points. Make one more specific.",
        ),
    ),
    Rule(
        "KB208",
        Text("正常的日志得不到答案", "Ordinary log lines get no answer"),
        Text(
            "tests/cases/benign.txt 里是没有出错的行。模式太泛就会撞上。",
            "tests/cases/benign.txt has lines in which nothing is wrong. A pattern that hits one is too loose.",
        ),
    ),
    Rule(
        "KB209",
        Text("命令里的值写法正确", "Places for values are well formed"),
        Text(
            "写法是 {value:名字|没有值时的写法}，名字见 kb/values/names.py。",
            "Written {value:name|what stands without it}; kb/values/names.py has the names.",
        ),
    ),
    Rule(
        "KB210",
        Text("值只放在命令里", "Values stand in commands only"),
        Text(
            "只有 set 和 run 里的命令会填入用户文字里的值，正文不填。",
            "Only the commands of set and run take values of the pasted text; prose does not.",
        ),
    ),
    Rule(
        "KB211",
        Text("模式不过大", "A pattern is not too big"),
        Text(
            "过长的模式谁也匹配不上，展开后太大的会拖慢所有查询。只留说明问题的几个词，其余用占位符。",
            "A very long pattern matches nothing, and one that unfolds too far slows every lookup. Keep the words that tell and"
            " use placeholders for the rest.",
        ),
    ),
    Rule(
        "KB212",
        Text("模式不泛", "A pattern is not everybody's"),
        Text(
            "一个模式若匹配到 20 个以上别的条目（原因不同）的示例，就认不出这个报错。加上只有它才有的词。",
            "One that matches the examples of more than 20 other entries, with other reasons, does not tell this error from"
            " others. Add words that only this one has.",
        ),
        "- 'rejected'",
        "- 'client host rejected: table broken'",
    ),
    Rule(
        "KB213",
        Text("示例里没有别人，也没有机密（警告）", "An example names nobody and holds no secret (a warning)"),
        Text(
            "人人都会读到它。地址换成 user@example.com，主机换成 mx.example.net，IP 换成 192.0.2.10，AUTH 后面的 base64 删去。",
            "Everybody reads it. Write user@example.com, mx.example.net and 192.0.2.10 for what was there, and take out the"
            " base64 after AUTH.",
        ),
    ),
    Rule(
        "KB301",
        Text("articles 里的文章存在", "The articles of an entry exist"),
        Text("写 slug，不带语言和 .md。", "Write the slug, without language and .md."),
    ),
    Rule(
        "KB302",
        Text("文章里的条目存在", "The entries of an article exist"),
        Text(
            "元数据的 errors 和 /zh/errors/… 形式的链接都要指向现有的 id。",
            "The errors of the front matter, and links such as /en/errors/…, name ids that exist.",
        ),
    ),
    Rule(
        "KB303",
        Text("发布过的 id 不消失", "A published id does not vanish"),
        Text(
            "改名或合并时，把旧 id 写进继任条目的 aliases，旧网址会转过去。",
            "When an entry is renamed or merged, add its old id to the aliases of the entry that takes its place; the old"
            " address then leads there.",
        ),
    ),
    Rule(
        "KB304",
        Text("别名只属于一个条目", "An alias belongs to one entry"),
        Text("别名不能是另一个条目的 id 或别名。", "It is no other entry's id or alias."),
    ),
    Rule(
        "KB305",
        Text("id 清单是最新的", "The list of ids is current"),
        Text("运行 kb schema --write。", "Run kb schema --write."),
    ),
    Rule(
        "KB311",
        Text("没有会被删掉的 HTML", "No HTML that would be removed"),
        Text(
            "页面只保留少数元素；<host> 这样的占位符要写进反引号，图片和一级标题不用。",
            "Pages keep a few elements only; a placeholder such as <host> goes in backticks, images and level 1 headings are not"
            " used.",
        ),
        "发给 <host>",
        "发给 `<host>`",
    ),
    Rule(
        "KB312",
        Text("代码有结尾", "Code has an end"),
        Text("代码块补上结尾的 ```，行内代码补上另一个反引号。", "Add the closing ```, or the other backtick."),
    ),
    Rule(
        "KB313",
        Text("列表内缩进 4 个空格", "Four spaces inside a list"),
        Text(
            "缩进 2 或 3 个空格时，GitHub 上的预览与页面不同。",
            "With two or three, the preview on GitHub and the page differ.",
        ),
    ),
    Rule(
        "KB314",
        Text("列表和表格前有空行", "A blank line before a list or table"),
        Text("否则它会并入上一段。", "Otherwise it becomes part of the paragraph."),
    ),
    Rule(
        "KB315",
        Text("链接只用 http、https、mailto 和站内地址", "Links are http, https, mailto or of this site"),
        Text("javascript:、data: 等会被删掉。", "javascript:, data: and the like would be removed."),
    ),
    Rule(
        "KB316",
        Text("文章有四个小节，按顺序", "An article has its four sections, in order"),
        Text(
            "## 现象 {#symptom}、## 原因 {#cause}、## 处理 {#fix}、## 验证 {#verify}；之间可以有别的小节。",
            "## Symptom {#symptom}, ## Cause {#cause}, ## Fix {#fix}, ## Verify {#verify}; others may stand between.",
        ),
    ),
    Rule(
        "KB317",
        Text("每个二级标题有自己的锚点", "Each level 2 heading has an anchor of its own"),
        Text(
            "写成 {#id}，两种语言相同，切换语言时停在原处。",
            "As {#id}, the same in both languages, so that switching keeps the place.",
        ),
    ),
    Rule(
        "KB318",
        Text("文章之间的链接有效", "Links between articles lead somewhere"),
        Text(
            "链接写成 (slug.zh.md#锚点)，指向同一语言的文章和其中存在的锚点。",
            "Written (slug.en.md#anchor), to an article in the same language and an anchor that it has.",
        ),
    ),
    Rule(
        "KB319",
        Text("没有留下待写的占位文字", "Nothing is left to be written"),
        Text(
            "kb new article 在每一节留了一行提示：写完后删去。",
            "kb new article leaves a hint in each section: write the section, remove the hint.",
        ),
    ),
    Rule(
        "KB320",
        Text("文章的文件名是 <slug>.zh.md 或 <slug>.en.md", "An article is named <slug>.zh.md or <slug>.en.md"),
        Text(
            "slug 只含 a-z、0-9 和 -；articles/ 里不放别的文件。",
            "With a-z, 0-9 and - in the slug; nothing else lies in articles/.",
        ),
    ),
    Rule(
        "KB321",
        Text("文章以元数据开头", "An article begins with front matter"),
        Text(
            "两行 --- 之间的 title、summary、tags、errors、updated、source。kb new article 会写好。",
            "title, summary, tags, errors, updated and source between two lines of ---. kb new article writes them.",
        ),
    ),
    Rule(
        "KB322",
        Text("没有过长的段落", "No paragraph is too long"),
        Text(
            "一段不超过 4000 个字符、200 个标记，一篇不超过 100 个代码块和 100 个反引号外的 <。"
            "没人读得下去，渲染的时间也随之成倍增长。",
            "At most 4000 characters and 200 marks in a paragraph, 100 code blocks and 100 < outside backticks in a whole."
            " Nobody reads more, and the time to render it multiplies.",
        ),
    ),
    Rule(
        "KB323",
        Text("标题逐级下降", "Headings go down one level at a time"),
        Text(
            "## 之下是 ###，### 之下是 ####，不跳级。读屏软件和目录都按层级走。",
            "Below ## comes ###, below ### comes ####. Screen readers and outlines follow the levels.",
        ),
        "## 原因 {#cause}\n\n#### 细节",
        "## 原因 {#cause}\n\n### 细节",
    ),
    Rule(
        "KB324",
        Text("代码块只写语言，正文不写 HTML", "A code block names its language alone, and prose has no HTML"),
        Text(
            "``` 之后至多一个词（text、sh、ini 等）。正文用 Markdown；网页的标签只有 <br> 可用，别的照抄时放进反引号。",
            "At most one word after ```, such as text, sh or ini. Prose is Markdown: of the tags of a web page only <br> is used,"
            " any other goes in backticks.",
        ),
    ),
)
