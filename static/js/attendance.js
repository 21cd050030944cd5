/* The door of a session: the field is ready for the next ticket, and the camera types into it. Works without this file. */
"use strict";

(() => {
  const door = document.querySelector("[data-door]");
  if (!door) return;
  const text = door.querySelector("[data-door-text]");
  const way = door.elements.way;
  const button = door.querySelector("[data-door-camera]");
  const video = door.querySelector("video");
  let stop = null;

  function send(code) {
    text.value = code;
    way.value = "qr";
    door.requestSubmit();
  }

  // Whoever was looked for is found: the list is whole again for the next one.
  const showEverybody = (href) => htmx.ajax("GET", href, { target: "#hall-people", select: "#hall-people", swap: "outerHTML" });

  // What was sent is taken out at once, so that a plain scanner never types behind it.
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target !== door) return;
    if (!text.value.trim()) event.preventDefault();
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.target === door) {
      if (event.detail.successful) text.value = "";
      const everybody = document.querySelector("#hall-people .result-line a");
      if (everybody && document.querySelector("#hall-answer .hall-answer[data-good='1']")) showEverybody(everybody.href);
      way.value = "code";
      if (!stop && matchMedia("(pointer: fine)").matches) text.focus();
    }
    const answer = document.querySelector("#hall-answer .hall-answer");
    if (answer && navigator.vibrate) navigator.vibrate(answer.dataset.good ? 60 : [60, 80, 60]);
  });

  function ended() {
    if (stop) stop();
    stop = null;
    video.hidden = true;
    button.querySelector("span").textContent = button.dataset.start;
  }

  if (!self.ticketScan || !navigator.mediaDevices?.getUserMedia) return;
  button.dataset.start = button.querySelector("span").textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (stop) { ended(); return; }
    video.hidden = false;
    try {
      stop = await self.ticketScan.start(video, button.dataset.reader, (seen) => send(self.ticketScan.codeIn(seen) || seen));
      button.querySelector("span").textContent = button.dataset.stop;
    } catch {
      ended();
      const place = document.getElementById("hall-answer");
      place.textContent = button.dataset.refused;
    }
  });
  addEventListener("pagehide", ended);
})();
