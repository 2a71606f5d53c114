"""What Chinese refusals are made of, in simplified characters (the normal form)."""

from __future__ import annotations

from kb.match.own_words.rule import GAP, Rules, loose, near, rule

_REFUSED = (
    "拒绝|拒收|拒信|不收|不接收|不接受|不允许|禁止|屏蔽|封禁|被封|封锁|封了|拦截|拉黑|黑名单|不欢迎|不受欢迎|退回"
)
_SOURCE = r"ip|服务器|网段|主机|网络|地址段|机房|运营商"
_PERSON = "用户|收件人|邮箱|账号|账户|信箱|收信人|地址"
_MAIL = "邮件|来信|信件|来邮|email|mail"

RULES = Rules(
    rule("data-virus-found", "病毒|木马|恶意软件", unless="防病毒系统故障"),
    rule("connect-rdns-missing", near("反向解析|反解|ptr|rdns|反向域名", "没有|未|无|不|缺|请|失败|需")),
    rule("data-spf-failed", near("spf", "不|失败|未|没有|拒绝")),
    rule("data-dkim-failed", near("dkim", "不|失败|未|没有|拒绝|无效|需")),
    rule("data-dmarc-failed", near("dmarc", "不|失败|未|没有|拒绝|策略")),
    rule("mail-starttls-required", near("加密|starttls|tls", "必须|需要|请|只|要求"), unless="握手|证书|版本"),
    rule("ehlo-helo-invalid", near("helo|ehlo", "不|无效|非法|错误|冒充|伪造")),
    rule(
        "rcpt-mailbox-full",
        near("邮箱|信箱|空间|容量|收件箱", "满|不足|用完|用尽|超出|超过|超限"),
        unless="服务器磁盘|发送|大小",
    ),
    loose(
        "data-attachment-type-blocked", near("附件|可执行文件|压缩包", f"{_REFUSED}|不能|违规"), unless="过大|太大|大小"
    ),
    rule("mail-message-too-big", near(f"{_MAIL}|附件", "太大|过大|超过大小|大小超|太长|超出大小")),
    rule("rcpt-greylisted", "灰名单", near("第一次|首次|初次|不认识|陌生", "重试|再试|再发|稍后|分钟")),
    rule(
        "mail-rate-limited",
        "太快|过快|太频繁|过于频繁|频率|慢一点|慢点|放慢",
        near("发送|发信|发件|连接|邮件数|投递|次数", "太多|过多|上限|限额|超限|限制|超过|超出"),
        unless="垃圾邮件太多|收件人过多|收件人太多|大小",
    ),
    rule("connect-geo-blocked", near("国家|贵国|地区|境外|海外|国外|国际", _REFUSED)),
    rule("connect-dynamic-ip-refused", near("动态|拨号|家庭宽带|家用", f"{_REFUSED}|请使用|请通过|不能")),
    loose(
        "rcpt-person-left", near("员工|同事|用户|此人|该人|他|她|收件人|本人", "离职|辞职|退休|离开|不在本公司|已调离")
    ),
    loose(
        "mail-sender-not-owned-by-login",
        near(
            "发件人|发信人|发件地址|发信地址|发送人",
            f"(?:登录|认证|授权|验证)的?(?:用户|账号|账户|帐号|帐户|邮箱|地址){GAP}"
            "(?:不符|不一致|不同|不匹配|必须|一致|相同|匹配)|(?:必须|应|要)(?:与|和|同|跟)(?:登录|认证|授权)",
        ),
    ),
    loose("rcpt-list-members-only", near("成员|订阅者|会员", "只|仅|不能|才")),
    loose(
        "rcpt-internal-senders-only",
        near("内部|公司内|外部|外来|外网", f"只|仅|{_REFUSED}"),
        unless="内部错误|内部故障|服务器内部",
    ),
    loose(
        "rcpt-sender-blocked-by-recipient",
        near("收件人|对方|收信人|用户", "拉黑|黑名单|屏蔽|拒收你|拒收您|拒绝接收你|拒绝接收您"),
    ),
    loose("rcpt-allowed-senders-only", near("白名单|通讯录|联系人|允许名单", "只|仅|才|不在|未在")),
    loose("mail-sender-domain-blocked", near("域名|你们公司|贵司|贵公司|发件域|该域", _REFUSED), unless="不存在|解析"),
    rule(
        "connect-ip-refused-locally",
        near(_SOURCE, f"{_REFUSED}|垃圾邮件|滥发"),
        "解封|解除封|申请解|移出黑名单",
        near("你|您|连接", "被封|封禁|黑名单|屏蔽"),
    ),
    rule("data-spam-content", "垃圾邮件|垃圾信|广告|推销|营销|群发|钓鱼|诈骗|疑似垃圾"),
    loose(
        "data-filter-rule-matched",
        near("过滤|规则|关键词|关键字|敏感词|内容|标题|主题|正文|链接", f"{_REFUSED}|违规|含有|命中|触发"),
    ),
    loose(
        "mail-sender-rejected", near("发件人|发信人|发送者|发件地址", f"{_REFUSED}|不信任"), unless="不存在|格式|域名"
    ),
    loose(
        "rcpt-relay-needs-login",
        near("登录|认证|验证|授权", "先|必须|需要|请|未|没有"),
        unless="失败|错误|dkim|spf|dmarc|无效",
    ),
    rule("rcpt-relay-denied", near("中继|转发|代发", f"{_REFUSED}|不为|不提供|不支持|未授权|无权")),
    loose("rcpt-mailbox-disabled", near(_PERSON, "停用|禁用|冻结|注销|关闭|过期|锁定|暂停|未激活|不再使用|停止使用")),
    loose(
        "rcpt-user-unknown",
        near(_PERSON, "不存在|查无|没有此|没有该|无此|找不到|无效|未知|未找到|没这个"),
        "查无此人|没有这个人|没有这个用户|没有此人",
        unless="发件|域名|发信",
    ),
    loose("connect-host-not-found", near("域名", "不存在|无法解析|解析失败|没有 ?mx"), unless="发件|发信"),
    rule("data-mail-loop", "循环|死循环|环路"),
    loose("connect-server-busy", near("维护|繁忙|过载|负载", "稍后|请|中|过高")),
    loose("rcpt-mail-unwanted", near(f"{_MAIL}|你的信|您的信|你们", _REFUSED), "不要(?:再)?(?:给我们)?发|请勿再发|滚"),
)
