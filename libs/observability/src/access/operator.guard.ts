import {
  type CanActivate,
  type ExecutionContext,
  HttpException,
  Injectable,
  createParamDecorator,
} from '@nestjs/common';
import type { Identity } from '../options/access.options';
import { Access } from './access';
import type { Refusal } from './authenticator';
import type { Received } from './client';

const NAMES = { 401: 'Unauthorized', 403: 'Forbidden', 429: 'Too Many Requests' } as const;
const identities = new WeakMap<object, Identity>();

/** Remembers who sent a request, for {@link Caller}. */
export function identify(request: object, identity: Identity): void {
  identities.set(request, identity);
}

/** Lets pass who has a token whose role is `operate`; {@link Caller} is who that was. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(private readonly access: Access) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Received>();
    const known = this.access.operator(request);
    if (!known.ok) throw httpRefusal(known.refusal);
    identify(request, known.identity);
    return true;
  }
}

/** The parameter of a route behind the {@link OperatorGuard}: the {@link Identity} of who sent the request. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Identity => {
  const identity = identities.get(context.switchToHttp().getRequest<object>());
  if (identity === undefined) throw new Error('This route has no OperatorGuard.');
  return identity;
});

/** A refusal in the form of Nest's own exceptions. */
export function httpRefusal({ status, message }: Refusal): HttpException {
  return new HttpException({ statusCode: status, error: NAMES[status], message }, status);
}
