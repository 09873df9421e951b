(() => {
const box = document.getElementById("code-box");
box.innerHTML = '<label for="code">Your code</label> <input id="code" size="14" autocomplete="off" placeholder="8507.60.0090"> ' +
'<button type="button" value="us">US duty</button> <button type="button" value="cn">Chinese duty</button> <span role="status"></span>';
const input = box.querySelector("input"), said = box.querySelector("span");
const go = (side) => {
const digits = input.value.replace(/[.\s-]/g, "");
const link = document.querySelector(`a[href$="${side}/${digits.slice(0, 2)}/index.html"]`);
if (!/^\d{2,10}$/.test(digits) || !link) {
said.textContent = "No chapter of this page has that code. A code has 2 to 10 digits.";
return;
}
const code = side === "cn" ? digits.slice(0, 8) : digits, whole = code.length === (side === "cn" ? 8 : 10);
const name = whole ? `${code.slice(0, 4)}.${code.slice(4, 6)}.${code.slice(6)}` : code.slice(0, 4);
location.href = link.href + (name.length > 3 ? "#" + name : "");
};
box.addEventListener("click", (event) => { if (event.target.value && event.target !== input) go(event.target.value); });
input.addEventListener("keydown", (event) => { if (event.key === "Enter") go("us"); });
box.hidden = false;
})();
