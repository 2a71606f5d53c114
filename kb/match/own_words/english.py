"""What English refusals are made of. The first rule that matches decides: the more particular ones stand first."""

from __future__ import annotations

from kb.match.own_words.rule import loose, near, rule, then

_NOT = r"\b(?:not|no|never|none|cannot|without|(?:do|does|did|is|are|was|were|wo|ca|could|would|has|have)n ?t|dosn ?t)\b"
_ALLOWED = r"\b(?:allow(?:ed)?|accept(?:ed|s)?|permit(?:ted)?|welcome|want(?:ed)?|authori[sz]ed|take[ns]?|receiv(?:e|ed)|connect|get in|let in|let through|tolerated)\b"
_BANNED = (
    r"\b(?:blocked|block(?:s|ing|ade)?|block ?list(?:ed|ing)?|black ?list(?:ed|ing)?|deny ?list(?:ed)?|bann(?:ed|ing)|barred|ban"
    r"|reject(?:s|ed|ing|ion)?|refus(?:e|es|ed|al|ing)|den(?:y|ies|ied)|unwelcome|unwanted|undesired|forbidden|prohibited"
    r"|disallowed|unacceptable|firewalled|shunned|listed|rbl|dropped|discarded|revoked|turned away)\b"
)
_REFUSED = rf"{_BANNED}|{then(_NOT, _ALLOWED)}"
_MAIL = r"\b(?:e ?-?mails?|mails?|messages?|letters?|posts?|transmission|submission|content)\b"
_BOX = (
    r"\b(?:mail ?box|mail ?box ?name|in ?box|user|recipient|account|addressee|maildir|mail ?folder|mail ?drop|dropfile|quota|storage"
    r"|she|he|her|his|their)s?\b"
)
_PERSON = r"\b(?:user|recipient|mail ?box|account|addressee|alias|customer|local ?part|person|employee|colleague|subscriber)(?:s| s)?\b"
_ADDRESS = r"\b(?:e ?-?mail )?(?:address|addresses|email name|mailaddress|final email delivery point|email account|rcpt)\b|@+"
_SENDER = r"\b(?:sender|senders|envelope sender|from address|mail ?from|return path|originator|your (?:e ?-?mail )?address)\b"
_SOURCE = (
    r"\b(?:ip|ips|ip ?-?address(?:es)?|ip ?-?range|(?:your|the|this|whole) network|networks|net ?block|subnet|hosts?|hosting|servers?|mail ?servers?|mta|isp|provider"
    r"|machine|range|neighbou?rhood|datacent(?:er|re)|vps|access from your address)\b|/[0-9]{2}\b|\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b"
)
_SPAM = (
    r"\b(?:spam(?:s|my|text|bomb|block|ming|mer|mers|like)?|junk|junk ?mail|unsolicited|bulk ?-?e?-?(?:mail|mails)?|ube|uce|advertis\w+"
    r"|adverts?|newsletters?|marketing|phish\w*|scam|selling|viagra|casino|dcc|bogofilter|spam ?assassin)\b"
)
_ATTACHED = r"\b(?:attach\w*|executables?|zip|\.?exe|macros?|file ?types?|archives?|embedded images?|files)\b"
_MUST = r"\b(?:must|need|needs|require[sd]?|only|first|please|before|enable|turn on|use|insist|want|ask)\b"
_LATER = r"\b(?:later|again|back|retry|minutes?|seconds?|wait|moment)\b"
_LACKS = rf"{_NOT}|\b(?:missing|invalid|fail\w*|fix|wrong|bad|valid|add|lacks?|mismatch\w*|reject\w*|refus\w*|denied|need|must|insist|require[sd]?)\b"
_LAND = (
    r"\b(?:country|countries|nation|continent|part of the world|geographic\w*|geo ?-?ip|geo ?-?location|geo ?-?block\w*|foreign|abroad"
    r"|overseas|outside (?:the |of )?(?:usa?|eu|north america|europe|country)|china|russia|india|brazil|vietnam|nigeria|ukraine|korea|turkey|iran|asia|africa|europe|america|germany|france|usa)\b"
)
_FULL = (
    r"\bfull\b|\bover ?-?(?:the )?(?:(?:\w+ ){0,3}(?:quota|storage|size|limit)|quot[ae])\b|\boverquota|\bout of (?:quota|space|storage|room)\b"
    r"|\b(?:no|not|not have|insufficient|n t have) (?:more |any more )?(?:enough )?(?:disk ?)?(?:space|room|storage)\b|\bspace not enough"
    r"|\bexceed\w* (?:the |its |his/her |their |maximum |max )?(?:\w+ ){0,3}(?:quota|storage|message count)|\bquota (?:\w+ )?(?:exceed\w*|reached|violation|is over|used)"
    r"|\bused up|\btoo many messages (?:on|in)\b|\bmaximum allowed (?:number of messages|storage|mailbox size)|\bspace available"
    r"|\bany more (?:e?-?mails?|messages)|\b(?:mailbox|inbox) (?:size |storage )?limit|\bmaximum (?:mailbox|storage)|\bused (?:all|100 ?%)|\bover (?:its |the |his |her )?limit|\b100 ?%"
)
_GONE = (
    r"\b(?:disabled|inactiv\w*|deactivated|suspended|closed|expired|locked|frozen|blocked|terminated|not (?:yet )?(?:activated|active)"
    r"|no longer (?:active|in use|used|read|valid|accept\w*|monitored|checked)|never logged|discontinued|unread)\b"
)
_UNKNOWN = (
    r"\b(?:unknown|unrecogni[sz]ed|undeliverable|nonexist\w*|non-exist\w*|invalid|illegal|no (?:such|users?|person|mailbox(?:es)?)|bad|not (?:\w+ )?"
    r"(?:known|found|exist\w*|valid|recogni[sz]ed|verif\w*|listed|our|here|hosted|available|have)|(?:does|do|is|are)n ?t (?:exist|have|known|handle|valid|in my list)"
    r"|dosn ?t exist|cannot be verified|unable to (?:find|verify|validate)|cannot find|no longer (?:on|available|here))\b"
)
_PACE = (
    r"\btoo (?:fast|quickly|often|frequent\w*|rapid\w*)\b|\bslow(?:er)? down|\bcalm down|\brate ?-?limit\w*|\bthrottl\w*|\b(?:receiv|send)\w* ?rate\b"
    r"|\btoo many (?:e ?-?mails?|messages|connections|sessions|requests|complaints|spam complaints|mails)\b|\breceivingrate\w*"
    r"|\b(?:daily|hourly|sending|message) (?:limit|quota|allowance)|\bquota for (?:this|the|today)\b"
    r"|\b(?:per|this|an|a|each|every) (?:hour|minute|day|second)\b|\bat most [0-9]+ (?:e?-?mails?|messages|connections)|\bexcessive (?:number|rate|amount) of (?:e?-?mails?|messages|connections)|\b(?:sending|outgoing) (?:quota|limit|allowance)\b|\b(?:spam|mail|message) limit has been reached|\bsends? too much"
)

