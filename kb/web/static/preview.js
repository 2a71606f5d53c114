// Only with `kb serve --watch`: the page is loaded anew when the content or the findings have changed.
const bar = document.getElementById("preview");

async function look() {
  try {
    const answer = await fetch("/preview.json", { cache: "no-store" });
    const { generation } = await answer.json();
    if (String(generation) !== bar.dataset.generation) location.reload();
  } catch {
    // The server is being started anew.
  }
}

if (bar) setInterval(look, 150);
