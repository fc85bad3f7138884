import { Readable } from 'node:stream';
import { Controller, Get, NotFoundException, Res, StreamableFile } from '@nestjs/common';
import { MetricsPage } from './metrics-page';

/** An answer of Express as of Fastify. */
interface HttpReply {
  status(code: number): unknown;
}

/** `GET /metrics` on the application's own port. */
@Controller('metrics')
export class MetricsController {
  constructor(private readonly page: MetricsPage) {}

  /** A stream, because Express would hash and copy a body that it is given whole: tens of milliseconds for a large one. */
  @Get()
  async scrape(@Res({ passthrough: true }) reply: HttpReply): Promise<StreamableFile> {
    if (!this.page.onApplication) throw new NotFoundException('The metrics are not served on this port.');
    const { status, contentType, body } = await this.page.render();
    reply.status(status);
    const length = body.reduce((total, { byteLength }) => total + byteLength, 0);
    return new StreamableFile(Readable.from(body), { type: contentType, length });
  }
}
