// JupyterLab drops the alternative text of a figure: this gives it back to the picture on the page.
// Written by hand in the form of a prebuilt extension, so that there is nothing to compile.
{
  let shared;

  const plugin = async () => {
    const module = Object.values(shared["@jupyterlab/rendermime"])[0];
    const { IRenderMimeRegistry } = (await module.get())();
    const activate = (app, registry) => {
      for (const type of ["image/png", "image/jpeg"]) {
        const factory = registry.getFactory(type);
        const createRenderer = (options) => {
          const widget = factory.createRenderer(options);
          const render = widget.renderModel;
          widget.renderModel = async (model) => {
            await render.call(widget, model);
            widget.node.querySelector("img").alt = model.metadata[type]?.alt ?? "";
          };
          return widget;
        };
        registry.addFactory({ safe: true, mimeTypes: [type], createRenderer });
      }
    };
    const requires = [IRenderMimeRegistry];
    return { id: "keras-course-alt:plugin", autoStart: true, requires, activate };
  };

  (window._JUPYTERLAB ??= {})["keras-course-alt"] = {
    init: (scope) => { shared = scope; },
    get: async () => {
      const made = await plugin();
      return () => ({ __esModule: true, default: made });
    },
  };
}
