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
