// While a text is written: say at once which blank nobody can fill, and how long it has become.

function fault(text, known, longest) {
  if ((text.match(/\{/g) || []).length !== (text.match(/\}/g) || []).length) return "花括号要成对写，例如 {name}。";
  const wrong = (text.match(/\{[^{}]*\}/g) || []).find((blank) => !known.includes(blank.slice(1, -1)));
  if (wrong) return `没有“${wrong}”这个空，只能用 ${known.map((name) => `{${name}}`).join("")}。`;
  return text.length > longest ? `太长了，有 ${text.length} 个字，最多 ${longest} 个。` : "";
}

document.querySelectorAll("fieldset.step").forEach((step) => {
  const known = step.dataset.blanks.split(" ");
  const words = step.querySelector("textarea");
  const spot = step.querySelector(".blank-wrong");
  const look = () => {
    const found = fault(words.value, known, Number(step.dataset.longest));
    if (spot.textContent !== found) spot.textContent = found;
    spot.hidden = !found;
    words.setAttribute("aria-invalid", String(Boolean(found)));
  };
  words.addEventListener("input", look);
  look();
});

document.getElementById("preview")?.focus();
