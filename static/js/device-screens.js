/* What the attendance device shows: preparing it, its lock, the sessions, what waits, and the light with its reasons. */
"use strict";

(() => {
  const app = self.deviceApp;
  const { h, icon, button, alert, time, day, TONES, ALERTS } = self.deviceParts;
  const place = document.querySelector("[data-screen]");
  const light = document.querySelector("[data-light]");
  const queue = document.querySelector("[data-queue]");
  const PIN = { type: "password", inputmode: "numeric", autocomplete: "off", maxlength: 12, required: true, class: "form-control" };
  const MANY = 8;
  const screens = {};
  let drawn = "";
  let typed = "";
  let refusedPin = "";
  let holdsLists = false;
  let holdsPin = false;

  const go = (screen, session = null) => {
    Object.assign(app, { screen, session });
    drawn = "";
    draw();
    window.scrollTo(0, 0);
    place.querySelector("h1")?.focus();
  };
  const head = (title, sub = "", back = "home") => h("div", { class: "device-title" },
    back && button("back", "chevron-left", () => go(back), "btn-link"),
    h("h1", { tabindex: -1 }, title), sub && h("p", {}, sub));

  const SEQUENCES = ["01234567890123456789", "98765432109876543210"];
  function weak(pin) {
    if (!/^\d{6,12}$/.test(pin)) return app.say("pin_short");
    if (/^(\d)\1+$/.test(pin) || SEQUENCES.some((row) => row.includes(pin))) return app.say("pin_weak");
    return "";
  }

  const field = (name, words, input, hint = "") => h("div", { class: "field" },
    h("label", { for: name, class: "form-label" }, words),
    hint && h("p", { class: "form-text", id: `${name}-hint` }, hint), input,
    h("p", { class: "device-error", id: `${name}-error`, hidden: true }, icon("alert-triangle"), h("span")));
  function complain(name, words) {
    const line = document.getElementById(`${name}-error`);
    line.hidden = !words;
    line.lastElementChild.textContent = words;
    const input = document.getElementById(name);
    input?.setAttribute("aria-invalid", words ? "true" : "false");
    input?.setAttribute("aria-describedby", `${name}-error`);
    if (words) input?.focus();
    return Boolean(words);
  }

  const signIn = () => h("a", { class: "btn btn-primary", href: app.config.login }, icon("login"), app.say("sign_in"));
  const ended = () => app.ended && alert("warn", h("p", {}, app.say(app.ended)));

  screens.locked = () => {
    const input = h("input", { ...PIN, id: "pin", name: "pin", oninput: () => { typed = input.value; } });
    input.value = typed;
    const press = async (event) => {
      event.preventDefault();
      const send = event.target.querySelector("button");
      send.disabled = true;
      typed = refusedPin = "";
      if (!(await app.unlock(input.value))) {
        input.value = "";
        send.disabled = false;
        holdsPin = Boolean(await self.deviceStore.get("byPin"));
        refusedPin = holdsPin ? app.say("pin_wrong") : "";
        drawn = "";
        draw();
      }
    };
    const form = h("form", { class: "panel", onsubmit: press }, field("pin", app.say("pin"), input, app.say("pin_hint")),
      h("button", { class: "btn btn-primary" }, icon("lock"), app.say("open")));
    return [head(app.say("locked"), app.say("locked_sub"), ""),
      app.trouble === "signed_out" && alert("warn", h("p", {}, app.say("locked_signed_out")), signIn()),
      holdsPin ? form : !app.user && alert("bad", h("p", {}, app.say("pin_gone")), signIn()),
      app.user && !app.trouble && app.mine && h("div", { class: "device-doors" },
        button("open_signed_in", "login", app.unlockBySignIn, holdsPin ? "btn-outline-primary" : "btn-primary")),
      waitingNote()];
  };

  const waitingNote = () => {
    const count = app.waiting().length;
    return count > 0 && alert("warn", h("p", {}, app.say("still_waiting", { n: count })));
  };

  // A session that runs past midnight is still one of tonight.
  const isToday = (session) => day(session.starts) === day(app.now()) || (session.starts <= app.now() && app.now() < session.ends);

  function choiceOf(session) {
    const held = app.lists?.sessions.some((one) => one.id === session.id);
    return h("label", { class: "device-choice" },
      h("input", { type: "checkbox", class: "form-check-input", name: "session", value: session.id, checked: held || (!app.lists && isToday(session) && session.closes > app.now()) }),
      h("span", {}, h("b", {}, session.batch), h("span", {}, `${time(session.starts)}–${time(session.ends)} · ${session.title}`),
        h("small", {}, app.say("people_n", { n: session.people }))));
  }

  // Offices with many batches a day find theirs by a part of its name.
  function narrow(event) {
    const asked = event.target.value.trim().toLowerCase();
    for (const choice of place.querySelectorAll(".device-choice")) {
      choice.hidden = !choice.textContent.toLowerCase().includes(asked) && !choice.querySelector("input").checked;
    }
    for (const group of place.querySelectorAll(".device-day")) group.hidden = !group.querySelector(".device-choice:not([hidden])");
  }
  const narrowing = () => app.choices.length > MANY && h("div", { class: "field" },
    h("label", { for: "narrow", class: "form-label" }, app.say("find_batch")),
    h("input", { id: "narrow", type: "search", class: "form-control", autocomplete: "off", oninput: narrow }));

  function pinFields() {
    return [
      field("new-pin", app.say("new_pin"), h("input", { ...PIN, id: "new-pin", autocomplete: "new-password" }), app.say("new_pin_hint")),
      field("again", app.say("pin_again"), h("input", { ...PIN, id: "again", autocomplete: "new-password" }))];
  }

  async function prepare(event, asksPin) {
    event.preventDefault();
    const form = event.target;
    const sessions = [...form.querySelectorAll("[name=session]:checked")].map((box) => Number(box.value));
    const pin = asksPin ? form.querySelector("#new-pin").value : "";
    const twice = asksPin && form.querySelector("#again").value !== pin;
    if (complain("sessions", sessions.length ? "" : app.say("choose_some"))) return;
    if (asksPin && (complain("new-pin", weak(pin)) || complain("again", twice ? app.say("pin_differs") : ""))) return;
    const send = form.querySelector("[type=submit]");
    send.disabled = true;
    send.textContent = app.say("loading");
    try {
      await app.prepare({ name: form.querySelector("#name").value.trim(), sessions, pin });
      go("checks");
    } catch (trouble) {
      send.disabled = false;
      send.textContent = app.say("prepare");
      complain("sessions", app.say(`trouble_${trouble.kind}`) || app.say("trouble_broken"));
    }
  }

  screens.prepare = () => {
    const days = grouped(app.choices);
    const asksPin = !app.key || !holdsPin;
    const name = h("input", { id: "name", class: "form-control", maxlength: 60, required: true, value: app.name || app.config.deviceName });
    const groups = [...days].map(([title, sessions]) => (
      h("fieldset", { class: "device-day" }, h("legend", {}, title), sessions.map(choiceOf))));
    const empty = h("div", { class: "empty" }, icon("calendar-event"), h("h2", {}, app.say("no_sessions")), h("p", {}, app.say("no_sessions_sub")));
    return [head(app.say("prepare_title"), app.say("prepare_sub"), app.lists ? "home" : ""), ended(), waitingNote(),
      !app.mine && alert("warn", h("p", {}, app.say("not_mine"))),
      groups.length ? h("form", { class: "panel", novalidate: true, onsubmit: (event) => prepare(event, asksPin) },
        h("div", { class: "field", role: "group", "aria-labelledby": "which" }, h("h2", { id: "which" }, app.say("which_sessions")), narrowing(), groups,
          h("p", { class: "device-error", id: "sessions-error", hidden: true, role: "alert" }, icon("alert-triangle"), h("span"))),
        field("name", app.say("device_name"), name, app.say("device_name_hint")), asksPin && pinFields(),
        h("button", { type: "submit", class: "btn btn-primary" }, app.say("prepare"))) : empty];
  };

  function grouped(rows) {
    const found = new Map();
    for (const row of rows) found.set(day(row.starts), [...(found.get(day(row.starts)) || []), row]);
    return found;
  }

  screens.away = () => [head(app.say("not_ready"), "", ""), ended(), waitingNote(),
    app.trouble === "signed_out" ? alert("warn", h("p", {}, app.say("sign_in_first")), signIn())
      : app.trouble === "forbidden" ? alert("bad", h("p", {}, app.say("trouble_forbidden")))
        : alert("warn", h("p", {}, app.say(app.trouble ? "needs_network" : "loading")))];

  function sessionButton(session) {
    const here = session.people.filter((person) => app.standing(session, person).status === "present").length;
    return h("button", { type: "button", class: "device-session", onclick: () => go("session", session.id) },
      h("span", { class: "when" }, `${time(session.starts)}–${time(session.ends)}`),
      h("b", {}, session.batch), h("span", {}, [session.title, session.place].filter(Boolean).join(" · ")),
      h("span", { class: "count" }, h("b", {}, `${here}`), app.say("of_n", { n: session.people.length })));
  }

  screens.home = () => {
    const today = day(app.now());
    const sorted = [...app.lists.sessions].sort((one, other) => one.starts - other.starts);
    const [now, later] = [sorted.filter(isToday), sorted.filter((one) => !isToday(one))];
    return [head(app.say("today"), today, ""),
      app.trouble === "signed_out" && alert("warn", h("p", {}, app.say("signed_out_note")), signIn()),
      now.length ? h("div", { class: "device-sessions" }, now.map(sessionButton)) : alert("unknown", h("p", {}, app.say("none_today"))),
      later.length > 0 && [h("h2", {}, app.say("other_days")), [...grouped(later)].map(([title, rows]) => (
        [h("h3", {}, title), h("div", { class: "device-sessions" }, rows.map(sessionButton))]))],
      h("div", { class: "device-doors" }, button("prepare_again", "refresh", () => go("prepare")), button("lock", "lock", () => app.lock(true)),
        h("a", { class: "btn btn-link", href: app.config.online }, app.say("to_online")))];
  };

  function nameOf(mark) {
    const session = app.lists?.sessions.find((one) => one.id === mark.session);
    const person = session?.people.find((one) => one.id === mark.registration);
    return person?.name || mark.written || mark.code || app.say("somebody");
  }
  const line = (mark, state, ...more) => h("li", {}, h("b", {}, nameOf(mark)),
    h("span", {}, `${app.say(`kind_${mark.kind}`)} · ${day(mark.at + mark.skew)}, ${time(mark.at + mark.skew)}`), state, ...more);

  screens.queue = () => {
    const [waiting, refused] = [app.waiting(), app.refused()];
    return [head(app.say("queue_title"), app.say(waiting.length ? "queue_sub" : "queue_empty", { n: waiting.length })),
      app.trouble === "signed_out" && waiting.length > 0 && alert("warn", h("p", {}, app.say("signed_out_note")), signIn()),
      app.trouble === "forbidden" && alert("bad", h("p", {}, app.say("trouble_forbidden"))),
      app.trouble === "offline" && waiting.length > 0 && alert("unknown", h("p", {}, app.say("sent_later"))),
      waiting.length > 0 && button("send_now", "send", app.send, "btn-primary"),
      refused.length > 0 && [h("h2", {}, app.say("refused_title")), h("p", {}, app.say("refused_sub")),
        h("ul", { class: "device-marks" }, refused.map((mark) => line(mark,
          h("span", { class: "why" }, icon("alert-triangle"), h("span", {}, mark.result.message, mark.result.state === "kept" && ` ${app.say("office_settles")}`)), button("understood", "check", () => app.seen(mark.id)))))],
      waiting.length > 0 && [h("h2", {}, app.say("waiting_title")), h("ul", { class: "device-marks" }, waiting.map((mark) => line(mark)))]];
  };

  async function tryCamera(event) {
    const pressed = event.currentTarget;
    pressed.disabled = true;
    const video = document.querySelector(".device-trial");
    video.hidden = false;
    await self.deviceChecks.tryCamera(video, app.config);
    await changed();
  }

  screens.checks = () => {
    const list = h("ul", { class: "device-checks", "aria-live": "polite" }, (app.checks || []).map((one) => {
      const values = { ...one.values, ...(one.values.time ? { time: `${day(one.values.time)}, ${time(one.values.time)}` } : {}) };
      return h("li", { class: `tone-${TONES[one.level]}`, "data-check": one.name, "data-level": one.level }, icon(ALERTS[one.level]),
        h("div", {}, h("b", {}, app.say(`name_${one.name}`)), h("p", {}, app.say(one.words, values))));
    }));
    return [head(app.say("checks_title"), app.say(`light_${app.light}_sub`)), list,
      h("video", { class: "device-trial", hidden: true, muted: true }),
      h("div", { class: "device-doors" }, app.lists && button("to_sessions", "arrow-right", () => go("home"), "btn-primary"),
        app.install && button("install", "device-mobile", () => app.install()),
        button("try_camera", "camera", tryCamera), button("check_again", "refresh", () => app.look()))];
  };

  screens.session = () => self.deviceDoor.draw(app.lists.sessions.find((one) => one.id === app.session), head);

  function wanted() {
    if (["queue", "checks"].includes(app.screen)) return app.screen;
    if (!app.lists && holdsLists) return "locked";
    if (app.screen === "prepare" || !app.lists) return app.user && app.choices && !app.trouble ? "prepare" : app.lists ? "home" : "away";
    return app.screen === "session" ? "session" : "home";
  }

  // What a screen shows depends on; while it stays the same nothing is drawn anew, and nothing that is typed is lost.
  function signature(screen) {
    if (screen === "session") return `session ${app.session}`;
    const shown = [screen, app.mine, app.ended, app.trouble === "signed_out", holdsPin];
    if (screen === "prepare") shown.push(app.choices.length);
    if (screen === "locked") shown.push(app.waiting().length, app.user, app.trouble);
    if (screen === "checks") shown.push(app.checks, app.light, Boolean(app.install));
    if (screen === "queue") shown.push(app.trouble, app.marks);
    if (screen === "home") shown.push(app.lists, app.marks);
    return JSON.stringify(shown);
  }

  function draw() {
    const screen = wanted();
    drawHead();
    if (screen !== "session") self.deviceDoor.shut();
    const now = signature(screen);
    if (drawn !== now) {
      drawn = now;
      place.replaceChildren(...screens[screen]().flat(3).filter(Boolean));
      // Also when something else, as the answer of a slow network, has the lock drawn anew.
      if (screen === "locked" && holdsPin && refusedPin) complain("pin", refusedPin);
    } else if (screen === "session") self.deviceDoor.renew();
  }

  function drawHead() {
    const count = app.waiting().length;
    const open = app.refused().length;
    queue.replaceChildren(icon(open ? "alert-triangle" : count ? "hourglass" : "checks"),
      open ? app.say("to_see", { n: open }) : count ? app.say("unsent", { n: count }) : app.say("all_sent"));
    queue.className = `device-chip tone-${open ? "danger" : count ? "warning" : "success"}`;
    queue.dataset.waiting = count;
    light.replaceChildren(icon(ALERTS[app.light]), app.say(`light_${app.light}`));
    light.className = `device-chip tone-${TONES[app.light]}`;
    light.dataset.level = app.light;
  }

  let checking = false;
  async function changed() {
    holdsLists = Boolean(await self.deviceStore.get("lists"));
    holdsPin = Boolean(await self.deviceStore.get("byPin"));
    app.name = await self.deviceStore.get("name");
    draw();
    if (checking) return;
    checking = true;
    app.checks = await self.deviceChecks.run(app);
    app.light = self.deviceChecks.light(app.checks);
    checking = false;
    drawHead();
    if (app.screen === "checks") draw();
  }

  app.light = "unknown";
  app.changed = changed;
  light.addEventListener("click", () => go("checks"));
  queue.addEventListener("click", () => go("queue"));
  app.begin();
})();
