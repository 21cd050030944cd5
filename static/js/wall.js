/* The big screen: asks every three seconds, and counts the seconds between by itself. */
"use strict";

(() => {
  const main = document.getElementById("wall");
  const clock = document.getElementById("wall-clock");
  const phase = document.getElementById("wall-phase");
  let said = null;
  let heard = 0;

  const put = (name, value) => { document.getElementById(`wall-${name}`).textContent = value; };
  const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

  function draw() {
    if (!said || said.seconds === null) { clock.textContent = ""; phase.textContent = ""; return; }
    const ran = said.seconds + Math.floor((performance.now() - heard) / 1000);
    const asks = ran >= said.pitch;
    const left = (asks ? said.pitch + said.questions : said.pitch) - ran;
    const over = left < 0;
    phase.textContent = over ? main.dataset.over : asks ? main.dataset.questions : main.dataset.pitch;
    clock.textContent = over ? `+${minutes(-left)}` : minutes(left);
    clock.classList.toggle("is-over", over);
  }

  async function ask() {
    try {
      const answer = await fetch(main.dataset.now, { cache: "no-store", headers: { Accept: "application/json" } });
      if (answer.ok) {
        said = await answer.json();
        heard = performance.now();
        for (const [name, value] of [["name", said.name || "–"], ["sub", said.sub], ["next", said.next || "–"], ["held", said.held], ["of", said.of], ["sheets", said.sheets], ["due", said.sheets_due]]) put(name, value);
      }
    } catch { /* the clock goes on; the next try is near */ }
    draw();
    setTimeout(ask, 3000);
  }

  setInterval(draw, 250);
  ask();
})();
