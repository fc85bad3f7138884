import { Controller, Get, NotFoundException, Res } from '@nestjs/common';
import { MetricsPage } from './metrics-page';

/** What both Express and Fastify can do with an answer. */
interface HttpReply {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
  send(body: string): unknown;
}

/** `GET /metrics` on the application's own port. PrometheusModule sets the path. */
@Controller()
export class MetricsController {
  constructor(private readonly page: MetricsPage) {}

  @Get()
  async scrape(@Res() reply: HttpReply): Promise<void> {
    if (!this.page.onApplication) throw new NotFoundException('The metrics are not served on this port.');
    const { status, contentType, body } = await this.page.render();
    reply.status(status);
    reply.header('content-type', contentType);
    reply.send(body);
  }
}
