// Loaded when a text is too large to be sent: what is told, and the text cut.
const make = (name, props) => Object.assign(document.createElement(name), props);

// bytes: how large it is.
export function told({ form, box, held, note, act, words, bytes }) {
  const settings = box.id === "client" || box.id === "server";
  const kilobytes = (number) => Math.ceil(number / 1024).toLocaleString();
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const lines = (text) => text.split("\n").length.toLocaleString();
  const button = (text, run, className = "") => {
    const it = make("button", { type: "button", textContent: text, className });
    it.addEventListener("click", run);
    return it;
  };

  function put(text) {
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function shorten() {
    const whole = held ?? box.value;
    put(cut(whole));
    note.replaceChildren(make("p", { textContent: filled(words.cutDone, { before: lines(whole), after: lines(box.value) }) }));
    if (!held) note.append(button(words.cutUndo, () => { put(whole); box.focus(); }, "copy-button share"));
    note.hidden = false;
    act.querySelector("button").focus();
  }

  const values = { size: kilobytes(bytes), most: kilobytes(form.dataset.most) };
  const said = filled(held ? words.tooLargeHeld : words.tooLarge, values);
  note.replaceChildren(make("p", { textContent: said + (settings ? words.tooLargeSettings : "") }));
  if (!settings) note.append(button(words.cut, shorten));
}

// Of a text that is too long to be sent, the lines that matter: each kind of failing line, the newest first, with its neighbours.
// A mail keeps its beginning: a bounce tells there what failed, and has the mail that it could not deliver at its end.
const KEPT = 96 * 1024;  // characters
const LONGEST = 2000;  // characters of a line
const [BEFORE, AFTER, ALIKE] = [3, 2, 2];
const FAILS = /(?:^|[^\w.])[45]\d\d[ \-#]|\b[45]\.\d{1,3}\.\d{1,3}\b|error|fail|reject|refus|denied|bounced|deferred|timed? ?out|unable|cannot|warning|fatal|panic|exception|lost connection|not (?:accept|permit|allow|found|exist)|失败|拒绝|错误|超时|无法/i;
const MAIL = /^(?:From |(?:Return-Path|Delivered-To|Received|From|To|Subject|Date|Message-ID|MIME-Version|Content-Type|X-[\w-]+): )/i;

// What is alike in two lines about different mails.
const kind = (line) => line.replace(/\S*@\S*|[0-9A-Fa-f]{4,}|\d+/g, "#").slice(0, 240);

export function cut(text) {
  const lines = text.split("\n").map((line) => (line.length > LONGEST ? around(line) : line));
  if (MAIL.test(text.trimStart())) return beginning(lines);
  const [seen, kept] = [new Map(), new Set()];
  let length = 0;
  for (let at = lines.length - 1; at >= 0 && length < KEPT; at -= 1) {
    if (!FAILS.test(lines[at])) continue;
    const alike = kind(lines[at]);
    const times = seen.get(alike) ?? 0;
    if (times === ALIKE) continue;
    seen.set(alike, times + 1);
    for (let near = Math.max(0, at - BEFORE); near <= Math.min(lines.length - 1, at + AFTER); near += 1) {
      if (!kept.has(near)) length += lines[near].length + 1;
      kept.add(near);
    }
  }
  if (kept.size) return [...kept].sort((one, other) => one - other).map((at) => lines[at]).join("\n");
  return beginning(lines.reverse()).split("\n").reverse().join("\n");  // nothing fails: what was said last
}

function beginning(lines) {
  let length = 0;
  const end = lines.findIndex((line) => (length += line.length + 1) > KEPT);
  return lines.slice(0, end < 0 ? lines.length : Math.max(1, end)).join("\n");
}

function around(line) {
  const begin = Math.max(0, line.search(FAILS) - LONGEST / 2);
  return line.slice(begin, begin + LONGEST);
}
