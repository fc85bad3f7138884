import {
  type ArgumentsHost,
  BadRequestException,
  Catch,
  type HttpException,
  NotFoundException,
} from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { AlertError } from '../runtime/alert-requests';

/** Answers what cannot be done in the terms of HTTP. */
@Catch(AlertError)
export class AlertErrorFilter extends BaseExceptionFilter {
  override catch(error: AlertError, host: ArgumentsHost): void {
    super.catch(inHttp(error), host);
  }
}

/** The answer that says it. */
export function inHttp(error: AlertError): HttpException {
  switch (error.code) {
    case 'INVALID_REQUEST':
    case 'INVALID_SILENCE':
    case 'AMBIGUOUS_ID':
    case 'TOO_LARGE':
      return new BadRequestException(error.message, { cause: error });
    case 'UNKNOWN_ALERT':
    case 'UNKNOWN_SILENCE':
    case 'UNKNOWN_CHANNEL':
    case 'UNKNOWN_DEAD_LETTER':
      return new NotFoundException(error.message, { cause: error });
  }
}
