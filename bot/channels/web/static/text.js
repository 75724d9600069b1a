// The words of an answer as nodes: lines kept, lead words bold, sources quieter, addresses as links.

const LEAD = /^\s*(要带|去哪办|多久|注意|适用地区|依据|编号)(?=[:\uff1a\s]|$)/;
const SOURCE = "依据";
const ADDRESS = /https?:\/\/[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+/g;
const NOT_ITS_END = /[.,;:!?'()[\]]+$/;

function element(name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

function link(address) {
  const node = element("a", "", address);
  node.href = address;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
  node.append(element("span", "unseen", "（在新页面打开）"));
  return node;
}

function addWithLinks(node, text) {
  let done = 0;
  for (let found = ADDRESS.exec(text); found; found = ADDRESS.exec(text)) {
    const address = found[0].replace(NOT_ITS_END, "");
    node.append(text.slice(done, found.index), link(address));
    done = found.index + address.length;
  }
  node.append(text.slice(done));
}

/** Fill `box` with paragraphs: each lead line its own, the lines between them together. */
export function write(box, text) {
  let plain = [];
  let sources = false;

  function paragraph(className, lead, words) {
    const node = element("p", className);
    if (lead) node.append(element("strong", "", lead));
    addWithLinks(node, words);
    box.append(node);
  }
  function flush() {
    const words = plain.join("\n").trim();
    if (words) paragraph("", "", words);
    plain = [];
  }

  for (const line of String(text).split("\n")) {
    const lead = LEAD.exec(line);
    if (lead || (sources && line.trim())) {
      flush();
      sources = lead ? lead[1] === SOURCE : true;
      const word = lead ? lead[1] : "";
      paragraph(sources ? "source" : "lead", word, line.trim().slice(word.length));
    } else {
      plain.push(line);
    }
  }
  flush();
}

/** "08:05" today, "昨天 08:05", else "11月21日 08:05". */
export function clock(at, now) {
  const two = (number) => String(number).padStart(2, "0");
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (at.toDateString() === now.toDateString()) return time;
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (at.toDateString() === yesterday.toDateString()) return `昨天 ${time}`;
  return `${at.getMonth() + 1}月${at.getDate()}日 ${time}`;
}

export { element };
