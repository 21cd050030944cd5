/* Shows what needs a passkey only where the browser has them: on a named host, over https or at localhost. */
(function () {
  "use strict";
  const bare = /^[\d.]+$|:/.test(window.location.hostname);
  const works = !bare && window.isSecureContext && Boolean(window.PublicKeyCredential);
  document.querySelectorAll("[data-passkey]").forEach(function (part) { part.hidden = !works; });
  document.querySelectorAll("[data-no-passkey]").forEach(function (part) { part.hidden = works; });
  document.addEventListener("allauth.error", function (event) {
    event.preventDefault();
    document.querySelectorAll("[data-passkey-refused]").forEach(function (part) { part.hidden = false; });
  });
})();
