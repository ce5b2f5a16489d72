// What the volunteer sees: one word, one colour, one icon, one place on the bar; then who it is and where they sit.

export class Screen {
  /** looks: verdict → {screen, colour, icon, sound, text, next_step}; words: screen → word, and small texts. */
  constructor({ root, looks, words, sounds }) {
    Object.assign(this, { looks, words, sounds });
    this.root = root;
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.icons = root.querySelector("template[data-icons]").content;
  }

  show(outcome, { isRepeat }) {
    if (isRepeat && outcome.scan_id && this.root.dataset.scan === outcome.scan_id) return;
    this.root.dataset.scan = outcome.scan_id ?? "";
    const look = this.looks[outcome.verdict] ?? { screen: "wait", colour: "grey", icon: "hourglass", sound: "buzz" };
    this.root.dataset.screen = look.screen;
    this.root.dataset.colour = look.colour;
    this.root.dataset.verdict = outcome.verdict ?? "";
    this.part("icon").replaceChildren(this.icons.querySelector(`[data-icon="${look.icon}"]`).cloneNode(true));
    this.write("word", this.words[look.screen]);
    this.write("person", outcome.person);
    this.write("delegation", outcome.delegation);
    this.write("seat", outcome.seat && `${this.words.seat} ${outcome.seat}`);
    this.write("first", outcome.first && this.firstWords(outcome.first));
    this.write("reason", look.screen === "in" ? "" : outcome.detail ?? look.text);
    this.write("next", look.screen === "in" ? "" : look.next_step);
    if (!isRepeat) this.sounds.play(look.sound);
    this.root.classList.remove("fresh");
    requestAnimationFrame(() => this.root.classList.add("fresh"));
  }

  /** Asked and not yet answered: neither colour nor sound. */
  wait() {
    delete this.root.dataset.verdict;
    delete this.root.dataset.scan;
    this.root.dataset.screen = "asking";
    this.root.dataset.colour = "none";
    for (const name of ["person", "delegation", "seat", "first", "reason", "next"]) this.write(name, "");
    this.part("icon").replaceChildren();
    this.write("word", this.words.asking);
  }

  firstWords({ gate, at }) {
    const time = new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    return this.words.first.replace("{gate}", gate || "–").replace("{time}", time);
  }

  write(name, text) {
    const part = this.part(name);
    part.textContent = text ?? "";
    part.hidden = !text;
  }
}
