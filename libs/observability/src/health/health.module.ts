import { Module } from '@nestjs/common';
import { HealthService } from './health.service';

/** Knows the components' health. Imports the ingest, and a module that provides the `HEALTH_SETTINGS`: health knows no other room. */
@Module({ providers: [HealthService], exports: [HealthService] })
export class HealthModule {}
