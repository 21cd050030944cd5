/* The registration desk: Enter goes on, keys do the rest, and a weak line loses nothing. Without JavaScript the same
   buttons send the same form. */
"use strict";

(() => {
  const PATIENCE_MS = 25000;
  let sending = false;

  const form = () => document.getElementById("desk-form");

  function fields() {
    const inputs = [...form().querySelectorAll("input, select, textarea, [data-save]")];
    return inputs.filter((one) => one.type !== "hidden" && !one.disabled && one.offsetParent !== null);
  }

  function go(from, step) {
    const all = fields();
    const next = all[all.indexOf(from) + step];
    if (!next) return;
    next.focus();
    if (next.select && next.type !== "checkbox") next.select();
  }

  function say(sentence) {
    const place = document.querySelector("[data-desk-trouble]");
    place.textContent = sentence;
    place.hidden = !sentence;
    if (sentence) place.scrollIntoView({ block: "nearest" });
  }

  async function post(body) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
    try {
      return await fetch(form().action, {
        method: "POST",
        body: new URLSearchParams(body),
        headers: { "X-Requested-With": "fetch" },
        credentials: "same-origin",
        signal: patience.signal,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  // After signing in again in another tab the form's token is an old one: the page gives a new one.
  async function freshToken() {
    const answer = await fetch(form().action, { credentials: "same-origin" });
    if (answer.redirected) return "";
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector("#desk-form [name=csrfmiddlewaretoken]")?.value || "";
  }

  function take(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const desk = page.getElementById("desk");
    if (!desk) return false;
    document.getElementById("desk").replaceWith(desk);
    window.htmx?.process(desk);
    begin();
    const wrong = desk.querySelector("[aria-invalid=true]");
    const empty = fields().find((one) => !one.value && one.required);
    (wrong || empty || fields()[0]).focus();
    return true;
  }

  async function handle(answer, body, again) {
    if (answer.status === 201) {
      window.location.assign((await answer.json()).next);
      return;
    }
    if (answer.redirected) {
      say(form().dataset.signedOut);
    } else if (answer.status === 403 && again) {
      const token = await freshToken();
      if (!token) { say(form().dataset.signedOut); return; }
      form().elements.namedItem("csrfmiddlewaretoken").value = token;
      body.set("csrfmiddlewaretoken", token);
      await handle(await post(body), body, false);
    } else if (answer.status >= 500 || !take(await answer.text())) {
      say(form().dataset.failed);
    }
  }

  async function send(submitter) {
    if (sending) return;
    sending = true;
    const body = new FormData(form(), submitter);
    say("");
    form().setAttribute("aria-busy", "true");
    try {
      await handle(await post(body), body, true);
    } catch (trouble) {
      say(trouble.name === "AbortError" ? form().dataset.late : form().dataset.offline);
    } finally {
      sending = false;
      form()?.removeAttribute("aria-busy");
    }
  }

  // What the number tells goes into fields that are empty yet.
  function fill() {
    const told = document.querySelector("#answer > div")?.dataset || {};
    for (const name of ["birth_date", "sex"]) {
      const field = form().elements.namedItem(name);
      const value = told[`fill-${name}`] || told[`fill${name[0].toUpperCase()}${name.slice(1)}`];
      if (!field || !value || field.value) continue;
      field.value = value;
      if (field === document.activeElement && field.select) field.select();
      minors();
    }
  }

  // The guardian is asked for where the birth date is a child's; what went wrong there always shows.
  function minors() {
    const block = document.querySelector("[data-minor]");
    if (!block) return;
    const digits = (form().elements.namedItem("birth_date")?.value || "").split(/[^0-9]+/).join("/");
    const parts = digits.match(/^(\d{1,2})\/?(\d{2}|\d{1})\/?(\d{4})$/);
    const adult = new Date();
    adult.setFullYear(adult.getFullYear() - 18);
    const born = parts && new Date(Number(parts[3]), Number(parts[2]) - 1, Number(parts[1]));
    block.hidden = !(born && born > adult) && !block.querySelector("[aria-invalid=true]");
  }

  function begin() {
    minors();
    document.querySelectorAll("[data-keys]").forEach((one) => { one.hidden = false; });
    document.querySelectorAll("[data-no-script]").forEach((one) => { one.hidden = true; });
  }

  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    send(event.submitter);
  }, true);

  document.addEventListener("keydown", (event) => {
    const at = event.target;
    const inForm = form()?.contains(at);
    if (event.key === "Enter" && inForm && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form().requestSubmit(form().querySelector("[data-save]"));
    } else if (event.key === "Enter" && inForm && at.matches("input, select")) {
      event.preventDefault();
      go(at, event.shiftKey ? -1 : 1);
    } else if (!event.ctrlKey && !event.altKey && !event.metaKey) {
      const typing = at.matches("input, select, textarea");
      const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}" i]`);
      if (wanted && (!typing || event.key.length > 1)) {
        event.preventDefault();
        wanted.click();
      }
    }
  });

  document.addEventListener("change", (event) => { if (event.target.name === "birth_date") minors(); });
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "answer") fill(); });
  if (form()) begin();
  if (document.querySelector("[data-print-now]")) window.addEventListener("load", () => window.print());
})();
