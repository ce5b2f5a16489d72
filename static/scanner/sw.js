// The door works without a network: its page and all it needs are kept. Scans and verdicts never go through here.
// Served at /door/sw.js with the names of the files in front of this line: VERSION, SHELL.

const STORE = `door-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(STORE)
      .then((cache) => cache.addAll(SHELL.map((url) => new Request(url, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("door-") && name !== STORE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin || url.pathname.startsWith("/api/")) return;
  if (event.request.mode === "navigate") event.respondWith(page(event.request));
  else event.respondWith(caches.match(event.request, { ignoreVary: true }).then((kept) => kept ?? fetch(event.request)));
});

/** The page from the server when it answers soon, else the one kept: a weak network must not hold the door up. */
async function page(request) {
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(1500) });
    if (response.ok) return response;
  } catch {
    // no network: the page kept below
  }
  return (await caches.match("/door/", { ignoreSearch: true, ignoreVary: true })) ?? Response.error();
}
