// The outcome changes with the choice; the address too, so that a state can be shared.
export function start(form, decorate) {
  const status = document.createElement("p");
  status.className = "outcome-now";
  status.setAttribute("role", "status");
  form.append(status);
  const tell = () => {
    const link = document.createElement("a");
    link.href = "#outcome";
    link.textContent = document.querySelector("#outcome h2")?.textContent ?? "";
    status.className = `outcome-now ${document.querySelector("#outcome .ladder .failed") ? "fails" : "works"}`;
    status.replaceChildren(link);
  };
  let running;
  form.addEventListener("change", async () => {
    running?.abort();
    running = new AbortController();
    const address = `${form.action.split("#")[0]}?${new URLSearchParams(new FormData(form))}`;
    try {
      const answer = await fetch(address, { signal: running.signal, headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of ["outcome", "table"]) {
        const fresh = page.getElementById(id);
        document.getElementById(id).replaceWith(fresh);
        decorate(fresh);
      }
      for (const select of page.querySelectorAll("form.choose select")) {
        const own = document.getElementById(select.id);
        if (own !== document.activeElement) own.replaceWith(select);
      }
      history.replaceState(null, "", address);
      document.querySelector("a.language").href = page.querySelector("a.language").getAttribute("href");
      tell();
    } catch (problem) {
      if (problem.name !== "AbortError") throw problem;
    }
  });
}
