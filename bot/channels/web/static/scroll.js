// Keep the newest message in sight, unless the reader has scrolled up; then a button says that there is one.

const NEAR = 60;
const GAP = 12;

export function follow(head, foot, log, button) {
  const page = document.scrollingElement || document.documentElement;
  let following = true;

  const room = (part) => (window.getComputedStyle(part).position === "sticky" ? part.offsetHeight : 0);
  const atEnd = () => page.scrollHeight - page.scrollTop - window.innerHeight < NEAR;

  function note() {
    following = atEnd();
    if (following) button.hidden = true;
  }

  function toEnd() {
    page.scrollTop = page.scrollHeight;
    following = true;
    button.hidden = true;
  }

  /** Show a new message from its beginning, even when it is longer than the screen. */
  function reveal(node) {
    toEnd();
    const hidden = room(head) + GAP - node.getBoundingClientRect().top;
    if (hidden > GAP) page.scrollTop -= hidden; // not scrollIntoView: in Chrome, Tab would then begin at the message
    note();
  }

  function arrived(node) {
    if (following) reveal(node);
    else button.hidden = false;
  }

  function settle() {
    document.documentElement.style.scrollPaddingTop = `${room(head) + GAP}px`;
    document.documentElement.style.scrollPaddingBottom = `${room(foot) + GAP}px`;
    if (following) toEnd();
  }

  if (window.history.scrollRestoration) window.history.scrollRestoration = "manual";
  window.addEventListener("scroll", note, { passive: true });
  window.addEventListener("resize", settle);
  button.addEventListener("click", toEnd);
  if (window.ResizeObserver) {
    const watcher = new window.ResizeObserver(settle);
    [head, foot, log].forEach((part) => watcher.observe(part));
  }
  settle();
  return { arrived, reveal, toEnd };
}
