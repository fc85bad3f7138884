import { Get, Header, HttpCode, Post, UseGuards, applyDecorators } from '@nestjs/common';
import { ChangeGuard } from './console.guard';

/** A route that reads; its answer is nobody's to keep. */
export const Read = (path?: string): MethodDecorator =>
  applyDecorators(Get(path), Header('Cache-Control', 'no-store'));

/** A route for those who may change something. */
export const Change = (path: string, status = 200): MethodDecorator =>
  applyDecorators(Post(path), HttpCode(status), UseGuards(ChangeGuard));
