/* What a juror's phone keeps: `sheets` until the portal has them, `known` as the portal had them last, so that a page
   that was kept for the hall shows what was scored since. No names. And which pages lie in the cache. */
"use strict";

self.juryStore = (() => {
  const WAIT_MS = 15000;
  const NOTE = "/juri/-isi";
  let opened = null;

  function open() {
    opened ||= new Promise((done, failed) => {
      const request = indexedDB.open("juri", 2);
      request.onupgradeneeded = ({ oldVersion }) => {
        if (oldVersion < 1) request.result.createObjectStore("sheets", { keyPath: "sheet" });
        request.result.createObjectStore("known", { keyPath: "sheet" });
      };
      request.onsuccess = () => {
        request.result.onclose = () => { opened = null; };
        request.result.onversionchange = () => { request.result.close(); opened = null; };
        done(request.result);
      };
      request.onerror = () => { opened = null; failed(request.error); };
    });
    return opened;
  }

  // Done when it lies on the disk: a killed tab loses nothing that was told to be kept.
  async function within(mode, work, name = "sheets") {
    const base = await open();
    return new Promise((done, failed) => {
      const step = base.transaction(name, mode, { durability: mode === "readwrite" ? "strict" : "default" });
      const stores = [name].flat().map((one) => step.objectStore(one));
      const request = work(...stores);
      step.oncomplete = () => done(request?.result);
      step.onerror = step.onabort = () => failed(step.error);
    });
  }

  const get = (sheet) => within("readonly", (store) => store.get(sheet));
  const all = () => within("readonly", (store) => store.getAll());
  const put = (record) => within("readwrite", (store) => store.put(record));
  const known = (sheet) => within("readonly", (store) => store.get(sheet), "known");
  // Only what was sent: something newer that was typed meanwhile stays. What the portal has now is noted beside it.
  const settle = (record, saved) => within("readwrite", (sheets, answers) => {
    const look = sheets.get(record.sheet);
    look.onsuccess = () => { if (look.result && look.result.typed === record.typed) sheets.delete(record.sheet); };
    if (record.mark) answers.put({ ...saved, sheet: record.sheet, mark: record.mark, device: record.device });
  }, ["sheets", "known"]);
  // What the portal has of sheets of anybody but this juror.
  const forget = (mark) => within("readwrite", (store) => {
    const look = store.getAll();
    look.onsuccess = () => { for (const one of look.result) if (!mark || one.mark !== mark) store.delete(one.sheet); };
  }, "known");
  const clear = () => within("readwrite", (sheets, answers) => { sheets.clear(); answers.clear(); }, ["sheets", "known"]);

  const pages = async (name) => {
    if (!(await caches.has(name))) return null;
    const note = await (await caches.open(name)).match(NOTE);
    return note ? note.json() : null;
  };
  const notePages = async (name, told) => (await caches.open(name)).put(NOTE, new Response(JSON.stringify(told)));
  // Whether this page opens without network.
  async function opens(address) {
    if (!self.caches || !navigator.serviceWorker?.controller) return false;
    const { origin, pathname } = new URL(address);
    return origin === location.origin && Boolean(await caches.match(pathname));
  }

  // Without network a browser would put its own page in the place of this one: `told` hears of a link that does not open.
  const stays = (told) => document.addEventListener("click", (event) => {
    const link = event.target.closest("main a[href]");
    if (navigator.onLine || !link) return;
    event.preventDefault();
    opens(link.href).then((found) => { if (found) location.assign(link.href); else told(link); });
  });

  // {status, said}; status 0 is no network. A page instead of an answer is no answer.
  async function send(record, token) {
    try {
      const answer = await fetch(record.to, {
        method: "POST", credentials: "same-origin", redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(WAIT_MS),
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
        body: JSON.stringify({
          scores: record.scores, note: record.note, revision: record.revision, device: record.device, client_id: record.client_id,
        }),
      });
      let said = null;
      try { said = await answer.json(); } catch { /* told by the status */ }
      return { status: said ? answer.status : answer.status || 502, said };
    } catch { return { status: 0, said: null }; }
  }

  // All that waits, but for the sheet that is open; `told` hears of each answer. Several tabs send one after the other.
  async function flush(token, told, skip = 0) {
    for (const found of await all()) {
      if (found.sheet === skip) continue;
      const sending = async () => {
        const record = await get(found.sheet);
        if (!record) return;
        const answer = await send(record, token);
        if (answer.status === 200) await settle(record, answer.said.saved);
        await told(record, answer);
      };
      await (navigator.locks ? navigator.locks.request(`juri-${found.sheet}`, sending) : sending());
    }
  }

  return { get, all, put, known, settle, forget, clear, pages, notePages, stays, send, flush };
})();
