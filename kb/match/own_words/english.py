"""What English refusals are made of."""

from __future__ import annotations

from kb.match.own_words.english_words import (
    ADDRESS,
    ATTACHED,
    BANNED,
    BOX,
    BROKEN,
    FULL,
    GONE,
    LACKS,
    LAND,
    LATER,
    LISTED,
    LISTING,
    MAIL,
    MUST,
    NOT,
    PACE,
    PERSON,
    REFUSED,
    SENDER,
    SOURCE,
    SPAM,
    UNKNOWN,
)
from kb.match.own_words.rule import GAP, Rules, loose, near, rule, then

RULES = Rules(
    rule(
        "data-mail-loop",
        r"\bmail ?loop|\bloop(?:s|ing)\b|\b(?:dns|mail|forwarding) loop\b|\bloop count|\bhop count"
        r"|\btoo many hops|\breceived: (?:header|lines?) (?:counts?|limit)",
    ),
    rule(
        "connect-rdns-missing",
        near(r"\b(?:reverse ?-?dns|rdns|ptr|reverse (?:lookups?|records?|name|entry|mapping|resolution))\b", LACKS),
        r"\bno name in (?:the )?dns|\bnameless hosts?\b",
    ),
    rule("data-dmarc-failed", near(r"\bdmarc\w*", rf"{LACKS}|{BANNED}|\bpolicy\b"), r"\bdmarcreject\w*"),
    rule("data-dkim-failed", near(r"\b(?:dkim|domainkeys)\b", LACKS)),
    rule(
        "data-spf-failed",
        near(
            r"\b(?:spf|sender policy framework|sender id)\b",
            rf"{LACKS}|{BANNED}|\bpermitted\b|\ballowed\b|\bforg\w+|\bviolat\w+|\bpass\b|\bcheck\b",
        ),
        unless=r"\ba?dsl\b|\bdial\b",
    ),
    rule(
        "mail-helo-required",
        r"\b(?:say|send|issue|polite|need) (?:\w+ )?(?:helo|ehlo)\b",
        r"\b(?:helo|ehlo) (?:first|required)\b",
    ),
    rule(
        "ehlo-helo-impersonates-receiver",
        r"\byou are not (?:me|us)\b|\bmy (?:own )?name in your (?:helo|ehlo)|\b(?:helo|ehlo)\b.*\b(?:my"
        r"|our) (?:own )?(?:name|domain|ip|host ?name)|\bis my (?:own )?(?:ip )?(?:address|host ?name)\b",
    ),
    rule(
        "ehlo-helo-invalid",
        near(
            r"\b(?:helo|ehlo)\b",
            rf"{LACKS}|{BANNED}|\bbogus\b|\bfake\b|\bforged\b|\bspoofed\b|\blie\b|\bliar\b|\bnonsense\b"
            r"|\bbare ip\b|\bhas to be\b|\bshould be\b",
        ),
    ),
    rule(
        "mail-starttls-required",
        near(r"\b(?:starttls|tls|ssl|encrypted (?:connections?|sessions?|transport)|encryption)\b", rf"{MUST}"),
        near(
            r"\b(?:plain ?-?text|clear ?-?text|unencrypted|non-?tls|unsecured?|insecure) (?:smtp )?(?:connections?"
            r"|sessions?|deliver\w+|e?-?mails?|messages|transport|transmission)\b|\bin (?:the )?clear(?: ?text)?\b",
            REFUSED,
        ),
        unless=r"handshake|certificate|version",
    ),
    rule(
        "rcpt-mailbox-full",
        near(BOX, FULL),
        then(r"\b(?:quota|storage|mailbox|inbox|in ?box)\b", r"\b(?:exceeded|full|reached|violation)\b"),
        r"\bmaildir over quota|\bis full\b",
        r"\bexceeds allowed message count|\bexceed maximum allowed storage|\bspace available in the mailbox|\boverquota\b",
        unless=r"\b(?:hour|minute|day|daily|hourly|sending|sent|disk full|server disk|file ?system)\b",
    ),
    loose(
        "data-attachment-type-blocked",
        near(
            ATTACHED,
            rf"{REFUSED}|\b(?:restricted|illegal|dangerous|exceeded|too many|limit|no longer accepts?|not accepting)\b",
        ),
        unless=r"\btoo (?:big|large)|\bsize",
    ),
    rule(
        "mail-message-too-big",
        near(
            rf"{MAIL}|{ATTACHED}",
            r"\btoo (?:big|large|fat|heavy|huge|long)\b|\b(?:larger|bigger|longer) than\b|\bover [0-9]+ ?[kmg]i?b\b"
            r"|\bmore than [0-9]+ ?[kmg]i?b\b|\bexceed\w* (?:\w+ ){0,3}size|\bsize (?:limit|exceed\w*)"
            r"|\b[0-9]+ ?[kmg]i?b\b",
        ),
        r"\btoo much data\b",
        unless=r"mailbox|quota|recipients|\bfor too long",
    ),
    rule(
        "rcpt-too-many-recipients",
        near(
            r"\b(?:[0-9]+|too many) (?:recipients|addressees)\b",
            r"\b(?:only|at most|more than|over|maximum|max|limit|allowed|per message|too many)\b",
        ),
        unless=r"\bper (?:hour|day|minute)",
    ),
    rule("mail-rate-limited", PACE, unless=r"\b(?:on|in) this mailbox"),
    rule(
        "rcpt-greylisted",
        r"\bgr[ae]y ?-?list\w*",
        near(
            r"\bfirst (?:time|contact|mail|message|delivery|attempt)"
            r"|\bnever seen\b|\bnot know you\b|\bdon ?t know you\b|\bnew sender\b"
            r"|\bunknown (?:senders?|triplets?)\b"
            r"|\bnot seen (?:(?:mail|anything|a message) from )?(?:you|this)\b",
            rf"{LATER}|\bdelayed\b|\bdeferred\b",
        ),
    ),
    rule("data-virus-found", r"\b(?:infected|virus(?:es)?|malware|trojan|worm|ransomware)\b", unless=r"anti-?virus"),
    rule(
        "rcpt-relay-denied",
        near(r"\brelay(?:s|ing|ed)?\b", rf"{NOT}|{BANNED}|\ballowed\b|\bonly\b"),
        near(r"\b(?:one of ours|local domain|local user|rcpthosts|non-local)\b", rf"{NOT}|{BANNED}"),
        near(r"\bsending (?:mail )?to (?:remote|foreign|external|other)\b", REFUSED),
        near(r"\b(?:other|outside|foreign|third-party) domains?\b", rf"{NOT}|{BANNED}"),
        r"\bnot a gateway\b|\bunable to relay|\brecipient(?: s)? domain is not local",
        unless=r"\b(?:log ?in|authenticat\w*|open relay|quota)\b",
    ),
    loose(
        "rcpt-relay-needs-login",
        near(
            r"\b(?:log(?:ged)? ?(?:in|on)|authenticat\w*|smtp auth|pop ?-?before ?-?smtp|sign(?:ed)? (?:in"
            r"|on)|receive your mail)\b",
            MUST,
        ),
        r"\bauth (?:first|required|needed)\b|\b(?:need|requires?|use) (?:smtp )?auth\b",
        unless=r"\bfailed\b|\bfailure\b|\binvalid|\bdkim|\bdmarc|\bspf|\bincorrect",
    ),
    rule(
        "rcpt-address-syntax",
        near(
            r"\b(?:malformed|syntax|illegal characters?|invalid characters?|not a valid email format|badly formed)\b",
            r"\b(?:address|recipient|local ?part|mailbox)\b",
        ),
    ),
    loose("data-mime-malformed", near(r"\b(?:mime|multipart|boundary)\b", BROKEN)),
    loose("data-message-malformed", near(r"\bheaders?\b", BROKEN)),
    loose(
        "data-header-missing",
        r"\b(?:no|without(?: an?)?|empty|blank|missing|lacks an?) (?:subject|message-?id|(?:date|from|to) header)\b"
        r"|\b(?:subject|message-?id|(?:date|from|to) header)(?: line| header| field)? (?:is |was )?(?:empty|blank|missing"
        r"|required|mandatory)\b",
    ),
    loose(
        "data-line-too-long",
        near(
            r"\blines?(?: length)?\b", r"\b(?:too long|exceed\w*|longer than|over [0-9]+ (?:characters|octets|bytes))\b"
        ),
        unless=r"\bquota|\bcommand",
    ),
    rule("connect-geo-blocked", near(LAND, REFUSED), unless=r"characters|language"),
    rule(
        "connect-dynamic-ip-refused",
        near(
            r"\b(?:dial(?: ?-?up)?|dynamic(?:ally)?|residential|home users?|[av]?dsl|cable|end users?|broadband)\b",
            rf"{REFUSED}|\b(?:smart ?-?host|relay|provider s|your (?:isp|provider))\b|{NOT}",
        ),
    ),
    loose(
        "mail-sender-requires-login",
        near(
            r"\b(?:local|our own) (?:address|sender|user|domain)\b",
            r"\b(?:not|without) (?:being )?(?:authenticat\w*|logged[ -]?(?:in|on))\b",
        ),
        unless=r"\bdkim|\bdmarc|\bspf",
    ),
    loose(
        "rcpt-too-many-bad-recipients",
        r"\btoo many (?:\w+ ){0,2}(?:failed|bad|invalid|unknown|unrecogni[sz]ed|non-?exist\w*|wrong|rejected)"
        r" (?:recipients?|addresses|users|rcpts?)\b|\b(?:dictionary attack|directory harvest\w*|address harvest\w*)\b",
        near(
            r"\b(?:unknown|invalid|bad|failed|non-?exist\w*) (?:recipients?|users?|address(?:es)?|rcpts?)\b",
            r"\b(?:count|limit|threshold|maximum)\b",
        ),
    ),
    loose(
        "rcpt-list-members-only",
        near(r"\b(?:members?|subscribers?|subscribed)\b", r"\b(?:only|may|post|posting|must|not)\b"),
    ),
    loose(
        "rcpt-internal-senders-only",
        near(
            r"\b(?:outside|outsiders?|strangers|staff-?only|external|externals|internal|inside the (?:company"
            r"|organi[sz]ation))\b",
            rf"{REFUSED}|\bonly\b|{NOT}",
        ),
        then(
            r"\b(?:restricted to|reserved for|limited to|only for)\b",
            r"\b(?:employees|staff|members|customers|colleagues|internal)\b",
        ),
        near(r"\b(?:staff|employees|colleagues)\b", r"\bonly\b"),
        unless=r"\binternal (?:error|server|software|resource|problem)",
    ),
    loose(
        "rcpt-sender-blocked-by-recipient",
        then(
            r"\b(?:recipient|user|owner|mailbox|addressee|person|he|she|customer)\b",
            r"\b(?:blocked|blocks|refuses|refused|does not want|doesn ?t want|not to receive|rejects?"
            r"|not accepting|asked us to (?:refuse|reject|block)|not accept)\b",
            r"\b(?:you|your|sender|senders|mail|mails|people|addresses|message|messages)\b",
        ),
        r"\bblocked by (?:the )?(?:recipient|user|addressee)",
    ),
    loose(
        "rcpt-allowed-senders-only",
        r"\bonly (?:white ?-?listed|known|approved|listed) (?:senders|correspondents|people|addresses)",
        then(r"\bopen to\b", LISTED, r"\bonly\b"),
        then(r"\bonly\b", r"\b(?:accept(?:s|ing)?|tak(?:es?|ing)|receiv(?:es?|ing)|from)\b", LISTED),
        then(r"\b(?:accept(?:s|ing)?|tak(?:es?|ing)|receiv(?:es?|ing))\b", r"\bfrom\b", LISTED, r"\bonly\b"),
        near(LISTING, rf"{NOT}|\bonly\b"),
        unless=rf"{SOURCE}|\bdomains?\b|\bspf\b|\bdkim\b|\bauthenticated\b",
    ),
    loose(
        "data-url-listed",
        near(
            r"\b(?:urls?|links?|domain in (?:the )?(?:body|message)|surbl|uribl|web ?site)\b",
            rf"{BANNED}|\b(?:filtered|suspicious|fake|hidden|insecure|unsafe|malicious|dangerous|obfuscated)\b",
        ),
    ),
    loose(
        "mail-sender-domain-blocked",
        near(
            r"\b(?:your|sender|sender s|senders|sending|from) domain\b|\bdomain of (?:the )?sender",
            rf"{REFUSED}|\breputation\b",
        ),
        near(r"\bmail from ~", REFUSED),
        near(r"\b(?:domain|sender) ~+", r"\bblack ?listed|\bblocked|\bbanned"),
        r"\bdomain (?:black|block|deny) ?list",
        unless=r"\bexist|\bresolve|\bfound|\brelay|\bspf|\bptr",
    ),
    rule(
        "mail-sender-domain-not-found",
        near(
            rf"{SENDER}|\bsender(?: s)? domain\b",
            r"\bneither (?:an? )?mx\b|\bno (?:a|mx|dns)\b|\bhas no\b|\bnot (?:resolve|exist|found)|\bresolve fail\w*"
            r"|\bmust (?:exist|resolve)|\bdoes not exist|\bdns check",
        ),
        r"\bdomain must (?:resolve|exist)|\bdomain may not exist",
    ),
    loose(
        "mail-sender-verify-failed",
        near(SENDER, r"\bverif\w* (?:error|fail\w*|callout)|\bcallout\b|\bcould not be verified|\bnot verified\b"),
    ),
    loose(
        "connect-ip-refused-locally",
        then(SOURCE, NOT, r"\b(?:white ?-?list(?:ed)?|allow ?-?list(?:ed)?|allowed list)\b"),
    ),
    loose("mail-sender-verify-deferred", r"\b(?:validating|verifying|checking) (?:the |your )?sender\b"),
    rule("connect-ip-reputation", near(r"\breputation\b", SOURCE)),
    rule(
        "connect-ip-refused-locally",
        near(SOURCE, rf"{REFUSED}|\b(?:abuse|abusive|spamming|spammers?|spams|junk|untrusted)\b"),
        near(r"\byou(?: have been| are|r access| were)\b", r"\b(?:blocked|banned|blacklisted|block ?listed)\b"),
        r"\b(?:un-?block|un-?ban|de-?list|unblocked|unbanned|delisted|remov\w+ (?:of )?(?:the|this"
        r"|your|our) (?:block|ban|listing)|removal from (?:our|the|this) list)\b",
        r"\btoo much (?:abuse|spam)\b|\bblock ?listing in effect|\bspam (?:origin|source)\b|\bblocked for abuse"
        r"|\brbl (?:list|restriction)|\b(?:off|from) our list\b",
        unless=r"\bmessage content|\bcontent filter|\b(?:our|this|the) (?:server|host|machine|network)s? (?:does"
        r"|do|is|are) not accept(?:ing)? (?:mail )?for\b",
    ),
    rule(
        "mail-sender-not-owned-by-login",
        then(
            NOT,
            r"\b(?:allowed|permitted|permissions?|authori[sz]ed|have the right)\b",
            r"\bsend\b",
            r"\b(?:as|on behalf of|from) (?:this|that|the|another|other)\b",
        ),
        near(
            r"\b(?:someone|somebody)(?: else)? s (?:e ?-?mail )?address|\banother person s (?:e ?-?mail )?address",
            rf"{NOT}|{BANNED}",
        ),
        near(
            rf"{SENDER}|\b(?:from address|from header)\b",
            r"\b(?:match(?:es)?|mismatch|equals?|same as|identical|different from|differs?|belongs? to)\b"
            rf"{GAP}\b(?:log(?:ged)?[ -]?(?:in|on)|authenticat(?:ed|ion)|credentials)\b",
        ),
    ),
    rule("data-spam-content", SPAM, unless=r"\bfailed\b.*\bspam ?assassin|\bmailing list"),
    loose(
        "data-filter-rule-matched",
        near(
            r"\b(?:filter(?:s|ed|ing)?|rules?|words?|html|tags?|links?|subject|headers?|content)\b",
            rf"{REFUSED}|\b(?:invalid|restricted|denied|processing)\b",
        ),
        near(MAIL, r"\b(?:quarantined?|is banned)\b"),
        then(r"\b(?:words?|subject|contents?)\b", NOT, r"\b(?:like|want|accept|allow)\b"),
        unless=r"\bspf|\brelay|\bmissing|\bduplicate",
    ),
    loose("mail-sender-rejected", near(SENDER, REFUSED), near(r"\bthis sender\b", rf"{NOT}|{BANNED}")),
    loose(
        "rcpt-person-left",
        near(
            r"\b(?:he|she|person|employee|colleague|user|they|you are writing to|staff|mr|ms|mrs)\b",
            r"\b(?:left (?:the|our|this)|no longer (?:works?|with|employed|at|here)|not work|retired"
            r"|does ?n ?t work|not employed|former|passed away|any longer)\b",
        ),
    ),
    loose(
        "rcpt-mailbox-disabled",
        near(rf"{PERSON}|{ADDRESS}|\bmail receiving\b|\bthis mailbox\b", GONE),
        r"\bdisableduser\b|\bdeactivated due to|\bno longer in use\b|\b(?:account|user|mailbox|recipient) (?:never"
        r"|hasn ?t|has not) (?:logged|entered)|\baddress(?:es)? (?:does|do|will) not (?:receive|accept)"
        r"|\b(?:suspended|discontinued) account|\bhasn ?t entered|\bextended inactivity|\bmail receiving disabled",
        unless=rf"{SENDER}|\b(?:ip|host|server|client) (?:is )?blocked",
    ),
    loose(
        "rcpt-user-unknown",
        near(rf"{PERSON}|{ADDRESS}", UNKNOWN),
        r"\bno (?:such )?(?:users?|person|people|one|body|mailbox|recipient|account|address|id)\b (?:is )?(?:here"
        r"|by|of|with|at|called|named|for|exists?)|\bnobody (?:here )?(?:by|with|of|called) that name"
        r"|\bno ?body (?:called|named|uses this name|(?:here|there)(?: |$)(?:called|named|by))|\bnever (?:heard of"
        r"|existed)|\bfind any(?:one|body) (?:by|with|of) |\baddress is (?:wrong|incorrect|misspel\w+)"
        r"|\bdoes not exist here|\bnot known (?:at|on|in) this|\bdeliver mail for [@~]|\bmailbox name not allowed"
        r"|\bno such id\b|\bdoes not have an? (?:e-?mail )?(?:account|mailbox|final)|\bundeliverable address"
        r"|\b(?:recipient|user|mailbox)(?: address)? (?:is )?not in (?:my|our|the|this) (?:\w+ ){0,2}(?:list|table"
        r"|directory|database)\b|\b(?:recipient|mailbox|user) verif(?:y|ication) (?:problem|error|fail\w*)",
        unless=rf"{SENDER}|\bdomain\b|\bfrom\b|\bcommand|\bhost(?:name)?\b|\bvirtual alias loop|\byour ip\b",
    ),
    loose("rcpt-user-unknown", r"\bdo(?:es)?(?: not|n ?t) know (?:any|this|that|the|such|of)\b", unless=SENDER),
    loose(
        "rcpt-relay-denied",
        r"\bno such domain (?:at|on|in) th",
        r"\b(?:do|does|will)(?: not|n ?t) (?:forward|relay|carry) (?:mails? |messages |e-?mail )?(?:for|to)"
        r" (?:that|this|the|your|other) domains?\b",
        r"\bdomain (?:is )?not (?:used for mail|handled|hosted|served|ours|one of)|\b(?:do|does)(?: not"
        r"|n ?t) (?:serve|host|handle) (?:that|this|the|your) domain",
        unless=SENDER,
    ),
    loose(
        "connect-host-not-found",
        near(
            r"\bdomain\b|~",
            r"\b(?:no mx|not (?:resolve|exist|found)|nxdomain|has no mail|does not exist|no mail (?:hosts?"
            r"|exchanger|server))\b",
        ),
        r"\bno mx for\b|\billegal host|\bbad destination host",
        unless=SENDER,
    ),
    loose(
        "rcpt-local-delivery-failed",
        r"\b(?:error|fail\w*|unable|cannot|can ?t) (?:\w+ ){0,4}(?:maildir|delivery agent|dot-?lock"
        r"|output file|mail ?spool)\b|\binternal software error",
    ),
    loose(
        "rcpt-try-again-later",
        r"\b(?:broke|error|problem|failure|fault|trouble|something went wrong) (?:on|at) our (?:side"
        r"|end)\b|\b(?:database|backend|server|system) (?:is |was )?(?:down|broken)\b"
        r"|\b(?:filter|scanner|milter|backend|database|server) (?:is )?(?:not respond\w*|unreachable"
        r"|not reachable|overloaded)\b|\binternal (?:trouble|problem|failure)",
    ),
    loose("ehlo-bad-sequence", r"\b(?:wrong|bad|incorrect|unexpected) (?:order|sequence) of commands"),
    loose("data-header-syntax", r"\bprotocol violation|\bnot comply with (?:the )?(?:required )?(?:standards?|rfc)"),
    loose(
        "rcpt-recipient-refused-by-rule",
        near(PERSON, r"\b(?:not allowed|not accepted|refused|denied|rejected|not permitted|not to receive)\b"),
        r"\brecipient (?:is )?not authori[sz]ed\b",
        then(
            NOT,
            r"\b(?:allowed|permitted|authori[sz]ed) to (?:send|write|mail)\b",
            r"\bthis (?:recipient|address|user|mailbox|list|group)\b",
        ),
        r"\b(?:outgoing|outbound) mail only\b|\bno-?reply (?:mailbox|address)|\bdo not (?:write|reply"
        r"|send) to (?:it|this)\b|\bunattended (?:mailbox|address)",
    ),
    loose(
        "rcpt-mail-unwanted",
        near(
            rf"{MAIL}|\b(?:your company|you)\b",
            r"\b(?:unwelcome|unwanted|unsubscribed?|stop (?:mailing|sending|writing)|no business with)\b",
        ),
        then(
            NOT,
            r"\b(?:want|wanted|welcome|interested|like|accept|take|talk)\b",
            r"\b(?:your (?:e ?-?)?mails?|your messages?|mail from you|here|you|this mail)\b",
        ),
        then(r"\byour (?:e ?-?mails?|mails?|messages?)\b", NOT, r"\b(?:want|wanted|welcome)\b"),
        r"\bgo away\b|\bget lost\b|\bwe don ?t want\b|\bdo(?:es)? not talk to you\b|\bnot interested in\b"
        r"|\bnobody (?:here )?wants\b",
    ),
)
