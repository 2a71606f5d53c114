// The forms of an exported site, answered in the reader's own browser. Python is loaded when somebody first asks.
import { guard } from "./bounds.js";
import { copyButtons, store, toEvidence } from "./kept.js";

const LIMIT = 20_000;  // for an answer, once everything is there; kb/export/rewrite.py names it
const lang = document.body.dataset.lang;
let worker = null, loaded = false, number = 0, waiting = null, timer;

function stop() {
  clearTimeout(timer);
  worker?.terminate();
  worker = null;
  loaded = false;
}

function end(problem, value) {
  clearTimeout(timer);
  const { done, fail } = waiting ?? {};
  waiting = null;
  if (problem) fail?.(new Error(problem));
  else done?.(value);
}

function begin() {
  worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  worker.onerror = () => { stop(); end("failed"); };
  worker.onmessage = ({ data }) => {
    if (data.step) {
      waiting?.step(data.step);
      clearTimeout(timer);
      if (data.step === "busy") timer = setTimeout(() => { stop(); end("slow"); }, LIMIT);
    } else if (data.ready) {
      loaded = true;
      navigator.serviceWorker?.ready.then(({ active }) => active.postMessage("keep"));
    } else if (data.failed) { console.info(data.failed); stop(); end("failed"); }
    else if (data.number === number) {
      if (data.broken) console.info(data.broken);
      end(data.broken && "broken", data.html);
    }
  };
}

// One question at a time; a new one takes the place of the one before, whose answer nobody waits for any more.
function ask(page, fields, step) {
  if (!worker) begin();
  number += 1;
  return new Promise((done, fail) => {
    waiting = { done, fail, step };
    worker.postMessage({ number, page, lang, fields });
  });
}

function liven(root) {
  for (const note of root.querySelectorAll("[data-until-script]")) note.remove();
  for (const form of root.querySelectorAll("form[data-page]")) form.hidden = false;
  for (const form of root.querySelectorAll("form[data-most]")) guard(form, document.body.dataset);
  copyButtons(root, document.body.dataset);
  const chosen = store.get("form");
  for (const pick of root.querySelectorAll(".forms input")) {
    if (pick.value === chosen) pick.checked = true;
    pick.addEventListener("change", () => store.set("form", pick.value));
  }
}

function show(form, html) {
  const main = form.closest("main");
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  liven(fresh);
  let region = main;
  if (form.dataset.page === "" || form.closest(".fresh")) {  // the box stays: settings pasted there are diagnosed below it
    region = main.querySelector(":scope > .fresh") ?? document.createElement("div");
    region.className = form.dataset.page === "" ? "split fresh" : "fresh";
    if (!region.parentNode) main.querySelector(".asking").after(region);
  }
  region.replaceChildren(...fresh.childNodes);
  toEvidence(region);
  return region;
}

async function answer(form, focused) {
  const page = form.dataset.page;
  const status = () => document.querySelector(".asking");
  const say = (name) => { status().textContent = status().dataset[name]; };
  const { dataset: words } = status();
  try {
    const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    const region = show(form, await ask(page, fields, say));
    const head = region.querySelector(page === "explore" ? "#outcome h2" : "h1");
    status().textContent = words.done + (head?.textContent ?? "");
    const again = focused && document.getElementById(focused);
    if (again) return again.focus();
    head.tabIndex = -1;
    head.focus({ preventScroll: true });
    (head.closest(".verdict") ?? head).scrollIntoView();  // on a phone the answer would begin below the box
  } catch (problem) {
    if (problem.message in words) say(problem.message);
    else throw problem;
  }
}

function fill(form, values) {
  for (const [name, value] of values) {
    const field = form.elements.namedItem(name);
    if (field) field.value = value;
  }
}

function fromLink(form) {
  if (form.dataset.page !== "" || !location.hash.startsWith("#q=")) return false;
  try { fill(form, [["text", decodeURIComponent(location.hash.slice(3).replaceAll("+", " "))]]); } catch { return false; }
  return true;
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-page]")) return;
  event.preventDefault();
  answer(event.target);
});
document.addEventListener("change", ({ target }) => {
  if (loaded && target.form?.matches("form[data-page=explore]")) answer(target.form, target.id);
});
document.addEventListener("keydown", (event) => {
  const form = event.target.form;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing && form?.matches("[data-page]")) form.requestSubmit();
});
// A cell of the table of TLS modes: the form filled in, without loading everything again.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('main a[href^="?"]');
  const form = document.querySelector("form[data-page=explore]");
  if (!link || !form || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.replaceState(null, "", link.href);
  fill(form, new URL(link.href).searchParams);
  answer(form);
});

const form = document.querySelector("form[data-page]");
if (form) {
  liven(document);
  addEventListener("hashchange", () => { if (fromLink(form)) form.requestSubmit(); });
  if (fromLink(form)) document.querySelector(".asking").textContent = document.querySelector(".asking").dataset.link;
  const asked = new URLSearchParams(location.search);
  if (form.dataset.page === "explore" && asked.size) { fill(form, asked); answer(form); }
}
