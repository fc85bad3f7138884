import { Get, Header, Injectable, Res, UseGuards } from '@nestjs/common';
import { ReaderGuard, Shows } from '../access/reader.guard';
import type { HealthReport } from './health-report';
import { HealthService } from './health.service';

/** An answer of Express as of Fastify. */
interface HttpReply {
  status(code: number): unknown;
}

/** `/health`, `/health/live`, `/health/ready`: terminus' body; 503 when a component that trading needs is down. */
@Injectable()
@Shows('health')
@UseGuards(ReaderGuard)
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get()
  @Header('Cache-Control', 'no-cache, no-store, must-revalidate')
  all(@Res({ passthrough: true }) reply: HttpReply): ReturnType<HealthService['all']> {
    return answer(this.health.all(), reply);
  }

  @Get('live')
  @Header('Cache-Control', 'no-cache, no-store, must-revalidate')
  live(@Res({ passthrough: true }) reply: HttpReply): HealthReport {
    return answer(this.health.live(), reply);
  }

  @Get('ready')
  @Header('Cache-Control', 'no-cache, no-store, must-revalidate')
  ready(@Res({ passthrough: true }) reply: HttpReply): HealthReport {
    return answer(this.health.ready(), reply);
  }
}

function answer<Report extends HealthReport>(report: Report, reply: HttpReply): Report {
  if (report.status === 'error' || report.status === 'shutting_down') reply.status(503);
  return report;
}
