/* On the list, with network: the pages of the sheets are fetched for the hall, and a light tells how many lie here. */
"use strict";

self.juryKeep = (() => {
  const place = document.getElementById("jury-keep");
  const light = document.getElementById("jury-ready");
  const store = self.juryStore;
  if (!place || !navigator.serviceWorker || !self.caches) return { leave: async () => {} };
  const wanted = JSON.parse(place.textContent);
  const PAGES = `juri-halaman-${wanted.version}`;

  function tell(count) {
    light.hidden = !wanted.open;
    light.dataset.level = count >= wanted.open ? "good" : "waiting";
    light.querySelector("span").textContent = light.dataset.words.replace("{n}", count).replace("{m}", wanted.open);
  }

  async function fetched(address) {
    const answer = await fetch(address, { credentials: "same-origin", cache: "no-store", redirect: "error" });
    if (!answer.ok || answer.headers.get("X-Jury-Device") !== wanted.mark) throw new Error(address);
    return answer;
  }

  async function emptied() {
    await caches.delete(PAGES);
    await store.forget(wanted.mark);
  }

  // One after the other: the hall's network is everybody's. What looks as it did is not asked for again.
  async function fill() {
    const before = await store.pages(PAGES);
    if (!wanted.until || (before && before.mark !== wanted.mark)) await emptied();
    if (!wanted.until) return;
    const mine = before && before.mark === wanted.mark ? before.looks : {};
    const looks = {};
    const cache = await caches.open(PAGES);
    const home = await fetched(wanted.home);
    for (const path of Object.keys(mine)) if (!(path in wanted.pages)) await cache.delete(path);
    for (const [path, look] of Object.entries(wanted.pages)) if (mine[path] === look && await cache.match(path)) looks[path] = look;
    const note = () => store.notePages(PAGES, { mark: wanted.mark, until: wanted.until, looks });
    await note();
    await cache.put(wanted.home, home);
    for (const [path, look] of Object.entries(wanted.pages)) {
      if (path in looks) continue;
      await cache.put(path, await fetched(path));
      looks[path] = look;
      await note();
      tell(Object.keys(looks).length);
    }
  }

  async function begin() {
    if (wanted.until && wanted.until <= Date.now()) { await emptied(); return; }
    const count = async () => tell(Object.keys((await store.pages(PAGES))?.looks || {}).length);
    try {
      await navigator.serviceWorker.register(wanted.worker, { scope: wanted.home });
      await navigator.serviceWorker.ready;
      await fill();
    } catch { /* without network what lies here stays as it is */ }
    await count();
  }

  // The pages of any juror go; the list takes away the scores beside them.
  async function leave() {
    const names = (await caches.keys()).filter((name) => name.startsWith("juri-halaman-"));
    await Promise.all(names.map((name) => caches.delete(name)));
  }

  begin();
  return { leave };
})();
