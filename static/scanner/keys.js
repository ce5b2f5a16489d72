// A USB or Bluetooth scanner types what it reads: digits at most 50 ms apart, then Enter, Tab or nothing.
// Physical keys are read (event.code), so no keyboard layout and no Vietnamese input method can change a digit.

const GAP_MS = 50;
const LONGEST = 34;
const SHORTEST = 8;
const ENDS = new Set(["Enter", "NumpadEnter", "Tab"]);

export class ScannerKeys {
  constructor({ onCode, target = document, now = () => performance.now() }) {
    Object.assign(this, { onCode, now });
    this.digits = "";
    this.lastAt = -Infinity;
    target.addEventListener("keydown", (event) => this.press(event), true);
  }

  press(event) {
    const at = this.now();
    const isQuick = at - this.lastAt <= GAP_MS;
    this.lastAt = at;
    if (ENDS.has(event.code)) {
      if (isQuick && this.digits.length >= SHORTEST) this.finish(event);
      else this.digits = "";
      return;
    }
    const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
    if (digit === undefined || event.ctrlKey || event.altKey || event.metaKey) {
      this.digits = "";
      return;
    }
    this.digits = (isQuick ? this.digits : "") + digit;
    clearTimeout(this.timer);
    if (this.digits.length === LONGEST) this.timer = setTimeout(() => this.finish(), GAP_MS);
  }

  finish(event) {
    clearTimeout(this.timer);
    const { digits } = this;
    this.digits = "";
    event?.preventDefault();
    event?.stopPropagation();
    if (digits.length === SHORTEST || digits.length === LONGEST) this.onCode(digits);
  }
}
