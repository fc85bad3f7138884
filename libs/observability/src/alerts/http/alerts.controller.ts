import {
  BadRequestException,
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  NotFoundException,
  Param,
  Post,
  Query,
  UseGuards,
} from '@nestjs/common';
import type { Clock, SilenceCreated } from '@opensqt/trading-events';
import { AlertError, AlertService, type TestResult } from '../runtime/alert.service';
import { DECISION_CLOCK } from '../model/alert-tokens';
import type { Alert, DeadLetter } from '../model/alerts.state';
import { OperatorGuard } from './operator.guard';
import { readAcknowledgement, readSilence, readTest } from './requests';

const MOST = 1_000;

/** What is open and what was, for a person or a program; and what an operator does about it. */
@Controller('alerts')
export class AlertsController {
  constructor(
    private readonly alerts: AlertService,
    @Inject(DECISION_CLOCK) private readonly clock: Clock,
  ) {}

  /** The open alerts, oldest first. */
  @Get()
  active(): readonly Alert[] {
    return this.alerts.active();
  }

  /** Alerts that have ended, newest first. */
  @Get('history')
  history(@Query('limit') limit?: string): readonly Alert[] {
    if (limit === undefined) return this.alerts.history();
    const count = Number(limit);
    if (!Number.isInteger(count) || count < 1 || count > MOST) {
      throw new BadRequestException(
        `limit must be a whole number from 1 to ${MOST}, found '${limit.slice(0, 20)}'.`,
      );
    }
    return this.alerts.history(count);
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
    return { deliveryId: await answered(this.alerts.resend(id)) };
  }

  /** Takes on an open alert: `{ by, note? }`. */
  @Post(':id/acknowledge')
  @HttpCode(200)
  @UseGuards(OperatorGuard)
  acknowledge(@Param('id') id: string, @Body() body: unknown): Promise<Alert> {
    const { by, note } = readAcknowledgement(body);
    return answered(this.alerts.acknowledge(id, by, note));
  }

  /** Holds back what matches: `{ matchers, duration, reason, by }`, the duration in milliseconds. */
  @Post('silences')
  @UseGuards(OperatorGuard)
  async silence(@Body() body: unknown): Promise<{ silenceId: string; until: number }> {
    const { duration, ...options } = readSilence(body);
    const until = this.clock.now() + duration;
    return { silenceId: await answered(this.alerts.silence({ ...options, until })), until };
  }

  /** Ends a silence early; what it held back and still fires is told now. */
  @Delete('silences/:id')
  @HttpCode(204)
  @UseGuards(OperatorGuard)
  endSilence(@Param('id') id: string, @Query('by') by = 'operator'): Promise<void> {
    return answered(this.alerts.endSilence(id, by));
  }

  /** Sends a test message: `{ channel }`; the answer says what the provider made of it. */
  @Post('test')
  @HttpCode(200)
  @UseGuards(OperatorGuard)
  test(@Body() body: unknown): Promise<TestResult> {
    return answered(this.alerts.test(readTest(body).channel));
  }
}

/** What cannot be done, in the terms of HTTP. */
async function answered<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AlertError)) throw error;
    if (error.code === 'INVALID_SILENCE') throw new BadRequestException(error.message, { cause: error });
    throw new NotFoundException(error.message, { cause: error });
  }
}
