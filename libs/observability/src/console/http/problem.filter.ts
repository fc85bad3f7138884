import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { inHttp } from '../../alerts/http/alert-error.filter';
import { AlertError } from '../../alerts/runtime/alert-requests';
import type { Problem } from '../api/problem';
import { ConsoleProblem } from './console-problem';

/** Answers every error with problem+json. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Console');

  constructor(private readonly host: HttpAdapterHost) {}

  catch(error: unknown, context: ArgumentsHost): void {
    const reply: unknown = context.switchToHttp().getResponse();
    const { status, code, detail } = this.problemOf(error);
    const { httpAdapter: adapter } = this.host;
    const problem: Problem = {
      type: 'about:blank',
      title: STATUS_CODES[status] ?? 'Error',
      status,
      detail,
      code,
    };
    adapter.setHeader(reply, 'Content-Type', 'application/problem+json');
    adapter.setHeader(reply, 'Cache-Control', 'no-store');
    if (error instanceof ConsoleProblem && error.retryAfter !== undefined)
      adapter.setHeader(reply, 'Retry-After', String(error.retryAfter));
    adapter.reply(reply, JSON.stringify(problem), status);
  }

  private problemOf(error: unknown): Pick<Problem, 'status' | 'code' | 'detail'> {
    if (error instanceof ConsoleProblem)
      return { status: error.status, code: error.code, detail: error.message };
    if (error instanceof AlertError)
      return { status: inHttp(error).getStatus(), code: error.code, detail: error.message };
    if (error instanceof HttpException) {
      const status = error.getStatus();
      return { status, code: codeOf(status), detail: error.message };
    }
    this.logger.error(
      `A request of the page failed: ${error instanceof Error ? error.stack : String(error)}`,
    );
    return { status: 500, code: 'FAILED', detail: 'The request failed. The log of the process says why.' };
  }
}

function codeOf(status: number): string {
  switch (status) {
    case 400:
      return 'INVALID_REQUEST';
    case 401:
      return 'TOKEN_NEEDED';
    case 403:
      return 'REFUSED';
    case 404:
      return 'NOT_FOUND';
    case 429:
      return 'TOO_MANY_REQUESTS';
    default:
      return `HTTP_${status}`;
  }
}
