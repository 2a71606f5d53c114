"""What people tell of a failure in other languages than Chinese, without a code: `Outlook keeps asking for my password`.

Without a code nothing says that a text is a refusal, so every rule joins what it is about with what is wrong with it, and only
what is asked most has a rule.
"""

from __future__ import annotations

from kb.match.own_words.european_words import FRENCH, GERMAN, ITALIAN, PORTUGUESE, SPANISH
from kb.match.own_words.rule import Rules, loose, near, then
from kb.match.own_words.rule import normalized as _n
from kb.regex import Late

# What makes a text one about mail.
TOPIC = Late(
    r"\be?-?mails?\b|\bg?mail\b|\bsmtp\b|\boutlook\b|\bthunderbird\b|\bcorreos?\b|\bcourriels?\b|\bcorreio\b|\bposta\b"
    rf"|почт|письм|{_n('メール')}|메일"
)
# A question how something is done, not what is to be done about a failure.
ASKS_HOW = Late(
    r"\bhow (?:do|can|to|should) (?:i |we |you )?(?:send|set|config\w*|use|add|enable|create|read|change|reset)\b"
    r"|\bwie (?:kann|richte|sende|stelle|konfigur\w*|andere)\b|\bcomment (?:configurer|envoyer|creer|changer|utiliser)\b"
    r"|\bcomo (?:configur\w*|enviar|mandar|crear|criar|cambiar|usar)\b|\bcome (?:configur\w*|inviare|creare|impostare)\b"
    rf"|как (?:настроить|отправить|сделать|создать|поменять|сменить)|{_n('設定方法|送り方|やり方|どうやって')}"
    r"|어떻게 (?:설정|보내|하나요)|설정 방법"
)
_SEND = (
    r"\b(?:send\w*|sent|smtp|senden|sende|gesendet|versend\w*|versand|verschick\w*|schicken|envoy\w*|envois?|expedi\w*"
    r"|envi(?:ar|o|a|ado|ados|amos)|mandar|invi(?:are|o|a|ato)|spedire|outgoing)\b"
    rf"|отправ[а-я]*|посла[а-я]*|отсыла[а-я]*|{_n('送信|送れ|送る')}|보내|발송|전송"
)
_LOGIN_REFUSED = (
    r"\b(?:wrong|incorrect|invalid|bad) (?:user ?name|login|password|credentials)\b"
    r"|\b(?:password|credentials) (?:is |are |was |were )?(?:wrong|incorrect|invalid|not accepted|rejected|refused)\b"
    r"|\b(?:falsche[srn]?|ungultige[srn]?) (?:passwort|kennwort|zugangsdaten|benutzername)\b"
    r"|\b(?:passwort|kennwort|zugangsdaten) (?:\w+ ){0,2}(?:falsch|ungultig|abgelehnt)\b"
    r"|\bmot de passe (?:\w+ )?(?:incorrect|invalide|errone|refuse)\b|\bidentifiants? (?:\w+ )?(?:incorrect|invalide|errone)s?\b"
    r"|\bcontrasena (?:\w+ )?(?:incorrecta|invalida|erronea|no valida)\b|\bsenha (?:\w+ )?(?:incorreta|invalida|errada)\b"
    r"|\bpassword (?:\w+ )?(?:errata|sbagliata|non valida|non corretta)\b"
    r"|неверн[а-я]* (?:логин|парол|имя)|(?:логин|парол)[а-я]* (?:[а-я]+ )?неверн"
    rf"|{_n('認証に失敗|認証失敗|認証エラー|パスワードが違|パスワードが間違|パスワードが正しく')}"
    r"|비밀번호가 (?:틀|맞지)|로그인 실패|인증 (?:실패|오류)"
)
_ASKS = (
    (r"\b(?:keeps?|kept|constantly|always|repeatedly) (?:on )?(?:ask\w*|prompt\w*)", r"\b(?:password|credentials)\b"),
    (r"\b(?:fragt|verlangt)\b", r"\b(?:passwort|kennwort)\b"),
    (r"\b(?:re)?demande\b", r"\bmot de passe\b"),
    (r"\b(?:pide|solicita|pregunta)\b", r"\b(?:contrasena|clave|password)\b"),
    (r"\b(?:pede|pedindo|solicita)\b", r"\bsenha\b"),
    (r"\b(?:chiede|richiede)\b", r"\bpassword\b"),
    (r"(?:просит|просят|запрашива|требует|спрашива)[а-я]*", r"парол[а-я]*"),
    (_n("パスワード"), _n("聞かれ|聞いて|求められ|要求され")),
    ("비밀번호", "물어|묻|요구"),
)
_ASKS_PASSWORD = "|".join(then(*asks) for asks in _ASKS)
_ASKS_WHEN_SENDING = tuple(then(asks, _SEND, password) for asks, password in _ASKS)
_SERVER = (
    r"\b(?:smtp|mail ?-?server\w*|outgoing server|postausgang\w*|serveur (?:sortant|d envoi|de messagerie|mail)"
    r"|servidor (?:de correo|saliente|de saida|de e?-?mail)|server (?:di posta|in uscita))\b"
    rf"|почтов[а-я]* сервер[а-я]*|{_n('メールサーバ|送信サーバ|サーバーに|サーバに')}|메일 서버|smtp"
)
_NO_CONNECTION = (
    r"\b(?:cannot|can not|could not|unable to|will not|fails to|failed to) connect\b|\brefuses? (?:the |my |our )?connections?\b"
    r"|\bconnections? (?:is |are |was )?(?:refused|timed? ?out|times out|fails|failed)\b|\bunreachable\b"
    r"|\bkeine verbindung\b|\bverbindung (?:\w+ ){0,4}(?:nicht|fehlgeschlagen|abgelehnt|verweigert)\b|\bnicht erreichbar\b"
    r"|\b(?:verweigert\w*|lehnt\w*) (?:\w+ )?verbindung\b"
    r"|\b(?:refuse|rejette|rejete) (?:la|ma|les|toute) connexions?\b|\bconnexion (?:\w+ ){0,4}(?:impossible|echoue\w*|refusee)\b"
    r"|\b(?:impossible|pas|plus) (?:\w+ ){0,3}(?:connecter|joindre)\b|\binjoignable\b"
    r"|\bno (?:se )?(?:conecta|(?:puede|puedo|pudo|logra|consigue) (?:\w+ ){0,2}conectar\w*)\b|\brechaz[ao] (?:la )?conexion\b"
    r"|\bnao (?:conecta|(?:consigo|consegue|foi possivel) (?:\w+ ){0,2}conectar)\b|\brecus(?:a|ou) (?:a )?conexao\b"
    r"|\b(?:non (?:riesco|riesce|si riesce)|impossibile) (?:\w+ ){0,2}(?:connetter\w*|collegar\w*)\b"
    r"|\brifiutat?[ao]? la connessione\b"
    r"|не (?:могу|удается|удалось|может|получается) (?:[а-я]+ )?(?:подключ|соедин|связаться)[а-я]*|не подключается"
    r"|(?:отклон|отверг)[а-я]* соединение|нет соединения"
    rf"|{_n('接続できま|接続できない|つながりま|つながらない|繋がらない|接続に失敗')}"
    r"|연결할 수 없|연결이 (?:안|되지|끊)|연결되지|접속이 (?:안|되지)"
)
_PORT = (
    rf"\b(?:port|puerto|porta|porto) (?:25|465|587)\b|порт[а-я]* (?:25|465|587)|{_n('ポート')} ?(?:25|465|587)|25{_n('番ポート')}"
    r"|포트 ?(?:25|465|587)|(?:25|465|587)번? ?포트|\bop25b\b"
)
_SHUT = (
    r"\b(?:block\w*|closed|gesperrt|geschlossen|zu|bloqu\w*|bloccat\w*|chiusa|cerrado|fechada|filtrad\w*)\b"
    rf"|закрыт|заблок|блокир|{_n('ブロック|遮断|塞が|規制|制限')}|차단|막혀|막힌"
)
_MESSAGE = (
    r"\b(?:e?-?mails?|messages?|nachricht\w*|courriels?|correos?|mensajes?|mensagens|messaggi|posta)\b"
    r"|письм[а-я]*|почт[а-я]*|메일"
)
_TO_SPAM = (
    r"\b(?:go|goes|going|land|lands|landing|ends?|ending|end up|arrive|arrives|delivered|marked|flagged|classified) "
    r"(?:\w+ ){0,4}(?:spam|junk)\b"
    r"|\b(?:landen|landet|gelandet|kommen|kommt|gehen|geht) (?:\w+ ){0,5}(?:spam\w*|junk)\b|\bals spam\b"
    r"|\b(?:arrivent|arrive|tombent|tombe|vont|va|finissent|partent) (?:\w+ ){0,4}(?:spams?|indesirables?)\b|\bcomme spam\b"
    r"|\b(?:llegan|llega|caen|cae|van|va|entran|acaban|caem|vao|chegam) (?:\w+ ){0,5}(?:spam|no deseados?|lixo)\b|\bcomo spam\b"
    r"|\b(?:finiscono|finisce|arrivano|vanno|va) (?:\w+ ){0,4}(?:spam|indesiderata)\b"
    rf"|(?:попада|уход|идут|летят|приход)[а-я]* в спам|{_n('迷惑メールに')}(?:なる|{_n('入る|入って|振り分け|分類')})"
    rf"|{_n('迷惑メールフォルダに入る|迷惑メール扱い|迷惑メールと判定')}|스팸(?:함|메일함)?으로|스팸(?:함|메일함)에"
)
_EUROPEAN = (GERMAN, FRENCH, SPANISH, PORTUGUESE, ITALIAN)
_FULL = tuple(near(words["box"], words["full"]) for words in _EUROPEAN)
_BIG = tuple(near(words["attached"], words["big"]) for words in _EUROPEAN)

