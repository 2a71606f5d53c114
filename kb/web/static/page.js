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
