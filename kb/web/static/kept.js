// What a reader chose, kept in the browser where that is allowed, and forgotten with the page where it is not.
const memory = {};
export const store = {
  get(name) { try { return localStorage.getItem(name) ?? memory[name]; } catch { return memory[name]; } },
  set(name, value) { memory[name] = value; try { localStorage.setItem(name, value); } catch { /* blocked */ } },
};
// In a long text that was pasted, what the answer stands on is brought into sight.
export function toEvidence(root) {
  const mark = root.querySelector(".pasted mark");
  if (mark) mark.closest(".pasted").scrollTop = mark.offsetTop - mark.closest(".pasted").offsetTop - 60;
}
export const editing = (node) => node.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(node.tagName);
// Without https the old way is the only one.
export async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = Object.assign(document.createElement("textarea"), { value: text });
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
// Of a difference, the new lines.
export function copyButtons(root, words) {
  for (const block of root.querySelectorAll("pre.copy, .prose pre")) {
    const added = [...block.querySelectorAll("ins")].map((line) => line.textContent).filter((line) => !line.startsWith("+++ "));
    const text = added.length ? added.map((line) => line.slice(1)).join("\n") : block.querySelector("code")?.textContent;
    if (text === undefined) continue;
    const name = added.length ? words.copyNew : words.copy;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "copy-button", textContent: name });
    button.addEventListener("click", async () => {
      await copy(text);
      button.textContent = words.copied;
      setTimeout(() => { button.textContent = name; }, 2000);
    });
    block.prepend(button);
  }
}
