// The server's calls. A call that got no proper answer throws; the caller decides when to try again.

const PATIENCE = 20000;
const REFUSED = [400, 413];
const NOT_TAKEN = "这条消息没能收下，请换个说法再发。";

async function call(path, body) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  const request = { cache: "no-store", credentials: "same-origin", signal: stop.signal };
  if (body) {
    request.method = "POST";
    request.headers = { "Content-Type": "application/json" };
    request.body = JSON.stringify(body);
  }
  try {
    const answer = await fetch(path, request);
    if (answer.status === 401 || answer.status === 403) await fetch("/", { cache: "no-store" }); // renews the cookie
    if (answer.status === 204) return {};
    if (answer.ok) return await answer.json();
    const { error } = await answer.json().catch(() => ({}));
    if (REFUSED.indexOf(answer.status) >= 0) return { error: error || NOT_TAKEN };
    throw Object.assign(new Error(path), { status: answer.status, sentence: error });
  } finally {
    clearTimeout(timer);
  }
}

export function send({ id, text, action, place }) {
  if (place) return call("/chat/messages", { id, place });
  return call("/chat/messages", action ? { id, action } : { id, text });
}

export const ack = (ids, read) => call("/chat/ack", { ids, read });
export const history = () => call("/chat/history");
export const messages = async () => (await call("/chat/messages")).messages;
