// What a door without a network answers to one scan: the twin of attendees/verdicts.py and attendees/tokens.py.
// tests/cases/verdicts.json is run against both. Times are whole milliseconds since 1970 UTC.

const PREFIX_DIGITS = 4;
const TOKEN_DIGITS = 34;
const TYPED_DIGITS = 8;
// Damm's quasigroup of order 10: catches each single slip and each swap of neighbours.
const DAMM = [
  "0317598642",
  "7092154863",
  "4206871359",
  "1750983426",
  "6123045978",
  "3674209581",
  "5869720134",
  "8945362017",
  "9438617205",
  "2581436790",
];

/** The digits of a reading without its blanks, dots and hyphens; null when anything else is in it. */
export function digitsOf(text) {
  const digits = text.replace(/[ \t\r\n\u00a0.-]+/g, "");
  return /^[0-9]+$/.test(digits) ? digits : null;
}

/** Whether the last digit of a typed code checks the others. */
export function isSound(typed) {
  let interim = 0;
  for (const digit of typed) interim = Number(DAMM[interim][Number(digit)]);
  return interim === 0;
}

/** Whether a reading has the shape of a badge's code, told without any cryptography. */
export function looksLikeCode(text) {
  const digits = digitsOf(text);
  return digits !== null && (digits.length === TOKEN_DIGITS || (digits.length === TYPED_DIGITS && isSound(digits)));
}

/** The code in a reading at the door of `prefix` ({prefix, key}); null when it is none. Needs WebCrypto. */
export async function read(text, prefix) {
  if (!looksLikeCode(text)) return null;
  const digits = digitsOf(text);
  if (digits.length === TOKEN_DIGITS) return { prefix: digits.slice(0, PREFIX_DIGITS), key: await sha256(digits) };
  return { prefix: null, key: await sha256(prefix + digits) };
}

async function sha256(text) {
  const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(sum), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * The door's answer: {verdict, entry, first}.
 * door: {prefix, opens_at, closes_at, roster: Map of key → {badge, holder, standing, is_listed}, is_fresh}
 * scans: earlier scans of the round [{holder, verdict, at, gate, is_annulled}]; now: null without a trusted clock.
 */
export function verdict(code, { door, scans, now, direction = "in" }) {
  if (code && code.prefix !== null && code.prefix !== door.prefix) return decision("wrong_session");
  const entry = code ? (door.roster.get(code.key) ?? null) : null;
  if (!entry) return decision(code && !door.is_fresh ? "not_in_roster" : "unknown");
  const refusal = refusedForItself(entry);
  if (refusal) return decision(refusal, entry);
  if (direction === "out") return decision("left", entry);
  const lateness = refusedForTime(door, now);
  if (lateness) return decision(lateness, entry);
  const first = insideSince(scans, entry.holder);
  return decision(first ? "already_in" : "admitted", entry, first);
}

/** The scan by which the holder came in and has stayed; null when they are not inside. */
export function insideSince(scans, holder) {
  let entrance = null;
  for (const scan of scans) {
    if (scan.holder !== holder || scan.is_annulled) continue;
    if (scan.verdict === "left") entrance = null;
    else if (scan.verdict === "admitted") entrance ??= scan;
  }
  return entrance;
}

function decision(verdict, entry = null, first = null) {
  return { verdict, entry, first };
}

function refusedForItself(entry) {
  if (entry.standing === "replaced" || entry.standing === "cancelled") return entry.standing;
  if (!entry.is_listed) return "wrong_session";
  return entry.standing === "pending" ? "needs_approval" : null;
}

function refusedForTime(door, now) {
  if (now === null) return null;
  if (now < door.opens_at) return "too_early";
  return now >= door.closes_at ? "too_late" : null;
}
