"""What Russian refusals are made of, `ё` written as `е` (the normal form)."""

from __future__ import annotations

from kb.match.own_words.rule import Rules, loose, near, rule, then

_W = "[а-я]*"
_REFUSED = (
    rf"не (?:принима|разреш|допуска|желател|хот|ждем|рад){_W}|запрещ{_W}|запрет{_W}|отклон{_W}"
    rf"|отказ{_W}|отверг{_W}|блокир{_W}|заблок{_W}"
    rf"|забан{_W}|нежелат{_W}|черн{_W} спис{_W}|бан"
)
_MAIL = rf"почт{_W}|пис(?:ьм|ем){_W}|сообщен{_W}|корреспонденц{_W}"
_PERSON = rf"пользовател{_W}|получател{_W}|ящик{_W}|адрес{_W}|адресат{_W}|учетн{_W} запис{_W}|аккаунт{_W}"
_SENDER = rf"отправител{_W}"

RULES = Rules(
    rule("data-virus-found", rf"вирус{_W}|вредонос{_W}"),
    rule(
        "connect-rdns-missing",
        near(rf"обратн{_W} (?:зон|запис|dns|днс|имен){_W}|ptr|rdns", rf"не|нет|отсутств{_W}|настро{_W}|исправ{_W}"),
    ),
    rule("data-spf-failed", near("spf", rf"не|отклон{_W}|ошиб{_W}")),
    rule("data-dkim-failed", near("dkim", rf"не|отклон{_W}|ошиб{_W}|недейств{_W}|без")),
    rule("data-dmarc-failed", near("dmarc", rf"не|отклон{_W}|ошиб{_W}|полити{_W}")),
    rule(
        "mail-starttls-required",
        near(rf"шифров{_W}|tls|starttls", rf"требу{_W}|только|необходим{_W}|нужн{_W}|обязател{_W}"),
        unless="сертификат",
    ),
    rule("ehlo-helo-invalid", near("helo|ehlo", rf"не|ошиб{_W}|отклон{_W}")),
    rule(
        "rcpt-mailbox-full",
        near(
            rf"ящик{_W}|квот{_W}|мест{_W}|пользовател{_W}",
            rf"переполн{_W}|превыш{_W}|исчерпан{_W}|заполн{_W}|нет места|полон|не хватает",
        ),
        unless=f"размер|отправк|в час|на диске сервера|{_SENDER}",
    ),
    loose(
        "data-attachment-type-blocked",
        near(rf"вложен{_W}|исполняем{_W}|архив{_W}", _REFUSED),
        unless="велик|больш|размер",
    ),
    rule(
        "mail-message-too-big",
        near(f"{_MAIL}|вложен{_W}", rf"слишком (?:больш|велик|длинн){_W}|превыша{_W} .*размер|размер{_W} .*превыш{_W}"),
    ),
    rule(
        "rcpt-greylisted",
        rf"сер{_W} спис{_W}|грейлист{_W}",
        near(rf"перв{_W} раз|впервые|не знаем|незнаком{_W}", rf"повтор{_W}|позже|через|минут{_W}"),
    ),
    rule(
        "mail-rate-limited",
        rf"слишком (?:част|быстр){_W}|помедленн{_W}",
        near(
            rf"слишком много|лимит{_W}|превыш{_W}",
            f"{_MAIL}|соединен{_W}|подключен{_W}|отправ{_W}|запрос{_W}|в час|в сутки",
        ),
        unless=r"размер|получателей|ящик|квот",
    ),
    rule(
        "connect-geo-blocked",
        near(rf"стран{_W}|регион{_W}|зарубеж{_W}|из-за рубежа|за границ{_W}|росси{_W}|кита{_W}", _REFUSED),
    ),
    rule(
        "connect-dynamic-ip-refused",
        near(rf"динамическ{_W}|модем{_W}|домашн{_W}|dial-?up", f"{_REFUSED}|используйте|через"),
    ),
    loose(
        "rcpt-person-left",
        near(
            rf"сотрудник{_W}|он|она|пользовател{_W}|человек|адресат{_W}",
            rf"уволил{_W}|больше не работа{_W}|не работает|ушел|на пенси{_W}|уволен{_W}",
        ),
    ),
    loose("rcpt-list-members-only", near(rf"подписчик{_W}|участник{_W}|член{_W}", rf"только|могут|не явля{_W}")),
    loose(
        "rcpt-internal-senders-only",
        near(rf"внешн{_W}|внутренн{_W}|извне|снаружи", f"только|{_REFUSED}"),
        unless="внутренняя ошибка|внутренней ошибк",
    ),
    loose(
        "rcpt-sender-blocked-by-recipient",
        then(
            rf"получател{_W}|пользовател{_W}|владел{_W}|адресат{_W}",
            rf"заблокировал{_W}|не принимает|отказал{_W}|внес",
            rf"вас|ваш{_W}|пис{_W}",
        ),
    ),
    loose("mail-sender-domain-blocked", near(rf"домен{_W}", _REFUSED), unless=r"не существ|не найден|спам-?ссыл"),
    rule(
        "connect-ip-refused-locally",
        near(
            rf"ip|ip-?адрес{_W}|айпи|сервер{_W}|хост{_W}|подсет{_W}|сет{_W}|провайдер{_W}|соединени{_W}"
            rf"|подключени{_W}|вашего адреса",
            f"{_REFUSED}|спам{_W}",
        ),
        rf"разблокир{_W}|разбан{_W}|исключен{_W} из (?:черного )?списк{_W}",
        near("вы|вас", rf"заблок{_W}|забан{_W}"),
        unless="сервер не принимает почту для",
    ),
    rule("data-spam-content", rf"спам{_W}|реклам{_W}|рассыл{_W}|фишинг{_W}"),
    loose(
        "data-filter-rule-matched", near(rf"фильтр{_W}|правил{_W}|содержим{_W}|тем{_W}|слов{_W}|ссылк{_W}", _REFUSED)
    ),
    loose("mail-sender-rejected", near(_SENDER, _REFUSED), unless="не существ|не найден"),
    loose(
        "rcpt-relay-needs-login",
        near(
            rf"авториз{_W}|аутентифик{_W}|вход{_W}|войдите|залогин{_W}",
            rf"требу{_W}|необходим{_W}|сначала|нужн{_W}|пройдите",
        ),
        unless="неверн|ошибк|не удал",
    ),
    rule("rcpt-relay-denied", near(rf"релей{_W}|relay|пересыл{_W}|ретрансл{_W}", _REFUSED)),
    loose(
        "rcpt-mailbox-disabled",
        near(
            _PERSON,
            rf"отключен{_W}|заблокирован{_W}|закрыт{_W}|удален{_W}|неактив{_W}|не активен|приостан{_W}|не использу{_W}",
        ),
        unless=f"{_SENDER}|ip",
    ),
    loose(
        "rcpt-user-unknown",
        near(
            _PERSON, rf"не существ{_W}|не найден{_W}|неизвест{_W}|не зарегистр{_W}|нет так{_W}|недейств{_W}|неверн{_W}"
        ),
        rf"нет так{_W} (?:пользовател|адрес|ящик|получател){_W}|так{_W} (?:пользовател|адрес|ящик|получател){_W} .*нет",
        unless=f"{_SENDER}|домен",
    ),
    loose("connect-host-not-found", near(rf"домен{_W}", rf"не существ{_W}|не найден{_W}|нет mx"), unless=_SENDER),
    rule("data-mail-loop", rf"зациклив{_W}|петл{_W}"),
    loose(
        "connect-server-busy",
        near(rf"перегруж{_W}|обслуживан{_W}|технич{_W} работ{_W}", rf"позже|сервер{_W}|повтор{_W}"),
    ),
    loose(
        "rcpt-mail-unwanted",
        near(rf"ваш{_W} (?:{_MAIL})|{_MAIL}", rf"не (?:хот|нужн|жела|жд){_W}|нежелат{_W}|не рады"),
        r"идите (?:вон|прочь)|не пишите нам",
    ),
)
