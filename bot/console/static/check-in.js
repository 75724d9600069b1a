// At the door: the number of those who have come, and who came last, grow by themselves.

const EVERY = 3000;
const spot = document.getElementById("now");

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(spot.dataset.now);
    if (!answer.ok || answer.redirected) return;
    const words = await answer.text();
    if (spot.innerHTML.trim() !== words.trim()) spot.innerHTML = words;
  } catch {
    // the network is away for a moment: the next look will tell
  }
}

if (spot) setInterval(look, EVERY);
