"""What `kb --help` says: a line for each command in the list of commands, and everything else in Chinese.

The English of a command is its docstring, that of an option stands beside it. Lines of Chinese are broken by hand: the library
counts characters and not columns.
"""

from __future__ import annotations

from collections.abc import Mapping

from kb.text import Text

# Command -> its line; at most 64 columns.
SHORT: Mapping[str, Text] = {
    "check": Text("检查 errors.yaml 与文章，指出文件、行、列", "Check errors.yaml and the articles."),
    "classify": Text("给 JSON 行逐条加上原因和条目", "Add the reason and the entry to JSON Lines."),
    "diagnose": Text(
        "看两边的配置能不能发出邮件，不能就说改哪里", "Say whether mail goes through with both sides' settings."
    ),
    "diff": Text("两版目录对哪些文字的解答不同", "Say which texts two catalogues answer otherwise."),
    "eval": Text("用标注好的样本给解答打分", "Score answers against labelled rows."),
    "explain": Text("解释一段报错、日志或退信", "Explain an error, a log or a bounce."),
    "export": Text("把整个站点导出成静态文件", "Write the whole site as plain files."),
    "fmt": Text("把 errors.yaml 等整理成规定的格式", "Put errors.yaml and the like in canonical form."),
    "i18n": Text("中英两种文字缺了哪些、哪些过时了", "The two languages: what is missing or out of date."),
    "mcp": Text("供智能体通过 MCP 使用", "Serve the knowledge base to agents (MCP)."),
    "new": Text("新写一个条目或一篇文章", "Write a new entry or a new article."),
    "probe": Text("连上真实的邮件服务器，看邮件能否通过", "Ask a real mail server whether mail gets through it."),
    "report": Text(
        "统计整份邮件日志里的各类失败，附解决办法", "Count the failures in mail logs, with the fix for each."
    ),
    "schema": Text("输出、更新或检查生成的文件", "Print, write or check the generated files."),
    "search": Text("搜索条目、文章和状态码", "Search entries, articles and codes."),
    "serve": Text("启动网站与接口", "Serve the page and the API."),
    "test": Text("看一段文字命中了哪个模式，为什么", "Say which pattern matched a text, and why."),
    "watch": Text(
        "盯着邮件日志，每类新失败解释一次，然后计数", "Explain each new kind of failure in a log as it grows."
    ),
    "i18n stamp": Text("标记译文已与原文核对", "Mark translations as compared with their sources."),
    "i18n status": Text("列出缺译和过时的译文", "List what is missing or out of date."),
    "new article": Text("建一篇文章的中英两个文件", "Write an article's two files, zh and en."),
    "new error": Text("为一段报错写一个条目", "Write an entry for a pasted text."),
}

# What follows the line of a command in its own help.
MORE: Mapping[str, str] = {
    "check": "退出码：0 没有错误，1 有错误，2 用法不对。提示和警告不算错误。",
    "classify": "从标准输入读带 text 的 JSON 对象，按原来的顺序逐行输出。",
    "diagnose": "读 main.cf、.env、compose 等配置文件。\n退出码：0 发得出去，1 发不出去或要看情况，2 用法不对。",
    "diff": "HEAD 是含 errors.yaml 的文件夹（默认当前检出），BASE 是文件夹、提交或分支。\n退出码：0，或 2（有目录不能用）。",
    "eval": "样本是带 text 和 accept 的 JSON 行，或整封退信。",
    "explain": "退出码：0 有解答，1 没有解答，2 用法不对。",
    "export": "DIR 是新的、空的，或以前的导出（会被整个替换）。\n加 --lookup 之后，粘贴的内容由读者的浏览器解答；\n"
    "不加就要用 kb serve 或 kb explain。\n"
    "退出码：0；DIR 不能用，或 PYODIDE 不是所要的包时为 2。",
    "fmt": "不给 FILE 就整理全部。内容和注释不变；读不懂的文件不动。\n"
    "退出码：0 完成，1 有要改的（--check、--diff），2 有文件读不了。",
    "mcp": "走标准输入输出，需要 mcp 这个 extra。怎样接到客户端，见 docs/mcp.md。",
    "probe": "不会发出邮件。\n退出码：0 能通过，1 不能，2 用法不对，3 要看外面测不出来的设置。",
    "report": "可读普通文件、gzip、bzip2、xz、zstd，以及 journalctl -o json 和 -o export 的输出；\n- 是标准输入。\n"
    "退出码：0 完整，1 不完整（会说缺什么），2 什么都没读到。",
    "schema": "接口不再守约（kb/schema/api.txt）时，退出码也是 1。",
    "serve": "收到 SIGTERM：答完手上的请求再退出；SIGHUP：重新载入内容，不中断请求。\n退出码 2：没有起来，并说明原因。",
    "test": "给文字：看命中的模式、次选和理由；给条目的 id：看它每个例子的结果。\n"
    "退出码：0 有解答或例子都对，1 不是，2 用法不对。",
    "watch": "支持 Postfix、Exim、sendmail、Mailpit；FILE 轮转后接着读。\n"
    "不给 FILE 就读标准输入：journalctl -fu postfix | kb watch。Ctrl-C 结束并汇总。\n"
    "退出码：0 没有失败，1 有失败、都能解释，2 用法不对，3 有不认识的失败。",
    "i18n stamp": "把原文的指纹写进译文开头的 translated_from。",
    "i18n status": "有要做的，退出码为 1。",
    "new article": "只给一个标题，就只写一个文件。\n退出码：0 写好了，1 已有这篇文章，2 用法不对。",
    "new error": "写到 errors.yaml 里该在的位置，别处一个字节都不动。\n"
    "先给出这段文字目前的解答；选项没说的会问，能猜的给出建议。\n"
    "退出码：0 写好了，1 不合格或已有解答，2 用法不对。",
}

