// Heads sort the rows of a table; `key` gives what a row is sorted by in a column.
const sortable = (table, key) => {
  const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      body.append(...[...body.rows].sort((a, b) => {
        const [x, y] = [key(a, column), key(b, column)], [m, n] = [parseFloat(x), parseFloat(y)];
        if (Number.isNaN(m) !== Number.isNaN(n)) return Number.isNaN(m) ? 1 : -1;
        const found = Number.isNaN(m) ? x.localeCompare(y, "zh-CN") : m - n;
        return down ? -found : found;
      }));
    });
  });
};
