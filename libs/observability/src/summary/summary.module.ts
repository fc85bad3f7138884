import { Module } from '@nestjs/common';
import { SummarySchedule } from './summary-schedule';

/** When the daily summary is due, and of which period. Imports the options and the ingest. */
@Module({ providers: [SummarySchedule], exports: [SummarySchedule] })
export class SummaryModule {}
