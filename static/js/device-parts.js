/* Small parts of the attendance device's pages. Text only ever becomes text: no markup is made from data. */
"use strict";

self.deviceParts = (() => {
  const app = self.deviceApp;

  function h(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (name === "class") made.className = value;
      else made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return made;
  }

  const icon = (name) => document.querySelector(`template[data-icon="${name}"]`).content.firstElementChild.cloneNode(true);
  const button = (name, picture, press, kind = "btn-outline-primary", more = {}) => (
    h("button", { type: "button", class: `btn ${kind}`, onclick: press, ...more }, picture && icon(picture), app.say(name))
  );
  const ALERTS = { good: "circle-check", warn: "alert-triangle", bad: "circle-x", unknown: "help-circle" };
  const TONES = { good: "success", warn: "warning", bad: "danger", unknown: "neutral" };
  const alert = (level, ...children) => (
    h("div", { class: `alert tone-${TONES[level]} device-alert` }, icon(ALERTS[level]), h("div", {}, ...children))
  );

  const formats = new Map();
  function written(ms, how) {
    const key = JSON.stringify(how);
    if (!formats.has(key)) {
      formats.set(key, new Intl.DateTimeFormat(app.config.locale, { timeZone: app.config.zone, ...how }));
    }
    return formats.get(key).format(new Date(ms));
  }
  const time = (ms) => written(ms, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = (ms) => written(ms, { weekday: "long", day: "numeric", month: "long" });

  // A question in a dialog of the browser; the answer is the value of the pressed button, "" for none.
  function question(title, text, choices) {
    return new Promise((done) => {
      const dialog = h("dialog", { class: "device-dialog", "aria-labelledby": "device-question" },
        h("form", { method: "dialog" },
          h("h2", { id: "device-question" }, title),
          ...text.map((line) => h("p", {}, line)),
          h("div", { class: "form-actions" }, choices.map(([value, words, kind]) => (
            h("button", { class: `btn ${kind}`, value }, words))))));
      dialog.addEventListener("close", () => { dialog.remove(); done(dialog.returnValue); });
      document.body.append(dialog);
      dialog.showModal();
    });
  }

  return { h, icon, button, alert, time, day, question, TONES, ALERTS };
})();
