// Shows how a broadcast gets on while its page is open; another state has other buttons, so then the page is read anew.

const shell = document.querySelector("[data-stream]");
let source = null;

function follow() {
  source = new EventSource(shell.dataset.stream);
  source.addEventListener("change", (event) => show(event.data));
  source.addEventListener("signed-out", leave);
}

function leave() {
  source?.close();
  source = null;
}

function show(html) {
  const spot = document.getElementById("progress");
  const drawn = new DOMParser().parseFromString(html, "text/html").getElementById("progress");
  if (drawn.dataset.status !== spot.dataset.status) {
    leave();
    location.reload();
  } else if (drawn.textContent !== spot.textContent) {
    spot.replaceChildren(...drawn.childNodes);
  }
}

// A hidden page gives its connection back, for a browser has only six.
document.addEventListener("visibilitychange", () => {
  leave();
  if (!document.hidden) follow();
});
addEventListener("pagehide", leave);
addEventListener("pageshow", (event) => event.persisted && follow());
follow();
