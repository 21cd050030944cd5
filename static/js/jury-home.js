/* The list: what still waits on this device is sent, and the line tells so. Forgetting the juror takes everything away. */
"use strict";

(() => {
  const store = self.juryStore;
  const list = document.querySelector("[data-jury-home]");
  const leaving = document.querySelector(".jury-leave");
  const unsent = document.getElementById("jury-unsent");
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
    if (busy || !list) return;
    busy = true;
    let changed = false;
    let waits = false;
    try {
      await store.flush(token, (record, { status }) => {
        if (status === 200) changed = true;
        else if (status === 409 || status === 422) tell(record.sheet, list.dataset.open);
        else if (status !== 404) { waits = true; tell(record.sheet, list.dataset.waits); }
      });
    } catch { /* a browser that keeps nothing */ } finally { busy = false; }
    if (changed) location.reload();
    else if (waits) setTimeout(flush, 5000);
  }

  store.stays((link) => {
    link.scrollIntoView({ block: "nearest" });
    if (link.closest("[data-sheet]")) tell(link.closest("[data-sheet]").dataset.sheet, list.dataset.stay);
  });

  // What was not sent is lost by leaving: this is said first, and done when it is pressed again.
  leaving.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    (async () => {
      let waiting = [];
      try { waiting = await store.all(); } catch { /* a browser that keeps nothing */ }
      if (waiting.length && unsent.hidden) {
        unsent.textContent = unsent.dataset.words.replace("{n}", waiting.length);
        unsent.hidden = false;
        return;
      }
      try {
        await store.clear();
        await self.juryKeep.leave();
      } finally { leaving.submit(); }
    })();
  });

  window.addEventListener("online", flush);
  flush();
})();
