"""What the pages say around the content, in both languages."""

from __future__ import annotations

from kb.text import Text

STRINGS = {
    "site": Text("SMTP 报错知识库", "SMTP error knowledge base"),
    "site_short": Text("SMTP 报错", "SMTP errors"),
    "tagline": Text(
        "邮件发不出去？贴上报错，马上知道是谁说的、为什么、怎么改。",
        "Mail not going out? Paste the error: who said it, why, and what to change.",
    ),
    "paste_label": Text("粘贴报错、日志、退信或 SMTP 会话", "Paste an error, a log, a bounce or an SMTP session"),
    "paste_hint": Text(
        "整行日志、异常堆栈、完整退信都可以；不必自己挑出关键的一句。密码会在回显前抹去，粘贴的内容不保存、不记录。",
        "Whole log lines, stack traces and bounces are fine; no need to pick the line that matters."
        " Passwords are blanked out before anything is shown; what you paste is neither stored nor logged.",
    ),
    "explain": Text("解释这段报错", "Explain it"),
    "try": Text("例如（点开就是解答）", "For example (each opens its answer)"),
    "no_text": Text("没有报错可贴？", "No error to paste?"),
    "where_text": Text("报错原文在哪里找：", "Where to find the text of the error: "),
    "search": Text("搜索", "Search"),
    "search_label": Text("搜索条目、文章、配置项或状态码", "Search entries, articles, settings or codes"),
    "results": Text("搜索", "Search"),
    "no_results": Text(
        "没有找到。换一个词试试；如果这是报错，把它连同前后几行贴在下面。",
        "Nothing found. Try another word; if this is an error, paste it with the lines around it below.",
    ),
    "browse_instead": Text("也可以从头翻：", "Or look through:"),
    "meant": Text("你要找的也许是", "Perhaps you meant"),
    "nothing_searched": Text("在上面的搜索框里输入要找的词。", "Type what you look for into the box for searching."),
    "without_filters": Text("去掉筛选再搜", "Search without the filters"),
    "search_answer": Text("你搜的就是一条报错", "What you typed is an error; here is what it means"),
    "searched_for": Text("没有原样的结果，下面是这个词的结果：", "Nothing is spelt like that. Results for:"),
    "completions": Text("配置项与状态码", "Settings and codes"),
    "narrow": Text("缩小范围", "Narrow down"),
    "apply": Text("应用", "Apply"),
    "filter_kind": Text("类型", "Kind"),
    "filter_product": Text("产品", "Product"),
    "filter_reason": Text("原因", "Reason"),
    "filter_stage": Text("阶段", "Stage"),
    "filter_in": Text("语言", "Language"),
    "filter_all": Text("全部", "all"),
    "errors": Text("全部报错", "All errors"),
    "articles": Text("文章", "Articles"),
    "codes": Text("状态码", "Codes"),
    "api": Text("接口", "API"),
    "skip": Text("跳到正文", "Skip to content"),
    "nav": Text("主导航", "Main"),
    "menu": Text("菜单", "Menu"),
    "other_language": Text("English", "中文"),
    "said_by": Text("谁说的", "Who said it"),
    "stage": Text("出在哪一步", "Stage"),
    "matched": Text("依据的文字", "What it stands on"),
    "causes": Text("为什么", "Why"),
    "fixes": Text("怎么改", "What to change"),
    "verify": Text("如何验证", "How to verify"),
    "retry": Text("要不要重试", "Retry?"),
    "sources": Text("依据", "Sources"),
    "related": Text("相关文章", "Related articles"),
    "related_errors": Text("相关报错", "Errors explained here"),
    "examples": Text("这样的报错", "Looks like this"),
    "your_text": Text("你粘贴的内容", "What you pasted"),
    "also_here": Text("这段文字里的其他报错", "Other errors in this text"),
    "no_answer": Text("这段文字我们没有把握解释", "No answer that we are sure of"),
    "no_answer_why": Text(
        "我们宁可不答，也不误导你。请把报错前后的几行，或者整封退信，一起贴上来。",
        "A wrong answer would cost you more than none. Paste the lines around the error too, or the whole bounce.",
    ),
    "not_mail": Text(
        "这里面没有认出和发信有关的内容。本站只解释收发邮件（SMTP）的报错；如果它和邮件有关，请把前后几行一起贴上来。",
        "Nothing in it was recognised as being about mail. This site explains errors of sending mail (SMTP) only; if this is"
        " one, paste the lines around it too.",
    ),
    "no_error": Text("这段文字里没有看到报错", "Nothing here says that something went wrong"),
    "no_error_why": Text(
        "看起来只有正常的连接、投递或问候记录。请把报错前后的几行一起贴上来。",
        "It looks like ordinary connections, deliveries or greetings. Paste the lines around the failure too.",
    ),
    "empty": Text("还没有粘贴任何内容。", "Nothing was pasted yet."),
    "nearest": Text("识别出的内容与相近条目", "What was recognised, and the nearest entries"),
    "recipients": Text("各收件人的结果", "What each recipient got"),
    "registered": Text("标准中登记的含义", "Registered meaning"),
    "derived": Text(
        "这个状态码没有登记；含义由它所属的类别推出。",
        "This code is not registered; its meaning is derived from its class.",
    ),
    "standard": Text("标准", "Standard"),
    "codes_lead": Text(
        "点码看含义；右边的数字是提到它的条目数。",
        "Each code leads to its meaning; the number on the right says how many entries mention it.",
    ),
    "reply_codes": Text("回复码", "Reply codes"),
    "status_codes": Text("增强状态码", "Enhanced status codes"),
    "provider_codes": Text("服务商自己的码", "Codes of a provider"),
    "provider_meanings": Text("各服务商的含义", "What providers mean by it"),
    "full_answer": Text("完整的解答", "The full answer"),
    "in_your_text": Text("你贴的文字里", "In your text"),
    "updated": Text("更新于", "Updated"),
    "not_translated": Text(
        "这篇文章还没有中文版，下面是英文。", "This article has not been translated yet; below is the Chinese text."
    ),
    "entry_not_translated": Text(
        "这一条还没有全部译成中文，缺的部分显示英文。",
        "Not everything here has been translated yet; what is missing is shown in Chinese.",
    ),
    "copy": Text("复制", "Copy"),
    "copy_new": Text("复制新行", "Copy the new lines"),
    "copied": Text("已复制", "Copied"),
    "home": Text("首页", "Front page"),
    "count": Text("条报错，中英文对照，每条注明依据", "errors, each with its sources, in Chinese and English"),
    "diagnose": Text("诊断两边的配置", "Diagnose both sides' settings"),
    "diagnose_nav": Text("诊断配置", "Diagnose settings"),
    "diagnose_lead": Text(
        "贴上发信方和服务器的配置，看它们合不合得来：卡在哪一步、会报什么、哪边改哪一行。",
        "Paste the settings of the sending program and of the server: whether they fit, where it ends, what to change where.",
    ),
    "paste_client": Text("发信程序的配置", "Settings of the sending program"),
    "paste_client_such": Text(
        "Mailpit、Grafana、Gitea、GitLab、Nextcloud 等的环境变量、配置文件、compose 或代码",
        "Mailpit, Grafana, Gitea, GitLab, Nextcloud and others: variables, files, compose or code",
    ),
    "paste_server": Text("邮件服务器的配置", "Settings of the mail server"),
    "paste_server_such": Text(
        "Postfix：main.cf、master.cf，或 postconf -n 的输出；Mailpit、docker-mailserver：环境变量",
        "Postfix: main.cf, master.cf, or what postconf -n prints; Mailpit, docker-mailserver: variables",
    ),
    "paste_error": Text("报错", "The error"),
    "paste_error_such": Text("可不填", "optional"),
    "diagnose_button": Text("开始诊断", "Diagnose"),
    "diagnose_hint": Text(
        "只有一边也可以。密码会在显示前抹去，粘贴的内容不保存、不记录。几个文件可以接着贴，用“==> 文件名 <==”一行隔开。",
        "One side alone is fine. Passwords are blanked out before anything is shown; nothing is stored or logged."
        " Several files go one after the other, with a line ==> name <== between them.",
    ),
    "diagnose_again": Text("改一改再试", "Change it and try again"),
    "nothing_recognised": Text("没有认出任何邮件配置", "No mail configuration was recognised"),
    "outcome_works": Text("可以发出", "It works"),
    "outcome_works_title": Text("这样配合可以发出邮件", "With these settings the mail goes through"),
    "outcome_depends": Text("要看情况", "It depends"),
    "outcome_depends_title": Text("结果取决于没有给出的设置", "It depends on settings that were not given"),
    "not_known": Text("不知道", "not known"),
    "more_cases": Text("另有情况数：", "More such cases: "),
    "outcome_open": Text("还要看别的设置", "Further settings decide"),
    "otherwise": Text("其余情况", "In the other cases"),
    "client_prints": Text("客户端会报：", "The client prints:"),
    "server_logs": Text("服务器日志里会有：", "The server logs:"),
    "about_error": Text("关于这个报错", "More about this error"),
    "needs": Text("前提：", "Needs: "),
    "diagnose_fixes": Text("怎么改（最安全的在前）", "What to change, safest first"),
    "diagnose_hidden": Text("改好之后还会遇到", "After that you would meet"),
    "diagnose_findings": Text("配置里要留意的", "To look at in the configuration"),
    "diagnose_remarks": Text("安全提醒", "Security"),
    "diagnose_questions": Text("还需要知道", "Still to be known"),
    "diagnose_facts": Text("我们读出来的设置", "What we read from the settings"),
    "diagnose_assumed": Text("没有写明、按常见情况算的", "Not said, and taken as usual"),
}

