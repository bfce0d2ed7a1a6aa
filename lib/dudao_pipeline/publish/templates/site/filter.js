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
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => row.cells[column].textContent.trim() || row.cells[column].className;
      const order = (a, b) => {
        const [x, y] = [key(a), key(b)], [m, n] = [parseFloat(x), parseFloat(y)];
        if (Number.isNaN(m) !== Number.isNaN(n)) return Number.isNaN(m) ? 1 : -1;
        const found = Number.isNaN(m) ? x.localeCompare(y, "zh-CN") : m - n;
        return down ? -found : found;
      };
      body.append(...[...rows].sort(order));
    });
  });
}
