"use strict";
(() => {
  const order = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  const sorted = (table, column) => {
    const headings = [...table.tHead.rows[0].cells];
    const rises = headings[column].getAttribute("aria-sort") !== "ascending";
    headings.forEach((heading) => heading.removeAttribute("aria-sort"));
    headings[column].setAttribute("aria-sort", rises ? "ascending" : "descending");
    const keyed = [...table.tBodies[0].rows].map((row) => [row.cells[column].textContent, row]);
    keyed.sort(([one], [other]) => (rises ? 1 : -1) * order.compare(one, other));
    table.tBodies[0].append(...keyed.map(([, row]) => row));
  };

  for (const table of document.querySelectorAll("table[data-noun]")) {
    [...table.tHead.rows[0].cells].forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      button.addEventListener("click", () => sorted(table, column));
      heading.append(button);
    });
  }

  const field = document.getElementById("find");
  if (field) {
    const table = document.getElementById(field.getAttribute("aria-controls"));
    const told = document.getElementById("found");
    const rows = [...table.tBodies[0].rows];
    let texts = null; // of each row, made when somebody first looks for something
    const look = () => {
      texts ??= rows.map((row) => folded([...row.cells].map((cell) => cell.textContent).join(" ")));
      const words = folded(field.value).split(/\s+/).filter(Boolean);
      let found = 0;
      rows.forEach((row, at) => {
        row.hidden = !words.every((word) => texts[at].includes(word));
        found += !row.hidden;
      });
      told.textContent = words.length
        ? `${found.toLocaleString("en")} of ${rows.length.toLocaleString("en")} ${table.dataset.noun}`
        : "";
    };
    let waiting = 0;
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(look, rows.length > 500 ? 120 : 0);
    });
    field.closest(".find").hidden = false;
  }

  const closed = () => document.querySelectorAll("details:not([open])");
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...closed()];
    opened.forEach((details) => { details.open = true; });
  });
  addEventListener("afterprint", () => opened.forEach((details) => { details.open = false; }));
})();
