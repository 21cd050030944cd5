/* The registration form keeps itself while it is filled in. Without JavaScript the button "save for later" does. */
"use strict";

(() => {
  const PAUSE_MS = 2500;
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const note = form.querySelector("[data-draft-note]");
  let timer = 0;
  let under_way = null;
  let dirty = false;

  async function save() {
    clearTimeout(timer);
    if (!dirty || form.dataset.sent) return;
    dirty = false;
    const typed = new FormData(form);
    typed.delete("nik");
    under_way = new AbortController();
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        body: new URLSearchParams(typed),
        headers: { "X-Requested-With": "fetch" },
        credentials: "same-origin",
        keepalive: true,
        signal: under_way.signal,
      });
      if (answer.ok && note) note.hidden = false;
    } catch {
      dirty = true; // no line just now: the next key press tries again
    }
  }

  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    dirty = false;
    under_way?.abort();
  });
})();
