"""What German, French, Spanish, Portuguese and Italian refusals are made of, without accents (the normal form).

A language is asked when two of its small words are there.
"""

from __future__ import annotations

from functools import cache

import re2

from kb.match.own_words.european_words import FRENCH, GERMAN, ITALIAN, PORTUGUESE, SPANISH
from kb.match.own_words.rule import Rule, Rules, loose, near, rule, then
from kb.regex import Late

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# What tells that a text may be in a language.
_SMALL = {
    "de": r"\b(?:ihre?[mnrs]?|wir|nicht|kein\w*|ist|es|gibt|hat|auf|aus|von|bei|steht|unser\w*|werden"
    r"|diese[rsmn]?|er|nur|zu|mit|annahme|verweigert|signatur|anhange?n?|erlaubt|verboten|mails"
    r"|mehr|person|keine|wurden?|wird|der|das|und|bitte|wegen|hier|zu|fur|mit|sie|unerwunscht"
    r"|empfanger|absender|postfach|gesperrt|abgelehnt)\b",
    "fr": r"\b(?:aucun|comme|dans|veuillez|nom|la|le|ce|sont|nos|notre|ici|n|a|votre|vos|nous|ne|pas"
    r"|est|les|des|du|une?|et|cette?|trop|pour|vous|chez|sur|boite|destinataire|expediteur|refuse[es]?)\b",
    "es": r"\b(?:solo|hay|ningun|mensaje|rechazado|en|y|al|nuestr[oa]s?|aceptamos|son|la|ya|aqui|su"
    r"|no|el|los|las|una?|est[ae]|esta|de|del|ha|sido|muy|demasiad\w+|por|con|usted|se|correo"
    r"|buzon|remitente|destinatario)\b",
    "pt": r"\b(?:mensagem|recusada|esse|essa|em|aos?|neste|nesta|aqui|e|nosso|nossa|mais|seus?|sua"
    r"|nao|os?|uma?|est[ae]|do|da|foi|muit[ao]s?|por|com|voce|caixa|remetente|destinatario)\b",
    "it": r"\b(?:il|la|lo|non|di|del|della|e|vostr[aoie]|suo|sua|questo|questa|troppo|troppi|per|casella"
    r"|mittente|destinatario|inoltro|negato|rifiutato)\b",
}
# The receiver's own server is not the one that is refused.
_HERE = (
    r"\b(?:neste|nosso|este|nuestro|ce|notre|questo|nostro|diesem|unserem|dieser|unser) (?:mail)?(?:serv\w+"
    r"|rechner|host)\b"
)
_RELAY = r"\brelay\w*|\brelais\b|\bretransm\w+|\breenvio\b|\bencaminh\w+|\binoltro\b|\bweiterleitung\b"


def _language(**w: str) -> Rules:
    """The rules of one language, from its families of words."""
    return Rules(*_of_the_message(w), *_of_the_parties(w))


def _of_the_message(w: Mapping[str, str]) -> tuple[Rule, ...]:
    """What a message or a session lacks or has too much of, and where it comes from."""
    refused, mail = w["refused"], w["mail"]
    return (
        rule("connect-rdns-missing", near(w["rdns"], w["lacks"])),
        rule("data-spf-failed", near(r"\bspf\b", w["lacks"])),
        rule("data-dkim-failed", near(r"\bdkim\b", w["lacks"])),
        rule("data-dmarc-failed", near(r"\bdmarc\b", w["lacks"])),
        rule("mail-starttls-required", near(w["encrypted"], w["must"]), unless=r"\b[cz]ertifi"),
        rule("rcpt-mailbox-full", near(w["box"], w["full"]), unless=rf"\b(?:server|serveur|servidor)\b|{w['pace']}"),
        rule("mail-message-too-big", near(rf"{mail}|{w['attached']}", w["big"])),
        loose("data-attachment-type-blocked", near(w["attached"], refused)),
        rule("rcpt-greylisted", r"\bgreylist", near(w["first"], w["later"])),
        rule("mail-rate-limited", w["pace"]),
        rule("data-virus-found", r"\b(?:virus|viren|virale|malware|troyano|trojaner)\b"),
        rule("connect-geo-blocked", near(w["land"], refused)),
    )


def _of_the_parties(w: Mapping[str, str]) -> tuple[Rule, ...]:
    """Who writes, from where, and to whom."""
    refused, person, mail = w["refused"], w["person"], w["mail"]
    return (
        loose("rcpt-person-left", w["left"]),
        loose("rcpt-list-members-only", near(w["members"], rf"{w['only']}|{refused}")),
        loose(
            "rcpt-internal-senders-only",
            near(w["outside"], rf"{w['only']}|{refused}"),
            unless=r"\bintern\w+ (?:fehler|error)|\b(?:erreur|error|erro|errore) intern",
        ),
        loose("rcpt-sender-blocked-by-recipient", then(w["receiver"], w["blocks"])),
        loose("mail-sender-domain-blocked", near(w["domain"], refused), unless=w["unknown"]),
        rule(
            "connect-ip-refused-locally",
            near(w["source"], rf"{refused}|\bspam\b"),
            w["unblock"],
            unless=rf"{w['box']}|{_HERE}",
        ),
        rule("data-spam-content", w["spam"]),
        loose("mail-sender-rejected", near(w["sender"], refused), unless=w["unknown"]),
        loose("rcpt-relay-needs-login", near(w["login"], w["must"])),
        rule("rcpt-relay-denied", near(_RELAY, refused)),
        loose("rcpt-mailbox-disabled", near(rf"{person}|{w['box']}", w["gone"]), unless=rf"{w['sender']}|\bip\b"),
        loose(
            "rcpt-user-unknown",
            near(rf"{person}|{w['box']}", w["unknown"]),
            r"\bno hay (?:ningun )?(?:usuario|destinatario)|\baucune? (?:utilisateur|destinataire|boite)",
            unless=rf"{w['sender']}|{w['domain']}",
        ),
        loose("connect-host-not-found", near(w["domain"], w["unknown"]), unless=w["sender"]),
        loose(
            "rcpt-mail-unwanted",
            near(mail, w["unwanted"]),
            r"\bwollen (?:\w+ )*(?:mails?|nachrichten|post) (?:hier )?nicht\b",
        ),
    )


_FAMILIES = {"de": GERMAN, "fr": FRENCH, "es": SPANISH, "pt": PORTUGUESE, "it": ITALIAN}
_MARKS = {name: Late(regex) for name, regex in _SMALL.items()}
_rules: dict[str, Rules] = {}
_LEAST = 2


def tables_for(text: str, raw: bytes) -> Iterator[Sequence[Rules]]:
    """The rules of the languages of which at least two small words are there: the likeliest first, equal ones together."""
    names = tuple(_SMALL)
    found: dict[int, list[Rules]] = {}
    for number in _any_of().Match(text) or ():
        name = names[number]
        count = len({match.group() for match in _MARKS[name].finditer(raw)})
        if count >= _LEAST:
            if name not in _rules:
                _rules[name] = _language(**_FAMILIES[name])
            found.setdefault(count, []).append(_rules[name])
    for count in sorted(found, reverse=True):
        yield found[count]


@cache
def _any_of() -> re2.Set:
    """Which languages have a small word in a text, in one pass."""
    marks = re2.Set.SearchSet()
    for regex in _SMALL.values():
        marks.Add(regex)
    marks.Compile()
    return marks
