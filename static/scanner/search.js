// Search by name, unit or number at the desk: one tap chooses, a second one confirms; never one.

const AFTER_MS = 150;

export class Search {
  constructor({ dialog, server, session, onCode, words }) {
    Object.assign(this, { dialog, server, session, onCode, words });
    this.input = dialog.querySelector("input");
    this.list = dialog.querySelector("ul");
    this.row = dialog.querySelector("template").content.firstElementChild;
    this.input.addEventListener("input", () => this.later());
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("button")));
  }

  open() {
    this.input.value = "";
    this.list.replaceChildren();
    this.dialog.showModal();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.find(), AFTER_MS);
  }

  async find() {
    const q = this.input.value.trim();
    if (!q) return this.list.replaceChildren();
    const said = await this.server.ask("GET", `sessions/${this.session()}/door-search?q=${encodeURIComponent(q)}`);
    if (q !== this.input.value.trim()) return undefined;
    const found = said.kind === "answer" ? said.body.items : [];
    this.list.replaceChildren(...found.map((person) => this.drawn(person)));
    return undefined;
  }

  drawn(person) {
    const row = this.row.cloneNode(true);
    const write = (name, text) => (row.querySelector(`[data-part=${name}]`).textContent = text ?? "");
    write("name", person.name);
    write("unit", [person.delegation, person.number && `${this.words.number} ${person.number}`, person.seat].filter(Boolean).join(" · "));
    row.querySelector("button").dataset.code = person.typed_code ?? "";
    row.querySelector("button").disabled = !person.typed_code;
    write("ask", "");
    return row;
  }

  choose(button) {
    if (!button) return;
    if (button.getAttribute("aria-pressed") !== "true") {
      for (const other of this.list.querySelectorAll("button")) {
        other.setAttribute("aria-pressed", "false");
        other.querySelector("[data-part=ask]").textContent = "";
      }
      button.setAttribute("aria-pressed", "true");
      button.querySelector("[data-part=ask]").textContent = this.words.confirm;
      return;
    }
    this.dialog.close();
    this.onCode(button.dataset.code);
  }
}
