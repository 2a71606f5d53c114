// An export once visited can be read without a network: every page comes in one file, scripts and Python stay once they were used.
const NAME = "kb";
const KEPT = ["FILES"];  // what may stay: names that change with their content
const FIRST = ["FIRST"];  // what is fetched at once
const PAGES = "PAGES";
const root = new URL("./", self.location);
const at = (name) => new URL(name, root).href;

async function keep(names) {
  const cache = await caches.open(NAME);
  await Promise.all(names.map(async (name) => { if (!await cache.match(at(name))) await cache.add(at(name)); }));
}

self.addEventListener("install", (event) => event.waitUntil((async () => {
  const sparing = self.navigator.connection?.saveData;
  await keep(FIRST.filter((name) => !(sparing && name === PAGES)));
  await self.skipWaiting();
})()));

// A page has looked something up, perhaps before this worker was there to see what that loaded.
self.addEventListener("message", (event) => event.waitUntil(keep(KEPT)));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const cache = await caches.open(NAME);
  const kept = new Set(KEPT.map(at));
  for (const request of await cache.keys()) if (!kept.has(request.url)) await cache.delete(request);
  await self.clients.claim();
})()));

let pages = null;
async function page(path) {
  pages ??= (async () => {
    const packed = await (await caches.open(NAME)).match(at(PAGES));
    return packed ? new Response(packed.body.pipeThrough(new DecompressionStream("gzip"))).json() : {};
  })();
  const html = (await pages)[path.endsWith("/") || path === "" ? `${path}index.html` : path];
  return html && new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } });
}

async function answer(request) {
  const path = decodeURIComponent(new URL(request.url).pathname.slice(root.pathname.length));
  if (!path.startsWith("static/")) {
    try { return await fetch(request); } catch (problem) {
      const kept = await page(path);
      if (kept) return kept;
      throw problem;
    }
  }
  const cache = await caches.open(NAME);
  const known = await cache.match(request.url);
  if (known) return known;
  const fresh = await fetch(request);
  if (fresh.ok && KEPT.includes(path)) await cache.put(request.url, fresh.clone());
  return fresh;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(root.href)) event.respondWith(answer(request));
});
