// What is too large to be sent stays in the box: it is told before anything is sent, with a way to cut it to what matters.
const HUGE = 1e6;  // characters that a box takes seconds to show; they are not put into it
const ROOM = 4096;  // for the names of fields and what stands between them

// As a form sends it: UTF-8, each line ending with two characters.
export const bytes = (text) => new Blob([text]).size + text.split("\n").length - 1;
export const size = (form) => [...form.querySelectorAll("textarea")].reduce((sum, box) => sum + bytes(box.value), 0);
export const tooLarge = (form) => size(form) > form.dataset.most - ROOM;

export function guard(form, words) {
  const boxes = [...form.querySelectorAll("textarea")];
  const acts = form.querySelectorAll(".act");
  const act = acts[acts.length - 1];
  const note = Object.assign(document.createElement("div"), { className: "told", hidden: true });
  note.setAttribute("role", "alert");
  act.before(note);

  // held: a text that was not put into the box.
  async function tell(box, held) {
    const { told } = await import(`./too-large.js${new URL(import.meta.url).search}`);
    told({ form, box, held, note, act, words, bytes: held ? bytes(held) : size(form) });
    note.hidden = false;
  }

  const largest = () => boxes.reduce((one, other) => (other.value.length > one.value.length ? other : one));
  const check = () => { if (tooLarge(form)) tell(largest()); else note.hidden = true; };
  form.addEventListener("input", check);
  form.addEventListener("submit", (event) => {
    if (!tooLarge(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    tell(largest()).then(() => (note.querySelector("button") ?? largest()).focus());
  }, true);
  form.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text.length < HUGE || !boxes.includes(event.target)) return;
    event.preventDefault();
    tell(event.target, text);
  });
  check();
}
