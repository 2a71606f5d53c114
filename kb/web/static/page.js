// Conveniences only: every page is complete without this file.
const { copy, copied } = document.body.dataset;
for (const block of document.querySelectorAll("pre.copy, .prose pre")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy-button";
  button.textContent = copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("code").textContent);
    button.textContent = copied;
    setTimeout(() => { button.textContent = copy; }, 2000);
  });
  block.prepend(button);
}
for (const box of document.querySelectorAll(".paste textarea")) {
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) box.form.requestSubmit();
  });
}
const search = document.querySelector(".search input");
const completions = document.querySelector("#completions");
let waiting;
search.addEventListener("input", () => {
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
