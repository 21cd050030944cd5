/* Dragging a batch to another day sends the same form that its page has. */
"use strict";

const form = document.querySelector("[data-move]");
const plan = document.querySelector("[data-plan]");
let dragged = null;

function together(chip, on) {
  document.querySelectorAll(`[data-row="${chip.dataset.row}"]`).forEach((one) => one.classList.toggle("is-together", on));
}

function target(event) {
  return event.target instanceof Element ? event.target.closest("[data-day]") : null;
}

function unmark() {
  plan.querySelectorAll(".is-target").forEach((day) => day.classList.remove("is-target"));
}

if (form && plan) {
  document.querySelectorAll("[data-move-to]").forEach((chip) => { chip.draggable = true; });
  document.querySelectorAll("[data-drag-hint]").forEach((hint) => { hint.hidden = !matchMedia("(pointer: fine)").matches; });
  document.addEventListener("dragstart", (event) => {
    const chip = event.target instanceof Element ? event.target.closest("[data-move-to]") : null;
    if (!chip) return;
    dragged = chip;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", chip.dataset.row);
    together(chip, true);
  });
  document.addEventListener("dragend", () => {
    if (dragged) together(dragged, false);
    dragged = null;
    unmark();
  });
  plan.addEventListener("dragover", (event) => {
    const day = target(event);
    if (!dragged || !day) return;
    event.preventDefault();
    unmark();
    day.classList.add("is-target");
  });
  plan.addEventListener("drop", (event) => {
    const day = target(event);
    if (!dragged || !day) return;
    event.preventDefault();
    form.action = dragged.dataset.moveTo;
    form.elements.day.value = day.dataset.day;
    form.submit();
  });
}
