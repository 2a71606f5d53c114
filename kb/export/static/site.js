// The script of an exported site: copy buttons, and a search over one file, without a server. Every page is complete without it.
import { copyButtons } from "./kept.js";

const LATIN = /[a-z0-9][a-z0-9_.+-]*/g;
const HAN = /[\u3400-\u9fff\uf900-\ufaff]+/g;
const SHOWN = 30;
const words = document.body.dataset;
const fold = (text) => text.normalize("NFKC").toLowerCase();

// Words with dots and underscores count as a whole and in their parts.
function tokens(text) {
  const found = new Set();
  for (const raw of text.match(LATIN) ?? []) {
    const word = raw.replace(/[.+-]+$/, "");
    found.add(word);
    for (const part of word.split(/[_.+-]/)) if (part.length > 1) found.add(part);
  }
  return [...found];
}

function prepare([url, title, sentence, names, more]) {
  const exact = fold(names).split(" ");
  return {
    url, title, sentence, exact,
    head: fold(title), text: fold(`${sentence} ${more}`),
    inNames: tokens(fold(names)), inHead: tokens(fold(title)), inText: tokens(fold(`${sentence} ${more}`)),
  };
}

function latin(word, row) {
  if (row.exact.includes(word)) return 14;
  if (row.inHead.includes(word)) return 10;
  if (row.inNames.includes(word)) return 8;
  if (row.inText.includes(word)) return 4;
  if (word.length < 2) return 0;
  if (row.inHead.some((known) => known.startsWith(word))) return 5;
  if (row.inNames.some((known) => known.startsWith(word))) return 4;
  return row.inText.some((known) => known.startsWith(word)) ? 2 : 0;
}

function han(run, row) {
  if (row.head.includes(run)) return 10;
  if (row.text.includes(run)) return 5;
  return 0;
}

// A run of Chinese is also looked for in pairs of characters, for words stand between others.
function terms(query) {
  const text = fold(query);
  const found = new Map((text.match(LATIN) ?? []).map((word) => [word.replace(/[.+-]+$/, ""), latin]));
  for (const run of text.match(HAN) ?? []) {
    found.set(run, han);
    for (let at = 0; run.length > 2 && at < run.length - 1; at += 1) found.set(run.slice(at, at + 2), han);
  }
  return [...found];
}

export function find(rows, query) {
  const score = new Map();
  for (const [term, judge] of terms(query).slice(0, 60)) {
    const hits = rows.map((row) => [row, judge(term, row)]).filter(([, value]) => value);
    const weight = Math.log(1 + rows.length / (hits.length || 1));
    for (const [row, value] of hits) score.set(row, (score.get(row) ?? 0) + value * weight);
  }
  const whole = fold(query);
  for (const [row, value] of score) if (row.head.includes(whole)) score.set(row, value * 1.5);
  return [...score].sort((a, b) => b[1] - a[1] || (a[0].url < b[0].url ? -1 : 1)).map(([row]) => row);
}

function show(section, root, rows, typed) {
  const found = typed ? find(rows, typed) : [];
  section.querySelector("[role=status]").textContent = typed && !found.length ? section.dataset.none : "";
  section.querySelector("ul").replaceChildren(...found.slice(0, SHOWN).map(({ url, title, sentence }) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = new URL(url, root);
    link.textContent = title;
    const text = document.createElement("p");
    text.textContent = sentence;
    item.append(link, text);
    return item;
  }));
}

function start(section) {
  const script = document.querySelector("script[data-index]");
  const root = new URL("../", import.meta.url);
  const input = section.querySelector("input");
  const status = section.querySelector("[role=status]");
  let rows = null, waiting;
  async function search() {
    try {
      rows ??= fetch(new URL(script.dataset.index, document.baseURI)).then(async (answer) => {
        if (!answer.ok) throw new Error(`${answer.status}`);
        return (await answer.json()).map(prepare);
      });
      const ready = await rows;
      show(section, root, ready, input.value.trim());
    } catch {
      rows = null;
      status.textContent = section.dataset.failed;
    }
  }
  section.hidden = false;
  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 120); });
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  if (input.value) search();
}

copyButtons(document, words);
const section = document.querySelector(".find");
if (section) start(section);
// All pages in one file and what was used once, for reading without a network; only over https or on this machine.
addEventListener("load", () => navigator.serviceWorker?.register(new URL("../sw.js", import.meta.url)).catch(() => {}));
