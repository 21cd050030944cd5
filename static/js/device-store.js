/* What an attendance device keeps: a small database of the browser, and the keys that seal what lies in it.
   Used by the page and by its service worker. Lists are under a key that needs the PIN or the server; what waits to be
   sent is under a key that never leaves the browser, so that a forgotten PIN loses no mark. */
"use strict";

self.deviceStore = (() => {
  const NAME = "kehadiran";
  const PIN_ROUNDS = 600_000;
  const WRONG_PINS = 10;
  const text = new TextEncoder();
  let opened = null;

  function open() {
    opened ||= new Promise((done, failed) => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("kept");
        request.result.createObjectStore("marks", { keyPath: "id" });
      };
      request.onsuccess = () => {
        request.result.onversionchange = () => { request.result.close(); opened = null; };
        request.result.onclose = () => { opened = null; };
        done(request.result);
      };
      request.onerror = () => { opened = null; failed(request.error); };
    });
    return opened;
  }

  // Done when it lies on the disk, not when it was handed over: a killed tab loses nothing that was confirmed.
  async function within(names, mode, work) {
    const base = await open();
    return new Promise((done, failed) => {
      const transaction = base.transaction(names, mode, { durability: mode === "readwrite" ? "strict" : "default" });
      const request = work(transaction);
      transaction.oncomplete = () => done(request?.result);
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
    });
  }

  const get = (key) => within("kept", "readonly", (step) => step.objectStore("kept").get(key));
  const set = (key, value) => within("kept", "readwrite", (step) => step.objectStore("kept").put(value, key));
  const setAll = (values) => within("kept", "readwrite", (step) => {
    for (const [key, value] of Object.entries(values)) step.objectStore("kept").put(value, key);
  });
  const drop = (...keys) => within("kept", "readwrite", (step) => {
    for (const key of keys) step.objectStore("kept").delete(key);
  });
  const marks = () => within("marks", "readonly", (step) => step.objectStore("marks").getAll());
  const putMarks = (rows) => within("marks", "readwrite", (step) => {
    for (const row of rows) step.objectStore("marks").put(row);
  });
  const dropMarks = (ids) => within("marks", "readwrite", (step) => {
    for (const id of ids) step.objectStore("marks").delete(id);
  });

  const random = (bytes) => crypto.getRandomValues(new Uint8Array(bytes));
  const importKey = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  const fromBase64 = (written) => Uint8Array.from(atob(written), (letter) => letter.charCodeAt(0));

  // The context binds a sealed value to its place: one cannot be put where another belongs.
  async function sealBytes(key, bytes, context) {
    const iv = random(12);
    const how = { name: "AES-GCM", iv, additionalData: text.encode(context) };
    return { iv, data: new Uint8Array(await crypto.subtle.encrypt(how, key, bytes)) };
  }

  async function openBytes(key, sealed, context) {
    const how = { name: "AES-GCM", iv: sealed.iv, additionalData: text.encode(context) };
    return new Uint8Array(await crypto.subtle.decrypt(how, key, sealed.data));
  }

  const seal = (key, value, context) => sealBytes(key, text.encode(JSON.stringify(value)), context);
  const unseal = async (key, sealed, context) => (
    JSON.parse(new TextDecoder().decode(await openBytes(key, sealed, context)))
  );

  async function queueKey() {
    const held = await get("queueKey");
    if (held) return held;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await within("kept", "readwrite", (step) => {
      const store = step.objectStore("kept");
      const look = store.get("queueKey");
      look.onsuccess = () => { if (!look.result) store.put(made, "queueKey"); };
    });
    return get("queueKey");
  }

  // A PIN alone is guessed in minutes by whoever copies the database; the second key cannot be copied by a script.
  async function pinKey(pin, salt, pepper) {
    const base = await crypto.subtle.importKey("raw", text.encode(pin), "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: PIN_ROUNDS };
    const stretched = await crypto.subtle.deriveBits(how, base, 256);
    return importKey(await crypto.subtle.sign("HMAC", pepper, stretched));
  }

  // A new key of the lists, wrapped twice: by the PIN for the hall without network, by the server for who is signed in.
  async function makeKey(pin, secret) {
    const raw = random(32);
    const pepper = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"]);
    const salt = random(16);
    const byPin = await sealBytes(await pinKey(pin, salt, pepper), raw, "pin");
    const byServer = await sealBytes(await importKey(fromBase64(secret)), raw, "server");
    const key = await importKey(raw);
    raw.fill(0);
    return { key, kept: { pepper, salt, byPin, byServer, wrongPins: 0 } };
  }

  async function openByServer(secret) {
    const byServer = await get("byServer");
    if (!byServer || !secret) return null;
    try {
      return await importKey(await openBytes(await importKey(fromBase64(secret)), byServer, "server"));
    } catch { return null; }
  }

  // Null when the PIN is wrong. After too many the PIN opens nothing any more; signing in still does.
  async function openByPin(pin) {
    const [byPin, salt, pepper, wrong] = await Promise.all(["byPin", "salt", "pepper", "wrongPins"].map(get));
    if (!byPin) return null;
    await set("wrongPins", (wrong || 0) + 1);
    try {
      const key = await importKey(await openBytes(await pinKey(pin, salt, pepper), byPin, "pin"));
      await set("wrongPins", 0);
      return key;
    } catch {
      if ((wrong || 0) + 1 >= WRONG_PINS) await drop("byPin", "salt", "pepper");
      return null;
    }
  }

  // The lists go, with all that opens them; what waits to be sent stays until it is sent.
  const forgetLists = () => drop("lists", "byPin", "byServer", "salt", "pepper", "wrongPins", "expires", "locked");

  return {
    get, set, setAll, drop, marks, putMarks, dropMarks, seal, unseal, queueKey, makeKey, openByServer, openByPin,
    forgetLists, WRONG_PINS,
  };
})();
