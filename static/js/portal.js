/* What a page gains with JavaScript; all of them work without it. */
"use strict";

const HOLD_MS = 15000;

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[data-was]")) {
    button.textContent = "";
    button.append(...button.held);
    button.removeAttribute("aria-disabled");
    delete button.dataset.was;
  }
}

// A second press of the same button sends nothing; the server would recognise it anyway.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || "again" in form.dataset) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  const button = event.submitter;
  if (button && button.classList.contains("btn")) {
    button.held = [...button.childNodes];
    button.dataset.was = "1";
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset.sending || document.body.dataset.sending;
  }
  setTimeout(() => release(form), HOLD_MS);
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
});

// A device that is cleared must not show what was typed to whoever goes back.
document.addEventListener("submit", (event) => {
  if (event.target.matches(".device-clear")) document.querySelectorAll("form").forEach((form) => form.reset());
});

// Signing out takes the lists of attendance off this device. What waits to be sent there stays: it has no names.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[action$='/keluar/']") || !indexedDB.databases) return;
  const leave = () => { form.dataset.left = "1"; form.submit(); };
  if (form.dataset.left) return;
  event.preventDefault();
  setTimeout(() => { if (!form.dataset.left) leave(); }, 3000);
  indexedDB.databases().then((held) => {
    if (!held.some((one) => one.name === "kehadiran")) { leave(); return; }
    const request = indexedDB.open("kehadiran");
    request.onerror = leave;
    request.onsuccess = () => {
      const step = request.result.transaction("kept", "readwrite");
      for (const key of ["lists", "byPin", "byServer", "salt", "pepper", "wrongPins", "expires", "locked"]) step.objectStore("kept").delete(key);
      step.oncomplete = step.onerror = step.onabort = () => { request.result.close(); leave(); };
    };
  }).catch(leave);
});

document.addEventListener("click", async (event) => {
  const target = event.target.closest("[data-copy], [data-print], [data-dialog], [data-close]");
  if (!target) return;
  if ("print" in target.dataset) window.print();
  if ("close" in target.dataset) target.closest("dialog").close();
  if ("dialog" in target.dataset) {
    event.preventDefault();
    document.getElementById(target.dataset.dialog).showModal();
  }
  if ("copy" in target.dataset) {
    await navigator.clipboard.writeText(target.dataset.copy);
    const label = target.querySelector("span") || target;
    const before = label.textContent;
    label.textContent = document.body.dataset.copied;
    setTimeout(() => { label.textContent = before; }, 2500);
  }
});

// One box ticks all rows shown, and the bar says how many are ticked.
document.addEventListener("change", (event) => {
  const box = event.target;
  if (!box.matches("[data-tick-all], [data-tick]") || !box.form) return;
  const rows = [...box.form.elements].filter((element) => "tick" in element.dataset);
  if ("tickAll" in box.dataset) rows.forEach((row) => { row.checked = box.checked; });
  const ticked = rows.filter((row) => row.checked).length;
  const all = [...box.form.elements].find((element) => "tickAll" in element.dataset);
  if (all) {
    all.checked = ticked === rows.length;
    all.indeterminate = ticked > 0 && ticked < rows.length;
  }
  box.form.querySelectorAll("[data-tick-count]").forEach((place) => { place.textContent = ticked; });
});

document.querySelectorAll("[data-copy], [data-print], [data-tick-all]").forEach((element) => { element.hidden = false; });
document.querySelectorAll("[data-no-script]").forEach((element) => { element.hidden = true; });
document.querySelector("[data-focus]")?.focus();

// A row of tabs that is wider than the telephone begins at the one that is open.
document.querySelectorAll(".tabs [aria-current]").forEach((tab) => { tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 32; });
