/* The list: what still waits on this device is sent, and the line tells so. */
"use strict";

(() => {
  const store = self.juryStore;
  const list = document.querySelector("[data-jury-home]");
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  let busy = false;

  const line = (sheet) => document.querySelector(`[data-sheet="${sheet}"] .jury-who`);

  function tell(sheet, text) {
    const place = line(sheet);
    if (!place) return;
    place.querySelector(".jury-waits")?.remove();
    const told = document.createElement("small");
    told.className = "jury-waits";
    told.textContent = text;
    place.append(told);
  }

  async function flush() {
    if (busy) return;
    busy = true;
    let changed = false;
    let waits = false;
    try {
      for (const record of await store.all()) {
        const { status } = await store.send(record, token);
        if (status === 200) { await store.drop(record); changed = true; }
        else if (status === 409 || status === 422) tell(record.sheet, list.dataset.open);
        else if (status !== 404) { waits = true; tell(record.sheet, list.dataset.waits); }
      }
    } catch { /* a browser that keeps nothing */ } finally { busy = false; }
    if (changed) location.reload();
    else if (waits) setTimeout(flush, 5000);
  }

  window.addEventListener("online", flush);
  flush();
})();
