// The server as a door sees it. Every answer is one of few kinds, so that nothing but a real receipt looks like one:
// a captive portal's page, an error or silence all mean "keep the scan".

const PATIENCE_MS = 1500;

export class Server {
  constructor({ base = "/api/v1/", token = () => null, patience = PATIENCE_MS } = {}) {
    Object.assign(this, { base, token, patience });
  }

  /** {kind: "answer", body} | {kind: "refused", status, code, detail} | {kind: "gone"} | {kind: "busy"} | {kind: "silent"} */
  async ask(method, path, body, patience = this.patience) {
    try {
      const response = await fetch(this.base + path, {
        method,
        headers: this.headers(body),
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(patience),
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
      });
      return await told(response);
    } catch {
      return { kind: "silent" };
    }
  }

  headers(body) {
    const headers = { Accept: "application/json", "Accept-Language": document.documentElement.lang || "vi" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (this.token()) headers.Authorization = `Bearer ${this.token()}`;
    return headers;
  }
}

async function told(response) {
  const type = response.headers.get("Content-Type") ?? "";
  const isProblem = type.startsWith("application/problem+json");
  if (response.ok && type.startsWith("application/json")) return { kind: "answer", body: await response.json() };
  if (response.status === 401 && isProblem) return { kind: "gone" };
  if (response.status === 429 && isProblem) return { kind: "busy" };
  if (response.status < 400 || response.status >= 500 || !isProblem) return { kind: "silent" };
  const problem = await response.json();
  return { kind: "refused", status: response.status, code: problem.code, detail: problem.detail };
}
