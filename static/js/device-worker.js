/* The attendance page opens without network: its shell lies in a cache of its own, without a name of anybody in it.
   Everything else goes to the network as if this were not here. */
"use strict";

const CACHE = `kehadiran-${self.SHELL.version}`;
const PARTS = [self.SHELL.page, ...self.SHELL.parts];

async function fill() {
  const cache = await caches.open(CACHE);
  await Promise.all(PARTS.map(async (address) => {
    const answer = await fetch(address, { credentials: "same-origin", cache: "no-cache", redirect: "error" });
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
    await cache.put(address, answer);
  }));
}

async function tidy() {
  const names = (await caches.keys()).filter((name) => name.startsWith("kehadiran-") && name !== CACHE);
  await Promise.all(names.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function fromShell(address, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) || fetch(request);
}

self.addEventListener("install", (event) => { event.waitUntil(fill().then(() => self.skipWaiting())); });
self.addEventListener("activate", (event) => { event.waitUntil(tidy()); });

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  const part = event.request.mode === "navigate" ? address.pathname : address.pathname + address.search;
  if (PARTS.includes(part)) event.respondWith(fromShell(part, event.request));
});

self.addEventListener("sync", (event) => {
  if (event.tag !== "kehadiran-kirim") return;
  event.waitUntil(self.deviceOutbox.send().then(({ trouble }) => {
    if (trouble && trouble !== "signed_out") throw new Error(trouble);  // the browser tries again later
  }));
});

// What is missing of the shell, for the light: asked of the worker, because it is the one that answers without network.
self.addEventListener("message", (event) => {
  if (event.data !== "missing" || !event.ports[0]) return;
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    const found = await Promise.all(PARTS.map((address) => cache.match(address)));
    event.ports[0].postMessage({ version: self.SHELL.version, missing: found.filter((one) => !one).length });
  })());
});
