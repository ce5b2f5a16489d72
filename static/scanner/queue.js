// Scans on their way to the server. One leaves the device only when a receipt names its scan_id; whatever else comes
// back keeps it. Tabs share one queue: only the holder of the lock uploads.

const LOT = 200;
const EVERY_MS = 3000;
const PATIENCE_MS = 10000;

export class Queue {
  constructor({ store, server, onChange = () => {}, onGone = () => {} }) {
    Object.assign(this, { store, server, onChange, onGone });
    this.undecided = new Set(); // being asked about right now: the answer itself will be the receipt
    this.syncedAt = null;
  }

  /** Starts bringing what is left from earlier, and goes on while the page lives. */
  start() {
    this.timer = setInterval(() => this.flush(), EVERY_MS);
    addEventListener("online", () => this.flush());
    this.flush();
  }

  /** The scan is durable once this resolves. */
  async keep(scan) {
    await this.store.keep(scan);
    await this.tell();
  }

  async acknowledged(scanIds) {
    await this.store.drop(scanIds);
    this.syncedAt = Date.now();
    await this.tell();
  }

  /** Bring what waits; harmless to call at any time. */
  async flush() {
    if (!navigator.locks) return this.bring();
    return navigator.locks.request("door-queue", { ifAvailable: true }, (lock) => (lock ? this.bring() : undefined));
  }

  async bring() {
    const waiting = (await this.store.scans()).filter((scan) => !this.undecided.has(scan.scan_id));
    for (let start = 0; start < waiting.length; start += LOT) {
      const isBrought = await this.bringLot(waiting.slice(start, start + LOT), waiting.length - start - LOT);
      if (!isBrought) return;
    }
  }

  async bringLot(lot, after) {
    const items = lot.map(({ trouble, ...scan }) => scan);
    const body = { items, sent_at: new Date().toISOString(), pending: Math.max(0, after) };
    const said = await this.server.ask("POST", "scans/batch", body, PATIENCE_MS);
    if (said.kind === "gone") this.onGone();
    if (said.kind !== "answer" || !Array.isArray(said.body.items)) return false;
    const receipts = new Map(said.body.items.map((receipt) => [receipt.scan_id, receipt]));
    const received = lot.filter((scan) => receipts.get(scan.scan_id)?.receipt === true);
    const refused = lot.filter((scan) => receipts.get(scan.scan_id)?.receipt === false);
    for (const scan of refused) await this.store.keep({ ...scan, trouble: receipts.get(scan.scan_id).code });
    await this.acknowledged(received.map((scan) => scan.scan_id));
    return true;
  }

  async tell() {
    const scans = await this.store.scans();
    this.onChange({ pending: scans.length, troubled: scans.filter((scan) => scan.trouble).length, syncedAt: this.syncedAt });
  }
}
