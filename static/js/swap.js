/* The only file that knows htmx's event names, so that a newer htmx is a small step. */

/** Calls `act({target, request})` before htmx replaces something; `target` is the element about to change. */
export function beforeSwap(act) {
  document.addEventListener("htmx:beforeSwap", (event) => act(event.detail));
}

/** Calls `act(element)` with each part that htmx put into the page, once it has settled. */
export function afterSwap(act) {
  document.addEventListener("htmx:afterSettle", (event) => act(event.target));
}

/** Calls `act(headers)` before a request leaves. */
export function beforeRequest(act) {
  document.addEventListener("htmx:configRequest", (event) => act(event.detail.headers));
}

/** Calls `act(event, question, go)` when an element with hx-confirm asks. */
export function onConfirm(act) {
  document.addEventListener("htmx:confirm", (event) => {
    if (event.detail.question) act(event, event.detail.question, () => event.detail.issueRequest(true));
  });
}

/* A refusal is no replacement for what it refuses, whatever its status: it becomes a message. */
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.serverResponse?.includes("data-refusal")) {
    event.detail.shouldSwap = false;
    event.detail.isError = true;
  }
});

/** Calls `act(response text, or null when no answer came)` for a refused or lost request that a person made. */
export function onFailure(act) {
  const isPoll = (event) => event.detail.requestConfig?.triggeringEvent === undefined && event.detail.elt?.matches("[hx-trigger*='every']");
  document.addEventListener("htmx:responseError", (event) => isPoll(event) || act(event.detail.xhr.responseText));
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => isPoll(event) || act(null));
  }
}
