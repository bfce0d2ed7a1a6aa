// Tables of schools sort; the amounts of 表Ⅰ can be tried, and 差异系数 follows. Nothing is kept.
for (const table of document.querySelectorAll("table.dudao")) {
  const title = table.caption.textContent, rows = [...table.tBodies[0].rows];
  if (!/^(表Ⅰ|表Ⅱ|缺口|条件缺口|幼儿园-2|哪些学校)/.test(title) || rows.length < 2) continue;
  const value = (row, at) => {
    const cell = row.cells[at], field = cell.querySelector("input");
    return field ? field.value.trim() : cell.textContent.trim();
  };
  sortable(table, value);
  if (!title.startsWith("表Ⅰ")) continue;
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  const first = heads.findIndex((head) => head.startsWith("在校生"));
  const number = (text) => (text === "" ? NaN : Number(text));
  const spread = (at) => {
    const pupils = rows.map((row) => number(value(row, first)));
    const amounts = rows.map((row) => number(value(row, at)));
    if (![...pupils, ...amounts].every((one) => one >= 0)) return NaN;
    const sum = (list) => list.reduce((a, b) => a + b, 0), all = sum(pupils);
    const mean = sum(amounts) / all;
    const part = (p, i) => (p ? (p / all) * (amounts[i] / p - mean) ** 2 : 0);
    return Math.sqrt(sum(pupils.map(part))) / mean;
  };
  const last = table.createTFoot().insertRow(), start = {};
  const told = (one) => (Number.isFinite(one) ? one.toFixed(3) : "待定");
  const label = document.createElement("th");
  label.scope = "row";
  label.colSpan = first + 1;
  label.textContent = "差异系数";
  last.append(label);
  heads.slice(first + 1).forEach((_, at) => {
    last.insertCell().className = "num";
    start[at] = told(spread(first + 1 + at));
  });
  const show = () => [...last.cells].slice(1).forEach((cell, at) => {
    const now = told(spread(first + 1 + at));
    cell.textContent = now === start[at] ? now : now + "（原" + start[at] + "）";
  });
  show();
  const bar = document.createElement("p"), box = document.createElement("input");
  const name = document.createElement("label");
  bar.className = "try";
  box.type = "checkbox";
  name.append(box, " 改数试算差异系数（只在本页，不保存）");
  bar.append(name);
  table.closest(".table-wrap").before(bar);
  const before = new Map();
  box.addEventListener("change", () => {
    for (const row of rows) for (let at = first; at < heads.length; at += 1) {
      const cell = row.cells[at];
      if (!box.checked) { cell.textContent = before.get(cell); continue; }
      before.set(cell, cell.textContent);
      const field = document.createElement("input");
      field.inputMode = "decimal";
      field.value = cell.textContent.trim();
      field.setAttribute("aria-label", row.cells[0].textContent + heads[at]);
      field.addEventListener("input", show);
      cell.replaceChildren(field);
    }
    show();
  });
}
