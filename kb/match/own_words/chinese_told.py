"""What people tell of a failure in Chinese, without a code: `对方邮箱空间已用完`, `25端口被封，发不了邮件`.

Without a code nothing says that a text is a refusal, so one word is never enough here: every rule joins what it is about with
what is wrong with it.
"""

from __future__ import annotations

from kb.match.own_words.rule import GAP, Rules, loose, near

_REFUSED = "拒|退|拦截|屏蔽|不收|不接收|不接受|不允许|禁止|拉黑|黑名单|封"
_NOT = "不|未|没|无|缺|失败"
_MAIL = "邮件|信件|来信|附件"
_LOGIN = "登录|登陆|认证|验证|鉴权"
_SERVER = "(?:邮件|邮箱|发信|发件|smtp|收信) ?(?:系统|主机)?服务器|smtp"
_CERTIFICATE = "证书"

RULES = Rules(
    loose("data-virus-found", near("病毒|木马|恶意软件", f"{_REFUSED}|检|查出|发现|含有|带有?")),
    loose("connect-rdns-missing", near("反向解析|反解|ptr|rdns|反向域名", f"{_NOT}|{_REFUSED}")),
    loose("data-spf-failed", near("spf", f"{_NOT}|{_REFUSED}|错误")),
    loose("data-dkim-failed", near("dkim", f"{_NOT}|{_REFUSED}|错误")),
    loose("data-dmarc-failed", near("dmarc", f"{_NOT}|{_REFUSED}|错误")),
    loose("starttls-cert-expired", near(_CERTIFICATE, "过期|到期|失效"), unless="或"),
    loose(
        "starttls-cert-host-name-mismatch", near(_CERTIFICATE, "(?:域名|主机名|名称|名字).{0,12}不(?:匹配|一致|符|对)")
    ),
    loose(
        "starttls-certificate-verify-failed",
        near(_CERTIFICATE, "不受信任|不被信任|不可信|不信任|无法验证|验证失败|校验失败|无效|自签"),
    ),
    loose("starttls-program-says-failed", near("ssl|tls", "握手.{0,4}(?:失败|错误|超时|异常)|(?:连接|协商)失败")),
    loose(
        "connect-retry-time-exceeded",
        near("投递|重试|发送", "(?:放弃|停止)(?:投递|重试)|超时.{0,6}退|多次.{0,6}(?:失败|未成功)"),
    ),
    loose(
        "data-disk-full",
        near("服务器|系统|磁盘|硬盘", "(?:磁盘|硬盘|存储|空间).{0,4}(?:不足|已?满|不够|用完)"),
        unless="收件|对方",
    ),
    loose(
        "rcpt-mailbox-full",
        near(
            "邮箱|信箱|收件箱",
            "(?:空间|容量|配额|存储).{0,6}(?:满|不足|不够|用完|用尽|超)|超出?.{0,6}(?:容量|空间|配额)|(?:已经?|都|快|爆)满",
        ),
        unless="服务器",
    ),
    loose(
        "rcpt-too-many-recipients",
        near("收件人|收信人|抄送|群发人数|收件地址", "过多|太多|超过|超出|上限|限制|最多"),
        unless="容量|空间|邮箱|大小|今|当天|每天|每日|短期|时间|频",
    ),
    loose(
        "mail-message-too-big",
        near(
            _MAIL,
            r"太大|过大|超大|(?:超过|不能超过|超出|大于) ?[0-9]+ ?(?:m|g|k)|大小.{0,10}(?:超|限制|上限)|超.{0,8}大小",
        ),
    ),
    loose(
        "data-attachment-type-blocked",
        near("附件|可执行文件|压缩包", "类型|格式|后缀|扩展名|exe|加密"),
        unless="大小|解压|打不开",
    ),
    loose("rcpt-greylisted", near("灰名单", f"{_REFUSED}|延迟|重试|启用|稍后|临时|设置了|报错")),
    loose(
        "mail-rate-limited",
        near(
            f"发送|发信|发件|群发|发出|投递|{_MAIL}",
            "太快|过快|太频繁|过于频繁|过频|频率.{0,6}(?:高|快|限|超)|(?:发信|次数|发得|发送)(?:太多|过多)"
            "|(?:数量|数|量|额度|配额).{0,8}(?:上限|限额|超限|限制|用完|超出|超过)",
        ),
        unless="收件人|大小|附件|容量|空间|邮箱满|信箱满",
    ),
    loose("connect-geo-blocked", near("国家|地区|境外|海外|国外|大陆|国际|中国", f"{_REFUSED}"), unless="端口|内容"),
    loose("rcpt-person-left", near("员工|同事|收件人|对方|他|她", "离职|辞职|退休|已调离"), unless="怎么|如何"),
    loose(
        "mail-sender-not-owned-by-login",
        near(
            "发件人|发信人|发件地址|发信地址|发件邮箱",
            f"(?:登录|认证|授权|验证)的?(?:用户|账号|账户|邮箱|地址|人){GAP}(?:不符|不一致|不同|不匹配|必须|一致|相同|匹配)"
            "|(?:必须|应|要)(?:与|和|同|跟)(?:登录|认证|授权)",
        ),
    ),
    loose(
        "auth-program-says-service-off",
        near("smtp|pop3?|imap|客户端协议|三方客户端", "(?:未|没有?|尚未)(?:开启|开通|启用|打开|开(?:$|[^始]))"),
    ),
    loose(
        "auth-program-says-login-failed",
        near(
            f"smtp|授权码|专用密码|发信|发邮件|{_SERVER}",
            f"(?:{_LOGIN})(?:被拒|失败|不了|不上|不通过|未通过|没通过|错误|出错|异常)"
            "|密码.{0,4}(?:错误|不对|不正确|有误|失效)|(?:授权码|专用密码).{0,4}(?:过期|失效|错误|不对|无效|不行)",
        ),
        unless="spf|dkim|dmarc|证书|收件人|域名|签名|网页|手机",
    ),
    loose(
        "mail-authentication-required",
        near("发信|发送|发邮件|smtp", f"(?:需要?|要求|必须)先?(?:身份)?(?:{_LOGIN})|未(?:{_LOGIN})"),
        unless="失败|通过|错误|被拒|证书|短信|验证码",
    ),
    loose("rcpt-list-members-only", near("成员|订阅者|会员", "只|仅|才能")),
    loose("rcpt-internal-senders-only", near("内部|公司内|组织外|外部|外网", f"只|仅|{_REFUSED}"), unless="错误|故障"),
    loose("rcpt-allowed-senders-only", near("白名单|通讯录|联系人|允许名单", "只|仅|才|不在|未在")),
    loose(
        "rcpt-sender-blocked-by-recipient",
        near("收件人|对方|客户|收信人", "拉黑|黑名单|(?:屏蔽|拒收)了?(?:我|你|您)"),
        unless="ip|服务器|域名|主机",
    ),
    loose("mail-sender-domain-blocked", near("域名|发件域", _REFUSED), unless="不存在|解析|ip|spf|dkim|dmarc|备案"),
    loose(
        "connect-ip-refused-locally",
        near(r"\bip\b|ip地址|出口", "拉黑|黑名单|屏蔽|拒收|拒绝|被封|封禁|封了|拦截"),
        unless="端口|不在|没有被|没被|未被|解析|ptr",
    ),
    loose(
        "data-spam-content",
        near("垃圾邮件|垃圾信|广告邮件|营销邮件", "判|当[成作做]|认为|认定|识别|拦截|拒收|拒绝|退|标记|误|归"),
        near("反垃圾", "拦截|拒|退"),
        unless=r"\bip\b|收到|过滤",
    ),
    loose("data-filter-rule-matched", near("敏感词|违规|关键字|关键词|违禁", f"{_REFUSED}|失败|不出去|不了|含有")),
    loose(
        "mail-sender-rejected",
        near("发件人|发信人|发件地址|发件邮箱", "拒绝|拒收|不信任|屏蔽"),
        unless="不存在|格式|域名|认证|登录",
    ),
    loose("rcpt-relay-denied", near("中继|转发|relay", "不允许|拒绝|禁止|不支持|无权"), unless="自动|设置|循环"),
    loose(
        "rcpt-mailbox-disabled",
        near("邮箱|账号|账户|信箱|对方|收件人", "停用|禁用|冻结|注销|封停|锁定"),
        unless=r"端口|smtp|授权码|密码|服务器|\bip\b",
    ),
    loose(
        "rcpt-user-unknown",
        near("收件人|对方|收信人|收件", "不存在|查无|找不到|无此|没有这个|地址(?:有误|错误|无效)"),
        unless="发件|域名|发信|服务器|mx|格式",
    ),
    loose(
        "connect-host-not-found",
        near(
            "收件|对方|域名",
            "没有? ?mx|无 ?mx|(?:无法|不能)解析|解析失败|解析不[到了]|找不到.{0,6}(?:mx|服务器)|域名不存在",
        ),
        unless="发件|发信|反向|smtp|证书",
    ),
    loose(
        "connect-program-says-unreachable",
        near(
            _SERVER, "连不上|连接不上|连不通|无法连接|连接失败|连接超时|连接异常|连接被|拒绝连接|不通|没反应|没有响应"
        ),
        near("25 ?端口|465 ?端口|587 ?端口|端口 ?(?:25|465|587)", "封|不通|禁|屏蔽|未放行|没放行|没开|拦|超时|连不上"),
        unless="证书|密码|授权码|解析|握手|ssl|tls",
    ),
    loose("data-mail-loop", near(_MAIL, "死循环|循环|环路")),
    loose("connect-server-busy", near("服务器|邮件系统|邮箱系统", "繁忙|过载|负载过高|维护|系统忙")),
    loose("rcpt-mail-unwanted", near("对方|收件人|客户", "拒收|拒绝接收"), unless="ip|域名|服务器"),
)
