/* One session at the door: the count, the camera, the field for names and numbers, and the list. */
"use strict";

self.deviceDoor = (() => {
  const app = self.deviceApp;
  const { h, icon, button, time, question } = self.deviceParts;
  const SHORT_MS = 1500;
  let parts = null;
  let stop = null;
  let lastSeen = { code: "", at: 0 };

  const here = () => parts.session.people.filter((person) => app.standing(parts.session, person).status === "present").length;
  const tremble = (pattern) => { try { navigator.vibrate?.(pattern); } catch { /* not on this device */ } };

  function tell(level, words, ...more) {
    parts.result.className = `device-result is-${level}`;
    parts.result.replaceChildren(icon({ good: "circle-check", known: "info-circle", bad: "alert-triangle" }[level]), h("span", {}, words), ...more);
    tremble(level === "good" ? 60 : [80, 60, 80]);
  }

  async function undo(mark) {
    await app.takeBack(mark);
    tell("known", app.say("taken_back"));
  }

  // Against a rule of the list: the person at the door decides, the office settles it later.
  async function anyway(title, text, mark) {
    tremble([80, 60, 80]);
    const answered = await question(title, [text, app.say("anyway_hint")], [
      ["anyway", app.say("let_in"), "btn-primary"], ["", app.say("do_not"), "btn-outline-secondary"]]);
    if (answered !== "anyway") { tell("known", app.say("not_noted")); return; }
    await mark();
    tell("known", app.say("noted_to_settle"));
  }

  async function note(person, kind, way) {
    const { session } = parts;
    const standing = app.standing(session, person);
    if (kind === "arrived" && standing.status === "present" && !standing.left) {
      tell("known", app.say("already", { name: person.name, time: time(standing.at) }));
      return;
    }
    const refusal = app.refusal(session, kind);
    if (refusal) {
      const values = { name: person.name, time: time(refusal === "too_early" ? session.opens : session.closes) };
      await anyway(app.say(refusal), app.say(`${refusal}_text`, values), () => app.mark(session, person, kind, way));
      return;
    }
    const mark = await app.mark(session, person, kind, way);
    tell("good", app.say(kind === "left" ? "left_now" : "arrived_now", { name: person.name, time: time(mark.at + app.skew) }),
      button("undo", "arrow-back-up", () => undo(mark), "btn-link"));
  }

  async function stranger(code, way) {
    const { session } = parts;
    const elsewhere = app.lists.sessions.find((one) => one.id !== session.id && app.find(one, code));
    const text = elsewhere
      ? app.say("elsewhere_text", { code, name: app.find(elsewhere, code).name, batch: elsewhere.batch, day: self.deviceParts.day(elsewhere.starts), time: time(elsewhere.starts) })
      : app.say("stranger_text", { code });
    await anyway(app.say("stranger"), text, () => app.mark(session, null, "arrived", way, { code }));
  }

  async function read(text, way) {
    const code = self.ticketScan.codeIn(text);
    if (!code) { tell("bad", app.say("no_code")); return; }
    if (code === lastSeen.code && Date.now() - lastSeen.at < SHORT_MS) return;
    lastSeen = { code, at: Date.now() };
    const person = app.find(parts.session, code);
    if (person) await note(person, "arrived", way);
    else await stranger(code, way);
  }

  function matching() {
    const asked = parts.field.value.trim().toLowerCase();
    if (!asked) return parts.session.people;
    const code = asked.replace(/[\s-]/g, "").toUpperCase();
    return parts.session.people.filter((person) => (
      person.name.toLowerCase().includes(asked) || (code.length > 2 && person.code.startsWith(code))));
  }

  // A plain scanner types the code and presses Enter; so does a hand.
  async function entered(event) {
    event.preventDefault();
    const typed = parts.field.value.trim();
    if (!typed) return;
    const named = matching();
    if (self.ticketScan.codeIn(typed) && named.length !== 1) {
      parts.field.value = "";
      await read(typed, typed.includes("nomor=") ? "qr" : "code");
    } else if (named.length === 1) {
      parts.field.value = "";
      await note(named[0], "arrived", self.ticketScan.codeIn(typed) ? "code" : "name");
    } else if (!named.length) {
      const name = typed.slice(0, 100);
      parts.field.value = "";
      await anyway(app.say("stranger"), app.say("nobody_text", { name }), () => (
        app.mark(parts.session, null, "arrived", "name", { written: name })));
    } else {
      tell("known", app.say("several", { n: named.length }));
    }
    renew();
    parts.field.focus();
  }

  async function camera() {
    if (stop) { shut(); return; }
    parts.video.hidden = false;
    try {
      stop = await self.ticketScan.start(parts.video, app.config.reader, (text) => read(text, "qr"));
      parts.scan.replaceChildren(icon("x"), app.say("stop_scan"));
    } catch {
      parts.video.hidden = true;
      tell("bad", app.say("no_camera"));
    }
  }

  function shut() {
    stop?.();
    stop = null;
    if (parts) {
      parts.video.hidden = true;
      parts.scan.replaceChildren(icon("camera"), app.say("scan"));
    }
  }

  function row(person) {
    const standing = app.standing(parts.session, person);
    const words = standing.left ? app.say("left_at", { time: time(standing.left) })
      : standing.status === "present" ? app.say("present_since", { time: time(standing.at) })
        : standing.status === "excused" ? app.say("excused") : standing.status === "absent" ? app.say("absent") : "";
    const inside = standing.status === "present" && !standing.left;
    return h("li", { class: inside ? "is-here" : "", "data-person": person.id },
      h("span", { class: "who" }, h("b", {}, person.name), h("small", {}, `${person.code.slice(0, 4)}-${person.code.slice(4)}`),
        words && h("span", { class: "standing" }, inside && icon("check"), words, standing.waiting && h("i", {}, app.say("not_sent_yet")))),
      inside ? button("leaves", "", () => note(person, "left", "list"), "btn-link", { "aria-label": app.say("leaves_name", { name: person.name }) })
        : button("is_here", "", () => note(person, "arrived", "list"), "btn-primary", { "aria-label": app.say("is_here_name", { name: person.name }) }));
  }

  function renew() {
    if (!parts) return;
    parts.session = app.lists.sessions.find((one) => one.id === parts.session.id) || parts.session;
    parts.count.textContent = here();
    const found = matching();
    const focused = document.activeElement?.closest?.("[data-person]")?.dataset.person;
    parts.list.replaceChildren(...found.map(row));
    if (focused) parts.list.querySelector(`[data-person="${CSS.escape(focused)}"] button`)?.focus();
    parts.none.hidden = found.length > 0;
  }

  function draw(session, head) {
    shut();
    const field = h("input", { id: "who", class: "form-control", type: "search", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", enterkeyhint: "go", oninput: () => renew() });
    parts = {
      session, field, count: h("b", {}), result: h("div", { class: "device-result", role: "status" }),
      video: h("video", { class: "device-camera", hidden: true, muted: true, "aria-label": app.say("camera_picture") }),
      scan: button("scan", "camera", camera, "btn-primary"), list: h("ul", { class: "device-people" }),
      none: h("p", { class: "device-none", hidden: true }, app.say("nobody_found")),
    };
    const count = h("p", { class: "device-count" }, parts.count, h("span", {}, app.say("present_of", { n: session.people.length })));
    const found = [head(session.batch, `${self.deviceParts.day(session.starts)}, ${time(session.starts)}–${time(session.ends)} · ${session.title}`),
      count, parts.scan, parts.video, parts.result,
      h("form", { class: "device-find", onsubmit: entered, role: "search" }, h("label", { for: "who", class: "form-label" }, app.say("who")), field),
      parts.list, parts.none];
    renew();
    return found;
  }

  document.addEventListener("visibilitychange", () => { if (document.hidden) shut(); });

  return { draw, renew, shut };
})();
