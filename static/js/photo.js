/* A photo is made smaller in the browser before it travels over a weak line, and its way is shown.
   Without JavaScript the form sends it as it is. */
"use strict";

(() => {
  const LONGEST = 1600;
  const AIM_BYTES = 400_000;
  const QUALITIES = [0.8, 0.65, 0.5];
  const form = document.querySelector("form[data-photo]");
  if (!form || !("createImageBitmap" in window)) return;
  const inputs = [...form.querySelectorAll("input[type=file]")];
  const note = form.querySelector("[data-photo-note]");
  const bar = form.querySelector("[data-photo-progress]");
  const preview = form.querySelector("[data-photo-preview]");
  const error = form.querySelector("[data-photo-error]");
  const button = form.querySelector("button");
  let chosen = null;
  let small = null;
  let busy = false;

  function draw(bitmap) {
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    preview.width = Math.round(bitmap.width * scale);
    preview.height = Math.round(bitmap.height * scale);
    const context = preview.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, preview.width, preview.height);
    context.drawImage(bitmap, 0, 0, preview.width, preview.height);
  }

  // What the browser cannot read goes as it is: the server says what is wrong with it.
  async function shrink(file) {
    try {
      const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
      draw(bitmap);
      bitmap.close();
      preview.hidden = false;
    } catch {
      preview.hidden = true;
      return file;
    }
    let blob = null;
    for (const quality of QUALITIES) {
      blob = await new Promise((done) => { preview.toBlob(done, "image/jpeg", quality); });
      if (!blob || blob.size <= AIM_BYTES) break;
    }
    return blob || file;
  }

  function refuse(text) {
    error.lastElementChild.textContent = text;
    error.hidden = !text;
    error.closest(".field").classList.toggle("has-error", Boolean(text));
  }

  for (const input of inputs) {
    input.addEventListener("change", () => {
      if (!input.files.length) return;
      for (const other of inputs) if (other !== input) other.value = "";
      chosen = input.files[0];
      refuse("");
      note.textContent = note.dataset.shrinking;
      const wanted = chosen;
      small = shrink(chosen).then((blob) => {
        if (wanted === chosen) note.textContent = "";
        return blob;
      });
    });
  }

  function release(text) {
    busy = false;
    button.removeAttribute("aria-disabled");
    bar.hidden = true;
    note.textContent = text;
  }

  function answered(request) {
    let answer = {};
    try { answer = JSON.parse(request.responseText); } catch { /* a page of an error: the line or the server broke */ }
    if (answer.next) {
      window.location.assign(answer.next);
    } else if (answer.error) {
      release("");
      refuse(answer.error);
      error.scrollIntoView({ block: "center" });
    } else {
      release(note.dataset.failed);
    }
  }

  async function send() {
    busy = true;
    button.setAttribute("aria-disabled", "true");
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.append("photo", await small, "photo.jpg");
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("X-Requested-With", "fetch");
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.value = Math.round((event.loaded / event.total) * 100);
      note.textContent = `${note.dataset.sending}${bar.value} %`;
    });
    request.addEventListener("load", () => answered(request));
    for (const kind of ["error", "timeout", "abort"]) {
      request.addEventListener(kind, () => release(note.dataset.failed));
    }
    request.timeout = 180_000;
    bar.value = 0;
    bar.hidden = false;
    request.send(data);
  }

  form.addEventListener("submit", (event) => {
    if (!small) return;
    event.preventDefault();
    if (!busy) send();
  });
})();
