// While a table is worked on: show how far it has come, and the whole page once it is done.

const EVERY = 1500;

async function look() {
  const spot = document.getElementById("progress");
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById("progress");
    if (!found || found.dataset.state !== spot.dataset.state) {
      location.reload();
      return;
    }
    if (found.textContent !== spot.textContent) spot.replaceChildren(...found.childNodes);
  } catch {
    // the network is away for a moment: the next look will tell
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
