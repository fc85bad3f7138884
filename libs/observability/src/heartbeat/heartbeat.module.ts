import { Module } from '@nestjs/common';
import { HeartbeatStatus } from './heartbeat-status';
import { HeartbeatService } from './heartbeat.service';

/** The outcomes of heartbeats for their readers: metrics and health, which the heartbeat itself depends on. */
@Module({ providers: [HeartbeatStatus], exports: [HeartbeatStatus] })
export class HeartbeatStatusModule {}

/** Sends heartbeats. Imports the options, the ingest, the alerts, the health and the {@link HeartbeatStatusModule}. */
@Module({ providers: [HeartbeatService] })
export class HeartbeatModule {}
