// Rows can be searched and sorted; without this script every row stands there, in order.
for (const table of document.querySelectorAll("table[data-filter]")) {
  const body = table.tBodies[0], rows = [...body.rows];
  if (rows.length < 2) continue;
  const bar = document.createElement("div"), field = document.createElement("label");
  const input = document.createElement("input"), count = document.createElement("output");
  bar.className = "filter";
  input.type = "search";
  field.append("查找" + table.dataset.filter + "：", input);
  bar.append(field, count);
  table.closest(".table-wrap").before(bar);
  const texts = rows.map((row) => row.textContent.toLowerCase());
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase().split(/\s+/);
    let shown = 0;
    rows.forEach((row, at) => {
      row.hidden = !wanted.every((word) => texts[at].includes(word));
      if (!row.hidden) shown += 1;
    });
    count.textContent = "显示" + shown + "行，共" + rows.length + "行";
  });
  const shown = (row, at) => row.cells[at].textContent.trim() || row.cells[at].className;
  sortable(table, shown);
}
