/* A keyboard user stays where they were when a part of the page is replaced. */
import { afterSwap, beforeSwap } from "./swap.js";

let held = null;

/** A way to find the element again in new markup: its id, else its name or address within the part. */
function path(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  for (const attribute of ["name", "href", "hx-post", "hx-get", "formaction"]) {
    const value = element.getAttribute(attribute);
    if (value) return `${element.localName}[${attribute}="${CSS.escape(value)}"]`;
  }
  return null;
}

beforeSwap(({ target }) => {
  const focused = document.activeElement;
  held = target?.contains(focused) && focused !== document.body ? { id: target.id, path: path(focused) } : null;
});

afterSwap((target) => {
  const asked = target.matches?.("[data-focus]") ? target : target.querySelector?.("[data-focus]");
  if (asked) {
    asked.focus();
  } else if (held && document.activeElement === document.body) {
    const part = (held.id && document.getElementById(held.id)) || target;
    const again = held.path && (part.querySelector(held.path) ?? document.querySelector(held.path));
    if (!again && !part.hasAttribute("tabindex")) part.setAttribute("tabindex", "-1");
    (again ?? part).focus({ preventScroll: true });
  }
  held = null;
});

document.querySelector("[data-focus]")?.focus();
