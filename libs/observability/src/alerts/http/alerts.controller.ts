import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import type { SilenceCreated } from '@opensqt/trading-events';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import type { ResolvedOptions } from '../../options/observability-options';
import { AlertService, type TestResult } from '../runtime/alert.service';
import type { Alert, DeadLetter } from '../model/alerts.state';
import { AlertErrorFilter } from './alert-error.filter';
import { OperatorGuard } from './operator.guard';
import {
  type Acknowledgement,
  type SilenceRequest,
  type TestRequest,
  acknowledgement,
  historyLimit,
  operatorName,
  silenceRequest,
  testRequest,
} from './requests';
import { ZodPipe } from './zod.pipe';

/** Shows the alerts that are open and that have ended, and takes what an operator does about them. */
@Controller('alerts')
@UseFilters(AlertErrorFilter)
export class AlertsController {
  constructor(
    private readonly alerts: AlertService,
    @Inject(OBSERVABILITY_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** The open alerts, oldest first. */
  @Get()
  active(): readonly Alert[] {
    return this.alerts.active();
  }

  /** Alerts that have ended, newest first. */
  @Get('history')
  history(@Query('limit', new ZodPipe(historyLimit)) limit: number | undefined): readonly Alert[] {
    return this.alerts.history(limit);
  }

  /** The silences that hold something back at the moment. */
  @Get('silences')
  silences(): readonly SilenceCreated[] {
    return this.alerts.silences();
  }

  /** Messages that were given up, newest first. */
  @Get('dead-letters')
  deadLetters(): readonly DeadLetter[] {
    return this.alerts.deadLetters();
  }

  /** Sends a dead letter again. */
  @Post('dead-letters/:id/resend')
  @HttpCode(202)
  @UseGuards(OperatorGuard)
  async resend(@Param('id') id: string): Promise<{ deliveryId: string }> {
    return { deliveryId: await this.alerts.resend(id) };
  }

  /** Acknowledges an open alert: `{ by, note? }`. */
  @Post(':id/acknowledge')
  @HttpCode(200)
  @UseGuards(OperatorGuard)
  acknowledge(
    @Param('id') id: string,
    @Body(new ZodPipe(acknowledgement)) { by, note }: Acknowledgement,
  ): Promise<Alert> {
    return this.alerts.acknowledge(id, by, note);
  }

  /** Holds back what matches: `{ matchers, duration, reason, by }`, the duration in milliseconds. */
  @Post('silences')
  @UseGuards(OperatorGuard)
  async silence(
    @Body(new ZodPipe(silenceRequest)) { duration, ...options }: SilenceRequest,
  ): Promise<{ silenceId: string; until: number }> {
    const until = this.options.clock.now() + duration;
    return { silenceId: await this.alerts.silence({ ...options, until }), until };
  }

  /** Ends a silence early; what it held back and still fires is sent now. */
  @Delete('silences/:id')
  @HttpCode(204)
  @UseGuards(OperatorGuard)
  endSilence(@Param('id') id: string, @Query('by', new ZodPipe(operatorName)) by: string): Promise<void> {
    return this.alerts.endSilence(id, by);
  }

  /** Sends a test message: `{ channel }`; the answer says what the provider made of it. */
  @Post('test')
  @HttpCode(200)
  @UseGuards(OperatorGuard)
  test(@Body(new ZodPipe(testRequest)) { channel }: TestRequest): Promise<TestResult> {
    return this.alerts.test(channel);
  }
}
