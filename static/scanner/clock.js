// How far the device's clock is from the server's. Told when it matters to people, used when it matters to verdicts.

const SHOWN_FROM_MS = 30_000;
const TRUSTED_TO_MS = 300_000;

export class Clock {
  constructor() {
    this.offset = null; // server minus device, in ms
  }

  /** Learn from an answer that named the server's time, asked at `sentAt` and received now. */
  learn(serverTime, sentAt) {
    const receivedAt = Date.now();
    this.offset = Date.parse(serverTime) - (sentAt + receivedAt) / 2;
  }

  /** The server's time in ms; null when the clock was never set right or is far off: then time is not judged. */
  trusted() {
    if (this.offset === null || Math.abs(this.offset) > TRUSTED_TO_MS) return null;
    return Math.round(Date.now() + this.offset);
  }

  /** Seconds the device is behind (+) or ahead (−), when more than half a minute; else null. */
  skewSeconds() {
    return this.offset !== null && Math.abs(this.offset) > SHOWN_FROM_MS ? Math.round(this.offset / 1000) : null;
  }
}
