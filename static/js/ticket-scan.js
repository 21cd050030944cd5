/* Reads the QR code of a ticket with the camera: by the browser's own reader where there is one, by jsQR elsewhere.
   The page gives the address of jsQR, which is only fetched when it is needed. */
"use strict";

self.ticketScan = (() => {
  const ALPHABET = /^[23456789ABCDEFGHJKMNPQRSTVWXYZ]{8}$/;
  const LONGEST = 800;
  const PAUSE_MS = 120;
  let own = null;

  // A ticket bears the address of the status page with the number; a plain scanner or a hand types the number alone.
  function codeIn(text) {
    const named = /[?&]nomor=([^&#]+)/.exec(text);
    const bare = (named ? decodeURIComponent(named[1]) : text).replace(/[\s.\u2010-\u2015-]/g, "").toUpperCase();
    return ALPHABET.test(bare) ? bare : "";
  }

  async function ownReader() {
    if (own !== null) return own;
    own = false;
    try {
      if ("BarcodeDetector" in self && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
        own = new BarcodeDetector({ formats: ["qr_code"] });
      }
    } catch { /* named but not there, as on some desktops */ }
    return own;
  }

  function fetchReader(address) {
    if (self.jsQR) return Promise.resolve();
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = () => { script.remove(); failed(new Error("reader")); };
      document.head.append(script);
    });
  }

  // The text of the code in a picture or a video, "" where there is none.
  async function read(source, address) {
    const reader = await ownReader();
    if (reader) {
      const found = await reader.detect(source).catch(() => []);
      return found[0]?.rawValue || "";
    }
    await fetchReader(address);
    const width = source.videoWidth || source.naturalWidth || source.width;
    const height = source.videoHeight || source.naturalHeight || source.height;
    if (!width || !height) return "";
    const scale = Math.min(1, LONGEST / Math.max(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(source, 0, 0, canvas.width, canvas.height);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
    return self.jsQR(pixels.data, canvas.width, canvas.height)?.data || "";
  }

  // Shows the camera in the video and tells each text once as long as it is seen. Answers how to stop.
  async function start(video, address, tell) {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 } },
    });
    video.srcObject = stream;
    video.setAttribute("playsinline", "");
    let running = true;
    const stop = () => {
      running = false;
      stream.getTracks().forEach((track) => track.stop());
      video.srcObject = null;
    };
    try {
      await video.play();
      await read(video, address);  // the reader itself may be missing
    } catch (error) {
      stop();
      throw error;
    }
    (async () => {
      let last = "";
      let empty = 0;
      while (running) {
        const seen = video.readyState >= 2 ? await read(video, address).catch(() => "") : "";
        if (running && seen && seen !== last) tell(seen);
        empty = seen ? 0 : empty + 1;
        if (seen || empty > 12) last = seen;
        await new Promise((done) => { setTimeout(done, PAUSE_MS); });
      }
    })();
    return stop;
  }

  return { codeIn, read, start };
})();
