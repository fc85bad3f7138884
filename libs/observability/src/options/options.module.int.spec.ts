import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { register } from 'prom-client';
import { ObservabilityModule } from '../observability.module';
import { OBSERVABILITY_OPTIONS } from './options.module';
import type { ObservabilityOptions, ResolvedOptions } from './observability-options';

const GOOD: ObservabilityOptions = { version: '1.2.3', alerts: { repeatInterval: '2h' } };
const MISSPELT: object = { alerts: { repeatIntervall: '2h', slack: { minLevel: 'warning' } } };
const BAD = MISSPELT as ObservabilityOptions;

@Injectable()
class GoodOptions {
  create(): ObservabilityOptions {
    return GOOD;
  }
}

@Injectable()
class BadOptions {
  create(): ObservabilityOptions {
    return BAD;
  }
}

@Module({ providers: [GoodOptions, BadOptions], exports: [GoodOptions, BadOptions] })
class OptionsModule {}

const imports = [OptionsModule];

describe('forRootAsync', () => {
  const registered = (given: object) => () => ObservabilityModule.forRootAsync(given as never);
  const useFactory = () => GOOD;

  it.each([
    [{ useFactory, htpp: { metrics: false } }, 'htpp', /\(did you mean http\?\)$/],
    [{ useFactory, isglobal: false }, 'isglobal', /\(did you mean isGlobal\?\)$/],
    [
      { useFactory, alerts: {} },
      'alerts',
      /\(alerts belongs in what useFactory, useClass, useExisting gives\)$/,
    ],
    [{ useFactry: useFactory, useFactory }, 'useFactry', /\(did you mean useFactory\?\)$/],
    [{ http: {} }, 'useFactory', /^one of useFactory, useClass, useExisting$/],
  ])('refuses %j', (given, path, allowed) => {
    expect(registered(given)).toThrow(
      expect.objectContaining({
        code: 'OPTIONS_INVALID',
        violations: [expect.objectContaining({ path, allowed: expect.stringMatching(allowed) })],
      }),
    );
  });

  it.each(['http', 'isGlobal', 'imports'])('says where %s stands, which a factory gives', async (key) => {
    const given = ObservabilityModule.forRootAsync({ useFactory: () => ({ ...GOOD, [key]: undefined }) });
    await expect(Test.createTestingModule({ imports: [given] }).compile()).rejects.toMatchObject({
      violations: [{ path: key, allowed: expect.stringContaining(`forRootAsync({ ${key}, useFactory })`) }],
    });
  });
});

const registrations = [
  ['forRoot', ObservabilityModule.forRoot(GOOD), ObservabilityModule.forRoot(BAD)],
  [
    'forRootAsync with useFactory',
    ObservabilityModule.forRootAsync({ useFactory: async () => GOOD }),
    ObservabilityModule.forRootAsync({ useFactory: async () => BAD }),
  ],
  [
    'forRootAsync with useClass',
    ObservabilityModule.forRootAsync({ useClass: GoodOptions }),
    ObservabilityModule.forRootAsync({ useClass: BadOptions }),
  ],
  [
    'forRootAsync with useExisting',
    ObservabilityModule.forRootAsync({ imports, useExisting: GoodOptions }),
    ObservabilityModule.forRootAsync({ imports, useExisting: BadOptions }),
  ],
] as const;

describe.each(registrations)('the module that is registered by %s', (_, good, bad) => {
  beforeEach(() => register.clear());

  it('injects the options with their defaults', async () => {
    const moduleRef = await Test.createTestingModule({ imports: [good] }).compile();
    expect(moduleRef.get<ResolvedOptions>(OBSERVABILITY_OPTIONS)).toMatchObject({
      version: '1.2.3',
      alerts: { repeatInterval: 7_200_000, groupWindow: 60_000 },
      eventLog: { kind: 'memory' },
    });
    await moduleRef.close();
  });

  it('refuses what is misspelt, all of it at once, with the nearest names', async () => {
    await expect(Test.createTestingModule({ imports: [bad] }).compile()).rejects.toMatchObject({
      name: 'ObservabilityOptionsError',
      code: 'OPTIONS_INVALID',
      violations: [
        { path: 'alerts.slack.minLevel', allowed: expect.stringContaining('did you mean WARNING?') },
        { path: 'alerts.repeatIntervall', allowed: expect.stringContaining('did you mean repeatInterval?') },
      ],
    });
  });
});
