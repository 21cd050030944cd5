/* The sheets of a juror open without network: pages of one juror in a cache of their own, until a moment that the
   portal sets. Everything else goes to the network; another juror, or nobody, on this phone empties the cache. */
"use strict";

const SHELL = `juri-kulit-${self.SHELL.version}`;
const PAGES = `juri-halaman-${self.SHELL.version}`;
const PARTS = [self.SHELL.lost, ...self.SHELL.parts];
const SOON_MS = 5000;
const DOWN = [502, 503, 504];

async function fill() {
  const cache = await caches.open(SHELL);
  await Promise.all(PARTS.map(async (address) => {
    const answer = await fetch(address, { credentials: "same-origin", cache: "no-cache", redirect: "error" });
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
    await cache.put(address, answer);
  }));
}

async function tidy() {
  const names = (await caches.keys()).filter((name) => name.startsWith("juri-") && name !== SHELL && name !== PAGES);
  await Promise.all(names.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function drop() {
  await caches.delete(PAGES);
  await self.juryStore.forget("");
}

// Whose pages these are, while they may be shown.
async function held() {
  const found = await self.juryStore.pages(PAGES);
  if (!found) return null;
  if (found.until > Date.now()) return found;
  await drop();
  return null;
}

// Each answer of the portal tells whose it is: pages of somebody else do not stay beside it.
async function heard(answer) {
  const mark = answer.headers.get("X-Jury-Device");
  const found = mark && await held();
  if (found && found.mark !== mark) await drop();
  return answer;
}

const soon = (asked) => Promise.race([asked, new Promise((_done, failed) => { setTimeout(() => failed(new Error("slow")), SOON_MS); })]);

async function page(request) {
  const path = new URL(request.url).pathname;
  const found = await held();
  const kept = found && await (await caches.open(PAGES)).match(path);
  try {
    const asked = fetch(request).then(heard);
    const answer = await (kept ? soon(asked) : asked);
    if (!kept || !DOWN.includes(answer.status)) return answer;
  } catch { /* no network, or none that answers in time */ }
  return kept || (await caches.match(self.SHELL.lost)) || Response.error();
}

async function posted(request) {
  try {
    return await fetch(request).then(heard);
  } catch (trouble) {
    if (request.mode !== "navigate") throw trouble;
    return (await caches.match(self.SHELL.lost)) || Response.error();
  }
}

async function part(address, request) {
  return (await (await caches.open(SHELL)).match(address)) || fetch(request);
}

self.addEventListener("install", (event) => { event.waitUntil(fill().then(() => self.skipWaiting())); });
self.addEventListener("activate", (event) => { event.waitUntil(tidy()); });
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  const is_page = address.pathname.startsWith("/juri/");
  if (is_page && request.method === "POST") event.respondWith(posted(request));
  else if (is_page && request.mode === "navigate") event.respondWith(page(request));
  else if (PARTS.includes(address.pathname + address.search)) event.respondWith(part(address.pathname + address.search, request));
});
