import { formatFor, takesGzip } from './negotiation';

/** As Prometheus 2.42 sends it. */
const PROMETHEUS =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

describe('the format that is asked for', () => {
  it.each([
    [undefined, 'text'],
    ['', 'text'],
    ['*/*', 'text'],
    ['text/html, application/xhtml+xml, */*;q=0.8', 'text'],
    [PROMETHEUS, 'openmetrics'],
    ['application/openmetrics-text', 'openmetrics'],
    ['application/openmetrics-text; version="1.0.0"; q=0.4, text/plain; q=0.5', 'text'],
    ['application/openmetrics-text; version=0.0.1', 'text'],
    ['application/openmetrics-text; q=0', 'text'],
    ['application/openmetrics-text; q=none', 'text'],
    [';;,,=;q', 'text'],
  ])('of %s is %s', (accept, format) => {
    expect(formatFor(accept)).toBe(format);
  });

  it.each([
    [undefined, false],
    ['gzip', true],
    ['deflate, GZIP;q=0.5', true],
    ['*', true],
    ['gzip;q=0, *', false],
    ['identity', false],
  ])('compressed for %s: %s', (acceptEncoding, expected) => {
    expect(takesGzip(acceptEncoding)).toBe(expected);
  });
});
