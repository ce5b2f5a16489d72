// The camera: asks for the rear one at 1920×1080, reads QR codes in a worker, and never stops between scans.

const WANTED = { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } };
const READ_WIDTH = 1280; // plenty for 30 mm at 40 cm; a full frame would only take longer

export class Camera {
  constructor({ video, worker, zxing, wasm, onCode, onState = () => {} }) {
    Object.assign(this, { video, onCode, onState });
    this.reader = new Worker(worker, { type: "module" });
    this.reader.onmessage = ({ data }) => this.read(data);
    this.reader.postMessage({ zxing, wasm });
    this.isReading = false;
    this.frames = 0;
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.resume());
  }

  async start() {
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: WANTED, audio: false });
    } catch (error) {
      this.onState(error.name === "NotAllowedError" ? "denied" : "missing");
      return;
    }
    const [track] = this.stream.getVideoTracks();
    track.addEventListener("ended", () => this.resume());
    this.video.srcObject = this.stream;
    await this.video.play();
    this.onState("running", { hasTorch: Boolean(track.getCapabilities?.().torch) });
    this.next();
  }

  /** After sleep or an interruption the camera comes back by itself. */
  async resume() {
    const isLive = this.stream?.getVideoTracks().some((track) => track.readyState === "live");
    if (this.stream && !isLive) await this.start();
    else if (this.stream && this.video.paused) await this.video.play();
  }

  async torch(isOn) {
    const [track] = this.stream?.getVideoTracks() ?? [];
    await track?.applyConstraints({ advanced: [{ torch: isOn }] });
  }

  next() {
    const look = () => this.look();
    if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(look);
    else requestAnimationFrame(look);
  }

  async look() {
    this.next();
    if (this.isReading || this.video.readyState < 2) return;
    this.isReading = true;
    const width = Math.min(READ_WIDTH, this.video.videoWidth);
    const frame = await createImageBitmap(this.video, { resizeWidth: width, resizeQuality: "low" });
    this.frames += 1;
    this.reader.postMessage({ frame }, [frame]);
  }

  read({ texts, error }) {
    this.isReading = false;
    if (error) this.onState("reader-failed", { error });
    for (const text of texts ?? []) this.onCode(text);
  }
}