KIND_NAMES = {
    "entry": Text("报错", "error"),
    "article": Text("文章", "article"),
    "code": Text("状态码", "code"),
}
LANGUAGE_NAMES = {"zh": Text("中文", "Chinese"), "en": Text("英文", "English")}

# What `curl` of the front page prints.
USAGE = Text(
    """\
SMTP 报错知识库：{count} 条报错，每条注明依据，中英文对照。

  解释报错、日志、退信或会话：
    curl -d '554 5.7.1 Relay access denied' {base}/
    curl --data-binary @mail.log {base}/
  查看条目（也可加 .txt .md .json）：
    curl {base}/e/auth-unencrypted-connection
  查看状态码：
    curl {base}/c/5.7.1
  搜索：
    curl '{base}/api/v1/search?q=relay'
  要英文：加 ?lang=en，或 -H 'Accept-Language: en'
  要 JSON：-H 'Accept: application/json'

接口说明：{base}/zh/api/
机器可读：{base}/openapi.json、{base}/llms.txt
发来的内容不保存、不记录；密码在回显前抹去，但最好别发。
""",
    """\
SMTP error knowledge base: {count} errors, each with its sources, in Chinese and English.

  Explain an error, a log, a bounce or a session:
    curl -d '554 5.7.1 Relay access denied' {base}/
    curl --data-binary @mail.log {base}/
  Read an entry (.txt .md .json may follow):
    curl {base}/e/auth-unencrypted-connection
  Read what a code means:
    curl {base}/c/5.7.1
  Search:
    curl '{base}/api/v1/search?q=relay'
  In Chinese: ?lang=zh, or -H 'Accept-Language: zh'
  As JSON: -H 'Accept: application/json'

The API: {base}/en/api/
For machines: {base}/openapi.json, {base}/llms.txt
What you send is neither stored nor logged; passwords are blanked before anything is shown, but better not sent.
""",
)

