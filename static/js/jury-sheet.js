/* One sheet: sliders and numbers that mean the same, kept on the device with each change, sent when there is network. */
"use strict";

(() => {
  const store = self.juryStore;
  const form = document.getElementById("sheet");
  const words = form.dataset;
  const sheet = Number(words.sheet);
  const place = document.getElementById("jury-status");
  const clash = document.getElementById("jury-clash");
  const dialog = document.getElementById("jury-confirm");
  const rows = [...form.querySelectorAll("[data-score]")];
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const comma = document.documentElement.lang === "id";
  let device = crypto.randomUUID();
  let revision = Number(form.elements.revision.value);
  let submission = null;
  let typed = 0;
  let settled = 0;
  let timer = 0;
  let busy = false;
  let theirs = null;

  const number = (row) => row.querySelector("[type=number]");
  const slider = (row) => row.querySelector("[data-slider]");
  const name = (row) => row.querySelector("legend span").textContent;
  const score = (row) => (number(row).validity.badInput ? "" : number(row).value);
  const scores = () => Object.fromEntries(rows.map((row) => [row.dataset.score, score(row)]));
  const shown = (value) => (value === "" || value === undefined ? "–" : comma ? String(value).replace(".", ",") : String(value));

  function tell(kind, text) {
    place.hidden = false;
    place.className = `jury-status is-${kind}`;
    place.textContent = text;
  }

  function total() {
    const output = document.getElementById("jury-total");
    let sum = 0;
    for (const row of rows) row.classList.toggle("is-blank", score(row) === "");
    for (const row of rows) {
      if (score(row) === "") { output.textContent = output.dataset.missing; return; }
      sum += Number(row.querySelector("[data-weight]").dataset.weight) * Number(score(row)) / Number(number(row).max);
    }
    output.textContent = shown((Math.round((sum + Number.EPSILON) * 100) / 100).toFixed(2));
  }

  const record = () => ({
    sheet, mark: words.mark, to: words.save, scores: scores(), note: form.elements.note.value, revision, device, client_id: submission, typed, at: Date.now(),
  });

  async function keep() {
    try { await store.put(record()); } catch { /* a browser that keeps nothing still sends */ }
  }

  async function changed() {
    typed = Date.now() + Math.random();
    total();
    await keep();
    clearTimeout(timer);
    timer = setTimeout(send, 700);
  }

  function fill(given) {
    for (const row of rows) {
      const value = given.scores[row.dataset.score] ?? "";
      number(row).value = value;
      if (value !== "") slider(row).value = value;
    }
    form.elements.note.value = given.note;
    total();
  }

  // Two devices wrote: the juror sees both and chooses.
  function quarrel(other) {
    theirs = other;
    const body = clash.querySelector("tbody");
    body.replaceChildren(...rows.map((row) => {
      const line = document.createElement("tr");
      for (const text of [name(row), shown(score(row)), shown(other.scores[row.dataset.score])]) {
        const cell = document.createElement("td");
        cell.textContent = text;
        if (line.childElementCount) cell.className = "num";
        line.append(cell);
      }
      return line;
    }));
    clash.hidden = false;
    clash.focus();
    place.hidden = true;
  }

  async function answered(sent, { status, said }) {
    if (status === 200) {
      revision = said.saved.revision;
      settled = sent.typed;
      await store.settle(sent, said.saved);
      if (said.saved.state === "submitted") { location.assign(words.home); return; }
      if (sent.typed === typed && !submission) tell("good", `${words.saved} ${new Date().toLocaleTimeString(comma ? "id-ID" : "en-GB", { hour: "2-digit", minute: "2-digit" })}`);
      else { await keep(); timer = setTimeout(send, 100); }
    } else if (status === 409 && said.error === "stale") {
      submission = null;
      quarrel(said.theirs);
    } else if (status === 409 || status === 422) {
      submission = null;
      await keep();
      tell("bad", `${words.refused} ${said?.message || ""}`);
    } else if (status === 401 || status === 403) tell("bad", words.out);
    else {
      tell("waiting", sent.client_id ? words.waits : words.offline);
      timer = setTimeout(send, 5000);
    }
  }

  async function send() {
    if (busy || theirs || (typed === settled && !submission)) return;
    clearTimeout(timer);
    busy = true;
    const sent = record();
    if (place.hidden) tell("good", words.saving);
    try { await answered(sent, await store.send(sent, token)); } finally { busy = false; }
  }

  function ask() {
    const missing = rows.find((row) => score(row) === "" || !number(row).checkValidity());
    rows.forEach((row) => row.classList.toggle("is-missing", row === missing));
    if (missing) { number(missing).focus(); number(missing).reportValidity(); return; }
    dialog.querySelector("dl").replaceChildren(...rows.flatMap((row) => {
      const [term, value] = [document.createElement("dt"), document.createElement("dd")];
      [term.textContent, value.textContent] = [name(row), shown(score(row))];
      return [term, value];
    }));
    dialog.showModal();
  }

  async function confirmed() {
    dialog.close();
    submission = form.elements.client_id.value;
    typed = Date.now() + Math.random();
    await keep();
    await send();
  }

  for (const row of rows) {
    slider(row).hidden = false;
    slider(row).addEventListener("input", () => { number(row).value = slider(row).value; changed(); });
    // A key on a slider that nobody moved yet, or a touch in its middle, is a score as well.
    slider(row).addEventListener("change", () => { if (score(row) === "") { number(row).value = slider(row).value; changed(); } });
    number(row).addEventListener("input", () => { if (score(row) !== "") slider(row).value = score(row); row.classList.remove("is-missing"); changed(); });
  }
  form.elements.note.addEventListener("input", changed);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.name === "send") ask(); else send();
  });
  dialog.querySelector("[data-confirm]").addEventListener("click", confirmed);
  clash.addEventListener("click", (event) => {
    const taken = event.target.closest("[data-take]")?.dataset.take;
    if (!taken) return;
    revision = theirs.revision;
    if (taken === "theirs") fill(theirs);
    theirs = null;
    clash.hidden = true;
    changed();
  });
  // Other sheets that wait go along, and are tried again as long as nobody answers.
  let later = 0;
  function others() {
    clearTimeout(later);
    store.flush(token, (_record, { status }) => {
      if (status && status < 500) return;
      clearTimeout(later);
      later = setTimeout(others, 5000);
    }, sheet).catch(() => {});
  }
  window.addEventListener("online", () => { send(); others(); });
  store.stays(() => {
    tell("waiting", words.stay);
    place.scrollIntoView({ block: "nearest" });
  });
  document.querySelector(".jury-total").hidden = false;

  function close() {
    for (const field of form.elements) field.disabled = true;
    tell("good", words.sent);
  }

  // A page that was kept for the hall may be older than what was sent since.
  function catchUp(known) {
    if (!known || known.mark !== words.mark || known.revision <= revision) return;
    revision = known.revision;
    fill(known);
    if (known.state === "submitted") close();
  }

  // What this device kept and could not send yet comes back into the form, and is sent.
  (async () => {
    let [kept, known] = [null, null];
    try { [kept, known] = [await store.get(sheet), await store.known(sheet)]; } catch { /* nothing is kept here */ }
    catchUp(known);
    if (kept) {
      ({ device, typed } = kept);
      revision = known && known.device === device ? Math.max(kept.revision, known.revision) : kept.revision;
      submission = kept.client_id;
      if (submission) form.elements.client_id.value = submission;
      fill(kept);
      await send();
    } else total();
    others();
  })();
})();
