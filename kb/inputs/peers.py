"""Which provider a mail host belongs to, by its name."""

from __future__ import annotations

from kb.regex import Late

# Domain of the provider's published mail hosts -> emitter of the catalogue's vocabulary.
_PROVIDERS = {
    "aliyun.com": "aliyun-mail",
    "mxhichina.com": "aliyun-mail",
    "amazonaws.com": "amazon-ses",
    "amazonses.com": "amazon-ses",
    "aol.com": "yahoo",
    "barracudanetworks.com": "barracuda",
    "ess.barracudanetworks.com": "barracuda",
    "brevo.com": "brevo",
    "exmail.qq.com": "tencent-exmail",
    "gmail.com": "gmail",
    "gmx.net": "gmx",
    "google.com": "gmail",
    "googlemail.com": "gmail",
    "hotmail.com": "microsoft-365",
    "icloud.com": "apple-icloud",
    "iphmx.com": "cisco-ironport",
    "mail.me.com": "apple-icloud",
    "mail.ru": "mail-ru",
    "mailgun.org": "mailgun",
    "mailtrap.io": "mailtrap",
    "messagelabs.com": "messagelabs",
    "mimecast.com": "mimecast",
    "126.com": "netease-mail",
    "163.com": "netease-mail",
    "netease.com": "netease-mail",
    "office365.com": "microsoft-365",
    "outlook.com": "microsoft-365",
    "postmarkapp.com": "postmark",
    "pphosted.com": "proofpoint",
    "ppe-hosted.com": "proofpoint",
    "qq.com": "qq-mail",
    "resend.com": "resend",
    "sendgrid.net": "sendgrid",
    "sendinblue.com": "brevo",
    "sina.cn": "sina-mail",
    "sina.com.cn": "sina-mail",
    "web.de": "gmx",
    "yahoo.com": "yahoo",
    "yahoodns.net": "yahoo",
    "yahooinc.com": "yahoo",
    "yandex.net": "yandex",
    "yandex.ru": "yandex",
    "yeah.net": "netease-mail",
    "zoho.com": "zoho",
}
_MOST_LABELS = max(domain.count(".") + 1 for domain in _PROVIDERS)


def emitter_of_host(host: str) -> str | None:
    """The provider of a host such as `mx.example.com` or `mx.example.com[192.0.2.1]:25`, or None."""
    labels = host.partition("[")[0].partition(":")[0].strip(".").lower().split(".")
    for i in range(max(0, len(labels) - _MOST_LABELS), len(labels) - 1):
        emitter = _PROVIDERS.get(".".join(labels[i:]))
        if emitter:
            return emitter
    return None


# A host that stands for itself, not the domain of an address.
_HOST = Late(r"(?:^|[^A-Za-z0-9@._\-])((?:[A-Za-z0-9\-]+\.)+[A-Za-z]{2,})")
_SIGNATURES = {"gsmtp": "gmail"}  # the word with which Google ends its replies


def emitters_in(text: str) -> set[str]:
    """The providers whose hosts a text names, links included, or whose signature it carries."""
    found = {emitter for word, emitter in _SIGNATURES.items() if word in text}
    hosts = (emitter_of_host(match.group(1).decode()) for match in _HOST.finditer(text.encode()))
    return found.union(emitter for emitter in hosts if emitter)
