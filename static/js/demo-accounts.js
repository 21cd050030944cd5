/* In the demonstration a press on an account fills the sign-in form. */
"use strict";

for (const place of document.querySelectorAll("[data-fill-login]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-outline-primary";
  button.textContent = place.dataset.fillLogin;
  button.title = place.dataset.fillLabel;
  button.addEventListener("click", () => {
    const form = document.querySelector("[data-sign-in]");
    form.elements.login.value = place.dataset.fillLogin;
    form.elements.password.value = place.dataset.fillPassword;
    form.querySelector("[type=submit]").focus();
  });
  place.replaceChildren(button);
}