RULES = Rules(
    loose(
        "auth-program-says-login-failed",
        near(_SEND, _LOGIN_REFUSED),
        near(_SEND, _ASKS_PASSWORD),
        *_ASKS_WHEN_SENDING,
        unless=r"\b(?:spf|dkim|dmarc|certificat\w*|zertifikat\w*|reset|forgot|website|database|wi-?fi|proxy|vpn)\b|сертификат",
    ),
    loose(
        "connect-program-says-unreachable",
        near(_SERVER, _NO_CONNECTION),
        near(_PORT, _SHUT),
        unless=r"\b(?:imap|pop3?|certificat\w*|zertifikat\w*|handshake|tls|ssl|database|website|vpn)\b|сертификат",
    ),
    loose(
        "rcpt-mailbox-full",
        *_FULL,
        r"ящик[а-я]* (?:[а-я]+ )?(?:переполн|заполн|полон)",
        near(_n("メールボックス|受信箱|受信トレイ"), _n("いっぱい|一杯|満杯|容量オーバー|容量超過")),
        r"(?:메일함|편지함|사서함)[^.]{0,12}(?:가득|꽉|초과)",
    ),
    loose(
        "mail-message-too-big",
        *_BIG,
        r"(?:вложени|письм|файл)[а-я]* слишком (?:бол|вел)",
        near(_n("添付"), _n("大きすぎ|容量オーバー|サイズオーバー")),
        r"첨부[^.]{0,12}(?:너무 크|초과)",
    ),
    loose(
        "rcpt-user-unknown",
        r"\brecipient(?: address)? (?:does not exist|is unknown|was not found|not found)\b"
        r"|\b(?:empfanger|empfangeradresse) (?:\w+ ){0,3}(?:unbekannt|existiert nicht|nicht gefunden)\b"
        r"|\b(?:destinataire|adresse) (?:\w+ ){0,3}(?:inconnue?|introuvable|n existe pas)\b"
        r"|\b(?:destinatario|direccion) (?:\w+ ){0,3}(?:no existe|desconocid[oa]|no encontrad[oa])\b"
        r"|\b(?:destinatario|endereco) (?:\w+ ){0,3}(?:nao existe|desconhecido|nao encontrado|inexistente)\b"
        r"|\b(?:destinatario|indirizzo) (?:\w+ ){0,3}(?:inesistente|sconosciuto|non esiste)\b"
        r"|(?:получател|адресат|адрес)[а-я]* (?:[а-я]+ ){0,2}(?:не существу|не найден|неизвест)[а-я]*"
        r"|(?:수신자|받는 사람|메일 주소)[^.]{0,8}(?:존재하지|찾을 수 없)",
        near(_n("宛先|メールアドレス|受信者"), _n("存在しません|存在しない|見つかりません")),
        unless=r"\b(?:sender|absender|expediteur|remitente|remetente|mittente|domain|dominio|domaine)\b|отправител|домен|送信者|差出人",
    ),
    loose(
        "data-spam-content",
        near(_MESSAGE, _TO_SPAM),
        _n("迷惑メール扱い|迷惑メールと判定"),
        unless=r"\b(?:not|nicht|pas|non) (?:\w+ ){0,3}spam|"
        + _n("入っていない|入っていません|入らない")
        + "|не в спам|스팸함에도",
    ),
)
