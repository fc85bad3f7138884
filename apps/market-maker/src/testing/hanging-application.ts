import { ConsoleLogger, type INestApplication } from '@nestjs/common';
import { stopOnSignals } from '../stop-on-signals';

/** A process whose application never ends once it is closed. */
const application = { close: () => new Promise<void>(() => undefined) } as unknown as INestApplication;
setInterval(() => undefined, 1_000);
void stopOnSignals(application, Promise.resolve(), new ConsoleLogger());
process.stdout.write(`process ${process.pid} waits\n`);
