import { defineConfig } from 'vite';

/** Kinds of lines that no plot of the page has: a sixth of uPlot, which a bundler can't see, as uPlot exports one object. */
const UNUSED = ['stepped', 'bars', 'splineInterp', 'monotoneCubic', '_monotoneCubic'];

const smallerPlots = {
  name: 'smaller-plots',
  transform(code, id) {
    if (!id.endsWith('/uPlot.esm.js')) return null;
    return UNUSED.reduce((text, name) => {
      const definition = new RegExp(`\\nfunction ${name}\\([^]*?\\n}\\n`);
      if (!definition.test(text))
        this.error(`uPlot has no function ${name} any more: adapt apps/console/vite.config.mjs.`);
      return text
        .replace(definition, '\n')
        .replace(new RegExp(`\\n\\s*\\(?paths\\.\\w+\\s*= ${name}\\)?;`), '\n');
    }, code);
  },
};

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  cacheDir: '../../node_modules/.cache/vite',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [smallerPlots],
  build: {
    outDir: '../../libs/observability/console',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});
