// From a reading to a verdict. The scan is durable before anyone is asked, and nothing is shown before there is an
// answer: green is never a guess.

import { digitsOf, looksLikeCode, read, verdict } from "./verdicts.js";

const SAME_BADGE_MS = 3000;

export class Decider {
  /** roster: () → {prefix, opens_at, closes_at, roster: Map, is_fresh, scans} for offline; show: outcome → screen. */
  constructor({ queue, server, roster, clock, show, onLink = () => {}, onGone = () => {} }) {
    Object.assign(this, { queue, server, roster, clock, show, onLink, onGone });
    this.direction = "in";
    this.recent = new Map(); // code → {seenAt, outcome}
  }

  /** Shows the verdict on a reading; a badge held before the door is asked about once. */
  async present(text) {
    const code = digitsOf(text) ?? text.trim().slice(0, 200);
    const now = Date.now();
    const known = this.recent.get(code);
    if (known && now - known.seenAt < SAME_BADGE_MS) {
      known.seenAt = now;
      return known.outcome.then((outcome) => this.show(outcome, { isRepeat: true }));
    }
    this.forgetOld(now);
    const entry = { seenAt: now, outcome: this.decide(code) };
    this.recent.set(code, entry);
    entry.outcome.catch(() => this.recent.delete(code));
    return entry.outcome.then((outcome) => this.show(outcome, { isRepeat: false }));
  }

  turn(direction) {
    this.direction = direction;
    this.recent.clear();
  }

  /** The next reading of anything is a new scan: after an undo. */
  forget() {
    this.recent.clear();
  }

  async decide(code) {
    const scan = {
      scan_id: crypto.randomUUID?.() ?? uuid(),
      code,
      direction: this.direction,
      scanned_at: new Date().toISOString(),
    };
    this.queue.undecided.add(scan.scan_id);
    try {
      await this.queue.keep(scan);
      const said = await this.server.ask("POST", "scans", scan);
      return await this.concluded(scan, said);
    } finally {
      this.queue.undecided.delete(scan.scan_id);
    }
  }

  async concluded(scan, said) {
    const isReceipt = said.kind === "answer" && said.body.scan_id === scan.scan_id;
    this.onLink(isReceipt || said.kind === "refused" || said.kind === "busy");
    if (isReceipt) {
      await this.queue.acknowledged([scan.scan_id]);
      return { ...said.body, isOffline: false };
    }
    if (said.kind === "gone") this.onGone();
    if (said.kind === "refused" || said.kind === "busy") {
      await this.queue.keep({ ...scan, trouble: said.code ?? "busy" });
      return { verdict: null, scan_id: scan.scan_id, detail: said.detail, isOffline: false };
    }
    const outcome = await this.alone(scan);
    await this.queue.keep({ ...scan, verdict: outcome.verdict });
    return outcome;
  }

  /** The verdict without a server, by the roster on the device; without one nobody is let in. */
  async alone(scan) {
    const door = this.roster();
    if (!globalThis.crypto?.subtle) return this.unable(scan);
    const code = await read(scan.code, door.prefix);
    const judged = verdict(code, { door, scans: door.scans, now: this.clock.trusted(), direction: scan.direction });
    return { scan_id: scan.scan_id, ...judged, person: null, seat: judged.entry?.seat ?? null, isOffline: true };
  }

  /** Over plain HTTP there is no WebCrypto: without the server no badge can be known. */
  unable(scan) {
    const verdict = looksLikeCode(scan.code) ? "not_in_roster" : "unknown";
    return { scan_id: scan.scan_id, verdict, person: null, seat: null, first: null, isOffline: true };
  }

  forgetOld(now) {
    for (const [code, entry] of this.recent) if (now - entry.seenAt >= SAME_BADGE_MS) this.recent.delete(code);
  }
}

/** Over plain HTTP there is no crypto.randomUUID; random values there are. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
