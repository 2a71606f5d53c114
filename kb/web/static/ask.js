// The box: what will be blanked out is shown before anything is sent; answers while typing only where the reader switched that on.
const { store, copy } = await import(`./kept.js${new URL(import.meta.url).search}`);
const { load } = await import(`./redact.js${new URL(import.meta.url).search}`);
const { tooLarge } = await import(`./bounds.js${new URL(import.meta.url).search}`);
const words = document.body.dataset;
const make = (name, props) => Object.assign(document.createElement(name), props);

export async function start(form, decorate) {
  const box = form.elements.text;
  const before = make("div", { className: "before", hidden: true });
  const switcher = make("p", { className: "switch" });
  const on = make("input", { type: "checkbox", id: "live", checked: store.get("live") === "on" });
  const label = make("label", { htmlFor: "live", textContent: words.live });
  const status = make("p", { className: "status" });
  status.setAttribute("role", "status");
  switcher.append(on, label);
  form.querySelector(".act").before(before);
  form.append(switcher, status);
  const redact = await load();
  let running, waiting, held = null, shown = "";

  function preview() {
    if (tooLarge(form)) { before.hidden = true; return; }
    const { found, unchecked } = redact(box.value);
    before.hidden = !found.length && !unchecked;
    before.replaceChildren();
    if (unchecked) before.append(make("p", { textContent: words.hiddenLong }));
    if (!found.length) return;
    before.append(make("strong", { textContent: words.hiddenBefore }));
    const list = make("ul");
    for (const piece of found.slice(0, 20)) {
      const item = make("li");
      item.append(make("code", { textContent: piece.before.trim().split("\n").pop().slice(-60) }), " ", make("mark", { textContent: "█".repeat(6) }));
      list.append(item);
    }
    before.append(list);
  }

  async function live() {
    const text = box.value.trim();
    if (!on.checked || !text || tooLarge(form) || text === shown || box.value === held || redact(text).unchecked) return;
    running?.abort();
    running = new AbortController();
    status.textContent = words.liveBusy;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), signal: running.signal });
      if (!answer.ok) throw new Error(answer.status);
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
      shown = text;
    } catch (problem) {
      if (problem.name !== "AbortError") status.textContent = words.liveFailed;
    }
  }

  function show(page) {
    const main = form.closest("main");
    const fresh = page.querySelectorAll("main > .answer, main > aside");
    let place = main.querySelector(":scope > .answer");
    if (!place) {
      const region = main.querySelector(":scope > .fresh") ?? make("div", { className: "split fresh" });
      form.after(region);
      region.replaceChildren(...fresh);
    } else {
      main.querySelector(":scope > aside")?.remove();
      place.replaceWith(...fresh);
    }
    for (const node of fresh) decorate(node);
    status.textContent = words.liveDone + (fresh[0]?.querySelector("h1")?.textContent ?? "");
  }

  const soon = () => { clearTimeout(waiting); waiting = setTimeout(live, 400); };
  box.addEventListener("input", (event) => {
    running?.abort();
    preview();
    if (!event.isComposing) soon();
  });
  box.addEventListener("compositionend", soon);
  on.addEventListener("change", () => { store.set("live", on.checked ? "on" : "off"); held = null; live(); });
  form.addEventListener("formdata", (event) => event.formData.set("text", redact(box.value).text));

  function fromLink() {
    if (!location.hash.startsWith("#q=")) return;
    try { box.value = decodeURIComponent(location.hash.slice(3).replaceAll("+", " ")); } catch { return; }
    held = box.value;
    preview();
    status.textContent = words.fromLink;
  }
  addEventListener("hashchange", fromLink);
  fromLink();
  if (!box.value) box.value = "";
  else preview();

  const pasted = document.querySelector("pre.pasted");
  if (pasted) {
    const share = make("button", { type: "button", className: "copy-button share", textContent: words.share });
    share.addEventListener("click", async () => {
      const address = `${location.origin}/${words.lang}/#q=${encodeURIComponent(pasted.textContent)}`;
      await copy(address);
      share.textContent = words.copied;
      setTimeout(() => { share.textContent = words.share; }, 2000);
    });
    pasted.after(share);
  }
}