# The head of llms.txt; the list of articles follows.
LLMS = Text(
    """\
# SMTP 报错知识库

> 从一段 SMTP 报错、日志、退信或两边的配置，到它的含义、谁说的、原因、怎么改、怎么验证。{count} 条报错，每条注明依据，中英文对照。

没有把握时不作答（answered 为 false），只给出状态码的含义和相近的条目。发来的内容不保存、不记录；请仍先去掉密码。

- 解释一段文字：POST 到 {base}/api/v1/lookup?lang=zh（text/plain 或 JSON 的 text 字段），得到 JSON；POST 到 {base}/ 得到纯文本
- 由配置判断能否发出：POST {base}/api/v1/diagnose，JSON 的 files 字段（文件名到内容）
- 搜索：GET {base}/api/v1/search?lang=zh&q=…
- 条目与状态码：{base}/e/条目.md、{base}/c/5.7.1.md；页面地址加 .md、.txt 或 .json 得到相应的形式

## 接口

- [接口说明]({base}/zh/api/)：全部接口、字段与稳定性承诺
- [OpenAPI 3.1]({base}/openapi.json)：机器可读的同一份说明
- [全部条目]({base}/api/v1/errors?lang=zh)：id、标题、原因、阶段
- [全部内容]({base}/catalog.json)：中英文，一个文件，约 3.5 MB
- [llms-full.txt]({base}/llms-full.txt?lang=zh)：所有文章全文与条目清单

## 文章

""",
    """\
# SMTP error knowledge base

> From an SMTP error, a log, a bounce or both sides' settings to what it means, who said it, why, what to change and how to \
verify. {count} errors, each with its sources, in Chinese and English.

Without confidence there is no answer (`answered` is false), only the meaning of the codes and the nearest entries. What you \
send is neither stored nor logged; leave passwords out all the same.

- Explain a text: POST it to {base}/api/v1/lookup (text/plain, or JSON with a field text) for JSON, to {base}/ for plain text
- Tell from settings whether mail goes through: POST {base}/api/v1/diagnose, JSON with files (name to content)
- Search: GET {base}/api/v1/search?q=…
- Entries and codes: {base}/e/ID.md, {base}/c/5.7.1.md; .md, .txt or .json after the address of a page gives that form

## API

- [Reference]({base}/en/api/): every operation and field, and what stays
- [OpenAPI 3.1]({base}/openapi.json): the same for machines
- [All entries]({base}/api/v1/errors): id, title, reason, stage
- [Everything]({base}/catalog.json): both languages in one file, some 3.5 MB
- [llms-full.txt]({base}/llms-full.txt): all articles in full and the list of entries

## Articles

""",
)
