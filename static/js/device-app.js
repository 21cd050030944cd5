/* The attendance device: what it holds, what it knows of the server, and when it sends. `device-screens.js` draws it. */
"use strict";

self.deviceApp = (() => {
  const store = self.deviceStore;
  const outbox = self.deviceOutbox;
  const POLL_MS = 30_000;
  const RETRY_MS = 15_000;
  const IDLE_MS = 45 * 60_000;
  const RENEW_MS = 3600_000;
  const WORKS_MS = 5 * 60_000;
  const app = {
    config: JSON.parse(document.getElementById("device-config").textContent),
    words: JSON.parse(document.getElementById("device-words").textContent),
    key: null, lists: null, marks: [], skew: 0, trouble: "", user: "", mine: true, choices: [], serverVersion: "",
    sending: false, ended: "", screen: "home", session: null, install: null,
    changed: () => {},
  };
  let touched = Date.now();

  app.now = () => Date.now() + app.skew;
  app.say = (name, values = {}) => (app.words[name] || name).replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");

  async function readMarks() {
    app.marks = await outbox.all();
  }

  async function openLists(key) {
    const sealed = await store.get("lists");
    if (!sealed || !key) return false;
    try {
      app.lists = await store.unseal(key, sealed, "lists");
    } catch { return false; }
    app.key = key;
    return true;
  }

  async function keepLists() {
    if (app.key && app.lists) await store.set("lists", await store.seal(app.key, app.lists, "lists"));
  }

  async function forget(why) {
    await store.forgetLists();
    Object.assign(app, { key: null, lists: null, session: null, screen: "home", ended: why });
  }

  async function forgetWhenOver() {
    const expires = await store.get("expires");
    if (expires && app.now() > expires) await forget("ended_expired");
  }

  // Locked by hand it stays locked, whoever is signed in; after a while without a touch the sign-in may open it again.
  app.lock = async (byHand = false) => {
    if (byHand) await store.set("locked", true);
    Object.assign(app, { key: null, lists: null, session: null, screen: "home" });
    app.changed();
  };

  async function unlocked(opened) {
    if (opened) {
      app.ended = "";
      await store.drop("locked");
    }
    app.changed();
    return opened;
  }

  app.unlock = async (pin) => unlocked(await openLists(await store.openByPin(pin)));
  app.unlockBySignIn = async () => {
    await store.drop("locked");
    await app.look();
  };

  // Who stands where, from what the server knew and what this device has seen since.
  app.standing = (session, person) => {
    const standing = { status: person.status, at: person.at, left: person.left, waiting: false };
    const counting = app.marks.filter((mark) => !["refused", "kept"].includes(mark.result?.state));
    const revoked = new Set(counting.map((mark) => mark.revokes).filter(Boolean));
    for (const mark of counting) {
      if (mark.session !== session.id || mark.registration !== person.id || revoked.has(mark.id)) continue;
      standing.waiting ||= mark.state === "waiting";
      const at = mark.result?.at || mark.at + (mark.state === "waiting" ? app.skew : mark.skew);
      if (mark.kind === "arrived" && standing.status !== "present") Object.assign(standing, { status: "present", at, left: null });
      else if (mark.kind === "arrived") standing.left = null;
      else if (mark.kind === "left" && standing.status === "present") standing.left = at;
    }
    return standing;
  };

  // The rules of the server, as far as a device without network can know them.
  app.refusal = (session, kind) => {
    const now = app.now();
    if (session.cancelled) return "session_cancelled";
    if (now < session.opens) return "too_early";
    return kind === "arrived" && now > session.closes ? "too_late" : "";
  };

  app.find = (session, code) => session.people.find((person) => person.code === code);

  app.mark = async (session, person, kind, way, more = {}) => {
    const mark = await outbox.add({
      session: session.id, registration: person?.id || null, code: person?.code || "", kind, way, ...more,
    });
    await readMarks();
    app.changed();
    app.sendSoon();
    return mark;
  };

  // What was not sent has never been; what was is taken back by a mark of its own, as on the page of the session.
  app.takeBack = async (mark) => {
    const gone = await navigator.locks.request("kehadiran-kirim", async () => {
      const row = (await store.marks()).find((one) => one.id === mark.id);
      if (row?.state === "waiting") await store.dropMarks([mark.id]);
      return row?.state === "waiting";
    });
    if (!gone) {
      await outbox.add({ session: mark.session, registration: mark.registration, kind: "revoked", way: mark.way, revokes: mark.id, note: app.say("undo_reason") });
      app.sendSoon();
    }
    await readMarks();
    app.changed();
  };

  app.waiting = () => app.marks.filter((mark) => mark.state === "waiting");
  app.refused = () => app.marks.filter((mark) => mark.result && ["refused", "kept"].includes(mark.result.state));
  app.seen = async (id) => {
    await outbox.seen(id);
    await outbox.clearAnswered(Infinity);
    await readMarks();
    app.changed();
  };

  function takeOver(said) {
    Object.assign(app, { trouble: "", user: said.user, choices: said.sessions, serverVersion: said.version, skew: said.skew });
    app.mine = !said.device || said.device.mine;
    for (const session of app.lists?.sessions || []) {
      const known = said.present?.[session.id];
      if (!known) continue;
      for (const person of session.people) {
        [person.status, person.at, person.left] = known[person.id] || ["", null, null];
      }
    }
  }

  // Who got a seat since is on the list too, while there is network. What cannot be fetched stays as it is.
  async function renewLists() {
    if (!app.lists || !app.mine || app.now() - app.lists.loaded < RENEW_MS) return;
    const [device, name] = [await store.get("device"), await store.get("name")];
    const sessions = app.lists.sessions.map((session) => session.id);
    try {
      const said = await outbox.post("perangkat/siapkan/", () => ({ device, name, sessions }));
      if (!app.key) return;
      app.lists = { loaded: said.now, sessions: said.lists };
      await store.set("expires", said.expires);
      await keepLists();
    } catch { /* one of the sessions is gone, or the line: the office and the light will say */ }
  }

  app.look = async () => {
    try {
      const said = await outbox.state();
      takeOver(said);
      if (said.device?.state === "revoked") await forget("ended_revoked");
      else if (said.device?.state === "expired") await forget("ended_expired");
      else if (!app.key && said.device?.secret && !(await store.get("locked"))) {
        await openLists(await store.openByServer(said.device.secret));
      }
      if (app.lists) takeOver(said);
      await keepLists();
      await renewLists();
      await outbox.clearAnswered(said.asked);
      await readMarks();
    } catch (trouble) {
      app.trouble = trouble.kind || "broken";
      if (app.trouble === "forbidden") await forget("ended_forbidden");
    }
    app.changed();
  };

  app.send = async () => {
    if (app.sending) return;
    app.sending = true;
    const { sent, trouble } = await outbox.send();
    app.sending = false;
    if (trouble) app.trouble = trouble;
    await readMarks();
    app.changed();
    if (sent) await app.look();
  };

  let soon = 0;
  app.sendSoon = () => {
    clearTimeout(soon);
    soon = setTimeout(app.send, 400);
    navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("kehadiran-kirim")).catch(() => {});
  };

  app.prepare = async ({ name, sessions, pin }) => {
    if (!app.mine || app.ended === "ended_revoked") await store.drop("device");
    const device = (await store.get("device")) || crypto.randomUUID();
    await store.set("device", device);
    await navigator.storage?.persist?.();
    const said = await outbox.post("perangkat/siapkan/", () => ({ device, name, sessions }));
    if (pin) {
      const made = await store.makeKey(pin, said.secret);
      app.key = made.key;
      await store.setAll(made.kept);
    }
    app.lists = { loaded: said.now, sessions: said.lists };
    app.ended = "";
    await store.setAll({ expires: said.expires, name });
    await keepLists();
    await app.look();
    await app.send();
  };

  async function beat() {
    await forgetWhenOver();
    if (app.key && Date.now() - touched > IDLE_MS) app.lock();
    if (app.waiting().length) await app.send();
    app.changed();
  }

  async function register() {
    if (!("serviceWorker" in navigator)) return;
    try {
      const worker = await navigator.serviceWorker.register(app.config.worker, { scope: app.config.page });
      await worker.update();
    } catch { /* no network, or the light tells that the page does not lie here yet */ }
  }

  app.begin = async () => {
    app.skew = (await store.get("skew")) || 0;
    await forgetWhenOver();
    await readMarks();
    app.changed();
    register().then(app.changed);
    await app.look();
    if (app.waiting().length) await app.send();
    outbox.news?.addEventListener("message", async () => { await readMarks(); app.changed(); });
    window.addEventListener("online", () => app.look().then(app.send));
    window.addEventListener("offline", () => { app.trouble = "offline"; app.changed(); });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) app.look().then(app.send); });
    for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => { touched = Date.now(); }, { passive: true });
    setInterval(beat, RETRY_MS);
    // Looking counts as work for the sign-in, so only while somebody works: a session that lies idle has to end.
    setInterval(() => { if (!document.hidden && Date.now() - touched < WORKS_MS) app.look(); }, POLL_MS);
    window.addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault();
      app.install = async () => { app.install = null; await event.prompt(); app.changed(); };
      app.changed();
    });
  };

  return app;
})();
