import { ConfigService } from '@nestjs/config';
import { Test } from '@nestjs/testing';
import { readConfiguration } from './configuration-reading';
import type { Configuration } from './configuration-schema';
import { configurationModule } from './configuration.module';

describe('configurationModule', () => {
  it('makes the configuration injectable under its keys in camelCase', async () => {
    const reading = readConfiguration('alerts: { slack: { channel: "#a" } }', {
      env: {},
      unreadable: () => undefined,
    });
    if (!reading.ok) throw new Error(JSON.stringify(reading.violations));
    const imports = [await configurationModule(reading.configuration)];
    const moduleRef = await Test.createTestingModule({ imports }).compile();
    const config: ConfigService<Configuration, true> = moduleRef.get(ConfigService);

    expect(config.get('alerts.slack.channel', { infer: true })).toBe('#a');
    expect(config.get('server', { infer: true })).toEqual({
      allowedHosts: [],
      host: '127.0.0.1',
      port: 8080,
      public: ['health'],
      tokens: [],
      trustedProxies: [],
    });
    expect(config.get('server.token', { infer: true })).toBeUndefined();
    expect(moduleRef.get<ConfigService>(ConfigService).get('PATH')).toBeUndefined();
    await moduleRef.close();
  });
});
