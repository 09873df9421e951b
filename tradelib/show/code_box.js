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
let size = code.length, row = rows.find((one) => one.id === marked[0]);
if (heirs.length && !row) return location.replace(heirs[0].href);
while (!row && size >= least && !(row = rows.find((one) => digits(one.id).startsWith(code.slice(0, size))))) size -= size % 2 || 2;
const near = dotted(code.slice(0, size)).replace(/(\.\d\d)\.00$/, "$1"), names = heirs.map((link) => link.textContent), last = names.pop();
at = row ? row.id : "";
say(last ? `${old.id} was replaced by ${names.length ? names.join(", ") + " and " : ""}${last}.` :
!row ? `${dotted(code)} is no line on this day, and no line of this chapter is under ${dotted(code.slice(0, 4))}.` :
size < code.length ? `${dotted(code)} is no line on this day; the lines under ${near} are here.` : "");
rows.forEach((one) => one.classList.toggle("hit", marked.includes(one.id)));
if (row) location.replace("#" + at);
};
const go = (side, arrived) => {
const typed = digits(input.value), code = typed.slice(0, side === "cn" ? 8 : 10), place = `${side}/${code.slice(0, 2)}`;
const front = here ? "../../index.html" : (document.getElementById("by-code") || "").href;
const link = !here && document.querySelector(`a[href$="${place}/index.html"]`);
if (!/^\d{2,10}$/.test(typed) || !(front || link)) say("No chapter of this page has that code. A code has 2 to 10 digits.");
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
