// Conveniences only: every page is complete without this file. Each part is loaded where it is needed, under the same version.
const part = (name) => import(`./${name}${new URL(import.meta.url).search}`);
const { store, editing, copyButtons, toEvidence } = await part("kept.js");
const words = document.body.dataset;

function decorate(root) {
  copyButtons(root, words);
  toEvidence(root);
  const form = store.get("form");
  for (const pick of root.querySelectorAll(".forms input")) {
    if (pick.value === form) pick.checked = true;
    pick.addEventListener("change", () => store.set("form", pick.value));
  }
}

decorate(document);
for (const box of document.querySelectorAll(".paste textarea")) {
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) box.form.requestSubmit();
  });
}

const search = document.querySelector(".search input");
const completions = document.querySelector("#completions");
let waiting;
search?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const typed = search.value;
    if (typed.trim().length < 2 || typed.length > 64) return completions.replaceChildren();
    const answer = await fetch(`/api/v1/complete?q=${encodeURIComponent(typed)}`).catch(() => null);
    if (!answer?.ok || search.value !== typed) return;
    const { results } = await answer.json();
    completions.replaceChildren(...results.map(({ text }) => new Option(text, text)));
  }, 150);
});

addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.shiftKey) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    part("palette.js").then(({ open }) => open());
  } else if (event.key === "/" && !event.ctrlKey && !event.metaKey && store.get("slash") !== "off" && !editing(event.target)) {
    event.preventDefault();
    (document.querySelector("#text") ?? search).focus();
  }
});

const keys = document.createElement("details");
keys.innerHTML = "<summary></summary><p><label><input type=checkbox> <span></span></label></p><p></p><p></p>";
const [slash, palette, send] = keys.querySelectorAll("p");
keys.querySelector("summary").textContent = words.keys;
slash.querySelector("span").textContent = words.keysSlash;
palette.textContent = words.keysPalette;
send.textContent = words.keysSend;
const on = slash.querySelector("input");
on.checked = store.get("slash") !== "off";
on.addEventListener("change", () => store.set("slash", on.checked ? "on" : "off"));
document.querySelector("body > footer")?.append(keys);

for (const form of document.querySelectorAll("form[data-most]")) part("bounds.js").then(({ guard }) => guard(form, words));
const ask = document.querySelector("form.ask");
if (ask) part("ask.js").then(({ start }) => start(ask, decorate));
const choose = document.querySelector("form.choose");
if (choose) part("explore.js").then(({ start }) => start(choose, decorate));
