// The project's own Python in the reader's browser, away from the page, so that it can be stopped. Nothing here sends anything:
// it loads its files from beside this one, and answers the page that started it.
const say = (step) => postMessage({ step });
const near = (name) => new URL(name, import.meta.url);

async function start() {
  say("python");
  const { loadPyodide } = await import("./pyodide/pyodide.mjs");
  const archive = fetch(near("./lookup.zip"));
  archive.catch(() => {});  // reported below, once it is waited for
  const python = await loadPyodide({ indexURL: near("./pyodide/").href });
  say("catalogue");
  const answer = await archive;
  if (!answer.ok) throw new Error(`${answer.status}`);
  python.unpackArchive(await answer.arrayBuffer(), "zip", { extractDir: "/kb" });
  say("start");
  python.runPython("import sys; sys.path.insert(0, '/kb')");
  const lookup = python.pyimport("kb.export.browser").Lookup("/kb");
  return (page, lang, fields) => lookup.page(page, lang, python.toPy(fields));
}

const ready = start();
ready.then(() => postMessage({ ready: true }), (problem) => postMessage({ failed: `${problem}` }));
addEventListener("message", async ({ data: { number, page, lang, fields } }) => {
  let answer;
  try { answer = await ready; } catch { return; }
  say("busy");
  try {
    postMessage({ number, html: answer(page, lang, fields) });
  } catch (problem) {
    postMessage({ number, broken: `${problem}` });
  }
});
