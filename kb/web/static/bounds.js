// What is too large to be sent stays in the box: it is told before anything is sent, with a way to cut it to what matters.
const HUGE = 1e6;  // characters that a box takes seconds to show; they are not put into it
const ROOM = 4096;  // for the names of fields and what stands between them
const make = (name, props) => Object.assign(document.createElement(name), props);

// As a form sends it: UTF-8, each line ending with two characters.
const bytes = (text) => new Blob([text]).size + text.split("\n").length - 1;
export const size = (form) => [...form.querySelectorAll("textarea")].reduce((sum, box) => sum + bytes(box.value), 0);
export const tooLarge = (form) => size(form) > form.dataset.most - ROOM;

export function guard(form, words) {
  const boxes = [...form.querySelectorAll("textarea")];
  const acts = form.querySelectorAll(".act");
  const note = make("div", { className: "before", hidden: true });
  note.setAttribute("role", "alert");
  acts[acts.length - 1].before(note);
  const kilobytes = (number) => Math.ceil(number / 1024).toLocaleString();
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const button = (text, run, className = "") => { const it = make("button", { type: "button", textContent: text, className }); it.addEventListener("click", run); return it; };

  // held: a text that was not put into the box.
  function tell(box, held) {
    const settings = box.id === "client" || box.id === "server";
    const said = filled(held ? words.tooLargeHeld : words.tooLarge, { size: kilobytes(held ? bytes(held) : size(form)), most: kilobytes(form.dataset.most) });
    note.replaceChildren(make("p", { textContent: said + (settings ? words.tooLargeSettings : "") }));
    if (!settings) note.append(button(words.cut, () => shorten(box, held)));
    note.hidden = false;
  }

  async function shorten(box, held) {
    const { cut } = await import(`./cut.js${new URL(import.meta.url).search}`);
    const whole = held ?? box.value;
    const lines = (text) => text.split("\n").length.toLocaleString();
    put(box, cut(whole));
    note.replaceChildren(make("p", { textContent: filled(words.cutDone, { before: lines(whole), after: lines(box.value) }) }));
    if (!held) note.append(button(words.cutUndo, () => { put(box, whole); box.focus(); }, "copy-button share"));
    note.hidden = false;
    acts[acts.length - 1].querySelector("button").focus();
  }

  function put(box, text) {
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const largest = () => boxes.reduce((one, other) => (other.value.length > one.value.length ? other : one));
  const check = () => { if (tooLarge(form)) tell(largest()); else note.hidden = true; };
  form.addEventListener("input", check);
  form.addEventListener("submit", (event) => {
    if (!tooLarge(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    tell(largest());
    (note.querySelector("button") ?? largest()).focus();
  }, true);
  form.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text.length < HUGE || !boxes.includes(event.target)) return;
    event.preventDefault();
    tell(event.target, text);
  });
  check();
}
