import { Logger } from '@nestjs/common';
import { Gauge, register } from 'prom-client';
import { HostMetrics } from './host-metrics';

describe('Metrics of the host', () => {
  const warn = jest.spyOn(Logger.prototype, 'warn');
  beforeEach(() => {
    register.clear();
    warn.mockReset();
  });
  afterAll(() => {
    register.clear();
    warn.mockRestore();
  });

  const said = (): string => warn.mock.calls.map(([message]) => String(message)).join('\n');
  const gauge = (name: string, collect: (this: Gauge) => void | Promise<void>) =>
    new Gauge({ name, help: 'of the host', collect });

  it('are shown without the one whose collector hangs, throws or rejects, which is said once', async () => {
    gauge('works', function () {
      this.set(1);
    });
    gauge('hangs', () => new Promise<void>(() => undefined));
    gauge('throws', () => {
      throw new Error('no connection');
    });
    gauge('rejects', () => Promise.reject(new Error('no answer')));
    const metrics = new HostMetrics(register, 20);
    for (let i = 0; i < 3; i++) {
      const texts = await metrics.texts(['works', 'hangs', 'throws', 'rejects']);
      expect([...texts.keys()]).toEqual(['works']);
      expect(texts.get('works')).toContain('works 1');
    }
    const samples = await metrics.samples(['works', 'hangs', 'throws', 'rejects']);
    expect([...samples.values()]).toMatchObject([{ name: 'works', type: 'gauge', values: [{ value: 1 }] }]);
    expect(warn).toHaveBeenCalledTimes(3);
    expect(said()).toContain('hangs did not answer within 20 ms');
    expect(said()).toContain('throws failed: Error: no connection');
    expect(said()).toContain('rejects failed: Error: no answer');
  });

  it('are not asked again while their collector hangs, and are there once it has answered', async () => {
    let calls = 0;
    let answer = (): void => undefined;
    gauge('slow', async function () {
      calls++;
      await new Promise<void>((resolve) => (answer = resolve));
      this.set(1);
    });
    const metrics = new HostMetrics(register, 20);
    await metrics.texts(['slow']);
    await metrics.texts(['slow']);
    expect(calls).toBe(1);
    answer();
    await new Promise((resolve) => setImmediate(resolve));
    const asked = metrics.texts(['slow']);
    answer();
    expect((await asked).get('slow')).toContain('slow 1');
    expect(calls).toBe(2);
  });
});
