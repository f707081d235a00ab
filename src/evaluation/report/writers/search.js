
// The search over the list of documents. Without it the whole list is there, with every municipality named.
const box = document.getElementById("search");
const found = document.getElementById("found");
const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
const lines = [...document.querySelectorAll("main li.line")].map((line) => [line, plain(line.textContent)]);
const groups = [...document.querySelectorAll("main .group")];
document.getElementById("searching").hidden = false;
box.addEventListener("input", () => {
  const sought = plain(box.value.trim());
  let shown = 0;
  for (const [line, text] of lines) {
    line.hidden = !text.includes(sought);
    shown += line.hidden ? 0 : 1;
  }
  for (const group of groups) {
    group.hidden = !group.querySelector("li.line:not([hidden])");
  }
  found.textContent = sought ? found.dataset.words.replace("{n}", shown) : "";
});
