/* Messages: good news leaves after a while, bad news stays until dismissed; a lost request becomes one. */
import { afterSwap, onFailure } from "./swap.js";

const LINGER_MS = 8000;
const box = document.getElementById("toasts");

function settle() {
  for (const toast of document.querySelectorAll("[data-toast]:not([data-settled])")) {
    toast.dataset.settled = "";
    if (!["error", "warning"].includes(toast.dataset.toast)) setTimeout(() => toast.remove(), LINGER_MS);
  }
}

/** The refusal in an answer's own words, when the server wrote one for people. */
function words(answer) {
  const page = new DOMParser().parseFromString(answer ?? "", "text/html");
  return page.querySelector("[data-refusal]")?.textContent.trim();
}

onFailure((answer) => {
  if (!box) return;
  const { saysOffline, saysFailed } = document.body.dataset;
  const toast = document.getElementById("toast-template").content.cloneNode(true);
  toast.querySelector("p").textContent = answer === null ? saysOffline : (words(answer) ?? saysFailed);
  box.append(toast);
});

document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest("[data-toast], .notice")?.remove());
afterSwap(settle);
settle();
