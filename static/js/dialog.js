/* Dialogs: data-opens="id" opens one of the page; whatever htmx puts into #dialog opens by itself;
   data-closes closes the one around it; an answer with the header HX-Trigger: close-dialog closes #dialog. */
import { afterSwap } from "./swap.js";

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
});

afterSwap((target) => {
  if (target.id !== "dialog") return;
  if (!target.childElementCount) target.close();
  else if (!target.open) target.showModal();
});

document.addEventListener("close-dialog", () => document.getElementById("dialog")?.close());
document.getElementById("dialog")?.addEventListener("close", (event) => event.target.replaceChildren());
