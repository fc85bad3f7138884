import { Injectable } from '@nestjs/common';
import { Dispatcher } from '../alerts/delivery/dispatcher';
import { HealthService } from '../health/health.service';

/** Lets the reminders of an open alert say whether it trades now, as `/health` does. */
@Injectable()
export class VerdictInReminders {
  constructor(dispatcher: Dispatcher, health: HealthService) {
    dispatcher.tellStanding(() => {
      const { verdict, title, reason } = health.verdict();
      return verdict === 'unknown' ? undefined : `${title}. ${reason}`.trim();
    });
  }
}
