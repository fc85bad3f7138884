import { Module } from '@nestjs/common';
import { systemClock } from '@opensqt/trading-events';
import { ExportStatus } from './export-status';
import { EXPORT_CLOCK, ExportedMetrics } from './exported-metrics';
import { OtlpExport } from './otlp-export';

/** The outcomes of the exports, for health, which the export itself comes after. */
@Module({ providers: [ExportStatus], exports: [ExportStatus] })
export class ExportStatusModule {}

/** Exports the metrics by OTLP. Imports the options, the ingest, the metrics with their source, and the {@link ExportStatusModule}. */
@Module({ providers: [{ provide: EXPORT_CLOCK, useValue: systemClock }, ExportedMetrics, OtlpExport] })
export class OtlpModule {}
