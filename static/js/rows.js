/* Lines of a formset: <form data-rows="prefix">. Without this script three empty lines are there and order is fixed;
   with it lines are added, moved and taken out, and numbered anew so that the server reads them in their order. */
const PARTS = ["name", "id", "for"];

function number(form) {
  const { rows } = form.dataset;
  const lines = form.querySelectorAll("[data-rows-list] > li");
  lines.forEach((line, index) => {
    for (const part of PARTS) {
      for (const element of line.querySelectorAll(`[${part}*="${rows}-"]`)) {
        const now = element.getAttribute(part).replace(new RegExp(`${rows}-(\\d+|__prefix__)-`), `${rows}-${index}-`);
        element.setAttribute(part, now);
      }
    }
  });
  form.elements[`${rows}-TOTAL_FORMS`].value = lines.length;
}

function add(form) {
  const list = form.querySelector("[data-rows-list]");
  list.append(form.querySelector("[data-rows-new]").content.cloneNode(true));
  show(list.lastElementChild);
  list.lastElementChild.querySelector("input, textarea").focus();
}

function show(part) {
  for (const hidden of part.querySelectorAll("[data-rows-tools], [data-rows-add]")) hidden.hidden = false;
}

function move(button, line) {
  if (button.matches("[data-rows-up]")) line.previousElementSibling?.before(line);
  else if (button.matches("[data-rows-down]")) line.nextElementSibling?.after(line);
  else return line.remove();
  button.focus();
}

for (const form of document.querySelectorAll("form[data-rows]")) {
  show(form);
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[type=button]");
    if (button?.matches("[data-rows-add]")) add(form);
    else if (button?.closest("[data-rows-tools]")) move(button, button.closest("li"));
    number(form);
  });
}
