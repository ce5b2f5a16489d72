/* Destructive steps say what will happen: data-confirm on a submit button or link, or hx-confirm. */
import { onConfirm } from "./swap.js";

const dialog = document.getElementById("confirm");

function ask(question, verb, go) {
  const yes = dialog.querySelector("[value=yes]");
  dialog.querySelector("#confirm-question").textContent = question;
  yes.textContent = verb || yes.dataset.yes;
  dialog.returnValue = "no";
  dialog.addEventListener("close", () => dialog.returnValue === "yes" && go(), { once: true });
  dialog.showModal();
}

if (dialog) {
  onConfirm((event, question, go) => {
    event.preventDefault();
    ask(question, event.target.dataset.verb, go);
  });

  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    const question = button?.dataset.confirm ?? event.target.dataset.confirm;
    if (!question || event.target.hasAttribute("data-confirmed")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(question, button?.dataset.verb, () => {
      event.target.setAttribute("data-confirmed", "");
      event.target.requestSubmit(button);
      event.target.removeAttribute("data-confirmed");
    });
  }, true);
}
