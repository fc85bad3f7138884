import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';

/** Colours of the page by their role, as they are at the moment. */
export type Colours = (token: string) => string;

interface PlotProps {
  /** A sentence in place of the picture. */
  readonly label: string;
  readonly data: uPlot.AlignedData;
  /** Everything but the size; asked for again when the colours or `version` change. */
  readonly options: (colours: Colours) => Omit<uPlot.Options, 'width' | 'height'>;
  readonly version?: string;
}

const colours: Colours = (token) => getComputedStyle(document.documentElement).getPropertyValue(token).trim();

/** A uPlot that follows its box and the colour scheme. */
export function Plot({ label, data, options, version = '' }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const build = () => {
      plot.current?.destroy();
      const size = { width: element.clientWidth, height: element.clientHeight };
      plot.current = new uPlot({ ...options(colours), ...size }, latest.current, element);
    };
    const resize = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = element;
      if (width !== plot.current?.width || height !== plot.current.height)
        plot.current?.setSize({ width, height });
    });
    build();
    resize.observe(element);
    scheme.addEventListener('change', build);
    return () => {
      resize.disconnect();
      scheme.removeEventListener('change', build);
      plot.current?.destroy();
      plot.current = null;
    };
  }, [version]);

  useEffect(() => plot.current?.setData(data), [data]);

  return <div ref={box} class="plot" role="img" aria-label={label} />;
}
