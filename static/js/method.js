// Adds up weights and awards while they are typed; the server says the same sums without this.
(() => {
  const form = document.querySelector(".method-form form");
  if (!form) return;
  const points = (text) => { const number = Number(text.trim().replace(",", ".")); return number >= 0 && number <= 100 ? number : 0; };
  const rupiah = (text) => { const digits = text.replace(/^\s*rp\.?/i, "").replace(/,.*$/, "").replace(/[.\s]/g, ""); return /^\d{1,15}$/.test(digits) ? Number(digits) : 0; };
  const written = (number) => number.toLocaleString(document.documentElement.lang || "id", { maximumFractionDigits: 2 });
  const weights = form.querySelector("[data-sum=weight]"), awards = form.querySelector("[data-sum=award]");
  const add = () => {
    const sum = [...form.querySelectorAll("[data-weight]")].reduce((total, field) => total + points(field.value), 0);
    weights.textContent = written(Math.round(sum * 100) / 100);
    weights.classList.toggle("is-off", Math.abs(sum - Number(weights.dataset.must)) > 0.001);
    const money = [...form.querySelectorAll(".method-tier")].reduce((total, row) => total + rupiah(row.querySelector("[data-slots]").value) * rupiah(row.querySelector("[data-amount]").value), 0);
    awards.textContent = `Rp${written(money)}`;
  };
  form.addEventListener("input", add);
  add();
})();
