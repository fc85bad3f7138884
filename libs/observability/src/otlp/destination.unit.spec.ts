import { parseOptions } from '@opensqt/trading-events/options';
import type { z } from 'zod';
import { otlpOptions } from '../options/otlp.options';
import { destinationOf } from './destination';

const COLLECTOR = 'http://collector.example:4318';
const ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const METRICS_ENDPOINT = 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT';
const HEADERS = 'OTEL_EXPORTER_OTLP_HEADERS';
const METRICS_HEADERS = 'OTEL_EXPORTER_OTLP_METRICS_HEADERS';

const schema = otlpOptions(true);
const to = (options: z.input<typeof schema>, env: Record<string, string> = {}) => {
  const destination = destinationOf(
    parseOptions(schema, options, () => new Error('refused')),
    env,
  );
  return destination && { ...destination, url: destination.url.href };
};

describe('The destination of the export', () => {
  it.each([
    [COLLECTOR, `${COLLECTOR}/v1/metrics`],
    [`${COLLECTOR}/`, `${COLLECTOR}/v1/metrics`],
    [`${COLLECTOR}/api/v1/otlp`, `${COLLECTOR}/api/v1/otlp/v1/metrics`],
    [`${COLLECTOR}/v1/metrics`, `${COLLECTOR}/v1/metrics`],
    [`${COLLECTOR}/otlp?tenant=a`, `${COLLECTOR}/otlp/v1/metrics?tenant=a`],
  ])('%s is %s', (endpoint, url) => {
    expect(to({ endpoint })).toEqual({ url, headers: {} });
  });

  it('is none without an address, or with empty variables', () => {
    expect(to({})).toBeUndefined();
    expect(to({}, { [ENDPOINT]: '', [METRICS_ENDPOINT]: ' ' })).toBeUndefined();
  });

  it('is what the environment says, where the options leave it to that', () => {
    const env = { [ENDPOINT]: `${COLLECTOR}/base` };
    expect(to({}, env)?.url).toBe(`${COLLECTOR}/base/v1/metrics`);
    expect(to({}, { ...env, [METRICS_ENDPOINT]: `${COLLECTOR}/as/it/is` })?.url).toBe(
      `${COLLECTOR}/as/it/is`,
    );
    expect(to({ endpoint: 'http://other.example' }, env)?.url).toBe('http://other.example/v1/metrics');
    expect(to({ environment: false }, env)).toBeUndefined();
  });

  it('has the headers of the environment, those for metrics first, unless the options name some', () => {
    const env = { [HEADERS]: 'api-key=a%20b%3D=,x=1 , broken', [METRICS_HEADERS]: 'x=100%' };
    expect(to({ endpoint: COLLECTOR }, env)?.headers).toEqual({ 'api-key': 'a b==', x: '100%' });
    expect(to({ endpoint: COLLECTOR, headers: { y: '2' } }, env)?.headers).toEqual({ y: '2' });
  });

  it.each(['x=a%0Ab', 'x=ü', 'host=a', 'content-length=1'])(
    'refuses %s as headers, by name of the variable',
    (text) => {
      const env = { [METRICS_HEADERS]: `key=s3cret,${text}` };
      expect(() => to({ endpoint: COLLECTOR }, env)).toThrow(METRICS_HEADERS);
      expect(() => to({ endpoint: COLLECTOR }, env)).not.toThrow('s3cret');
    },
  );

  it('refuses a variable that is no address, and does not repeat it', () => {
    expect(() => to({}, { [ENDPOINT]: 's3cret:4317' })).toThrow(`${ENDPOINT} is not a complete http://`);
    expect(() => to({}, { [ENDPOINT]: 's3cret:4317' })).not.toThrow('s3cret');
  });
});
