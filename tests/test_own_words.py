"""Refusals that administrators worded themselves, in eight languages: no pattern has them, families of words do."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
import re2
from content import catalog
from tables import each

from kb import KnowledgeBase
from kb.match.normalize import normalize
from kb.match.own_words import chinese, chinese_told, engine, english, european, japanese, precedence, russian, told
from kb.match.own_words.rule import Rules

SENTENCES = {
    "auth-required": [
        "550 you used a local sender but have not logged in",
        "550 Log in before you send mail through us",
        "550 Sign on with user name and password before sending",
        "553 5.7.1 you need to be logged in to send as this user",
    ],
    "bad-address-syntax": [
        "550 5.7.1 recipient address is malformed",
    ],
    "content-spam": [
        "550 5.2.1 Message was blocked because it looks like spam",
        "550 A sua mensagem foi considerada spam",
        "550 Administrative prohibition: message scored 9.1 spam points",
        "550 Correo no deseado rechazado",
        "550 La publicité n'est pas acceptée ici",
        "550 Mensagem recusada: suspeita de spam",
        "550 Mensaje rechazado por contener publicidad",
        "550 No advertising please",
        "550 Our filter thinks you are selling something",
        "550 Propaganda não é aceita neste servidor",
        "550 Requested action not taken: mailbox unavailable (spam detected)",
        "550 Requested action not taken: mailbox unavailable - spam suspected",
        "550 Sorry, this reads like spam",
        "550 Spamverdacht, Annahme verweigert",
        "550 Viagra? No thanks",
        "550 Votre message ressemble à du spam",
        "550 Wir nehmen keine Werbung an",
        "550 message matches a known scam template",
        "550 message scored too high in our junk filter",
        "550 Реклама запрещена",
        "550 広告メールはお断りします",
        "550 系统认为此信为推销信",
        "554 5.7.1 Spam probability 99.9%",
        "554 5.7.1 The message was rejected due to policy: spam score 12.4",
        "554 I smell spam",
        "554 Ihre Nachricht wurde als Werbung eingestuft und abgelehnt",
        "554 Su mensaje parece spam y ha sido rechazado",
        "554 Похоже на рекламную рассылку, отклонено",
    ],
    "domain-blocked": [
        "550 5.7.0 example.org is on our domain blacklist",
        "550 5.7.1 Messages from domain example.org are not accepted",
        "550 Mail from example.org is not accepted at this site",
        "550 Su dominio no es bienvenido aquí",
        "550 Votre domaine est sur notre liste noire",
        "550 このドメインからのメールは受信できません",
        "550 你的域名不受欢迎",
        "550 恕不接收贵公司的来信",
        "553 This sender domain has been barred after complaints",
    ],
    "geo-blocked": [
        "521 Servers located abroad cannot connect here",
        "550 5.7.1 This server does not take mail from outside North America",
        "550 Connections from Russia are not accepted by this server",
        "550 E-Mails aus Ihrem Land werden hier nicht angenommen",
        "550 Les courriels provenant de votre pays sont refusés",
        "550 Mails aus China werden abgelehnt",
        "550 No aceptamos mensajes del extranjero",
        "550 No se acepta correo de su país",
        "550 Nous refusons le courrier de l'étranger",
        "550 Não aceitamos e-mail do seu país",
        "550 Мы не принимаем почту из Китая",
        "550 Письма из-за рубежа отклоняются",
        "550 Почта из вашей страны не принимается",
        "550 不接受来自国外服务器的连接",
        "550 境外邮件一律拒绝",
        "550 本服务器拒绝来自贵国的邮件",
        "550 海外からのメールは受信を拒否しています",
        "554 We don't accept mail from your part of the world",
        "554 Your geographic location is blocked by administrator",
    ],
    "greylisted": [
        "450 4.7.0 Please come back later, this is an anti-spam measure for first contacts",
        "450 We delay unknown senders, retry after 10 minutes",
        "451 4.7.1 Never seen you before, try later",
        "451 We do not know you yet, please come back in five minutes",
        "451 第一次来信，请五分钟后重试",
    ],
    "helo-invalid": [
        "550 192.0.2.4 is my own address",
        "550 5.7.1 Fake EHLO greeting",
        "550 HELO argument localhost not accepted",
        "550 That is my own name in your HELO, liar",
        "550 You are not me, don't say you are",
        "554 5.7.1 Your HELO name is a lie",
    ],
    "ip-blocked": [
        "550 Mail from this computer is no longer taken here",
        "550 There is no access for your network",
        "550 Your mailer was blacklisted",
        "550 Your IP address is not in our whitelist",
        "550 ADSL lines are refused, use the server of your provider",
        "550 5.1.0 192.0.2.9 refused: too much junk seen from there",
        "550 5.7.1 Too many abuse reports about 198.51.100.7, rejecting everything",
        "550 5.7.1 You are banned. Visit https://example.com/unban to request removal",
        "550 Ask abuse@example.net for removal of the block",
        "550 Connection from compromised host 192.0.2.8 refused",
        "550 Contact postmaster@example.com to be unblocked",
        "550 Home users must send via their provider's mail server",
        "550 Ihr Netz ist wegen Spam gesperrt",
        "550 Requested action not taken: mailbox unavailable. Your server is banned by our administrator",
        "550 Requested action not taken: mailbox unavailable; your IP is on our blacklist",
        "550 Votre serveur envoie trop de spam, il est bloqué ici",
        "550 We have firewalled this /24 due to repeated attacks",
        "550 Your hosting provider does nothing against spam, we block its whole range",
        "550 Your machine was caught by our honeypot and is now blocked",
        "550 Your network has been banned for sending junk",
        "550 access from your address has been administratively revoked",
        "550 来自该网段的连接已被管理员禁止",
        "554 5.7.1 Connection refused for policy reasons: your IP is listed",
        "554 Ihr Mailserver ist bei uns unerwünscht",
        "554 Ihr Server steht auf unserer Sperrliste",
        "554 Il vostro server è stato bloccato per spam",
        "554 O seu servidor está bloqueado aqui",
        "554 Rejected: host appears in our local RBL",
        "554 Seu servidor consta em nossa lista de bloqueio",
        "554 Su IP está vetada por abuso",
        "554 Su servidor está en nuestra lista negra",
        "554 Too much abuse from your netblock, all mail refused",
        "554 Votre plage d'adresses IP est bloquée pour abus",
        "554 Votre serveur est banni de notre réseau",
        "554 You have been blocked. Send a mail to unblock@example.net if you think this is an error",
        "554 Your subnet hosts too many spammers",
        "554 Ваша подсеть заблокирована за спам",
        "554 Соединения с вашего адреса запрещены администратором",
        "554 お使いの IP アドレスはブロックされています",
        "554 发信服务器在我们的黑名单中",
        "554 如需解除封锁请联系 postmaster",
        "554 您的服务器已被我方封禁，请联系管理员解封",
        "554 貴社のサーバーからの接続は禁止されています",
        "554 送信元サーバーは当社でブロックしています",
    ],
    "mailbox-disabled": [
        "550 This mailbox is no longer read, please phone us",
        "550 mailbox abandoned by its owner",
    ],
    "mailbox-full": [
        "422 The recipient's mailbox has used 100% of its storage",
        "550 5.7.0 recipient's storage allotment is used up",
        "552 Cota da caixa excedida",
        "552 Kein Platz mehr im Postfach",
        "552 No room left in the recipient's mailbox",
        "552 受信者の容量が上限を超えました",
        "552 对方邮箱已超出容量上限",
        "552 收件人的信箱空间已用尽",
    ],
    "message-too-big": [
        "552 Ihre Mail ist uns zu groß",
        "552 Please use a download link, we take no mails over 20 MB",
        "552 That's a 60 MB mail. Our maximum is 25.",
        "552 Your mail is too fat for us",
        "552 attachment larger than we accept",
        "552 too much data; maximum is 35 MB",
    ],
    "policy": [
        "421 Directory harvest attempt, closing",
        "550 Too many unknown users in this session",
        "550 invalid recipient threshold exceeded",
        "550 Hidden file extension not allowed",
        "550 Ihre Mail ist hier nicht erwünscht",
        "550 No queremos su correo",
        "550 Nous ne voulons pas de vos messages",
        "550 Não queremos os seus e-mails",
        "550 Please take your emails elsewhere, nobody here wants them",
        "550 The subject of your mail has words we do not like",
        "550 Vos mails ne sont pas les bienvenus",
        "550 We have no business with your company, stop mailing us",
        "550 Wir wollen Ihre Mails nicht",
        "550 Ваши письма нам не нужны",
        "550 Мы не хотим получать ваши письма",
        "550 あなたのメールは受け取りません",
        "550 このメールはポリシーにより拒否されました",
        "550 含有敏感词，内容违规",
        "550 我们不接收您的邮件",
        "550 请不要再给我们发信",
        "552 Anhänge mit Makros sind verboten",
        "554 .docm files are forbidden here",
        "554 This machine does not talk to you",
        "554 附件类型不允许",
    ],
    "protocol-syntax": [
        "503 5.5.1 wrong order of commands",
    ],
    "rfc-noncompliant": [
        "550 Blank subject not permitted",
        "550 Broken MIME structure, will not deliver",
        "550 No subject, no delivery",
        "550 One line exceeds 2048 bytes",
        "552 Lines in the body are too long",
        "554 Headers of this message are malformed",
    ],
    "rate-limited": [
        "421 4.7.1 Per-sender hourly message cap reached",
        "421 4.7.0 temporarily deferred: too many spam complaints",
        "452 4.7.1 来自该IP的连接过多，请稍后再试",
        "421 Está enviando demasiado rápido",
        "421 Hold your horses: at most 10 messages a minute",
        "421 Sie senden zu schnell, bitte später erneut versuchen",
        "421 Você está enviando muito rápido",
        "421 Vous envoyez trop vite, ralentissez",
        "421 Вы отправляете слишком быстро",
        "421 发得太快了，请慢一点",
        "450 4.7.1 You have sent 500 mails this hour, the maximum is 200",
        "450 4.7.1 please reduce your sending speed",
        "450 Requested mail action not taken: mailbox unavailable, sending quota exceeded",
        "450 您今天的发信数量已达上限",
        "451 Excessive number of connections from your host, wait an hour",
        "451 单位时间内投递次数过多",
        "452 4.5.3 Your message quota for this hour is used up",
        "452 Your daily sending allowance is exhausted",
    ],
    "rdns-missing": [
        "550 5.7.1 IP without reverse resolution rejected",
        "550 Настройте обратную зону для вашего IP",
        "550 请为您的 IP 设置反向解析后再投递",
        "554 Ihr Server hat keinen gültigen PTR-Eintrag",
        "554 Your IP address has no name in DNS, we do not talk to nameless hosts",
    ],
    "recipient-rejected": [
        "550 Dieses Postfach nimmt keine externen Mails an",
        "550 Mail to this group is restricted to employees",
        "550 Nur interne Absender erlaubt",
        "550 Solo se aceptan remitentes internos",
        "550 Staff-only distribution group; outsiders cannot post",
        "550 This address does not take mail from outside the company",
        "550 You are not on the list of people allowed to write to this address",
        "550 external senders may not write to this list",
        "550 noreply mailbox, do not write to it",
        "550 this mailbox is for outgoing mail only",
        "550 本邮箱只接收公司内部邮件",
    ],
    "relay-denied": [
        "550 I do not know you and that recipient is not one of ours",
        "550 Le relais n'est pas autorisé",
        "550 Requested action not taken: mailbox unavailable, relaying not permitted",
        "550 We are not your mail relay",
        "550 We only relay for customers",
        "550 本服务器不为外部用户中继",
        "553 we do not serve that domain",
        "554 you may not use this server to reach other domains",
    ],
    "sender-domain-invalid": [
        "550 Requested action not taken: mailbox unavailable; sender domain must resolve",
        "550 sender's domain has neither MX nor A record",
    ],
    "sender-rejected": [
        "550 This mailbox takes letters from known contacts only",
        "550 we only receive from correspondents on our list",
        "550 5.7.1 The owner of this mailbox has blocked you",
        "550 5.7.1 You are not allowed to send as this address",
        "550 Envelope sender must be equal to login name",
        "550 The sender address has to be the same as the account used for authentication",
        "553 发信人地址与认证用户不符",
        "553 寄件者地址必須與登入帳號相同",
        "501 发件人必须与登录邮箱相同",
        "550 5.7.1 Your address is not on the recipient's allow list",
        "550 Absender unerwünscht",
        "550 Der Empfänger hat Sie blockiert",
        "550 Go away, sender bob@example.com is in our reject file",
        "550 The recipient has chosen not to receive mail from you",
        "550 This person has asked us to refuse your messages",
        "550 This user only accepts mail from people in the address book",
        "550 We blocked all senders at example.org",
        "550 only whitelisted correspondents may reach this mailbox",
        "550 we do not accept any mail from .xyz domains",
        "550 只有白名单中的发件人可以写信给此地址",
        "550 收件人已将你拉黑",
        "551 freemail senders not allowed",
        "553 发件人已被本系统列入黑名单",
    ],
    "server-error": [
        "450 4.3.2 internal trouble, try again",
        "451 4.3.0 our database is down, hang on",
        "451 Something broke on our side, sorry",
    ],
    "spf-dkim-dmarc": [
        "550 Please set up SPF for your domain",
        "550 Ensure that DKIM is configured",
        "550 5.7.1 Administrative prohibition: DMARC policy of example.org says reject",
        "550 DKIM 署名が無効です",
        "550 SPF says this is a forgery",
        "550 SPF 認証に失敗したため受信を拒否しました",
        "550 We insist on DKIM, and your mail has no valid signature",
        "550 Проверка SPF не пройдена",
        "550 发件域未配置 SPF，拒收",
        "550 未通过 SPF 检查，拒绝投递",
        "554 Sender Policy Framework violation",
    ],
    "tls-required": [
        "550 unsecured deliveries are turned away here",
        "550 We only accept encrypted connections, use STARTTLS first",
    ],
    "too-many-recipients": [
        "550 your mail has more than 500 recipients, that is not allowed",
        "452 only 50 recipients are allowed per message",
    ],
    "user-unknown": [
        "550 Mailbox verification failed",
        "550 recipient not in our directory",
        "550 5.7.1 <bob@example.com>: nobody uses this name at our site",
        "550 Aucun utilisateur de ce nom",
        "550 Ce destinataire est inconnu chez nous",
        "550 Cette personne ne travaille plus chez nous",
        "550 Der Mitarbeiter ist nicht mehr im Unternehmen",
        "550 Diese Person arbeitet nicht mehr bei uns",
        "550 Diesen Benutzer kennen wir nicht",
        "550 Empfänger gibt es hier nicht",
        "550 Esta persona ya no trabaja aquí",
        "550 Esta pessoa não trabalha mais aqui",
        "550 He does not work here any longer",
        "550 Mr Smith retired last year",
        "550 No hay ningún usuario con ese nombre",
        "550 Não existe esse usuário aqui",
        "550 That mailbox has never existed",
        "550 That user does not reside here",
        "550 There is nobody called Bob here",
        "550 We can't find anyone by that name in our directory",
        "550 We do not know any Alice",
        "550 that address is wrong, check the spelling",
        "550 Такого пользователя у нас нет",
        "550 Этот сотрудник больше не работает",
        "550 この担当者は退職しました",
        "550 該当するユーザーは見つかりません",
    ],
    "virus": [
        "550 5.7.1 ransomware suspected",
        "550 Your computer is infected, clean it before sending more mail",
    ],
}
# Words that would say something, within what is said already, beside a code that says more, in names, or in no reply.
OTHERWISE = {
    "550 5.1.1 <bob@example.com>: Recipient address rejected: User unknown": "user-unknown",
    "554 5.7.1 Host network not allowed": "policy",
    "421 mx.example.com Service not available, closing transmission channel": "server-error",
    "550 5.7.26 <bob@example.com>: Recipient address rejected: Multiple authentication checks failed": "spf-dkim-dmarc",
    "550 <spam@virus.example.com> frobbed by quota.example.net": None,
    "chapter 550 tells of a virus": None,
    # What a client adds after the reply that it quotes is not the server's word.
    "Risposta server: '550 <bob@example.com>... Inoltro negato', porta: 25, sicuro (SSL): No, errore del server: 550": "relay-denied",
    "エラー: メッセージのサイズがサーバーの制限を越えました (0x800CCC6D)": "message-too-big",
}
# What people tell without a code.
TOLD = {
    "对方邮箱已被注销，无法接收邮件": "mailbox-disabled",
    "收件人的邮箱空间已用完": "mailbox-full",
    "信件大小超過對方伺服器限制": "message-too-big",
    "被腾讯判定为垃圾邮件拒收": "content-spam",
    "邮件被对方反垃圾系统拦截": "content-spam",
    "服务器IP被QQ邮箱屏蔽，发不进去": "ip-blocked",
    "我们公司域名被对方拉黑了，邮件都被拒收": "domain-blocked",
    "群发太多，邮件发送频率过快被限制": "rate-limited",
    "SMTP 授权码过期了，登录不上": "auth-failed",
    "没有开启SMTP服务，发信失败": "auth-disabled",
    "发信需要身份验证": "auth-required",
    "阿里云25端口被封禁了，邮件发不出去": "connect-failed",
    "找不到对方邮件服务器，域名没有MX记录": "dns-failure",
    "SMTP SSL 握手失败": "tls-handshake",
    "邮件服务器的证书不受信任": "cert-untrusted",
    "邮件服务器证书的域名不匹配": "cert-name-mismatch",
    "SPF没配置被退信": "spf-dkim-dmarc",
    "缺少PTR记录，邮件被拒": "rdns-missing",
    "发件人和登录账号不一致，发送失败": "sender-rejected",
    "邮件服务器不允许转发（relay）": "relay-denied",
    "对方服务器启用了灰名单，邮件延迟": "greylisted",
    "邮件循环转发被退回": "mail-loop",
    "邮件服务器磁盘空间不足": "system-full",
    "我被对方拉黑了，邮件全部退回": "sender-rejected",
    "信件一直投递，多次重试失败": "expired",
    # In other languages.
    "I can't send mail with Outlook, it keeps asking for my password": "auth-failed",
    "Outlook fragt beim Senden ständig nach dem Kennwort": "auth-failed",
    "no puedo enviar correos, dice contraseña incorrecta": "auth-failed",
    "почта не отправляется, пишет неверный пароль": "auth-failed",
    "メールを送信するとパスワードを何度も聞かれます": "auth-failed",
    "Impossible d'envoyer un mail, le serveur SMTP refuse la connexion": "connect-failed",
    "Port 25 ist bei meinem Provider gesperrt, Mails gehen nicht raus": "connect-failed",
    "메일 서버에 연결할 수 없어서 메일이 안 보내져요": "connect-failed",
    "Das Postfach des Empfängers ist voll, die Mail kam zurück": "mailbox-full",
    "письмо вернулось, такой получатель не существует": "user-unknown",
    "o e-mail voltou porque o anexo é muito grande": "message-too-big",
    "le mie mail finiscono nello spam": "content-spam",
    "메일이 자꾸 스팸함으로 들어갑니다": "content-spam",
}
# What asks how something is done, tells of no failure or not what failed, or is about something that is not mail.
UNTOLD = [
    "邮件发了三天还没到",
    "显示发送成功，但是对方说没收到",
    "QQ邮箱怎么开启SMTP服务？",
    "How do I send an email with Python when the password is wrong?",
    "comment envoyer un mail à plusieurs destinataires",
    "I forgot my Gmail password and cannot log in",
    "El correo de confirmación del pedido no llega",
    "no puedo enviar correo por SMTP con mi aplicación",
    "não consigo enviar e-mail pelo SMTP",
    "Die Mail liegt nicht im Spam-Ordner",
    "迷惑メールフォルダにも入っていません",
    "Der Artikel ist nicht auf Lager, bitte keine E-Mail",
    "收件箱里垃圾邮件太多怎么办",
    "该邮箱已被注册，请直接登录",
    "我想限制员工只能给内部发邮件，怎么配置",
    "SPF 记录怎么写？",
    "DKIM 是什么",
    "如何申请解封 25 端口",
    "2024-05-06 12:00:01 INFO 邮件发送成功 to=a@example.com",
    "收件地址不在配送范围内",
    "短信发送频率过高，请稍后再试",
    "网站SSL证书过期，浏览器提示不安全",
    "MySQL 用户 root 认证失败",
]


def _tables() -> Iterator[Rules]:
    yield from (chinese.RULES, chinese_told.RULES, english.RULES, japanese.RULES, russian.RULES, told.RULES)
    yield from (european._language(**words) for words in european._FAMILIES.values())


@each("text reason", [(text, reason) for reason, texts in SENTENCES.items() for text in texts])
def test_a_refusal_in_own_words_is_answered(base: KnowledgeBase, text: str, reason: str) -> None:
    assert base.classify(text)["reason"] == reason


@each("text reason", OTHERWISE.items())
def test_own_words_yield_to_what_says_more(base: KnowledgeBase, text: str, reason: str | None) -> None:
    assert base.classify(text)["reason"] == reason


@each("text reason", TOLD.items())
def test_what_is_told_without_a_code_is_answered(base: KnowledgeBase, text: str, reason: str) -> None:
    assert base.classify(text)["reason"] == reason


@each("text", UNTOLD)
def test_what_tells_of_no_failure_of_mail_is_not_answered(base: KnowledgeBase, text: str) -> None:
    assert base.classify(text)["reason"] is None


def test_the_evidence_is_the_words_as_pasted(base: KnowledgeBase) -> None:
    text = "550 5.7.1 <bob@example.com>: Wir nehmen  keine Werbung an"
    (match,) = base.explain(text).matches
    assert match.entry is not None
    assert match.entry.id == "data-spam-content"
    assert [piece.text for piece in match.evidence] == ["Werbung"]
    assert text[match.evidence[0].start : match.evidence[0].end] == "Werbung"


def test_what_a_program_says_of_its_own_accord_is_no_word_of_the_server(base: KnowledgeBase) -> None:
    reply = "msmtp: server message: 451 {}\nmsmtp: could not send mail (account default from /home/user/.msmtprc)"
    assert base.classify(reply.format("Not today, rejected"))["entry"] == "data-msmtp-refused"
    # A further line of the reply is the server's.
    more = (
        "msmtp: server message: 550-Sorry\nmsmtp: server message: 550 this reads like spam\nmsmtp: could not send mail"
    )
    assert base.classify(more)["reason"] == "content-spam"
    twice = "Could not connect to SMTP host: mx.example.com, port: 25, response: 554. Failed messages: Could not connect to SMTP host: x"
    assert base.classify(twice)["entry"] == "connect-javamail-could-not-connect"


@pytest.mark.thorough
def test_every_rule_names_an_entry_and_its_expressions_compile(base: KnowledgeBase) -> None:
    for rules in _tables():
        for rule in rules.rules:
            assert base.store.entry_by_id(rule.entry) is not None, rule.entry
            rule.regex.search(b"")
            assert rule.unless is None or rule.unless.search(b"") is None


@pytest.mark.thorough
def test_every_gate_is_short_of_its_rule() -> None:
    """A gate that does not compile would be left out of the pass over all, and its rule never asked."""
    for rules in _tables():
        for rule in rules.rules:
            assert re2.compile(rule.gate).search(b"") is None, rule.entry


@pytest.mark.thorough
@each("text", [texts[0] for texts in SENTENCES.values()])
def test_the_gates_let_pass_what_their_rules_match(text: str) -> None:
    normalized = normalize(text)
    open_ = list(english.RULES.open(normalized))
    for rule in english.RULES.rules:
        assert rule in open_ or rule.regex.search(normalized.encode()) is None, rule.entry


def test_the_relation_between_entries_has_no_circle_and_knows_every_entry_of_a_rule() -> None:
    named = {rule.entry for rules in _tables() for rule in rules.rules}
    assert named == precedence.entries()
    left = set(named)
    while left:
        first = precedence.undecided(left)
        assert first, left
        left -= first


def test_rules_that_no_relation_decides_between_are_no_answer(base: KnowledgeBase) -> None:
    left, internal = "that employee retired", "externals are refused"
    assert base.classify(f"550 {left}")["entry"] == "rcpt-person-left"
    assert base.classify(f"550 {internal}")["entry"] == "rcpt-internal-senders-only"
    assert base.classify(f"550 {left}, and {internal} anyway")["reason"] is None


@pytest.mark.thorough
def test_no_text_of_the_catalogue_is_ambiguous() -> None:
    """Where rules of several entries match a text that we know, the relation says which of them it is."""
    texts = [text for entry in catalog().errors.values() for text in (*entry.examples, *entry.not_examples)]
    assert len(texts) > 2000
    for text in (*texts, *OTHERWISE, *(text for some in SENTENCES.values() for text in some)):
        for places in engine.matches(engine.without_names(normalize(text))):
            assert len(precedence.undecided({rule.entry for rule, _ in places})) < 2, text


@pytest.mark.thorough
@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rules_and_of_languages_says_nothing(
    base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    texts = [*OTHERWISE, *(text for some in SENTENCES.values() for text in some)]
    answers = [base.classify(text)["entry"] for text in texts]
    chance = random.Random(seed)
    for module in (chinese, english, japanese, russian):
        monkeypatch.setattr(module, "RULES", _shuffled(module.RULES, chance))
    names = list(european._FAMILIES)
    chance.shuffle(names)
    for attribute in ("_FAMILIES", "_SMALL", "_MARKS"):
        table = getattr(european, attribute)
        monkeypatch.setattr(european, attribute, {name: table[name] for name in names})
    monkeypatch.setattr(
        european, "_rules", {name: _shuffled(european._language(**european._FAMILIES[name]), chance) for name in names}
    )
    european._any_of.cache_clear()
    try:
        assert [base.classify(text)["entry"] for text in texts] == answers
    finally:
        european._any_of.cache_clear()


def _shuffled(rules: Rules, chance: random.Random) -> Rules:
    shuffled = list(rules.rules)
    chance.shuffle(shuffled)
    return Rules(*shuffled)
