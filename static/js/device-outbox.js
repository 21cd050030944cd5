/* Marks are stored first and sent then. Each has an id of its own, so that the same mark may arrive twice and counts
   once. Used by the page and by its service worker. */
"use strict";

self.deviceOutbox = (() => {
  const store = self.deviceStore;
  const ROOT = "/kerja/kehadiran/";
  const AT_ONCE = 200;
  const WAIT_MS = 20_000;
  const JUMP_MS = 120_000;
  const news = "BroadcastChannel" in self ? new BroadcastChannel("kehadiran") : null;
  const run = `${performance.timeOrigin}`;
  let token = "";

  class Trouble extends Error {
    constructor(kind) { super(kind); this.kind = kind; }
  }

  // The sign-in answers by leading elsewhere; that is no network fault, and no reason to drop anything.
  async function ask(path, options = {}) {
    let answer;
    try {
      answer = await fetch(ROOT + path, {
        credentials: "same-origin", redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(WAIT_MS), ...options,
      });
    } catch { throw new Trouble("offline"); }
    if (answer.type === "opaqueredirect") throw new Trouble("signed_out");
    if (answer.status === 403) throw new Trouble("forbidden");
    let said = null;
    try { said = await answer.json(); } catch { throw new Trouble("broken"); }
    if (!answer.ok && answer.status !== 422) throw new Trouble(said.error || "broken");
    return said;
  }

  async function state() {
    const device = await store.get("device");
    const began = Date.now();
    const said = await ask(`perangkat/keadaan/${device ? `?perangkat=${device}` : ""}`);
    const ended = Date.now();
    token = said.csrf;
    said.asked = began;
    said.skew = said.now - Math.round((began + ended) / 2);
    await store.set("skew", said.skew);
    return said;
  }

  async function post(path, body) {
    if (!token) await state();
    const once = () => ask(path, {
      method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body: JSON.stringify(body()),
    });
    try {
      return await once();
    } catch (trouble) {
      if (trouble.kind !== "forbidden") throw trouble;
      await state();  // the token of another sign-in; a second refusal is meant
      return once();
    }
  }

  async function add(mark) {
    const full = {
      id: crypto.randomUUID(), at: Date.now(), run, ran: performance.now(), skew: (await store.get("skew")) || 0, ...mark,
    };
    const sealed = await store.seal(await store.queueKey(), full, full.id);
    await store.putMarks([{ id: full.id, state: "waiting", sealed }]);
    news?.postMessage("changed");
    return full;
  }

  // Opened, in the order in which they were made. One that cannot be opened any more is no reason to keep the others.
  async function all() {
    const key = await store.queueKey();
    const rows = await Promise.all((await store.marks()).map(async (row) => {
      try {
        return { ...(await store.unseal(key, row.sealed, row.id)), state: row.state, result: row.result, told: row.told };
      } catch { return null; }
    }));
    return rows.filter(Boolean).sort((one, other) => one.at - other.at);
  }

  // A telephone often sets its clock right the moment it finds a network. What was marked before by the wrong clock is
  // told by the clock of now, so that the server shifts it rightly. While the page stays open, a clock that nobody can
  // turn tells whether that happened after the mark; after a reload it is taken for granted, unless it were yet to come.
  function byTheClockOfNow(mark, skew) {
    const turned = mark.skew - skew;
    if (Math.abs(turned) < JUMP_MS) return mark.at;
    if (mark.run !== run) return mark.at + turned > Date.now() + JUMP_MS ? mark.at : mark.at + turned;
    const jumped = (Date.now() - performance.now()) - (mark.at - mark.ran);
    return Math.abs(jumped - turned) < JUMP_MS ? mark.at + turned : mark.at;
  }

  const told = (mark, skew) => ({
    id: mark.id, session: mark.session, registration: mark.registration, code: mark.code, kind: mark.kind, way: mark.way,
    at: byTheClockOfNow(mark, skew), written: mark.written || "", note: mark.note || "", revokes: mark.revokes || null,
  });

  async function sendSome(device, part, skew) {
    const said = await post("kirim/", () => ({
      device, sent_at: Date.now(), marks: part.map((mark) => told(mark, skew)),
    }));
    const results = new Map(said.results.map((result) => [result.id, result]));
    const rows = (await store.marks()).filter((row) => results.has(row.id));
    const at = Date.now();
    await store.putMarks(rows.map((row) => (
      { ...row, state: "answered", told: at, result: results.get(row.id) }
    )));
    return rows.length;
  }

  async function sendAll() {
    const device = await store.get("device");
    const waiting = (await all()).filter((mark) => mark.state === "waiting");
    if (!device || !waiting.length) return { sent: 0 };
    let { skew } = await state();
    let sent = 0;
    for (let start = 0; start < waiting.length; start += AT_ONCE) {
      sent += await sendSome(device, waiting.slice(start, start + AT_ONCE), skew);
      news?.postMessage("changed");
    }
    return { sent };
  }

  // One sender at a time in this browser; that another device sends too is the server's matter.
  async function send() {
    try {
      if (!("locks" in navigator)) return await sendAll();
      return await navigator.locks.request("kehadiran-kirim", sendAll);
    } catch (trouble) {
      return { sent: 0, trouble: trouble.kind || "broken" };
    }
  }

  async function clearAnswered(before) {
    const rows = (await store.marks()).filter((row) => row.state === "answered" && row.told < before);
    const past = rows.filter((row) => !["refused", "kept"].includes(row.result.state) || row.seen);
    if (past.length) await store.dropMarks(past.map((row) => row.id));
  }

  async function seen(id) {
    const row = (await store.marks()).find((one) => one.id === id);
    if (row) await store.putMarks([{ ...row, seen: true }]);
  }

  return { add, all, send, state, post, clearAnswered, seen, news };
})();
