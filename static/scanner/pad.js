// The keypad for the eight digits under a QR: a slip is caught by the check digit before anything is sent.

import { isSound } from "./verdicts.js";

const LENGTH = 8;

export class Pad {
  constructor({ dialog, onCode, words }) {
    Object.assign(this, { dialog, onCode, words });
    this.output = dialog.querySelector("output");
    this.note = dialog.querySelector("[data-part=note]");
    dialog.addEventListener("click", (event) => this.press(event.target.closest("button")?.value));
    dialog.addEventListener("keydown", (event) => this.type(event));
    dialog.addEventListener("close", () => this.clear());
  }

  open() {
    this.clear();
    this.dialog.showModal();
  }

  type(event) {
    const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
    if (digit !== undefined) this.press(digit);
    if (event.code === "Backspace") this.press("back");
  }

  press(value) {
    if (value === "back") this.digits = this.digits.slice(0, -1);
    else if (/^[0-9]$/.test(value ?? "") && this.digits.length < LENGTH) this.digits += value;
    else return;
    this.note.textContent = "";
    this.draw();
    if (this.digits.length === LENGTH) this.finish();
  }

  finish() {
    const { digits } = this;
    if (!isSound(digits)) {
      this.note.textContent = this.words.slip;
      this.digits = "";
      return;
    }
    this.dialog.close();
    this.onCode(digits);
  }

  clear() {
    this.digits = "";
    this.note.textContent = "";
    this.draw();
  }

  draw() {
    const padded = this.digits.padEnd(LENGTH, "·");
    this.output.textContent = `${padded.slice(0, 4)} ${padded.slice(4)}`;
  }
}
