import {
  Body,
  Delete,
  HttpCode,
  Inject,
  Injectable,
  Param,
  Query,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { messageOf } from '../../format/format';
import {
  breakerReset,
  breakerScope,
  type ResetRequest,
  acknowledgement,
  planOrder,
  resolution,
  silencePreview,
  silenceRequest,
  type Acknowledgement,
  type PlanOrder,
  type Resolution,
  type SilenceRequest,
} from '../../alerts/http/requests';
import { withClaim } from '../../access/claim';
import { Caller } from '../../access/operator.guard';
import { ChannelTests } from '../../alerts/rehearsal/channel-tests';
import type { Identity } from '../../options/access.options';
import { ZodPipe } from '../../alerts/http/zod.pipe';
import { alertsProjection } from '../../alerts/model/alerts.projection';
import type { Alert, AlertsState } from '../../alerts/model/alerts.state';
import { runbookLinks } from '../../alerts/model/runbook';
import { matchesAll, parseMatchers } from '../../alerts/policy/stages/matchers';
import type { TestResult } from '../../alerts/runtime/alert-requests';
import { AlertService } from '../../alerts/runtime/alert.service';
import { unitOfLimit } from '../../alerts/rules/risk-units';
import { formatBesideLimit } from '../../format/limit';
import { limitKey } from '../../health/obstacle';
import { EventRecorder } from '../../ingest/event-recorder';
import type { BreakerReset } from '../../options/breaker-port';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import type { ResolvedOptions } from '../../options/observability-options';
import type { AlertView, AlertsPage, BreakerView, SilencePreview } from '../api/alerts';
import type { PlannedView } from '../api/missed';
import { consoleProjection } from '../state/console.projection';
import type { ConsoleState, OpenBreaker } from '../state/console.state';
import { alertView, openAlerts } from '../view/alert-views';
import { alertsBefore } from '../view/alerts-page';
import { measure, unitOf } from '../view/overview-view';
import { isBeyond } from '../view/amounts';
import { ChangeGuard, ReadGuard } from './console.guard';
import { ConsoleProblem } from './console-problem';
import { ProblemFilter } from './problem.filter';
import { positionIn, wholeNumberIn } from './queries';
import { Change, Read } from './routes';

const WEEK_MS = 7 * 86_400_000;

/** The alerts, and what operators do: the same as beside `/alerts`, and previews. */
@Injectable()
@UseFilters(ProblemFilter)
@UseGuards(ReadGuard)
export class OperationsController {
  constructor(
    private readonly service: AlertService,
    private readonly tests: ChannelTests,
    private readonly recorder: EventRecorder,
    @Inject(OBSERVABILITY_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** Open alerts, the worst first, or past ones, the newest first; a page at a time. */
  @Read('alerts')
  alerts(@Query() given: Readonly<Record<string, string | undefined>>): AlertsPage {
    const { status = 'open' } = given;
    const limit = wholeNumberIn('limit', given['limit'], { min: 1, max: 1_000 });
    const before = positionIn('before', given['before']);
    if (status !== 'open' && status !== 'past')
      throw new ConsoleProblem(
        400,
        'INVALID_REQUEST',
        `status must be open or past, found '${status.slice(0, 20)}'.`,
      );
    const { position } = this.recorder;
    const { alerts, next } = alertsBefore(this.state, { status, limit, before });
    return { position, alerts: alerts.map((alert) => this.view(alert)), next };
  }

  @Change('alerts/:id/acknowledge')
  async acknowledge(
    @Param('id') id: string,
    @Body(new ZodPipe(acknowledgement)) { by, note }: Acknowledgement,
    @Caller() { name }: Identity,
  ): Promise<AlertView> {
    return this.view(await this.service.acknowledge(id, name, withClaim(note, { by, name })));
  }

  @Change('alerts/:id/resolve')
  async resolve(
    @Param('id') id: string,
    @Body(new ZodPipe(resolution)) { by, reason }: Resolution,
    @Caller() { name }: Identity,
  ): Promise<AlertView> {
    const why = withClaim(reason, { by, name });
    const words = `resolved by ${name}${why === undefined ? '' : `: ${why}`}`;
    return this.view(await this.service.resolve(id, words));
  }

  /** The alerts that a silence would hold: those that are open, and of those of the last week how many. Changes nothing. */
  @Change('silences/preview')
  preview(
    @Body(new ZodPipe(silencePreview)) { matchers: written }: Pick<SilenceRequest, 'matchers'>,
  ): SilencePreview {
    const matchers = parseMatchers(written);
    const { state } = this;
    const now = this.options.clock.now();
    const open = openAlerts(state, now).filter((alert) => matchesAll(matchers, alert));
    const week = [...state.open.values(), ...state.history].filter(({ since }) => since >= now - WEEK_MS);
    const matched = week.filter((alert) => matchesAll(matchers, alert));
    const critical = matched.filter(({ level }) => level === 'CRITICAL').length;
    return {
      open,
      lastWeek: { matched: matched.length, raised: week.length, critical },
      warnings: [...this.service.silenceWarnings(written)],
    };
  }

  @Change('silences', 201)
  async silence(
    @Body(new ZodPipe(silenceRequest)) { duration, startsAt, by, ...options }: SilenceRequest,
    @Caller() { name }: Identity,
  ): Promise<{ silenceId: string; until: number; warnings: readonly string[] }> {
    const until = (startsAt ?? this.service.now()) + duration;
    const reason = withClaim(options.reason, { by, name });
    const start = startsAt === undefined ? {} : { startsAt };
    const silenceId = await this.service.silence({ ...options, ...start, until, reason, by: name });
    return { silenceId, until, warnings: this.service.silenceWarnings(options.matchers) };
  }

  @Delete('silences/:id')
  @HttpCode(204)
  @UseGuards(ChangeGuard)
  endSilence(@Param('id') id: string, @Caller() { name }: Identity): Promise<void> {
    return this.service.endSilence(id, name);
  }

  /** Records that a time was planned. */
  @Change('missed/planned', 201)
  async markPlanned(
    @Body(new ZodPipe(planOrder)) { from, to, reason: given, by }: PlanOrder,
    @Caller() { name }: Identity,
  ): Promise<PlannedView> {
    const planned = { from, to, reason: withClaim(given, { by, name }), by: name };
    await this.service.markPlanned(planned);
    return planned;
  }

  @Change('dead-letters/:id/resend', 202)
  async resend(@Param('id') id: string): Promise<{ deliveryId: string }> {
    return { deliveryId: await this.service.resend(id) };
  }

  @Change('channels/:name/test')
  test(@Param('name') channel: string, @Caller() { name }: Identity): Promise<TestResult> {
    return this.tests.one(channel, name);
  }

  /** The open breakers: what they tripped on, and what is true now. */
  @Read('breakers')
  breakers(): BreakerView[] {
    const { breakers } = this.console;
    return [...breakers.values()].map((breaker) => this.breaker(breaker));
  }

  @Change('breakers/:scope/reset')
  async reset(
    @Param('scope', new ZodPipe(breakerScope)) scope: string,
    @Body(new ZodPipe(breakerReset)) { by, reason }: ResetRequest,
    @Caller() { name }: Identity,
  ): Promise<BreakerReset & { readonly scope: string; readonly tripped: readonly string[] }> {
    const { breakers } = this.options;
    const asked = { by: name, reason: withClaim(reason, { by, name }) };
    if (breakers === undefined) {
      const message =
        'Breakers of this application cannot be reset from here: ObservabilityModule was given no `breakers`.';
      throw new ConsoleProblem(501, 'NO_BREAKERS', message);
    }
    const { reset, tripped } = await breakers.reset(scope, asked).catch((error: unknown) => {
      throw new ConsoleProblem(503, 'NOT_RESET', messageOf(error));
    });
    if (reset) return { scope, ...asked, tripped };
    const others = tripped.length === 0 ? 'None is.' : `Tripped: ${tripped.join(', ')}.`;
    throw new ConsoleProblem(404, 'NOT_TRIPPED', `The breaker of '${scope}' is not tripped. ${others}`);
  }

  private get state(): Readonly<AlertsState> {
    return this.recorder.committedView<AlertsState>(alertsProjection);
  }

  private get console(): Readonly<ConsoleState> {
    return this.recorder.committedView<ConsoleState>(consoleProjection);
  }

  private view(alert: Alert): AlertView {
    const runbook = runbookLinks(this.options.alerts.runbookBaseUrl)(alert.condition);
    return alertView(alert, this.state, this.options.clock.now(), runbook);
  }

  private breaker({ scope, reason, value, threshold, quoteAsset, since, until }: OpenBreaker): BreakerView {
    const limit = this.console.limits.get(limitKey({ scope, limit: reason }));
    const fresh = limit !== undefined && limit.from.at > since.at ? limit.value : undefined;
    const bound = limit?.threshold ?? threshold;
    const isKnown = fresh !== undefined && bound !== undefined;
    const shown = isKnown ? formatBesideLimit(fresh, bound, unitOfLimit(reason, quoteAsset)) : undefined;
    return {
      scope,
      reasons: [{ reason, since: { at: since.at, position: since.position ?? null }, until }],
      tripped: { value: measure(value), threshold: measure(threshold) },
      now: {
        value: measure(fresh),
        threshold: measure(bound),
        unit: unitOf(reason, quoteAsset),
        words: shown === undefined ? null : `${shown.value} (limit ${shown.limit})`,
      },
      wouldTripAgain: isKnown ? isBeyond(String(fresh), String(bound)) : null,
    };
  }
}
