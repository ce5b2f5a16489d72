// The door: pairs, then reads badges by camera, USB scanner, keypad or name, and shows one verdict at a time.

import { Camera } from "./camera.js";
import { Clock } from "./clock.js";
import { Decider } from "./decide.js";
import { ScannerKeys } from "./keys.js";
import { Pad } from "./pad.js";
import { Queue } from "./queue.js";
import { Search } from "./search.js";
import { Server } from "./server.js";
import { Screen } from "./show.js";
import { Sounds } from "./sounds.js";
import { openStore } from "./store.js";

const LEARN_EVERY_MS = 10_000;
const page = document.querySelector("#door");
const at = (name) => page.querySelector(`[data-at="${name}"]`);
const known = (id) => JSON.parse(document.getElementById(id).textContent);
const words = known("door-words");

const state = { token: null, door: null, pending: 0, troubled: 0, syncedAt: null, last: null };
const clock = new Clock();
const sounds = new Sounds();
const screen = new Screen({ root: at("verdict"), looks: known("door-looks"), words, sounds });
const server = new Server({ base: page.dataset.api, token: () => state.token });
const store = await openStore();
const queue = new Queue({ store, server, onChange: synced, onGone: gone });
const decider = new Decider({ queue, server, clock, roster: noRoster, show, onLink: linked, onGone: gone });
const pad = new Pad({ dialog: at("pad"), onCode: present, words });
const search = new Search({ dialog: at("search"), server, session: () => state.door.session_id, onCode: present, words });

/** Offline without a roster nobody is known: every badge goes to the desk. */
function noRoster() {
  const prefix = state.door?.prefix ?? "";
  return { prefix, opens_at: 0, closes_at: Infinity, roster: new Map(), is_fresh: false, scans: [] };
}

function present(text) {
  if (!state.token) return;
  if (!decider.recent.has(text)) screen.wait();
  decider.present(text).catch(() => show({ verdict: null, detail: words.not_kept }, { isRepeat: false }));
}

function show(outcome, how) {
  state.last = outcome;
  screen.show(outcome, how);
  at("undo").disabled = !(outcome.verdict === "admitted" || outcome.verdict === "left") || outcome.isOffline;
}

function synced({ pending, troubled, syncedAt }) {
  Object.assign(state, { pending, troubled, syncedAt });
  drawFoot();
}

function drawFoot() {
  at("pending").textContent = words.pending.replace("{n}", state.pending);
  at("pending").dataset.some = String(state.pending > 0);
  at("trouble").hidden = !state.troubled;
  at("trouble").textContent = words.trouble.replace("{n}", state.troubled);
  at("export").hidden = !state.pending;
  const seconds = state.syncedAt && Math.round((Date.now() - state.syncedAt) / 1000);
  at("synced").textContent = seconds === null ? words.never_synced : words.synced.replace("{n}", seconds);
  const skew = clock.skewSeconds();
  at("skew").hidden = skew === null;
  if (skew !== null) at("skew").textContent = words.skew.replace("{n}", Math.abs(skew));
}

function linked(isUp) {
  page.dataset.link = isUp ? "up" : "down";
  at("band").hidden = isUp;
}

/** The server no longer knows this device: it keeps nothing but scans not yet brought. */
async function gone() {
  state.token = null;
  await store.forget();
  pairing(words.revoked);
}

function pairing(note = "") {
  page.dataset.mode = "pairing";
  at("pair-note").textContent = note;
  at("code").focus();
}

async function pair(code) {
  const said = await server.ask("POST", "devices/pair", { code, name: deviceName() }, 10_000);
  if (said.kind !== "answer") {
    at("pair-note").textContent = said.kind === "refused" ? said.detail : words.no_answer;
    return;
  }
  state.token = said.body.token;
  await store.set("token", state.token);
  await scanning();
}

function deviceName() {
  const system = /Android|iPhone|iPad|Windows|Mac OS|Linux/.exec(navigator.userAgent)?.[0] ?? "";
  return system.slice(0, 80);
}

