// Ctrl-K: entries, articles, codes and settings by what is typed. Keys do nothing while an input method composes.
const words = document.body.dataset;
const dialog = document.createElement("dialog");
dialog.innerHTML = `<form method="dialog"><h2 id="palette-title"></h2>
<input type="text" role="combobox" aria-expanded="false" aria-controls="palette-list" aria-autocomplete="list" autocomplete="off" maxlength="200">
<ul id="palette-list" role="listbox"></ul><p role="status"></p></form>`;
dialog.setAttribute("aria-labelledby", "palette-title");
const [title, input, list, status] = ["h2", "input", "ul", "p"].map((name) => dialog.querySelector(name));
title.textContent = words.palette;
input.placeholder = words.paletteHint;
input.setAttribute("aria-label", words.paletteHint);
list.setAttribute("aria-label", words.palette);
document.body.append(dialog);
let running, waiting, at = -1, composing = false;

export function open() {
  if (dialog.open) return dialog.close();
  dialog.showModal();
  input.select();
}

function choose(index) {
  const options = [...list.children];
  at = options.length ? (index + options.length) % options.length : -1;
  options.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
  if (at < 0) input.removeAttribute("aria-activedescendant");
  else { input.setAttribute("aria-activedescendant", options[at].id); options[at].scrollIntoView({ block: "nearest" }); }
}

function option({ url, text, kind }, index) {
  const row = document.createElement("li");
  row.id = `palette-${index}`;
  row.setAttribute("role", "option");
  row.dataset.url = url;
  const note = document.createElement("span");
  note.textContent = kind;
  row.append(text, note);
  row.addEventListener("click", () => { location.href = url; });
  return row;
}

async function ask() {
  const typed = input.value.trim();
  running?.abort();
  if (!typed) { list.replaceChildren(); status.textContent = ""; input.setAttribute("aria-expanded", "false"); return choose(-1); }
  running = new AbortController();
  const get = async (path) => {
    const answer = await fetch(`/api/v1/${path}&q=${encodeURIComponent(typed)}&lang=${words.lang}`, { signal: running.signal });
    return answer.ok ? (await answer.json()).results : [];
  };
  try {
    const [names, pages] = await Promise.all([get("complete?limit=4"), get("search?limit=10")]);
    const rows = [
      ...pages.map(({ url, title: text, id }) => ({ url, text, kind: id })),
      ...names.map(({ url, text }) => ({ url, text, kind: "" })),
    ];
    list.replaceChildren(...rows.map(option));
    input.setAttribute("aria-expanded", String(rows.length > 0));
    status.textContent = rows.length ? `${rows.length} ${words.paletteCount}` : words.paletteNone;
    choose(rows.length ? 0 : -1);
  } catch (problem) {
    if (problem.name !== "AbortError") status.textContent = words.liveFailed;
  }
}

const soon = () => { clearTimeout(waiting); waiting = setTimeout(ask, 150); };
input.addEventListener("compositionstart", () => { composing = true; });
input.addEventListener("compositionend", () => { composing = false; soon(); });
input.addEventListener("input", () => { if (!composing) soon(); });
input.addEventListener("keydown", (event) => {
  if (event.isComposing || composing || event.keyCode === 229) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); choose(at + (event.key === "ArrowDown" ? 1 : -1)); }
  if (event.key === "Enter") {
    event.preventDefault();
    const url = list.children[at]?.dataset.url ?? (input.value.trim() && `/${words.lang}/search?q=${encodeURIComponent(input.value.trim())}`);
    if (url) location.href = url;
  }
});
