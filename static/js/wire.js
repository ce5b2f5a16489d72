/* Every htmx request carries the CSRF token; the form's own token still works without scripts. */
import { beforeRequest } from "./swap.js";

beforeRequest((headers) => {
  const token = document.querySelector('meta[name="csrf-token"]') ?? document.querySelector('input[name="csrfmiddlewaretoken"]');
  if (token) headers["X-CSRFToken"] = token.content ?? token.value;
});
