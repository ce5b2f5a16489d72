// Sounds and vibration that differ without looking: up for in, twice for again, a buzz for the desk, down for out.

const TUNES = {
  rise: [[660, 0, 0.09], [990, 0.1, 0.16]],
  double: [[520, 0, 0.12], [520, 0.2, 0.12]],
  buzz: [[160, 0, 0.45]],
  fall: [[700, 0, 0.09], [440, 0.1, 0.16]],
};
const SHAKES = { rise: [60], double: [60, 80, 60], buzz: [300], fall: [40] };

export class Sounds {
  /** Browsers let sound out only after a touch: call from one. */
  unlock() {
    this.context ??= new AudioContext();
    if (this.context.state === "suspended") this.context.resume();
  }

  play(name) {
    navigator.vibrate?.(SHAKES[name] ?? []);
    if (!this.context) return;
    for (const [pitch, after, length] of TUNES[name] ?? []) this.tone(pitch, after, length, name === "buzz");
  }

  tone(pitch, after, length, isRough) {
    const from = this.context.currentTime + after;
    const source = this.context.createOscillator();
    const volume = this.context.createGain();
    source.type = isRough ? "sawtooth" : "sine";
    source.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, from);
    volume.gain.exponentialRampToValueAtTime(isRough ? 0.25 : 0.5, from + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.0001, from + length);
    source.connect(volume).connect(this.context.destination);
    source.start(from);
    source.stop(from + length + 0.02);
  }
}
