/* The registration form keeps itself while it is filled in, and under attack does the sum that spares its owner a line.
   Without JavaScript the button "save for later" keeps it, and the line is there. */
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
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) return;
    clearTimeout(timer);
    dirty = false;
    under_way?.abort();
  });
})();

(() => {
  const SLICE = 64;
  const PATIENCE_MS = 20000;
  const form = document.querySelector("form[data-proof-bits]");
  if (!form || !window.crypto?.subtle) return;
  const bits = Number(form.dataset.proofBits);
  const proof = form.elements.namedItem("proof");
  const puzzle = `${form.elements.namedItem("submission_key").value}:${form.dataset.proofFor}:`;
  const words = new TextEncoder();

  function zeros(digest) {
    const bytes = new Uint8Array(digest);
    let count = 0;
    for (const byte of bytes) {
      if (byte) return count + Math.clz32(byte) - 24;
      count += 8;
    }
    return count;
  }

  async function solve() {
    for (let first = 0; ; first += SLICE) {
      const slice = [];
      for (let nonce = first; nonce < first + SLICE; nonce += 1) {
        slice.push(crypto.subtle.digest("SHA-256", words.encode(puzzle + nonce)));
      }
      const found = (await Promise.all(slice)).findIndex((digest) => zeros(digest) >= bits);
      if (found >= 0) {
        proof.value = String(first + found);
        return;
      }
      await new Promise((next) => { setTimeout(next, 0); }); // the keyboard comes first
    }
  }

  const solved = solve();
  form.addEventListener("submit", (event) => {
    if (proof.value || event.submitter?.hasAttribute("formaction") || form.dataset.waiting) return;
    event.preventDefault();
    form.dataset.waiting = "1";
    event.submitter?.setAttribute("aria-disabled", "true");
    const late = new Promise((go) => { setTimeout(go, PATIENCE_MS); });
    Promise.race([solved, late]).then(() => {
      event.submitter?.removeAttribute("aria-disabled");
      form.requestSubmit(event.submitter);
      delete form.dataset.waiting;
    });
  });
})();