# Option -> its help; with the command before it where commands differ.
OPTIONS: Mapping[str, str] = {
    "--lang": "用哪种语言（默认随系统）。",
    "--json": "输出 JSON。",
    "--root": "含 errors.yaml（和 articles/）的文件夹。",
    "--limit": "最多几条结果。",
    "check --base": "只看自 REF（提交或分支）以来的改动及其影响。",
    "check --strict": "警告也算错误。",
    "check --rules": "列出全部规则。",
    "check --explain": "说明一条规则，以及违反时怎么改。",
    "classify --jsonl": "输入输出都是 JSON 行。",
    "diagnose --error": "这份配置给出的报错。",
    "diagnose --answer": "文件里没有的事实，如 starttls=offered。",
    "diff --markdown": "供评审页面使用的格式。",
    "eval --misses": "同时列出没答对的每一行。",
    "export --lookup": "npm 包 pyodide 的位置：node_modules/pyodide。",
    "fmt --check": "什么都不改；有要改的，退出码为 1。",
    "fmt --diff": "什么都不改，只显示会改什么。",
    "i18n stamp --all": "全部文章。",
    "new article --error": "文章解释的条目，可多次。",
    "new article --source": "先写哪种语言。",
    "--dry-run": "只显示会写什么，不写。",
    "new error --match": "模式，可多次。",
    "new error --fix-for": "办法是给谁的。",
    "new error --fix-set": "可复制的设置或命令，可多次。",
    "new error --example": "另一段真实的报错，可多次。",
    "new error --add-to": "把这种写法加到已有的条目里。",
    "new error --anyway": "已有条目能解答，也另写一条。",
    "new error --id": "<阶段>-<现象>。",
    "new error --emitter": "会报这个错的程序，可多次。",
    "new error --source": "依据：标准、源文件或实测。",
    "probe --client": "客户端的配置，同 kb diagnose。",
    "probe --user": "用这个用户名登录；密码会问，或取自 KB_PROBE_PASSWORD。",
    "probe --password-in-clear": "不加密也发密码，途中的人都能看到。",
    "probe --password-to-unverified": "服务器证书没有通过验证也发密码。",
    "probe --from": "用这个发件人去问（默认空）。",
    "probe --to": "问这个收件人收不收；不会发信。",
    "probe --ehlo": "EHLO 时报的名字（默认本机地址）。",
    "probe --tls": "端口怎样开始。",
    "probe --tls-versions": "逐个试各 TLS 版本，每个一次连接。",
    "probe --ca-file": "系统之外还信任的证书颁发机构。",
    "probe --timeout": "每一步最多几秒。",
    "report --json": "等于 --format json。",
    "report --jobs": "用几个进程统计。",
    "report --engine": "fast 需要同名的 extra，结果相同。",
    "report --scheduler": "在这个 Dask 集群上统计（extra：dask）。",
    "report --output": "写到文件。",
    "schema --write": "更新检出里的生成文件。",
    "schema --check": "生成文件过时就以 1 退出。",
    "serve --rate-limit": "每个地址每分钟几个请求；0 不限。",
    "serve --trusted-proxies": "前面有几个代理会写 X-Forwarded-For。",
    "serve --security-contact": "/.well-known/security.txt 里的联系地址。",
    "serve --host": "监听的地址。",
    "serve --port": "监听的端口。",
    "serve --workers": "工作进程数。",
    "serve --data-dir": "编译好的目录和索引放在哪里。",
    "serve --base-url": "对外的地址；别的主机名一律不答。",
    "serve --log-format": "每个请求一行日志。",
    "serve --metrics": "在 /metrics 提供 Prometheus 指标。",
    "serve --prepare": "备好目录和索引就退出，供做镜像用。",
    "serve --watch": "写作时用：保存即显示改动和问题。",
    "watch --once": "读完现有的就结束，不再等。",
    "watch --from-start": "从 FILE 的第一行读起。",
    "watch --every": "每隔几秒汇总一次。",
    "watch --json": "输出 JSON 行。",
    "watch --nagios": "配合 --once：一行结果和退出码，供 Nagios、Icinga。",
    "watch --warning": "配合 --nagios：多少次失败算警告。",
    "watch --critical": "配合 --nagios：多少次失败算严重。",
}
