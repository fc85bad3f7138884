import { Module } from '@nestjs/common';
import { OpenConnections } from './open-connections';
import { ShutdownHooks } from './shutdown-hooks';

/** An end in order: whatever connections are open, and whoever forgot to ask for it. Imports the options. */
@Module({ providers: [OpenConnections, ShutdownHooks] })
export class ShutdownModule {}
