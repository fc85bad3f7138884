import {
  Body,
  HttpCode,
  Inject,
  Injectable,
  Post,
  type StreamableFile,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import type { EventLog } from '@opensqt/event-log';
import { type RulesRunOrder, rulesRunOrder } from '../../alerts/http/requests';
import { ZodPipe } from '../../alerts/http/zod.pipe';
import { ALERT_POLICY } from '../../alerts/model/alert-tokens';
import type { AlertPolicy } from '../../alerts/policy/settings';
import { EVENT_LOG } from '../../ingest/event-log';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import type { ResolvedOptions } from '../../options/observability-options';
import { RuleTrial, type TriedRules } from '../../options/tried-rules';
import type { RulesView } from '../api/rules';
import { PastService } from '../past/past.service';
import { ConsoleProblem } from './console-problem';
import { ReadGuard, SameSiteGuard } from './console.guard';
import { jsonOf } from './json-answer';
import { ProblemFilter } from './problem.filter';
import { Read } from './routes';

/** The rules in force, and what others would have made of the log. Nothing is changed, and nothing is sent. */
@Injectable()
@UseFilters(ProblemFilter)
@UseGuards(ReadGuard)
export class RulesController {
  private readonly trial: RuleTrial;

  constructor(
    private readonly past: PastService,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(OBSERVABILITY_OPTIONS) { alerts }: ResolvedOptions,
    @Inject(ALERT_POLICY) { channels }: AlertPolicy,
  ) {
    this.trial = new RuleTrial(alerts, channels);
  }

  /** The thresholds and routes that can be tried, as they are. */
  @Read('rules')
  rules(): RulesView {
    const settings = this.trial.settings().map(({ key, value, choices }) => ({
      key,
      value: (value ?? null) as RulesView['settings'][number]['value'],
      choices: choices === undefined ? null : [...choices],
    }));
    return { position: this.log.status().position, settings };
  }

  /** A part of the log under the rules in force and under changed ones. */
  @Post('rules/runs')
  @HttpCode(200)
  @UseGuards(SameSiteGuard)
  async run(@Body(new ZodPipe(rulesRunOrder)) { alerts, from, to }: RulesRunOrder): Promise<StreamableFile> {
    const query = { from, to, current: this.tried({}), candidate: this.tried(alerts) };
    const { position: end } = this.log.status();
    return jsonOf(await this.past.ask({ kind: 'rules', query, end }, false));
  }

  /** @throws ConsoleProblem that names each key that is wrong */
  private tried(changes: Readonly<Record<string, unknown>>): TriedRules {
    const tried = this.trial.tried(changes);
    if (tried.ok) return tried.rules;
    const sentences = tried.violations.map(
      ({ path, found, allowed }) => `${path}: found ${found}; allowed: ${allowed}.`,
    );
    throw new ConsoleProblem(400, 'RULES_INVALID', sentences.join(' '));
  }
}
