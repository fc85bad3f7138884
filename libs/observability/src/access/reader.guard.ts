import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Area } from '../options/access.options';
import { Access } from './access';
import type { Received } from './client';
import { httpRefusal } from './operator.guard';

const AREA = Symbol('AREA');

/** The area that a controller shows, for the {@link ReaderGuard}. */
export const Shows = (area: Area) => SetMetadata(AREA, area);

/** Lets pass who may see the area of the controller. */
@Injectable()
export class ReaderGuard implements CanActivate {
  constructor(
    private readonly access: Access,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const area = this.reflector.get<Area>(AREA, context.getClass());
    const refusal = this.access.refusalToRead(context.switchToHttp().getRequest<Received>(), area);
    if (refusal !== undefined) throw httpRefusal(refusal);
    return true;
  }
}
