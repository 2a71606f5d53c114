"""What the pages say: answers, browsing, the explorer, and what the script announces."""

from __future__ import annotations

from kb.text import Text

PAGE_STRINGS = {
    "preview": Text("预览", "Preview"),
    "preview_checking": Text("正在检查……", "checking …"),
    "now": Text("现在这样做", "Do this now"),
    "other_ways": Text("其他办法", "Other ways"),
    "you_use": Text("你用的是", "You use"),
    "everything": Text("全部", "All"),
    "as_form": Text("写法", "Written as"),
    "more_meaning": Text("细说", "In detail"),
    "seen_then": Text("这时会看到", "What is seen then"),
    "wait": Text(
        "这是暂时的拒绝：发信服务器会自动重试，通常不用动手。一直重试不成，再看下面的办法。",
        "This is a refusal for the time being: the sending server retries by itself, and usually nothing has to be done."
        " If it keeps failing, see below.",
    ),
    "dialogue": Text("SMTP 对话", "The SMTP dialogue"),
    "arrows": Text("→ 客户端先开口　← 服务器先开口", "→ the client begins  ← the server begins"),
    "opens_client": Text("客户端先开口", "the client begins"),
    "opens_server": Text("服务器先开口", "the server begins"),
    "stops_client": Text("客户端自己停在了这里", "the client stops here by itself"),
    "stops_server": Text("服务器在这里拒绝", "the server says no here"),
    "late": Text(
        "原因出在更早的一步（{}），服务器到这里才说。",
        "It is about an earlier step ({}); the server says so only here.",
    ),
    # postconf(5) smtpd_delay_reject; Sendmail cf/README delay_checks.
    "late_rcpt": Text(
        "许多服务器有意等到 RCPT TO 才拒绝（Postfix 默认如此：smtpd_delay_reject），这样日志里能看到收件人。",
        "Many servers wait with a refusal until RCPT TO (Postfix by default: smtpd_delay_reject), so that their log names"
        " the recipient.",
    ),
    "not_reached": Text("没有走到", "not reached"),
    "passed": Text("已通过", "passed"),
    "maybe": Text("如有，已过", "passed, if it was part of the session"),
    "first_of": Text("先解决这一个，其余的多半随之消失：", "Solve this one first; the rest mostly goes with it: "),
    "one_of": Text(
        "这里有几个不同的报错，先看这一个；还有：", "There are several errors here. This is the first; the rest: "
    ),
    "then": Text("由它引起的报错", "What follows from it"),
    "of_recipients": Text(
        "各收件人的结果不同，这里先解释其中一个；全部在后面：",
        "The recipients got different answers, and this explains one of them. All of them: ",
    ),
    "of_these": Text(
        "各收件人的结果不同，这里先解释 {} 的；全部在后面：",
        "The recipients got different answers; this explains what {} got. All of them: ",
    ),
    "of_all": Text("所有收件人都是这个结果：", "All recipients got this answer: "),
    "recognised": Text("认出了这些", "What we recognise"),
    "program": Text("哪个程序", "Program"),
    "format": Text("文本类型", "Kind of text"),
    "settings_seen": Text("这是配置，不是报错", "These are settings, not an error"),
    "settings_why": Text(
        "可以直接诊断：邮件发不发得出去、卡在哪一步、改哪一行。",
        "They can be diagnosed as they are: whether mail goes through, where it stops and which line to change.",
    ),
    "nearest_entries": Text("最接近的条目", "Nearest entries"),
    "report": Text("告诉我们这条报错", "Tell us about this error"),
    "report_why": Text(
        "会打开 GitHub 的新建议题页面，内容已经填好，密码和邮箱地址已抹去。提交之前请再看一遍。",
        "Opens a new issue on GitHub with the text filled in; passwords and mail addresses are blanked out."
        " Read it again before you submit it.",
    ),
    "report_open": Text("打开填好的议题", "Open the filled-in issue"),
    "ask_more": Text("补上前后几行再问", "Add the lines around it and ask again"),
    "ask_again": Text("再问一段", "Ask about another text"),
    "permalink": Text("固定地址", "Permanent address"),
    "about": Text(
        "每条都注明依据；粘贴的内容不保存、不记录；页面不加载任何外站资源。",
        "Every entry names its sources; what you paste is neither stored nor logged; pages load nothing from elsewhere.",
    ),
    "catalogue": Text("内容版本", "Content version"),
    "source_code": Text("源代码", "Source code"),
    "explore": Text("试各种设置组合", "Try combinations of settings"),
    "explore_nav": Text("试组合", "Combinations"),
    "explore_lead": Text(
        "选定两边的设置，看邮件发不发得出去、卡在哪一步、会报什么、改哪一行。每种组合都有自己的地址。",
        "Choose settings on both sides and see whether mail goes through, where it stops, what is printed and which line"
        " to change. Every combination has an address of its own.",
    ),
    "explore_show": Text("看结果", "Show the outcome"),
    "explore_own": Text("有现成的配置？贴上来诊断", "Have real files? Diagnose them"),
    "client_side": Text("发信程序", "Client"),
    "server_side": Text("服务器（Postfix）", "Server (Postfix)"),
    "chosen_files": Text("这些设置写成配置是", "These settings as files"),
    "tls_table": Text("两边 TLS 方式的各种组合", "Each pair of TLS modes"),
    "tls_table_hint": Text(
        "其余设置如上。点一格就换成那个组合。",
        "Everything else is as chosen above. Choose a cell to change to that pair.",
    ),
    "client_vs_server": Text("客户端 ＼ 服务器", "client \\ server"),
    "goes_through": Text("发得出去", "goes through"),
    "filter": Text("筛选", "Filter"),
    "filter_text": Text("标题或编号里的词", "Words in the title or id"),
    "reset": Text("清除筛选", "Clear the filter"),
    "found": Text("符合条件：", "Matching: "),
    "none_found": Text("没有符合条件的条目。", "No entry matches."),
    "by_stage": Text("按阶段", "By stage"),
    "by_reason": Text("按原因", "By reason"),
    "by_product": Text("按产品", "By product"),
    "all_of_them": Text("看全部", "See all"),
    "mentioning": Text("提到它的条目", "Entries that mention it"),
    "same_reason": Text("同一原因的条目", "Entries with this reason"),
    "more_like_this": Text("同类条目", "More like this"),
    "one_by_one": Text("逐条列出", "One by one"),
    # What the script says; it reads them from the page.
    "live": Text("边贴边答（内容会自动发给本站）", "Answer while I type (sends the text to this site)"),
    "live_busy": Text("正在查…", "Looking it up…"),
    "live_done": Text("已更新：", "Updated: "),
    "live_failed": Text("没有查成，请按按钮再试。", "That did not work; press the button to try again."),
    "hidden_before": Text("发送前会抹去", "Blanked out before sending"),
    "hidden_long": Text(
        "有一串很长的文字没有在浏览器里检查；按按钮发送后，由服务器抹去其中的密码。",
        "One very long word was not checked in the browser; once you press the button, the server blanks passwords in it.",
    ),
    "too_large": Text(
        "这里有 {size} KB，一次最多能查 {most} KB。什么都没有发送，内容还在框里。",
        "This is {size} KB; at most {most} KB can be taken at once. Nothing was sent, and all of it is still in the box.",
    ),
    "too_large_held": Text(
        "贴的内容有 {size} KB，一次最多能查 {most} KB，所以没有放进框里，也没有发送。",
        "What you pasted is {size} KB; at most {most} KB can be taken at once. It was neither put into the box nor sent.",
    ),
    "too_large_settings": Text("请只贴配置文件，不要贴日志。", " Paste the configuration files only, without logs."),
    "cut": Text("只留报错附近的几行", "Keep only the lines around the errors"),
    "cut_done": Text(
        "{before} 行里留下了 {after} 行：各种报错连同前后几行。看过之后按按钮。",
        "{after} of {before} lines were kept: each kind of error with the lines around it. Look at them, then press the button.",
    ),
    "cut_undo": Text("换回原文", "Put the whole text back"),
    "back_keeps": Text(
        "粘贴的内容没有丢：按浏览器的“返回”，它还在框里。",
        "What you pasted is not lost: go back in your browser, and it is still in the box.",
    ),
    "from_link": Text(
        "这段文字来自你打开的链接，还没有发给任何人。看过之后按按钮。",
        "This text came with the link you opened and has been sent to nobody yet. Look at it, then press the button.",
    ),
    "share": Text("复制分享链接", "Copy a link to share"),
    "palette": Text("快速查找", "Quick find"),
    "palette_hint": Text("条目、文章、配置项、状态码", "Entries, articles, settings, codes"),
    "palette_none": Text("没有结果", "No results"),
    "palette_count": Text("条结果", "results"),
    "close": Text("关闭", "Close"),
    "keys": Text("快捷键", "Keyboard"),
    "keys_slash": Text("按 / 跳到输入框", "Press / for the box"),
    "keys_palette": Text("Ctrl-K 或 ⌘K：快速查找", "Ctrl-K or ⌘K: quick find"),
    "keys_send": Text("Ctrl-Enter：发送", "Ctrl-Enter: send"),
}

