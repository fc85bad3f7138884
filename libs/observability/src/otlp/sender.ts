import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { JsonMetricsSerializer } from '@opentelemetry/otlp-transformer';
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import type { Clock } from '@opensqt/trading-events';
import { secretsOf, secretsOfHeader } from '../channels/http/redact';
import { exchange } from '../network/http-exchange';
import type { Network } from '../network/network';
import type { ResolvedOtlp } from '../options/otlp.options';
import type { Destination } from './destination';
import { type Outcome, failureOf, outcomeOf } from './outcome';
import { partsOf } from './requests';
import { type Origin, resourceOf } from './resource';

/** Series in a request: they are written in a few milliseconds, which nothing else gets meanwhile. */
const SERIES_PER_REQUEST = 1_000;
const compress = promisify(gzip);

/** Sends metrics to one collector, as OTLP's JSON. */
export class Sender {
  private readonly resource;
  private readonly secrets: readonly string[];

  constructor(
    private readonly destination: Destination,
    private readonly settings: Pick<ResolvedOtlp, 'timeout' | 'compression'>,
    private readonly network: Network,
    origin: Origin,
    private readonly clock: Clock,
  ) {
    this.resource = resourceOf(origin);
    const headers = Object.values(destination.headers).flatMap(secretsOfHeader);
    this.secrets = [...secretsOf(destination.url), ...headers];
  }

  /**
   * Sends them in as many requests as they need, up to the first that fails.
   *
   * @param signal ends it early
   * @returns what became of them. Never throws
   */
  async send(scopes: readonly ScopeMetrics[], signal: AbortSignal): Promise<Outcome> {
    const timeout = AbortSignal.timeout(this.settings.timeout);
    let outcome: Outcome = { kind: 'sent' };
    try {
      for (const part of partsOf(scopes, SERIES_PER_REQUEST)) {
        const one = await this.post(part, AbortSignal.any([timeout, signal]));
        if (one.kind === 'failed') return one;
        if (one.kind === 'partial') outcome = one;
      }
      return outcome;
    } catch (error) {
      return failureOf(error, timeout.aborted ? this.settings.timeout : undefined);
    }
  }

  private async post(scopeMetrics: ScopeMetrics[], signal: AbortSignal): Promise<Outcome> {
    const { url, headers } = this.destination;
    const json = JsonMetricsSerializer.serializeRequest({ resource: this.resource, scopeMetrics });
    const isCompressed = this.settings.compression === 'gzip';
    const answer = await exchange(this.network, {
      url,
      method: 'POST',
      headers: {
        ...headers,
        'content-type': 'application/json',
        ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
      },
      body: isCompressed ? await compress(json ?? '') : Buffer.from(json ?? ''),
      signal,
    });
    return outcomeOf(answer, this.secrets, this.clock.now());
  }
}
