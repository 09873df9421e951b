(() => {
const box = document.getElementById("code-box"), here = box.dataset.here, own = here.slice(0, 2) || "us";
box.innerHTML = '<label for="code">Your code</label> <input id="code" size="14" autocomplete="off"> ' +
'<button type="button" value="us">US duty</button> <button type="button" value="cn">Chinese duty</button> <span role="status"></span>';
const input = box.querySelector("input"), said = box.querySelector("span");
const digits = (text) => text.replace(/[.\s-]/g, "");
const dotted = (code) => code.replace(/^(\d{4})(?=\d)/, "$1.").replace(/(\.\d\d)(?=\d)/, "$1.");
let at = "";
const say = (text) => {
said.textContent = text;
box.style.cssText = (text || at) && "position:sticky;top:0;z-index:2;padding:.5em 0;background:var(--page);box-shadow:0 0 0 99rem var(--page);clip-path:inset(0 -99rem)";
document.documentElement.style.setProperty("--top", text || at ? box.offsetHeight + "px" : "0px");
};
const land = (code) => {
const rows = [...document.querySelectorAll("#table-lines tr[id]")], least = Math.min(4, code.length);
const old = [10, 8].map((size) => document.querySelector(`#table-replaced [id="${dotted(code.slice(0, size))}"]`)).find(Boolean);
const heirs = old ? [...old.querySelectorAll("a")] : [], marked = heirs.map((link) => link.hash.slice(1));
const under = (one) => digits(one.id).startsWith(code.slice(0, size)), names = heirs.map((link) => link.textContent), last = names.pop();
let size = code.length, row = rows.find((one) => one.id === marked[0]);
if (heirs[0] && !row) return location.replace(heirs[0].href);
while (!row && size >= least && !(row = rows.find(under))) size -= size % 2 || 2;
const lines = row ? rows.filter((one) => last ? marked.includes(one.id) : one.cells[1] && under(one)) : [];
const duties = lines.map((one) => one.cells[1].firstChild.data).sort((one, two) => parseFloat(one) - parseFloat(two));
const plain = duties.every((one) => /^[\d.]+%$/.test(one)), ends = [...new Set([duties[0], duties.pop()])].join(" to ");
at = row ? row.id : "";
say(last ? `${old.id} was replaced by ${names[0] ? names.join(", ") + " and " : ""}${last}.` :
!row ? `No line of this page begins with ${dotted(code.slice(0, 4))}.` :
at === dotted(code) && row.cells[1] ? "" : (size < code.length ? `${dotted(code)} is no line of this page; ` : "") +
`${lines.length} line${lines[1] ? "s begin" : " begins"} with ${dotted(code.slice(0, size))}${plain ? ": " + ends : "; see the duty of each"}.`);
rows.forEach((one) => one.classList.toggle("hit", lines.includes(one)));
if (row) location.replace("#" + at);
};
const go = (side, arrived) => {
const typed = digits(input.value), code = typed.slice(0, side === "cn" ? 8 : 10), place = `${side}/${code.slice(0, 2)}`;
const front = here ? "../../index.html" : (document.getElementById("by-code") || "").href;
const link = !here && document.querySelector(`a[href$="${place}/index.html"]`);
if (!/^\d{2,10}$/.test(typed)) say(`Type 2 to 10 digits, such as ${input.placeholder}; the page of products lists goods by name.`);
else if (!(front || link)) say(`No ${side === "us" ? "US" : "Chinese"} line of these pages begins with ${dotted(code)}.`);
else if (here === place) land(code);
else {
const to = link ? link.href + (code.length > 3 ? "#" + dotted(code) : "") : `${front}#${side}-${dotted(code)}`;
if (arrived) location.replace(to); else location.href = to;
}
};
const arrive = () => {
if (at && location.hash === "#" + at) return;
at = "";
say("");
const found = location.hash.match(/^#(?:(us|cn)-)?(\d[\d.]{1,12})$/);
if (!found) return;
input.value = found[2];
if (here) land(digits(found[2])); else if (found[1]) go(found[1], true);
};
box.addEventListener("click", (event) => { if (event.target.value && event.target !== input) go(event.target.value); });
input.placeholder = box.dataset.example;
input.addEventListener("keydown", (event) => { if (event.key === "Enter") go(own); });
addEventListener("hashchange", arrive);
document.addEventListener("DOMContentLoaded", arrive);
box.hidden = false;
})();
