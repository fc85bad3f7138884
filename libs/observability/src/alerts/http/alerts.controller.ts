import {
  Body,
  Delete,
  Get,
  HttpCode,
  Injectable,
  Param,
  Post,
  Query,
  Res,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import type { SilenceCreated } from '@opensqt/trading-events';
import { withClaim } from '../../access/claim';
import { Caller, OperatorGuard } from '../../access/operator.guard';
import { ReaderGuard, Shows } from '../../access/reader.guard';
import type { Identity } from '../../options/access.options';
import { AlertError, type TestResult } from '../runtime/alert-requests';
import { AlertService } from '../runtime/alert.service';
import type { Alert, DeadLetter } from '../model/alerts.state';
import { ChannelTests } from '../rehearsal/channel-tests';
import { Drills } from '../rehearsal/drills';
import type { DrillReport } from '../rehearsal/drill-report';
import { AlertErrorFilter } from './alert-error.filter';
import {
  type Acknowledgement,
  type DrillOrder,
  type Resolution,
  type SilenceRequest,
  type TestRequest,
  acknowledgement,
  drillOrder,
  resolution,
  silenceRequest,
  testRequest,
} from './requests';
import { type HttpReply, type PageQuery, onePage, pageQuery } from './pages';
import { ZodPipe } from './zod.pipe';

const PageQueried = () => Query(new ZodPipe(pageQuery));

/**
 * Shows the alerts that are open and that have ended, a page at a time, and takes what an operator does about them. An id may be shortened to its beginning, from four
 * characters on. What is done is recorded under the name of the token; `by` is kept beside the note or reason.
 */
@Injectable()
@Shows('alerts')
@UseFilters(AlertErrorFilter)
export class AlertsController {
  constructor(
    private readonly alerts: AlertService,
    private readonly tests: ChannelTests,
    private readonly drills: Drills,
  ) {}

  /** The open alerts, oldest first. */
  @Get()
  @UseGuards(ReaderGuard)
  active(@PageQueried() query: PageQuery, @Res({ passthrough: true }) reply: HttpReply): readonly Alert[] {
    const items = this.alerts.active();
    const cursorOf = ({ order }: Alert) => String(order);
    const behind = (cursor: string) => {
      const last = orderIn(cursor);
      return items.filter(({ order }) => order > last);
    };
    return onePage({ items, cursorOf, behind }, query, reply);
  }

  /** Alerts that have ended, newest first. */
  @Get('history')
  @UseGuards(ReaderGuard)
  history(@PageQueried() query: PageQuery, @Res({ passthrough: true }) reply: HttpReply): readonly Alert[] {
    const items = this.alerts.history(Infinity);
    return onePage({ items, cursorOf: ({ id }) => id, usual: 100 }, query, reply);
  }

  /** The silences that hold something back at the moment. */
  @Get('silences')
  @UseGuards(ReaderGuard)
  silences(
    @PageQueried() query: PageQuery,
    @Res({ passthrough: true }) reply: HttpReply,
  ): readonly SilenceCreated[] {
    return onePage({ items: this.alerts.silences(), cursorOf: ({ silenceId }) => silenceId }, query, reply);
  }

  /** Messages that were given up, newest first. */
  @Get('dead-letters')
  @UseGuards(ReaderGuard)
  deadLetters(
    @PageQueried() query: PageQuery,
    @Res({ passthrough: true }) reply: HttpReply,
  ): readonly DeadLetter[] {
    return onePage(
      { items: this.alerts.deadLetters(), cursorOf: ({ deliveryId }) => deliveryId },
      query,
      reply,
    );
  }

  /** Sends a dead letter again. */
  @Post('dead-letters/:id/resend')
  @HttpCode(202)
  @UseGuards(OperatorGuard)
  async resend(@Param('id') id: string): Promise<{ deliveryId: string }> {
    return { deliveryId: await this.alerts.resend(id) };
  }

  /** Acknowledges an open alert: `{ note?, by? }`. */
  @Post(':id/acknowledge')
  @HttpCode(200)
  @UseGuards(OperatorGuard)
  acknowledge(
    @Param('id') id: string,
    @Body(new ZodPipe(acknowledgement)) { by, note }: Acknowledgement,
    @Caller() { name }: Identity,
  ): Promise<Alert> {
    return this.alerts.acknowledge(id, name, withClaim(note, { by, name }));
  }

  /** Resolves an open alert: `{ reason?, by? }`. One whose condition still holds is raised again when that is stated next. */
  @Post(':id/resolve')
  @HttpCode(200)
  @UseGuards(OperatorGuard)
  resolve(
    @Param('id') id: string,
    @Body(new ZodPipe(resolution)) { by, reason }: Resolution,
    @Caller() { name }: Identity,
  ): Promise<Alert> {
    const why = withClaim(reason, { by, name });
    return this.alerts.resolve(id, `resolved by ${name}${why === undefined ? '' : `: ${why}`}`);
  }

  /**
   * Holds back what matches: `{ matchers, startsAt?, duration, reason, by? }`, the duration in milliseconds. The answer warns of matchers
   * that no alert has matched so far.
   */
  @Post('silences')
  @UseGuards(OperatorGuard)
  async silence(
    @Body(new ZodPipe(silenceRequest)) { duration, startsAt, by, ...options }: SilenceRequest,
    @Caller() { name }: Identity,
  ): Promise<{ silenceId: string; until: number; warnings: readonly string[] }> {
    const until = (startsAt ?? this.alerts.now()) + duration;
    const start = startsAt === undefined ? {} : { startsAt };
    const reason = withClaim(options.reason, { by, name });
    const silenceId = await this.alerts.silence({ ...options, ...start, until, reason, by: name });
    return { silenceId, until, warnings: this.alerts.silenceWarnings(options.matchers) };
  }

  /** Ends a silence early; what it held back and still fires is sent now. */
  @Delete('silences/:id')
  @HttpCode(204)
  @UseGuards(OperatorGuard)
  endSilence(@Param('id') id: string, @Caller() { name }: Identity): Promise<void> {
    return this.alerts.endSilence(id, name);
  }

  /**
   * Sends a test message: `{ channel?, by? }`. The answer says what the provider made of it; without a channel, of each channel in a list.
   */
  @Post('test')
  @HttpCode(200)
  @UseGuards(OperatorGuard)
  test(
    @Body(new ZodPipe(testRequest)) { channel, by }: TestRequest,
    @Caller() { name }: Identity,
  ): Promise<TestResult | readonly TestResult[]> {
    const sender = withClaim(name, { by, name });
    return channel === undefined ? this.tests.all(sender) : this.tests.one(channel, sender);
  }

  /** Raises a marked alert of each level through the real routes: `{ by? }`. The answer says which channels were notified and why others were not. */
  @Post('drill')
  @HttpCode(200)
  @UseGuards(OperatorGuard)
  drill(
    @Body(new ZodPipe(drillOrder)) { by }: DrillOrder,
    @Caller() { name }: Identity,
  ): Promise<DrillReport> {
    return this.drills.run(withClaim(name, { by, name }));
  }
}

/** @throws AlertError `INVALID_REQUEST` for the cursor of another list: none would be behind it */
function orderIn(cursor: string): number {
  if (/^\d+$/.test(cursor)) return Number(cursor);
  throw new AlertError(
    'INVALID_REQUEST',
    'The cursor is none of the open alerts: take it from the Link of the page before, or ask without one.',
  );
}
