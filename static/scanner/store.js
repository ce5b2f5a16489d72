// What the device keeps: its pairing and clock ("settings"), and scans no server has acknowledged ("scans").
// A scan is durable before anything else happens to it: each write asks for strict durability and waits for it.

const NAME = "door";
const VERSION = 1;

/** The device's store, opened once. */
export async function openStore() {
  const db = await opened();
  return {
    get: (key) => done(db.transaction("settings").objectStore("settings").get(key)),
    set: (key, value) => write(db, "settings", (store) => store.put(value, key)),
    scans: () => done(db.transaction("scans").objectStore("scans").index("at").getAll()),
    keep: (scan) => write(db, "scans", (store) => store.put(scan)),
    drop: (scanIds) => write(db, "scans", (store) => scanIds.forEach((id) => store.delete(id))),
    count: () => done(db.transaction("scans").objectStore("scans").count()),
    forget: () => write(db, "settings", (store) => store.clear()),
  };
}

function opened() {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("settings");
    request.result.createObjectStore("scans", { keyPath: "scan_id" }).createIndex("at", "scanned_at");
  };
  return done(request);
}

function write(db, name, change) {
  const transaction = db.transaction(name, "readwrite", { durability: "strict" });
  change(transaction.objectStore(name));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
