import { defineConfig } from 'vite';

/**
 * Functions of uPlot that no plot of the page comes to: lines that are not straight, points, scales that are not linear, dates, a
 * legend, a cursor, a selection, series that come and go. A third of uPlot; a bundler can't see it, as uPlot exports one object.
 */
const UNUSED = `
  stepped bars splineInterp monotoneCubic _monotoneCubic points
  logAxisSplits asinhAxisSplits log10AxisValsFilt log2AxisValsFilt snapLogY snapAsinhY rangeLog rangeAsinh
  fmtDate tzDate genTimeStuffs timeAxisStamps timeAxisVals timeAxisVal timeSeriesStamp timeSeriesVal numSeriesVal
  initLegendRow syncLegend setLegend setLegendValues legendStroke legendFill
  initCursorPt updateCursor closestIdxFromXpos mouseMove cacheMouse mouseDown mouseUp mouseLeave dblClick syncRect
  hideSelect setSelect addSeries delSeries setSeries setFocus addBand setBand delBand
`
  .trim()
  .split(/\s+/)
  .map((name) => [
    new RegExp(`\\n(\\t?)function ${name}\\([^]*?\\n\\1}\\n`),
    `\n$1function ${name}() { return []; }\n`,
  ]);
const NEVER = ['showLegend', 'showCursor', '_timeAxisSplits', '_timeAxisVals', '_timeSeriesVal'].map(
  (name) => [new RegExp(`const ${name} += [^;]*;`), `const ${name} = false;`],
);

const smallerPlots = {
  name: 'smaller-plots',
  transform(code, id) {
    if (!id.endsWith('/uPlot.esm.js')) return null;
    return [...UNUSED, ...NEVER].reduce((text, [found, replacement]) => {
      if (!found.test(text))
        this.error(`uPlot has no ${found} any more: adapt apps/console/vite.config.mjs.`);
      return text.replace(found, replacement);
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