async function learn() {
  const sentAt = Date.now();
  const said = await server.ask("GET", "devices/me");
  linked(said.kind !== "silent");
  if (said.kind === "gone") return gone();
  if (said.kind !== "answer") return undefined;
  clock.learn(said.body.now, sentAt);
  state.door = said.body;
  state.syncedAt = Date.now();
  await store.set("door", said.body);
  drawDoor();
  return drawFoot();
}

function drawDoor() {
  at("title").textContent = state.door.title;
  at("gate").textContent = state.door.gate;
  at("open-search").hidden = state.door.role === "scan";
}

async function scanning() {
  page.dataset.mode = "scanning";
  await queue.tell();
  state.door = (await store.get("door")) ?? null;
  if (state.door) drawDoor();
  await learn();
  if (!state.token) return;
  queue.start();
  setInterval(learn, LEARN_EVERY_MS);
  setInterval(drawFoot, 1000);
  navigator.storage?.persist?.();
  await startCamera();
}

async function startCamera() {
  if (!navigator.mediaDevices) return cameraState("insecure");
  const camera = new Camera({
    video: at("video"),
    worker: page.dataset.worker,
    zxing: page.dataset.zxing,
    wasm: page.dataset.wasm,
    onCode: present,
    onState: cameraState,
  });
  at("torch").addEventListener("click", () => {
    const isOn = at("torch").getAttribute("aria-pressed") !== "true";
    at("torch").setAttribute("aria-pressed", String(isOn));
    camera.torch(isOn);
  });
  await camera.start();
  return keepAwake();
}

function cameraState(name, { hasTorch = false } = {}) {
  page.dataset.camera = name;
  at("camera-note").textContent = words[`camera_${name}`] ?? "";
  at("torch").hidden = !hasTorch;
}

async function keepAwake() {
  const ask = () => navigator.wakeLock?.request("screen").catch(() => {});
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());
  await ask();
}

async function undo() {
  const said = await server.ask("POST", `scans/${state.last.scan_id}/annul`, { reason: words.undo });
  at("undo").disabled = true;
  decider.forget();
  if (said.kind === "answer") screen.show({ verdict: null, detail: words.undone }, { isRepeat: true });
  else screen.show({ verdict: null, detail: said.detail ?? words.no_answer }, { isRepeat: true });
}

function turn(direction) {
  decider.turn(direction);
  for (const button of at("direction").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === direction));
  }
}

async function exportScans() {
  const content = JSON.stringify({ door: state.door, scans: await store.scans() }, null, 1);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "application/json" }));
  link.download = `scans-${new Date().toISOString().slice(0, 16).replace(":", "")}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

new ScannerKeys({ onCode: present });
at("pair-form").addEventListener("submit", (event) => {
  event.preventDefault();
  sounds.unlock();
  pair(at("code").value);
});
document.addEventListener("pointerdown", () => sounds.unlock());
at("direction").addEventListener("click", (event) => event.target.closest("button") && turn(event.target.closest("button").value));
at("open-pad").addEventListener("click", () => pad.open());
at("open-search").addEventListener("click", () => search.open());
at("undo").addEventListener("click", undo);
at("export").addEventListener("click", exportScans);
at("sun").addEventListener("click", () => {
  const isOn = document.documentElement.classList.toggle("sunlight");
  at("sun").setAttribute("aria-pressed", String(isOn));
});
for (const button of page.querySelectorAll("[data-closes-dialog]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}
addEventListener("beforeunload", (event) => state.pending > 0 && event.preventDefault());
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/door/sw.js", { scope: "/door/" });

state.token = (await store.get("token")) ?? null;
const offered = new URLSearchParams(location.hash.slice(1)).get("pair");
if (offered) history.replaceState(null, "", location.pathname);
if (offered && !state.token) await pair(offered);
else if (state.token) await scanning();
else pairing();
page.dataset.ready = "true";
