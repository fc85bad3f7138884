import { Readable } from 'node:stream';
import { Get, Headers, Injectable, NotFoundException, Res, StreamableFile, UseGuards } from '@nestjs/common';
import { ReaderGuard, Shows } from '../../access/reader.guard';
import { MetricsPage } from './metrics-page';

/** An answer of Express as of Fastify. */
interface HttpReply {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
}

/** `GET /metrics` on the application's own port. */
@Injectable()
@Shows('metrics')
@UseGuards(ReaderGuard)
export class MetricsController {
  constructor(private readonly page: MetricsPage) {}

  /** A stream, because Express would hash and copy a body that it is given whole: tens of milliseconds for a large one. */
  @Get()
  async scrape(
    @Res({ passthrough: true }) reply: HttpReply,
    @Headers('accept') accept?: string,
    @Headers('accept-encoding') acceptEncoding?: string,
  ): Promise<StreamableFile> {
    if (!this.page.onApplication) throw new NotFoundException('The metrics are not served on this port.');
    const { status, contentType, encoding, body } = await this.page.render({ accept, acceptEncoding });
    reply.status(status);
    reply.header('vary', 'Accept, Accept-Encoding');
    if (encoding !== undefined) reply.header('content-encoding', encoding);
    const length = body.reduce((total, { byteLength }) => total + byteLength, 0);
    return new StreamableFile(Readable.from(body), { type: contentType, length });
  }
}
