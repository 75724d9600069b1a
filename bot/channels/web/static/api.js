// The server's calls. A call that got no proper answer throws; the caller decides when to try again.

const PATIENCE = 20000;

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
    const refused = answer.status === 400 || answer.status === 413;
    if (!answer.ok && !refused) throw Object.assign(new Error(path), { status: answer.status });
    if (answer.status === 204) return {};
    const data = await answer.json().catch((fault) => {
      if (refused) return {};
      throw fault;
    });
    return refused ? { error: data.error || "这条消息没能收下,请换个说法再发。" } : data;
  } finally {
    clearTimeout(timer);
  }
}

export function send(item) {
  return call("/chat/messages", item.action ? { id: item.id, action: item.action } : { id: item.id, text: item.text });
}

export const ack = (ids) => call("/chat/ack", { ids });
export const history = () => call("/chat/history");
export const messages = async () => (await call("/chat/messages")).messages;
