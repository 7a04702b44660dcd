"use strict";
// Tables of class "sortable": a button in each heading sorts, the box above searches, lists beside it choose. Short tables stand in the
// page, and without this script all their rows simply stay there; of a long one the data stand beside it, and a part is shown at a time.
const STEP = 200;  // rows of a long table at a time
const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
const figures = new Intl.NumberFormat("en-US", { maximumFractionDigits: 6 });
const plain = (text) => text.normalize("NFKC").toLowerCase();

function ranks(values, numeric) {  // the place of each value among them; equal ones share it
  const compare = numeric ? (a, b) => a - b : order.compare;
  const sorted = values.map((_, at) => at).sort((a, b) => compare(values[a], values[b]));
  const found = new Float64Array(values.length);
  sorted.forEach((at, place) => {
    const before = sorted[place - 1];
    found[at] = place && compare(values[before], values[at]) === 0 ? found[before] : place;
  });
  return found;
}

function standing(table) {  // the rows that stand in the page
  const body = table.tBodies[0], rows = [...body.rows];
  const texts = rows.map((row) => plain([...row.cells].map((cell) => cell.textContent).join(" ")));
  return {
    count: rows.length,
    step: Infinity,
    has: (word) => (row) => texts[row].includes(word),
    isOf: (at, value) => (row) => rows[row].cells[at].dataset.values.split("\n").includes(value),
    named: (id) => rows.findIndex((row) => row.id === id),
    ranked(at, numeric) {
      const values = rows.map((row) => row.cells[at].dataset.value ?? row.cells[at].textContent.trim());
      const found = ranks(numeric ? values.map(Number) : values, numeric);
      return (row) => (values[row] === "" ? NaN : found[row]);  // what is missing has no place
    },
    show(shown) {
      const wanted = new Set(shown);
      rows.forEach((row, at) => { row.hidden = !wanted.has(at); });
      body.append(...shown.map((at) => rows[at]));
    },
  };
}

function held(table, data) {  // the rows of a long table: of each column its different values, and which of them each row has
  const body = table.tBodies[0];
  const columns = data.columns.map(({ kind, blank, values, at }) => {
    const write = kind === "number" ? (value) => figures.format(value).replace(/^-(0$)?/, (_, zero) => zero ?? "−") : String;
    return { at, values, numeric: kind !== "text", texts: values.map((value) => (value === "" ? blank : write(value))) };
  });
  const cell = (row) => ({ at, values, texts, numeric }) => {
    const made = document.createElement("td");
    if (numeric) made.className = "number";
    if (at[row] >= 0) {
      made.textContent = texts[at[row]];
      if (values[at[row]] === "") made.className = "blank";
    }
    return made;
  };
  return {
    count: data.count,
    step: STEP,
    has(word) {
      const hits = columns.map((column) => (column.plain ??= column.texts.map(plain)).map((text) => text.includes(word)));
      return (row) => columns.some(({ at }, column) => at[row] >= 0 && hits[column][at[row]]);
    },
    named: () => -1,
    ranked(at, numeric) {
      const column = columns[at], found = (column.ranks ??= ranks(column.values, numeric));
      return (row) => (column.at[row] < 0 ? NaN : found[column.at[row]]);
    },
    show(shown) {
      body.replaceChildren(...shown.map((row) => {
        const made = document.createElement("tr");
        made.append(...columns.map(cell(row)));
        return made;
      }));
    },
  };
}

for (const table of document.querySelectorAll("table.sortable")) {
  const data = document.getElementById(`${table.id}-data`), frame = table.closest(".frame");
  const source = data ? held(table, JSON.parse(data.textContent)) : standing(table);
  const heads = [...table.tHead.rows[0].cells], box = document.querySelector(`input[data-for="${table.id}"]`);
  const tools = box.closest(".tools"), lists = [...tools.querySelectorAll("select")], count = tools.querySelector(".count");
  const pager = data && frame.previousElementSibling;
  let all = Array.from({ length: source.count }, (_, row) => row), shown = all, from = 0, sorted = null;
  const fill = (output, values) => { output.textContent = output.dataset.text.replace(/\{(\w+)\}/g, (_, name) => values[name]); };
  const show = () => {
    const part = source.step < Infinity ? shown.slice(from, from + source.step) : shown;
    source.show(part);
    if (source.step === Infinity) return;
    const last = from + part.length;
    fill(pager.querySelector("output"), { from: (part.length ? from + 1 : 0).toLocaleString("en-US"), to: last.toLocaleString("en-US") });
    for (const button of pager.querySelectorAll("button"))
      button.disabled = button.dataset.go.startsWith("-") || button.dataset.go === "first" ? from === 0 : last >= shown.length;
    pager.hidden = source.count <= source.step;
    frame.scrollTop = 0;
  };
  const keep = () => {  // what is asked for, for a reader who goes on and comes back
    const asked = { text: box.value, lists: lists.map((list) => list.value), sorted, from };
    history.replaceState({ ...history.state, [table.id]: asked }, "");
  };
  const search = () => {
    const words = plain(box.value).split(/\s+/).filter(Boolean).map(source.has);
    const chosen = lists.filter((list) => list.value).map((list) => source.isOf(list.dataset.at, list.value));
    const asked = [...words, ...chosen];
    shown = asked.length ? all.filter((row) => asked.every((fits) => fits(row))) : all;
    from = 0;
    show();
    fill(count, { shown: shown.length.toLocaleString("en-US"), all: source.count.toLocaleString("en-US") });
  };
  const sort = (at, down) => {
    heads.forEach((other) => other.removeAttribute("aria-sort"));
    heads[at].setAttribute("aria-sort", down ? "descending" : "ascending");
    const rank = source.ranked(at, heads[at].classList.contains("number"));
    all = [...all].sort((one, other) => {
      const a = rank(one), b = rank(other);
      if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b);  // what is missing stands last either way
      return down ? b - a : a - b;
    });
    sorted = [at, down];
  };
  heads.forEach((head, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      sort(at, head.getAttribute("aria-sort") === "ascending");
      search();
      keep();
    });
  });
  pager?.addEventListener("click", ({ target }) => {
    const end = Math.floor(Math.max(shown.length - 1, 0) / source.step) * source.step;
    const to = { first: 0, "-1": from - source.step, "+1": from + source.step, last: end }[target.dataset.go];
    if (to === undefined) return;
    from = Math.min(Math.max(to, 0), end);
    show();
    keep();
  });
  box.addEventListener("input", search);
  lists.forEach((list) => list.addEventListener("change", search));
  tools.addEventListener("change", keep);
  addEventListener("hashchange", () => {  // a link leads to a row that a search hides
    const row = source.named(decodeURIComponent(location.hash.slice(1)));
    if (row >= 0 && !shown.includes(row)) {
      box.value = "";
      for (const list of lists) list.value = "";
      search();
      document.getElementById(location.hash.slice(1))?.scrollIntoView();
    }
    keep();
  });
  tools.hidden = false;
  const before = history.state?.[table.id];
  if (before) {
    box.value = before.text;
    lists.forEach((list, at) => { list.value = before.lists[at]; });
    if (before.sorted) sort(...before.sorted);
  }
  search();
  if (before?.from) {
    from = before.from;
    show();
  }
}
addEventListener("beforeprint", () => { for (const each of document.querySelectorAll("section:not(.many) details")) each.open = true; });
