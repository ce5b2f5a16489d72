// The worker that reads QR codes out of frames. Served at /door/reader.js, whose policy allows WebAssembly.

let readBarcodes = null;
const OPTIONS = { formats: ["QRCode"], maxNumberOfSymbols: 1, tryHarder: true, tryInvert: false, tryDownscale: false };

self.onmessage = async ({ data }) => {
  try {
    if (data.zxing) await load(data);
    else self.postMessage({ texts: await readFrame(data.frame) });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};

async function load({ zxing, wasm }) {
  const reader = await import(zxing);
  await reader.prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  readBarcodes = reader.readBarcodes;
}

async function readFrame(frame) {
  const { width, height } = frame;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(frame, 0, 0);
  frame.close();
  if (!readBarcodes) return [];
  const found = await readBarcodes(context.getImageData(0, 0, width, height), OPTIONS);
  return found.filter((code) => code.isValid).map((code) => code.text);
}
