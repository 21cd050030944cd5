/* A step up or down leads back to the same row: to the button that was pressed, with the page where it was. */
"use strict";

(() => {
  const KEY = "urutan";
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-steps]") || !event.submitter) return;
    sessionStorage.setItem(KEY, JSON.stringify({ step: event.submitter.dataset.step, at: scrollY }));
  });
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  const row = location.hash.startsWith("#usaha-") && document.getElementById(location.hash.slice(1));
  if (!kept || !row) return;

  function go() {
    const { step, at } = JSON.parse(kept);
    const button = row.querySelector(`[data-step="${step}"]:not([disabled])`) || row.querySelector("[data-step]:not([disabled])");
    if (!button) return;
    scrollTo({ top: at, behavior: "instant" });
    button.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  // The browser goes to the row of the address by itself, and takes the focus away: this comes after it.
  window.addEventListener("load", () => setTimeout(go));
})();
