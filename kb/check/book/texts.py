"""KB4xx to KB7xx: wording, combinations, the providers' codes, the two languages."""

from __future__ import annotations

from kb.check.book.model import Rule
from kb.text import Text

TEXTS = (
    Rule(
        "KB401",
        Text("中文用全角标点，英文用半角", "Full-width punctuation in Chinese, half-width in English"),
        Text("反引号里的代码不算。", "Code in backticks does not count."),
        "第一句,第二句。",
        "第一句，第二句。",
    ),
    Rule(
        "KB402",
        Text("中文与西文之间有空格", "A space between Chinese and Latin"),
        Text("数字和反引号里的代码也算西文。", "Digits and code in backticks count as Latin."),
        "启用TLS",
        "启用 TLS",
    ),
    Rule(
        "KB403",
        Text("文字用的是它的语言", "A text is in its language"),
        Text(
            "zh 下写中文，en 下写英文。只会一种语言就只写那一种，不要把同一段文字填进两处。反引号里的代码不算。",
            "Chinese under zh, English under en. Whoever knows one of them writes that one alone, not the same text in both"
            " places. Code in backticks does not count.",
        ),
        "zh: 'Log in before you send the message'",
        "zh: '先登录再发信'",
    ),
    Rule(
        "KB501",
        Text("组合的事实和取值存在", "Facts and values of a combination exist"),
        Text("见 kb/config/facts.py 和 world.py。", "kb/config/facts.py and world.py have them."),
    ),
    Rule("KB502", Text("leads_to 是条目", "leads_to is an entry"), Text("写条目的 id。", "Write the id of an entry.")),
    Rule(
        "KB503",
        Text("texts 的键是已知的实现", "The keys of texts are known implementations"),
        Text("见 kb/config/libraries.py。", "kb/config/libraries.py has them."),
    ),
    Rule(
        "KB504",
        Text("一个阶段里只有一个组合成立", "Of the combinations of a stage only one applies"),
        Text("让 when 的条件互斥。", "Make their conditions exclude one another."),
    ),
    Rule(
        "KB505",
        Text("组合预言的文字得到同一个原因", "What a combination predicts gets the same reason"),
        Text(
            "客户端打印的文字贴进来，要得到 leads_to 那个条目的 reason。",
            "What the client prints, pasted, gets the reason of the entry that leads_to names.",
        ),
    ),
    Rule(
        "KB601",
        Text("服务商的表格式正确", "A provider's table is well formed"),
        Text("见 kb/providers/ 里现有的表。", "See the tables in kb/providers/."),
    ),
    Rule(
        "KB602",
        Text("一个状态码在表里只出现一次", "A code stands in a table once"),
        Text("同一个码有多种意思时，写在一行里。", "If a code has several meanings, say so in one row."),
    ),
    Rule(
        "KB603",
        Text("表里的 entry 是条目", "The entry of a row exists"),
        Text("写条目的 id。", "Write the id of an entry."),
    ),
    Rule(
        "KB604",
        Text("有 entry 就不写 reason", "With an entry there is no reason"),
        Text("reason 以条目为准，只写一处。", "The reason is the entry's and stands in one place."),
    ),
    Rule(
        "KB605",
        Text("条目的 codes 与服务商的表一致", "The codes of an entry agree with the provider's table"),
        Text("让表里的那一行用 entry 指向本条目。", "Have the row of the table name the entry."),
    ),
    Rule(
        "KB701",
        Text("两种语言的元数据一致", "The front matter of both languages agrees"),
        Text(
            "tags、errors、source 相同；source 是两者之一；只有译文带 translated_from。",
            "tags, errors and source are the same; source is one of the two; only the translation has translated_from.",
        ),
    ),
    Rule(
        "KB702",
        Text("两种语言的标题层次和锚点一致", "Both languages have the same headings and anchors"),
        Text("文字可以不同，层次、顺序和 {#id} 相同。", "The words differ; levels, order and {#id} do not."),
    ),
    Rule(
        "KB703",
        Text("两种语言的代码一致", "Both languages have the same code"),
        Text("代码块逐行相同，注释除外。", "Code blocks are the same line by line, but for comments."),
    ),
    Rule(
        "KB704",
        Text("只有一种语言（提示）", "In one language only (a note)"),
        Text(
            "照收不误：页面、接口和命令行会显示现有的语言并注明。会两种语言的人用 kb i18n status 找到它并补上。",
            "Welcome as it is: pages, the API and the command line show the language there is, and say so. Whoever knows both"
            " finds it with kb i18n status and adds the other half.",
        ),
    ),
    Rule(
        "KB705",
        Text("译文比原文旧（警告）", "A translation is older than its source (a warning)"),
        Text(
            "原文的这些小节在核对之后改过。更新译文，再运行 kb i18n stamp SLUG。只改链接、换行和空格不算。",
            "These parts of the source have changed since the two were compared. Bring the translation up to date and run"
            " kb i18n stamp SLUG. Changes of links, line breaks and spaces alone do not count.",
        ),
    ),
    Rule(
        "KB706",
        Text("译文没有标明译自哪一版（提示）", "A translation does not say what it was made from (a note)"),
        Text("核对之后运行 kb i18n stamp SLUG。", "Compare the two, then run kb i18n stamp SLUG."),
    ),
    Rule(
        "KB707",
        Text(
            "一段文字只改了一种语言（提示，仅 --base）", "A text was changed in one language only (a note, with --base)"
        ),
        Text(
            "可能忘了另一种；若只是修正措辞，不必理会。",
            "Perhaps the other was forgotten; if only the wording was mended, never mind.",
        ),
    ),
    Rule(
        "KB801",
        Text("密码只交给验证过的服务器", "A password goes to a server that was verified"),
        Text(
            "swaks 默认不看证书，密码会交给任何冒充服务器的人；自签名的服务器另加 --tls-ca-path，指明它的 CA。"
            "smtp_sasl_password_maps 旁边的 may、encrypt 也不看证书：写 secure 和 smtp_tls_CAfile。",
            "By itself swaks does not look at the certificate, so the password goes to whoever answers; for a private CA name it"
            " with --tls-ca-path. Nor do may and encrypt next to smtp_sasl_password_maps: write secure, and smtp_tls_CAfile.",
        ),
        "    run: ['swaks --server HOST:587 --tls --auth-user USER --quit-after AUTH']",
        "    run: ['swaks --server HOST:587 --tls --tls-verify --auth-user USER --quit-after AUTH']",
    ),
    Rule(
        "KB802",
        Text("要生成的表有生成的命令", "A table that is built has the command that builds it"),
        Text(
            "Postfix 读的是 postmap 生成的索引。只设 hash: 而没有索引，用到它的邮件都会被推迟。",
            "Postfix reads the index that postmap makes. With a hash: table and no index, all mail that needs it is deferred.",
        ),
        "        set: ['transport_maps = hash:/etc/postfix/transport']",
        "        set: ['transport_maps = hash:/etc/postfix/transport', 'postmap hash:/etc/postfix/transport']",
    ),
    Rule(
        "KB803",
        Text("later 是会自动重试的", "later is what is tried again by itself"),
        Text(
            "retry 写 later，页面会说“通常会自动重试”，而 5yz 是退信，要由人重发。写 after-fix 或 never，或补上 4yz 的示例。",
            "With later the page says that mail servers retry by themselves, but 5yz is returned and has to be sent again. Write"
            " after-fix or never, or add an example with 4yz.",
        ),
        "    retry: 'later'",
        "    retry: 'after-fix'",
    ),
    Rule(
        "KB804",
        Text("密码不写在命令行上", "No password on a command line"),
        Text(
            "命令行的参数，同一台机器上的人用 ps 都看得到，还会留在 shell 的历史里。"
            "去掉密码，swaks、curl -u、sendEmail、doveadm 会提问。",
            "Everybody on the machine sees arguments with ps, and the shell keeps them in its history. Leave the password out:"
            " swaks, curl -u, sendEmail and doveadm ask for it.",
        ),
        "    run: ['swaks --server HOST:587 --tls --tls-verify --auth-user USER --auth-password secret']",
        "    run: ['swaks --server HOST:587 --tls --tls-verify --auth-user USER --protect-prompt']",
    ),
    Rule(
        "KB805",
        Text("限速的 transport 在 master.cf 里有", "A transport with limits is in master.cf"),
        Text(
            "NAME_destination_… 只对 master.cf 里叫 NAME 的服务起作用。没有这个服务，设置什么也不做，指向它的邮件还会被推迟。",
            "NAME_destination_… holds for the service NAME of master.cf. Without that service the setting does nothing, and mail"
            " that is routed to it is deferred.",
        ),
        "        set: ['slow_destination_rate_delay = 2s']",
        "        set: ['slow unix - - y - - smtp', 'slow_destination_rate_delay = 2s']",
    ),
    Rule(
        "KB806",
        Text("死掉的进程要重启，不是重载", "What died is restarted, not reloaded"),
        Text(
            "进程一启动就退出时，master 停一分钟再试（service_throttle_time），"
            "postfix reload 不会结束这段停顿。照着做的人会以为没有修好。",
            "When a process dies as it starts, master pauses for a minute (service_throttle_time), and postfix reload does not"
            " end that. Whoever follows the advice believes that it did not help.",
        ),
        "        set: ['smtpd_sasl_path = private/auth', 'postfix reload']",
        "        set: ['smtpd_sasl_path = private/auth', 'systemctl restart postfix']",
    ),
    Rule(
        "KB807",
        Text("改了设置要让它生效", "A changed setting is loaded"),
        Text(
            "Dovecot、Exim 的守护进程和 Postfix 的 master、qmgr 一直用启动时读到的设置。"
            "只改文件，接着重试还是老结果，人会以为没有修好。",
            "Dovecot, the daemon of Exim, and master and qmgr of Postfix go on with what they read at their start. Whoever only"
            " edits the file and tries again gets the old result and believes that it did not help.",
        ),
        "        set: ['auth_verbose = yes', 'doveadm auth test USER']",
        "        set: ['auth_verbose = yes', 'doveadm reload', 'doveadm auth test USER']",
    ),
)
