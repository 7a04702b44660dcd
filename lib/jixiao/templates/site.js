"use strict";
// Tables of class "sortable": a button in each heading sorts, the box above searches. Without this script all rows simply stand there.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0], rows = [...body.rows], heads = [...table.tHead.rows[0].cells];
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const texts = new Map(rows.map((row) => [row, plain([...row.cells].map((cell) => cell.textContent).join(" "))]));
  const value = (row, at) => row.cells[at].dataset.value ?? row.cells[at].textContent.trim();
  heads.forEach((head, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const compare = head.classList.contains("number") ? (a, b) => a - b : order.compare;
      const keys = new Map(rows.map((row) => [row, value(row, at)]));
      rows.sort((one, other) => {
        const a = keys.get(one), b = keys.get(other);
        if (a === "" || b === "") return (a === "") - (b === "");  // what is missing stands last either way
        return down ? compare(b, a) : compare(a, b);
      });
      body.append(...rows);
    });
  });
  const box = document.querySelector(`input[data-for="${table.id}"]`);
  const tools = box.closest(".tools"), count = tools.querySelector(".count");
  const search = () => {
    const wanted = plain(box.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      row.hidden = !wanted.every((word) => texts.get(row).includes(word));
      shown += !row.hidden;
    }
    count.textContent = count.dataset.text.replace("{shown}", shown).replace("{all}", rows.length);
  };
  box.addEventListener("input", search);
  const free = () => {  // a link leads to a row that a search hides
    const row = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (row && row.hidden) { box.value = ""; search(); row.scrollIntoView(); }
  };
  addEventListener("hashchange", free);
  addEventListener("beforeprint", () => { for (const each of document.querySelectorAll("details")) each.open = true; });
  tools.hidden = false;
  search();
}
