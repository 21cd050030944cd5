/* What a juror's phone keeps until the portal has it: one record for each sheet, gone as soon as it was sent. */
"use strict";

self.juryStore = (() => {
  const WAIT_MS = 15000;
  let opened = null;

  function open() {
    opened ||= new Promise((done, failed) => {
      const request = indexedDB.open("juri", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("sheets", { keyPath: "sheet" });
      request.onsuccess = () => {
        request.result.onclose = () => { opened = null; };
        done(request.result);
      };
      request.onerror = () => { opened = null; failed(request.error); };
    });
    return opened;
  }

  // Done when it lies on the disk: a killed tab loses nothing that was told to be kept.
  async function within(mode, work) {
    const base = await open();
    return new Promise((done, failed) => {
      const step = base.transaction("sheets", mode, { durability: mode === "readwrite" ? "strict" : "default" });
      const request = work(step.objectStore("sheets"));
      step.oncomplete = () => done(request?.result);
      step.onerror = step.onabort = () => failed(step.error);
    });
  }

  const get = (sheet) => within("readonly", (store) => store.get(sheet));
  const all = () => within("readonly", (store) => store.getAll());
  const put = (record) => within("readwrite", (store) => store.put(record));
  // Only what was sent: something newer that was typed meanwhile stays.
  const drop = (record) => within("readwrite", (store) => {
    const look = store.get(record.sheet);
    look.onsuccess = () => { if (look.result && look.result.typed === record.typed) store.delete(record.sheet); };
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

  return { get, all, put, drop, send };
})();
