"""The families of words that English refusals are made of, as expressions (RE2) over the normal form."""

from __future__ import annotations

from kb.match.own_words.rule import then

NOT = r"\b(?:not|no|never|none|cannot|without|(?:do|does|did|is|are|was|were|wo|ca|could|would|has|have)n ?t|dosn ?t)\b"
ALLOWED = (
    r"\b(?:allow(?:ed)?|accept(?:ed|s)?|permit(?:ted)?|welcome|want(?:ed)?|authori[sz]ed|take[ns]?"
    r"|receiv(?:e|ed)|connect|get in|let in|let through|tolerated)\b"
)
BANNED = (
    r"\b(?:blocked|block(?:s|ing|ade)?|block ?list(?:ed|ing)?|black ?list(?:ed|ing)?|deny ?list(?:ed)?"
    r"|bann(?:ed|ing)|barred|ban"
    r"|reject(?:s|ed|ing|ion)?|refus(?:e|es|ed|al|ing)|den(?:y|ies|ied)|unwelcome|unwanted|undesired|forbidden|prohibited"
    r"|disallowed|unacceptable|firewalled|shunned|listed|rbl|dropped|discarded|revoked|turned away|no access (?:for|from))\b"
)
REFUSED = rf"{BANNED}|{then(NOT, ALLOWED)}"
MAIL = r"\b(?:e ?-?mails?|mails?|messages?|letters?|posts?|transmission|submission|content)\b"
BOX = (
    r"\b(?:mail ?box|mail ?box ?name|in ?box|user|recipient|account|addressee|maildir|mail ?folder"
    r"|mail ?drop|dropfile|quota|storage"
    r"|she|he|her|his|their)s?\b"
)
PERSON = (
    r"\b(?:user|recipient|mail ?box|account|addressee|alias|customer|local ?part|person|employee"
    r"|colleague|subscriber)(?:s| s)?\b"
)
ADDRESS = (
    r"\b(?:e ?-?mail )?(?:address|addresses|email name|mailaddress|final email delivery point|email account|rcpt)\b|@+"
)
SENDER = (
    r"\b(?:sender|senders|envelope sender|from address|mail ?from|return path|originator|your (?:e ?-?mail )?address)\b"
)
SOURCE = (
    r"\b(?:ip|ips|ip ?-?address(?:es)?|ip ?-?range|(?:your|the|this|whole) network|networks|net ?block"
    r"|subnet|hosts?|hosting|servers?|mail ?servers?|mta|isp|provider"
    r"|machine|computer|range|neighbou?rhood|datacent(?:er|re)|vps|access from your address|your mailer)\b|/[0-9]{2}\b"
    r"|\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b"
)
SPAM = (
    r"\b(?:spam(?:s|my|text|bomb|block|ming|mer|mers|like)?|junk|junk ?mail|unsolicited|bulk ?-?e?-?(?:mail"
    r"|mails)?|ube|uce|advertis\w+"
    r"|adverts?|newsletters?|bulk|marketing|phish\w*|scam|selling|viagra|casino|dcc|bogofilter|spam ?assassin)\b"
)
ATTACHED = (
    r"\b(?:attach\w*|executables?|zip|\.?exe|macros?|file ?types?|archives?|embedded images?|files"
    r"|(?:file|hidden|double) ?-?extensions?)\b"
)
MUST = (
    r"\b(?:must|has to|have to|need|needs|require[sd]?|only|first|please|before|enable|turn on|use|insist|want|ask)\b"
)
LATER = r"\b(?:later|again|back|retry|minutes?|seconds?|wait|moment)\b"
LACKS = (
    rf"{NOT}|\b(?:missing|invalid|fail\w*|fix|wrong|bad|valid|add|lacks?|mismatch\w*|reject\w*"
    r"|refus\w*|denied|need|must|insist|require[sd]?|ensure|set ?up|configure)\b"
)
BROKEN = r"\b(?:broken|malformed|corrupt(?:ed)?|unparse?able|not well-?formed|badly formed|ill-formed)\b"
# Who is on a list, and the list.
LISTED = (
    r"\b(?:senders?|contacts?|partners?|suppliers?|vendors?|people"
    r"|colleagues|correspondents?|customers?|friends|addresses|address ?book"
    r"|white ?-?list\w*|allow ?-?list\w*)\b"
)
LISTING = (
    r"\b(?:white ?-?list(?:s|ed)?|allow ?-?list(?:s|ed)?|(?:allowed|approved|permitted|trusted|safe|accepted|known)"
    r"(?: |-)?(?:senders?|correspondents?|contacts?|list)(?: s)?|senders? list|list of (?:\w+ )?(?:senders|correspondents"
    r"|contacts)|address ?book)\b"
)
LAND = (
    r"\b(?:country|countries|nation|continent|part of the world|geographic\w*|geo ?-?ip|geo ?-?location"
    r"|geo ?-?block\w*|foreign|abroad"
    r"|overseas|outside (?:the |of )?(?:usa?|eu|north america|europe|country)|china|russia|india"
    r"|brazil|vietnam|nigeria|ukraine|korea|turkey|iran|asia|africa|europe|america|germany|france"
    r"|usa)\b"
)
FULL = (
    r"\bfull\b|\bover ?-?(?:the )?(?:(?:\w+ ){0,3}(?:quota|storage|size|limit)|quot[ae])\b|\boverquota"
    r"|\bout of (?:quota|space|storage|room)\b"
    r"|\b(?:no|not|not have|insufficient|n t have) (?:more |any more )?(?:enough )?(?:disk ?)?(?:space"
    r"|room|storage)\b|\bspace not enough"
    r"|\bexceed\w* (?:the |its |his/her |their |maximum |max )?(?:\w+ ){0,3}(?:quota|storage"
    r"|message count)|\bquota (?:\w+ )?(?:exceed\w*|reached|violation|is over|used)"
    r"|\bused up|\btoo many messages (?:on|in)\b|\bmaximum allowed (?:number of messages|storage"
    r"|mailbox size)|\bspace available"
    r"|\bany more (?:e?-?mails?|messages)|\b(?:mailbox|inbox) (?:size |storage )?limit|\bmaximum (?:mailbox"
    r"|storage)|\bused (?:all|100 ?%)|\bover (?:its |the |his |her )?limit|\b100 ?%"
)
GONE = (
    r"\b(?:disabled|inactiv\w*|deactivated|suspended|closed|expired|locked|frozen|blocked|terminated"
    r"|not (?:yet )?(?:activated|active)"
    r"|no longer (?:active|in use|used|read|valid|accept\w*|monitored|checked)|never logged|discontinued"
    r"|unread|abandoned|dormant)\b"
)
UNKNOWN = (
    r"\b(?:unknown|unrecogni[sz]ed|undeliverable|nonexist\w*|non-exist\w*|invalid|illegal|no (?:such"
    r"|users?|person|mailbox(?:es)?)|bad|not (?:\w+ )?"
    r"(?:known|found|exist\w*|valid|recogni[sz]ed|verif\w*|listed|our|here|hosted|available|have)"
    r"|(?:does|do|is|are)n ?t (?:exist|have|known|handle|valid|in my list)"
    r"|dosn ?t exist|cannot be verified|unable to (?:find|verify|validate)|cannot find|no longer (?:on|available|here))\b"
)
PACE = (
    r"\btoo (?:fast|quickly|often|frequent\w*|rapid\w*)\b|\bslow(?:er)? down|\bcalm down|\brate ?-?limit\w*"
    r"|\bthrottl\w*|\b(?:receiv|send)\w* ?rate\b"
    r"|\btoo many (?:(?:open|active|simultaneous|concurrent|parallel) )?(?:e ?-?mails?|messages|connections"
    r"|sessions|requests|complaints|spam complaints|mails)\b|\breceivingrate\w*"
    r"|\b(?:daily|hourly|weekly|monthly) (?:[a-z-]+ ){0,2}(?:limit|quota|allowance|allotment|budget|cap)\b"
    r"|\b(?:daily|hourly|sending|message) (?:limit|quota|allowance)|\bquota for (?:this|the|today)\b"
    r"|\b(?:per|this|an|a|each|every) (?:hour|minute|day|second)\b|\bat most [0-9]+ (?:e?-?mails?"
    r"|messages|connections)|\bexcessive (?:number|rate|amount) of (?:e?-?mails?|messages|connections)"
    r"|\b(?:sending|outgoing) (?:quota|limit|allowance)\b|\b(?:spam|mail|message) limit has been reached"
    r"|\b(?:hourly|daily|monthly|message|sending|outgoing|outbound|sender) cap\b"
    r"|\bmore than [0-9]+ (?:e ?-?mails?|messages|mails)\b|\b[0-9]+ (?:e ?-?mails?|messages|mails|connections"
    r"|recipients) (?:in|within|per|a|an|every) (?:[0-9]+ )?(?:seconds?|minutes?|hours?|days?)\b"
    r"|\bsends? too much|\breduce (?:your|the) (?:\w+ ){0,3}(?:speed|rate)|\brecipients per (?:hour"
    r"|day|minute)"
)
