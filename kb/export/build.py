"""Every file of an export, in memory: pages, scripts, index, manifest. The same content gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from html import escape

from werkzeug.test import Client

from kb.export.assets import Assets
from kb.export.bundle import bundle
from kb.export.index import indexes
from kb.export.places import place_of, relative
from kb.export.rewrite import POLICY, Target, addresses, ask_and_search, rewritten, with_main
from kb.export.runtime import VERSION
from kb.export.words import DOORS, HOME_TITLE, LLMS, NOT_FOUND, SEARCH, SEARCH_TITLE
from kb.smtp.registry import all_reply_codes, all_status_codes
from kb.text import LANGUAGES
from kb.web import create_app
from kb.web.browse import mentioning
from kb.web.policy import Policy
from kb.web.site import Site

MANIFEST = "manifest.json"
MADE_BY = "kb export"
# What examples of the API show: the address of a `kb serve` on the reader's own machine.
_OWN = "http://127.0.0.1:8055"
_OWN_LINK = re.compile(rf"{re.escape(_OWN)}(/[^\s)>\"`]*)")
_SCRIPT = re.compile(r"<script\b[^>]*></script>")
_LOC = re.compile(r"<loc>[^<]*?(/(?:zh|en)/[^<]*)</loc>")
_SITE_SCRIPT = '<script src="/static/site.js" type="module" data-index></script>'
_LOOKUP_SCRIPT = '<script src="{}" type="module"></script>\n</head>'
_DOORS = '<ul class="doors">'
# Pages that are nothing without somebody who answers their form.
FORMS = ("/diagnose/index.html", "/explore/index.html")
_FIRST = ("search",)
_EVERY = 200
Report = Callable[[int], None]


def build(site: Site, report: Report, python: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """File -> its bytes. report: is told how many pages are there, now and then. python: the files of Pyodide, for the lookup."""
    app = create_app(site=site, policy=Policy())
    client = app.test_client()
    pages, moved = _pages(client, site, report, () if python else FORMS)
    known = {*pages, *(f"{lang}/articles/{slug}.md" for slug, lang in _articles(site))}
    known |= {"openapi.json", "catalog.json", "llms.txt", "index.html"}
    assets = Assets({name: client.get(f"/static/{name}").data for name in ("style.css", "icon.svg", "kept.js")})
    assets.add(indexes(site, _mentions(site)))
    archive = partial(bundle, site, known, app.config["REPOSITORY"])
    megabytes = assets.add_scripts(python, archive, lambda name: client.get(f"/static/{name}").text)
    known |= {*assets.files}
    for place, (address, page) in pages.items():
        lang = place[:2]
        target = Target(place, lang, assets.names, known.__contains__, python is not None, megabytes)
        page = _SCRIPT.sub(_SITE_SCRIPT, _own_main(place, page, python is not None), count=1)
        page = rewritten(page, address, target)
        if "data-page=" in page:
            page = page.replace("</head>", _LOOKUP_SCRIPT.format(relative(assets.names["lookup.js"], place)), 1)
        index = relative(assets.names[f"search.{lang}.json"], place)
        assets.pages[place] = page.replace("data-index", f'data-index="{index}"', 1).encode()
    assets.pages |= _small(site, moved, assets.names)
    files = {**assets.offline(), **assets.files, **assets.pages, **_texts(client, site)}
    return dict(sorted({**files, MANIFEST: _manifest(site, files, python is not None)}.items()))


def _mentions(site: Site) -> dict[str, list[str]]:
    """Entry -> the registered codes that it mentions."""
    found: dict[str, list[str]] = {}
    codes = [row.code for row in all_reply_codes()]
    codes += [row.code.replace("X", digit, 1) for row in all_status_codes() for digit in "245"]
    for code in codes:
        for id_ in mentioning(site, code):
            found.setdefault(id_, []).append(code)
    return found


def _pages(
    client: Client, site: Site, report: Report, without: tuple[str, ...]
) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """File -> address and page as served, for the sitemap and all that is linked to; and file -> file of what has moved."""
    waiting = [page for listed in _sitemaps(client) for page in _LOC.findall(listed)]
    waiting += [f"/{lang}/{page}" for lang in LANGUAGES for page in _FIRST]
    waiting += [f"/{lang}/errors/{alias}" for lang in LANGUAGES for alias in site.base.store.aliases()]
    pages: dict[str, tuple[str, str]] = {}
    moved: dict[str, str] = {}
    seen: set[str] = set()
    while waiting:
        address = waiting.pop()
        place = place_of(address)
        if place is None or place in seen or not place.endswith(".html") or place.endswith(without):
            continue
        seen.add(place)
        answer = client.get(address, base_url=_OWN)
        if answer.status_code == 301:
            target = place_of(answer.headers["Location"])
            if target:
                moved[place] = target
                waiting.append(answer.headers["Location"])
        elif answer.status_code == 200:
            pages[place] = address, answer.text
            waiting += addresses(answer.text, address)
            if len(pages) % _EVERY == 0:
                report(len(pages))
    report(len(pages))
    return dict(sorted(pages.items())), moved


def _sitemaps(client: Client) -> list[str]:
    """The sitemap, or its parts where it has some."""
    whole = client.get("/sitemap.xml").text
    parts = re.findall(r"<loc>[^<]*?(/sitemap-\d+\.xml)</loc>", whole)
    return [client.get(part).text for part in parts] or [whole]


def _own_main(place: str, page: str, lookup: bool) -> str:
    """The front page and the page of the search have content of their own; the others are as served."""
    lang, _, rest = place.partition("/")
    if rest == "search/index.html":
        title = SEARCH_TITLE.get(lang)
        page = re.sub(r"<title>.*?</title>", f"<title>{title} · {HOME_TITLE.get(lang)}</title>", page, count=1)
        return with_main(
            page, f"\n<h1>{title}</h1>\n{SEARCH.get(lang) if lookup else ask_and_search(lang)}\n{_doors(lang)}\n"
        )
    if rest == "index.html" and lookup:
        return page.replace(_DOORS, f"{SEARCH.get(lang)}\n{_DOORS}", 1)
    if rest == "index.html":
        return with_main(page, f"\n<h1>{HOME_TITLE.get(lang)}</h1>\n{ask_and_search(lang)}\n{_doors(lang)}\n")
    return page


def _doors(lang: str) -> str:
    rows = "".join(
        f'<li><a href="/{lang}/{path}">{title.get(lang)}</a><p>{about.get(lang)}</p></li>'
        for path, title, about in DOORS
    )
    return f'<ul class="doors">{rows}</ul>'


def _small(site: Site, moved: Mapping[str, str], assets: Mapping[str, str]) -> dict[str, bytes]:
    """Pages that lead on: the root, the short addresses of entries, names that entries had before; and the page for no page."""
    titles = {lang: HOME_TITLE.get(lang) for lang in LANGUAGES}
    found = {
        "index.html": _choice("index.html", {lang: f"{lang}/index.html" for lang in LANGUAGES}, titles, assets, False)
    }
    names = {entry.id: entry for entry in site.entries.values()}
    names |= {alias: site.entries[id_] for alias, id_ in site.base.store.aliases().items() if id_ in site.entries}
    for name, entry in names.items():
        targets = {lang: f"{lang}/errors/{entry.id}/index.html" for lang in LANGUAGES}
        place = f"e/{name}/index.html"
        found[place] = _choice(place, targets, {"zh": entry.title_zh, "en": entry.title_en}, assets, True)
    for place, target in moved.items():
        lang = place[:2]
        found[place] = _choice(place, {lang: target}, {lang: HOME_TITLE.get(lang)}, assets, True)
    # It is shown at any address, so that no relative address in it would be right.
    text = "".join(f'<p lang="{lang}">{NOT_FOUND.get(lang)}</p>' for lang in LANGUAGES)
    found["404.html"] = _bare("404", text, "")
    return found


def _choice(
    place: str, targets: Mapping[str, str], titles: Mapping[str, str], assets: Mapping[str, str], leads_on: bool
) -> bytes:
    """A page with a link for each language; with `leads_on` it goes to the last by itself."""
    links = {lang: relative(target, place) for lang, target in targets.items()}
    first = links[list(links)[-1]]
    head = f'<link rel="stylesheet" href="{relative(assets["style.css"], place)}">'
    if leads_on:
        head += (
            f'<meta http-equiv="refresh" content="0; url={escape(first)}"><link rel="canonical" href="{escape(first)}">'
        )
    rows = "".join(
        f'<li><a href="{escape(link)}" lang="{lang}" hreflang="{lang}">{escape(titles[lang])}</a></li>'
        for lang, link in links.items()
    )
    return _bare(titles[list(links)[-1]], f'<ul class="plain">{rows}</ul>', head)


def _bare(title: str, content: str, head: str) -> bytes:
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n{POLICY}\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n{head}\n</head>\n<body><main>{content}</main></body>\n</html>\n"
    ).encode()


def _articles(site: Site) -> list[tuple[str, str]]:
    return [(slug, lang) for slug in sorted({slug for slug, _ in site.articles}) for lang in LANGUAGES]


def _texts(client: Client, site: Site) -> dict[str, bytes]:
    """What programs read: articles as Markdown, the catalogue, the description of the API, llms.txt."""
    found: dict[str, bytes] = {}
    lines: list[str] = []
    for slug, lang in _articles(site):
        place = f"{lang}/articles/{slug}.md"
        text = client.get(f"/{place}", base_url=_OWN).text
        found[place] = _OWN_LINK.sub(partial(_text_link, source=place), text).encode()
        article = site.article(slug, lang)
        lines.append(f"- [{article.title if article else slug}]({place})")
    for name in ("openapi.json", "catalog.json"):
        found[name] = client.get(f"/{name}", base_url=_OWN).data
    about = [LLMS.get(lang).format(count=len(site.entries)) for lang in ("en", "zh")]
    head = [
        "# SMTP error knowledge base / SMTP 报错知识库",
        "",
        f"> {about[0]}",
        "",
        about[1],
        "",
        "## Articles / 文章",
        "",
    ]
    found["llms.txt"] = "\n".join([*head, *lines, ""]).encode()
    return found


def _text_link(link: re.Match[str], source: str) -> str:
    """The address of a page as it is in the export; entries are there as pages only."""
    path = link[1]
    target = place_of(path.removesuffix(".md") if "/errors/" in path else path)
    return relative(target, source) if target else path


def _manifest(site: Site, files: Mapping[str, bytes], lookup: bool) -> bytes:
    body = {
        "made_by": MADE_BY,
        "schema_version": 1,
        "catalog_version": site.version,
        "lookup": f"pyodide {VERSION}" if lookup else None,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
    }
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()
