import { Module } from '@nestjs/common';
import { SummarySchedule } from './summary-schedule';

/** The schedule of the daily summary and its period. Imports the options and the ingest. */
@Module({ providers: [SummarySchedule], exports: [SummarySchedule] })
export class SummaryModule {}
