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
box.style.cssText = text && "position:sticky;top:0;z-index:1;padding:.5em 0;background:var(--page)";
};
const land = (code) => {
const rows = [...document.querySelectorAll("#table-lines tr[id]")], least = Math.min(4, code.length);
let size = code.length, row;
while (size >= least && !(row = rows.find((one) => digits(one.id).startsWith(code.slice(0, size))))) size -= size % 2 || 2;
const near = dotted(code.slice(0, size)).replace(/(\.\d\d)\.00$/, "$1");
at = row ? row.id : "";
say(row ? (size < code.length ? `${dotted(code)} is no line on this day; the lines under ${near} are here.` : "") :
`${dotted(code)} is no line on this day, and no line of this chapter is under ${dotted(code.slice(0, 4))}.`);
if (!row) return;
row.style.scrollMarginTop = said.textContent ? box.offsetHeight + "px" : "";
location.replace("#" + at);
};
const go = (side, arrived) => {
const typed = digits(input.value), code = typed.slice(0, side === "cn" ? 8 : 10), place = `${side}/${code.slice(0, 2)}`;
const link = !here && document.querySelector(`a[href$="${place}/index.html"]`);
if (!/^\d{2,10}$/.test(typed) || !(here || link)) say("No chapter of this page has that code. A code has 2 to 10 digits.");
else if (here === place) land(code);
else {
const to = here ? `../../index.html#${side}-${dotted(code)}` : link.href + (code.length > 3 ? "#" + dotted(code) : "");
if (arrived) location.replace(to); else location.href = to;
}
};
const arrive = () => {
if (location.hash === "#" + at) return;
say("");
const found = location.hash.match(/^#(?:(us|cn)-)?(\d[\d.]{1,12})$/);
if (!found || document.getElementById(found[2])) return;
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