# How one change can be written (kb/render/settings.py).
FORM_NAMES = {
    "as-is": Text("原样", "As is"),
    "env": Text("环境变量", "Variables"),
    "compose": Text("Docker Compose", "Docker Compose"),
    "docker": Text("docker run", "docker run"),
    "kubernetes": Text("Kubernetes", "Kubernetes"),
    "mailpit-file": Text("Mailpit 的 YAML 文件", "Mailpit's YAML file"),
    "postconf": Text("postconf -e", "postconf -e"),
    "main.cf": Text("main.cf", "main.cf"),
    "master.cf": Text("master.cf", "master.cf"),
    "ini": Text("配置文件", "Configuration file"),
    "config.php": Text("config.php", "config.php"),
    "occ": Text("occ 命令", "occ command"),
    "gitlab.rb": Text("gitlab.rb", "gitlab.rb"),
    "properties": Text("属性", "Properties"),
    "java": Text("Java 代码", "Java code"),
    "spring": Text("Spring Boot", "Spring Boot"),
    "msmtprc": Text("msmtprc", "msmtprc"),
    "once": Text("只试一次的命令", "Command, for one try"),
    "php": Text("PHP 代码", "PHP code"),
    "wordpress": Text("WordPress 钩子", "WordPress hook"),
    "options": Text("选项", "Options"),
    "js": Text("JavaScript 代码", "JavaScript code"),
}

# The formats of pasted text (kb/inputs/), for people.
FORMAT_NAMES = {
    "plain": Text("单独的报错文字", "a bare text"),
    "mailpit-log": Text("Mailpit 日志", "Mailpit log"),
    "postfix-log": Text("Postfix 日志", "Postfix log"),
    "exim-log": Text("Exim 日志", "Exim log"),
    "sendmail-log": Text("Sendmail 日志", "Sendmail log"),
    "qmail-log": Text("qmail 日志", "qmail log"),
    "opensmtpd-log": Text("OpenSMTPD 日志", "OpenSMTPD log"),
    "haraka-log": Text("Haraka 日志", "Haraka log"),
    "stalwart-log": Text("Stalwart 日志", "Stalwart log"),
    "hmailserver-log": Text("hMailServer 日志", "hMailServer log"),
    "exchange-log": Text("Exchange 日志", "Exchange log"),
    "event-log": Text("发送服务的事件（JSON）", "event of a sending service (JSON)"),
    "dsn": Text("退信", "bounce"),
    "transcript": Text("SMTP 会话", "SMTP session"),
    "log": Text("日志", "log"),
    "exception": Text("程序的异常", "exception of a program"),
}