RULES = (
    rule("data-mail-loop", r"\bmail ?loop|\bloop(?:s|ing)\b|\b(?:dns|mail|forwarding) loop\b|\bloop count|\bhop count|\btoo many hops|\breceived: (?:header|lines?) (?:counts?|limit)"),
    rule("connect-rdns-missing", near(r"\b(?:reverse ?-?dns|rdns|ptr|reverse (?:lookups?|record|name|entry|mapping))\b", _LACKS), r"\bno name in (?:the )?dns|\bnameless hosts?\b"),
    rule("data-dmarc-failed", near(r"\bdmarc\w*", rf"{_LACKS}|{_BANNED}|\bpolicy\b"), r"\bdmarcreject\w*"),
    rule("data-dkim-failed", near(r"\b(?:dkim|domainkeys)\b", _LACKS)),
    rule("data-spf-failed", near(r"\b(?:spf|sender policy framework|sender id)\b", rf"{_LACKS}|{_BANNED}|\bpermitted\b|\ballowed\b|\bforg\w+|\bpass\b|\bcheck\b")),
    rule("mail-helo-required", r"\b(?:say|send|issue|polite|need) (?:\w+ )?(?:helo|ehlo)\b", r"\b(?:helo|ehlo) (?:first|required)\b"),
    rule("ehlo-helo-impersonates-receiver", r"\byou are not (?:me|us)\b|\bmy (?:own )?name in your (?:helo|ehlo)|\b(?:helo|ehlo)\b.*\b(?:my|our) (?:own )?(?:name|domain|ip|host ?name)"),
    rule("ehlo-helo-invalid", near(r"\b(?:helo|ehlo)\b", rf"{_LACKS}|{_BANNED}|\bbogus\b|\bfake\b")),
    rule("mail-starttls-required", near(r"\b(?:starttls|tls|ssl|encrypted (?:connections?|sessions?|transport)|encryption)\b", rf"{_MUST}"), unless=r"handshake|certificate|version"),
    rule("rcpt-mailbox-full", near(_BOX, _FULL), then(r"\b(?:quota|storage|mailbox|inbox|in ?box)\b", r"\b(?:exceeded|full|reached|violation)\b"), r"\bmaildir over quota|\bis full\b", r"\bexceeds allowed message count|\bexceed maximum allowed storage|\bspace available in the mailbox|\boverquota\b", unless=r"\b(?:hour|minute|day|daily|hourly|sending|sent|disk full|server disk|file ?system)\b"),
    loose("data-attachment-type-blocked", near(_ATTACHED, rf"{_REFUSED}|\b(?:restricted|illegal|dangerous|exceeded|too many|limit|no longer accepts?|not accepting)\b"), unless=r"\btoo (?:big|large)|\bsize"),
    rule("mail-message-too-big", near(rf"{_MAIL}|{_ATTACHED}", r"\btoo (?:big|large|fat|heavy|huge|long)\b|\b(?:larger|bigger|longer) than\b|\bover [0-9]+ ?[kmg]i?b\b|\bmore than [0-9]+ ?[kmg]i?b\b|\bexceed\w* (?:\w+ ){0,3}size|\bsize (?:limit|exceed\w*)|\b[0-9]+ ?[kmg]i?b\b"), unless=r"mailbox|quota|recipients|\bfor too long"),
    rule("rcpt-too-many-recipients", near(r"\b(?:[0-9]+|too many) recipients\b", r"\b(?:only|at most|maximum|max|limit|allowed|per message|too many)\b")),
    rule("mail-rate-limited", _PACE, unless=r"\b(?:on|in) this mailbox|\brecipients\b"),
    rule("rcpt-greylisted", r"\bgr[ae]y ?-?list\w*", near(r"\bfirst (?:time|contact|mail)|\bnever seen\b|\bnot know you\b|\bdon ?t know you\b|\bnew sender\b|\bunknown (?:senders?|triplets?)\b|\bnot seen (?:you|this)\b", _LATER)),
    rule("data-virus-found", r"\b(?:infected|virus(?:es)?|malware|trojan|worm|ransomware)\b", unless=r"anti-?virus"),
    rule("rcpt-relay-denied", near(r"\brelay(?:s|ing|ed)?\b", rf"{_NOT}|{_BANNED}|\ballowed\b"), near(r"\b(?:one of ours|local domain|local user|rcpthosts|non-local)\b", rf"{_NOT}|{_BANNED}"), near(r"\bsending (?:mail )?to (?:remote|foreign|external|other)\b", _REFUSED), near(r"\b(?:other|outside|foreign|third-party) domains?\b", rf"{_NOT}|{_BANNED}"), r"\bnot a gateway\b|\bunable to relay", unless=r"\b(?:log ?in|authenticat\w*|open relay|quota)\b"),
    loose("rcpt-relay-needs-login", near(r"\b(?:log(?:ged)? ?(?:in|on)|authenticat\w*|smtp auth|pop ?-?before ?-?smtp|sign(?:ed)? (?:in|on)|receive your mail)\b", _MUST), unless=r"\bfailed\b|\bfailure\b|\binvalid|\bdkim|\bdmarc|\bspf|\bincorrect"),
    rule("rcpt-address-syntax", near(r"\b(?:malformed|syntax|illegal characters?|invalid characters?|not a valid email format|badly formed)\b", r"\b(?:address|recipient|local ?part|mailbox)\b")),
    rule("connect-geo-blocked", near(_LAND, _REFUSED), unless=r"characters|language"),
    rule("connect-dynamic-ip-refused", near(r"\b(?:dial ?-?up|dynamic(?:ally)?|residential|home users?|dsl|cable|end users?|broadband)\b", rf"{_REFUSED}|\b(?:smart ?-?host|relay|provider s|your (?:isp|provider))\b|{_NOT}")),
    loose("rcpt-list-members-only", near(r"\b(?:members?|subscribers?|subscribed)\b", r"\b(?:only|may|post|posting|must|not)\b")),
    loose("rcpt-internal-senders-only", near(r"\b(?:outside|outsiders?|strangers|staff-?only|external|externals|internal|inside the (?:company|organi[sz]ation))\b", rf"{_REFUSED}|\bonly\b|{_NOT}"), unless=r"\binternal (?:error|server|software|resource|problem)"),
    loose("rcpt-sender-blocked-by-recipient", then(r"\b(?:recipient|user|owner|mailbox|addressee|person|he|she|customer)\b", r"\b(?:blocked|blocks|refuses|refused|does not want|doesn ?t want|not to receive|rejects?|only (?:accepts?|takes?)|is only accepting|not accepting|asked us to (?:refuse|reject|block)|not accept)\b", r"\b(?:you|your|sender|senders|mail|mails|people|addresses|message|messages)\b"), r"\bblocked by (?:the )?(?:recipient|user|addressee)|\bonly (?:white ?-?listed|known|approved|listed) (?:senders|correspondents|people|addresses)"),
    loose("data-url-listed", near(r"\b(?:urls?|links?|domain in (?:the )?(?:body|message)|surbl|uribl|web ?site)\b", rf"{_BANNED}|\bfiltered\b|\bsuspicious\b")),
    loose("mail-sender-domain-blocked", near(r"\b(?:your|sender|sender s|senders|sending|from) domain\b|\bdomain of (?:the )?sender", rf"{_REFUSED}|\breputation\b"), near(r"\bmail from [~@]", _REFUSED), near(r"\b(?:domain|sender) ~+", r"\bblack ?listed|\bblocked|\bbanned"), r"\bdomain (?:black|block|deny) ?list", unless=r"\bexist|\bresolve|\bfound|\brelay|\bspf|\bptr"),
    rule("mail-sender-domain-not-found", near(rf"{_SENDER}|\bsender(?: s)? domain\b", r"\bneither (?:an? )?mx\b|\bno (?:a|mx|dns)\b|\bhas no\b|\bnot (?:resolve|exist|found)|\bresolve fail\w*|\bmust (?:exist|resolve)|\bdoes not exist|\bdns check"), r"\bdomain must (?:resolve|exist)|\bdomain may not exist"),
    loose("mail-sender-verify-failed", near(_SENDER, r"\bverif\w* (?:error|fail\w*|callout)|\bcallout\b|\bcould not be verified|\bnot verified\b")),
    rule("connect-ip-reputation", near(r"\breputation\b", _SOURCE)),
    rule("connect-ip-refused-locally", near(_SOURCE, rf"{_REFUSED}|\b(?:abuse|spamming|spammers?|spams|junk|untrusted)\b"), near(r"\byou(?: have been| are|r access| were)\b", r"\b(?:blocked|banned|blacklisted|block ?listed)\b"), r"\b(?:un-?block|un-?ban|de-?list|unblocked|unbanned|delisted|removal from (?:our|the|this) list)\b", r"\btoo much (?:abuse|spam)\b|\bblock ?listing in effect|\bspam (?:origin|source)\b|\bblocked for abuse|\brbl (?:list|restriction)|\b(?:off|from) our list\b", unless=rf"\bmessage content|\bcontent filter|\b(?:our|this|the) (?:server|host|machine|network)s? (?:does|do|is|are) not accept(?:ing)? (?:mail )?for\b"),
    rule("mail-sender-not-owned-by-login", then(_NOT, r"\b(?:allowed|permitted|permissions?|authori[sz]ed|have the right)\b", r"\bsend\b", r"\b(?:as|on behalf of|from) (?:this|that|the|another|other)\b")),
    rule("data-spam-content", _SPAM, unless=r"\bfailed\b.*\bspam ?assassin|\bmailing list"),
    loose("data-filter-rule-matched", near(r"\b(?:filter(?:s|ed|ing)?|rules?|words?|html|tags?|links?|subject|headers?|content)\b", rf"{_REFUSED}|\b(?:invalid|restricted|denied|processing)\b"), near(_MAIL, r"\b(?:quarantined?|is banned)\b"), then(r"\b(?:words?|subject|contents?)\b", _NOT, r"\b(?:like|want|accept|allow)\b"), unless=r"\bspf|\brelay|\bmissing|\bduplicate"),
    loose("mail-sender-rejected", near(_SENDER, _REFUSED), near(r"\bthis sender\b", rf"{_NOT}|{_BANNED}")),
    loose("rcpt-person-left", near(r"\b(?:he|she|person|employee|colleague|user|they|you are writing to|staff|mr|ms|mrs)\b", r"\b(?:left (?:the|our|this)|no longer (?:works?|with|employed|at|here)|not work|retired|does ?n ?t work|not employed|former|passed away|any longer)\b")),
    loose("rcpt-mailbox-disabled", near(rf"{_PERSON}|{_ADDRESS}|\bmail receiving\b|\bthis mailbox\b", _GONE), r"\bdisableduser\b|\bdeactivated due to|\bno longer in use\b|\b(?:account|user|mailbox|recipient) (?:never|hasn ?t|has not) (?:logged|entered)|\baddress(?:es)? (?:does|do|will) not (?:receive|accept)|\b(?:suspended|discontinued) account|\bhasn ?t entered|\bextended inactivity|\bmail receiving disabled", unless=rf"{_SENDER}|\b(?:ip|host|server|client) (?:is )?blocked"),
    loose("rcpt-user-unknown", near(rf"{_PERSON}|{_ADDRESS}", _UNKNOWN), r"\bno (?:such )?(?:users?|person|people|one|body|mailbox|recipient|account|address|id)\b (?:is )?(?:here|by|of|with|at|called|named|for|exists?)|\bnobody (?:here )?(?:by|with|of|called) that name|\bno ?body (?:called|named|uses this name|(?:here|there)(?: |$)(?:called|named|by))|\bnever (?:heard of|existed)|\bfind any(?:one|body) (?:by|with|of) |\baddress is (?:wrong|incorrect|misspel\w+)|\bdoes not exist here|\bnot known (?:at|on|in) this|\bdeliver mail for [@~]|\bmailbox name not allowed|\bno such id\b|\bdoes not have an? (?:e-?mail )?(?:account|mailbox|final)|\bundeliverable address", unless=rf"{_SENDER}|\bdomain\b|\bfrom\b|\bcommand|\bhost(?:name)?\b|\bvirtual alias loop"),
    loose("rcpt-relay-denied", r"\bno such domain (?:at|on|in) th", r"\bdomain (?:is )?not (?:used for mail|handled|hosted|served|ours|one of)", unless=_SENDER),
    loose("connect-host-not-found", near(r"\bdomain\b|~", r"\b(?:no mx|not (?:resolve|exist|found)|nxdomain|has no mail|does not exist|no mail (?:hosts?|exchanger|server))\b"), r"\bno mx for\b|\billegal host|\bbad destination host", unless=_SENDER),
    loose("rcpt-local-delivery-failed", r"\b(?:error|fail\w*|unable|cannot|can ?t) (?:\w+ ){0,4}(?:maildir|delivery agent|dot-?lock|output file|mail ?spool)\b|\binternal software error"),
    loose("rcpt-try-again-later", r"\b(?:broke|error|problem|failure|fault|trouble|something went wrong) (?:on|at) our (?:side|end)\b"),
    loose("data-header-syntax", r"\bprotocol violation|\bnot comply with (?:the )?(?:required )?(?:standards?|rfc)"),
    loose("rcpt-recipient-refused-by-rule", near(_PERSON, r"\b(?:not allowed|not accepted|refused|denied|rejected|not permitted|not to receive)\b"), then(_NOT, r"\b(?:allowed|permitted|authori[sz]ed) to (?:send|write|mail)\b", r"\bthis (?:recipient|address|user|mailbox|list|group)\b"), r"\b(?:outgoing|outbound) mail only\b|\bno-?reply (?:mailbox|address)|\bdo not (?:write|reply|send) to (?:it|this)\b|\bunattended (?:mailbox|address)"),
    loose("rcpt-mail-unwanted", near(rf"{_MAIL}|\b(?:your company|you)\b", r"\b(?:unwelcome|unwanted|unsubscribed?|stop (?:mailing|sending|writing)|no business with)\b"), then(_NOT, r"\b(?:want|wanted|welcome|interested|like|accept|take|talk)\b", r"\b(?:your (?:e ?-?)?mails?|your messages?|mail from you|here|you|this mail)\b"), then(r"\byour (?:e ?-?mails?|mails?|messages?)\b", _NOT, r"\b(?:want|wanted|welcome)\b"), r"\bgo away\b|\bget lost\b|\bwe don ?t want\b|\bdo(?:es)? not talk to you\b|\bnot interested in\b|\bnobody (?:here )?wants\b"),
)
