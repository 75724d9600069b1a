// What this browser remembers. Where storage is blocked or full, it is remembered until the page closes.

const PREFIX = "yizhan.";
const memory = new Map();

export function get(key) {
  if (memory.has(key)) return memory.get(key);
  try {
    return window.localStorage.getItem(PREFIX + key);
  } catch (_) {
    return null;
  }
}

export function set(key, value) {
  try {
    window.localStorage.setItem(PREFIX + key, value);
    memory.delete(key);
  } catch (_) {
    memory.set(key, value);
  }
}

export function remove(key) {
  memory.delete(key);
  try {
    window.localStorage.removeItem(PREFIX + key);
  } catch (_) {
    // Blocked: then nothing was stored there either.
  }
}

export function keys(start) {
  const found = new Set(memory.keys());
  try {
    for (const key of Object.keys(window.localStorage)) {
      if (key.startsWith(PREFIX)) found.add(key.slice(PREFIX.length));
    }
  } catch (_) {
    // Blocked: memory is all there is.
  }
  return Array.from(found).filter((key) => key.startsWith(start));
}
