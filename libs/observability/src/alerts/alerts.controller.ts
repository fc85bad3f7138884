import { BadRequestException, Controller, Get, Query } from '@nestjs/common';
import { AlertService } from './alert.service';
import type { Alert } from './alerts.state';

const MOST = 1_000;

/** What is open and what was, for a person or a program. */
@Controller('alerts')
export class AlertsController {
  constructor(private readonly alerts: AlertService) {}

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
}
