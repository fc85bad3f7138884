import { hash } from 'node:crypto';
import { basename } from 'node:path/posix';
import { Get, Inject, Injectable, Param, Req, Res, StreamableFile, UseFilters } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { HttpRoutes } from '../../options/http.options';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import type { ResolvedOptions } from '../../options/observability-options';
import { HTTP_ROUTES } from '../../routes/http-routes';
import { ConsoleProblem } from '../http/console-problem';
import { ProblemFilter } from '../http/problem.filter';
import { type PageFile, PageFiles, fromAbove, relativePath, withApi } from './page-files';

/** Nothing from elsewhere, no inline script, in nobody's frame. */
const SECURITY = {
  'Content-Security-Policy':
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
};
const FOREVER = 'public, max-age=31536000, immutable';
/** As bundlers name what they hash: `index-DAmNbf3k.js`. */
const HASHED = /-[\w-]{8,}\.\w+$/;
/** A path without a slash at its end. */
const FOLDER = /\/[\w.-]+$/;

interface PageRequest {
  readonly originalUrl?: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** The built page and its assets. */
@Injectable()
@UseFilters(ProblemFilter)
export class PageController {
  constructor(
    private readonly files: PageFiles,
    private readonly host: HttpAdapterHost,
    @Inject(HTTP_ROUTES) private readonly routes: HttpRoutes,
    @Inject(OBSERVABILITY_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  @Get()
  index(@Req() { url, originalUrl = url, headers }: PageRequest, @Res() reply: unknown): void {
    const file = this.found('index.html');
    if (file === undefined)
      throw new ConsoleProblem(
        404,
        'PAGE_NOT_BUILT',
        'The page is not built. Run npm run build, and start again.',
      );
    const { console: page, api } = this.routes;
    const [path = '/'] = originalUrl.split('?');
    // Not redirected to its folder: Fastify tells `/observability` from `/observability/`, and knows the first.
    // Of the address that was asked for: a proxy may serve the page `/` under a path of its own.
    const folder = FOLDER.test(path) ? `${basename(path)}/` : '';
    const way = page === false || api === false ? undefined : folder + relativePath(page, api);
    const body = Buffer.from(fromAbove(withApi(file.body.toString('utf8'), way), folder));
    this.answer(reply, { ...file, body, etag: `"${hash('sha1', body, 'base64url')}"` }, 'no-cache', headers);
  }

  @Get('assets/:name')
  asset(@Param('name') name: string, @Req() { headers }: PageRequest, @Res() reply: unknown): void {
    this.file(`assets/${name}`, headers, reply);
  }

  /** Those of the tab, one for each state. */
  @Get('icon-:name')
  icon(@Param('name') name: string, @Req() { headers }: PageRequest, @Res() reply: unknown): void {
    this.file(`icon-${name}`, headers, reply);
  }

  private found(path: string): PageFile | undefined {
    if (this.options.console.enabled) return this.files.find(path);
    throw new ConsoleProblem(404, 'PAGE_OFF', 'The page is off: console.enabled is false.');
  }

  private file(path: string, headers: PageRequest['headers'], reply: unknown): void {
    const file = this.found(path);
    if (file === undefined) throw new ConsoleProblem(404, 'NOT_FOUND', 'The page has no such file.');
    this.answer(reply, file, path.startsWith('assets/') && HASHED.test(path) ? FOREVER : 'no-cache', headers);
  }

  private answer(reply: unknown, file: PageFile, caching: string, headers: PageRequest['headers']): void {
    const { httpAdapter: adapter } = this.host;
    for (const [name, value] of Object.entries({ ...SECURITY, 'Cache-Control': caching, ETag: file.etag }))
      adapter.setHeader(reply, name, value);
    if (headers['if-none-match'] === file.etag) {
      adapter.reply(reply, '', 304);
      return;
    }
    const { type, body } = file;
    adapter.reply(reply, new StreamableFile(body, { type, length: body.byteLength }), 200);
  }
}
