// After 运行所有单元格 the lab shows what came of it: the red sentence if a cell failed, else the
// verdicts, else the top. JupyterLab itself stays at the last cell, which after a mistake is empty.
(function () {
  "use strict";
  var RUN_ALL = ["notebook:run-all-cells", "notebook:restart-run-all"];
  var VERDICTS = /^## \d+ 判定/;

  function failed(cell) {
    var outputs = cell.model.type === "code" ? cell.model.outputs : null;
    for (var i = 0; outputs && i < outputs.length; i++) {
      if (outputs.get(i).type === "error") return true;
    }
    return false;
  }

  function show(notebook) {
    var cells = Array.from(notebook.widgets);
    var at = cells.findIndex(failed);
    if (at < 0) {
      at = cells.findIndex(function (cell) {
        return VERDICTS.test(cell.model.sharedModel.getSource());
      });
    }
    notebook.activeCellIndex = Math.max(at, 0);
    notebook.deselectAll();
    notebook.scrollToItem(Math.max(at, 0), "start");
  }

  var plugin = {
    id: "dudao-lab:view",
    autoStart: true,
    activate: function (app) {
      app.commands.commandExecuted.connect(function (_, ran) {
        var panel = app.shell.currentWidget;
        if (RUN_ALL.indexOf(ran.id) < 0 || !panel || !panel.content.widgets) return;
        ran.result.then(function () { show(panel.content); });
      });
    },
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["dudao-lab"] = {
    init: function () {},
    get: function () {
      return Promise.resolve(function () { return { __esModule: true, default: plugin }; });
    },
  };
})();
