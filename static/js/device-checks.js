/* The light of an attendance device: everything that a morning without network needs, tried out while there is time.
   Each check answers `good`, `warn` (works, with a remark), `bad` (will not work) or `unknown` (cannot be tried now). */
"use strict";

self.deviceChecks = (() => {
  const store = self.deviceStore;
  const CLOCK_MS = 60_000;
  const OLD_MS = 20 * 3600_000;
  const LEAST_BYTES = 20_000_000;
  const answer = (level, words, values = {}) => ({ level, words, values });

  async function worker() {
    if (!("serviceWorker" in navigator)) return null;
    const registration = await navigator.serviceWorker.getRegistration();
    const active = registration?.active;
    if (!active) return null;
    return new Promise((done) => {
      const channel = new MessageChannel();
      const late = setTimeout(() => done(null), 3000);
      channel.port1.onmessage = (event) => { clearTimeout(late); done(event.data); };
      active.postMessage("missing", [channel.port2]);
    });
  }

  async function page(device) {
    const found = await worker();
    if (!found) return answer("bad", "check_page_none");
    if (found.missing) return answer("bad", "check_page_missing", { n: found.missing });
    if (device.serverVersion && device.serverVersion !== device.config.version) return answer("warn", "check_page_old");
    return answer("good", "check_page_good");
  }

  async function lists(device) {
    if (!(await store.get("lists"))) return answer("bad", "check_lists_none");
    if (!device.key) return answer("unknown", "check_lists_locked");
    let held;
    try {
      held = await store.unseal(device.key, await store.get("lists"), "lists");
    } catch { return answer("bad", "check_lists_broken"); }
    const people = held.sessions.reduce((sum, session) => sum + session.people.length, 0);
    const values = { sessions: held.sessions.length, people, time: held.loaded };
    if (!people) return answer("bad", "check_lists_empty", values);
    return Date.now() + device.skew - held.loaded > OLD_MS
      ? answer("warn", "check_lists_old", values) : answer("good", "check_lists_good", values);
  }

  async function pin() {
    return (await store.get("byPin")) ? answer("good", "check_pin_good") : answer("bad", "check_pin_none");
  }

  // Written, read back, opened and taken out again, with the key that marks are sealed with.
  async function memory() {
    try {
      const key = await store.queueKey();
      const sealed = await store.seal(key, { tried: true }, "trial");
      await store.set("trial", sealed);
      const back = await store.unseal(key, await store.get("trial"), "trial");
      await store.drop("trial");
      if (back.tried !== true) throw new Error("trial");
    } catch { return answer("bad", "check_memory_bad"); }
    const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.()) || {};
    if (quota && quota - usage < LEAST_BYTES) return answer("bad", "check_memory_full");
    return (await navigator.storage?.persisted?.())
      ? answer("good", "check_memory_good") : answer("warn", "check_memory_fleeting");
  }

  async function clock(device) {
    const skew = await store.get("skew");
    if (skew === undefined) return answer("unknown", "check_clock_unknown");
    const minutes = Math.round(Math.abs(skew) / 60_000);
    if (Math.abs(skew) < CLOCK_MS) return answer("good", "check_clock_good");
    return answer("warn", skew > 0 ? "check_clock_behind" : "check_clock_ahead", { n: minutes });
  }

  async function camera() {
    const tried = await store.get("camera");
    const allowed = await navigator.permissions?.query?.({ name: "camera" }).catch(() => null);
    if (allowed?.state === "denied") return answer("warn", "check_camera_denied");
    if (!tried) return answer("unknown", "check_camera_untried");
    return tried.good ? answer("good", "check_camera_good") : answer("warn", "check_camera_bad");
  }

  async function account(device) {
    if (device.trouble === "offline") return answer("unknown", "check_account_offline");
    if (device.trouble === "signed_out") return answer("warn", "check_account_out");
    if (device.trouble) return answer("warn", "check_account_trouble");
    return device.user ? answer("good", "check_account_good", { name: device.user }) : answer("unknown", "check_account_offline");
  }

  async function battery() {
    if (!navigator.getBattery) return null;
    const { level, charging } = await navigator.getBattery();
    const n = Math.round(level * 100);
    return level < 0.4 && !charging ? answer("warn", "check_battery_low", { n }) : answer("good", "check_battery_good", { n });
  }

  const TRIES = { page, lists, pin, memory, clock, camera, account, battery };

  async function run(device) {
    const done = await Promise.all(Object.entries(TRIES).map(async ([name, trial]) => {
      const found = await trial(device).catch(() => answer("bad", "check_failed"));
      return found && { name, ...found };
    }));
    return done.filter(Boolean);
  }

  // A camera and an account that cannot be tried in the hall turn nothing red: names and numbers still work.
  function light(found) {
    if (found.some((one) => one.level === "bad")) return "bad";
    if (found.some((one) => one.level === "unknown" && one.name === "lists")) return "unknown";
    return found.some((one) => one.level === "warn") ? "warn" : "good";
  }

  // The whole way of a code: a picture of one is read by the same reader that will read tickets.
  async function tryCamera(video, config) {
    let good = false;
    try {
      const sample = new Image();
      sample.src = config.sample;
      await sample.decode();
      const stop = await self.ticketScan.start(video, config.reader, () => {});
      good = self.ticketScan.codeIn(await self.ticketScan.read(sample, config.reader)) === config.sampleCode;
      stop();
    } catch { good = false; }
    await store.set("camera", { good, at: Date.now() });
    return good;
  }

  return { run, light, tryCamera };
})();
