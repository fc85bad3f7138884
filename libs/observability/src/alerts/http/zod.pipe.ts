import { BadRequestException, type PipeTransform } from '@nestjs/common';
import type { ZodType } from 'zod';
import { sentencesOf } from '../runtime/request-schemas';

/** Reads a body or a query by its schema. What the schema refuses is answered with 400 and a sentence for each violation. */
export class ZodPipe<Value> implements PipeTransform<unknown, Value> {
  constructor(private readonly schema: ZodType<Value>) {}

  transform(value: unknown): Value {
    const { success, data, error } = this.schema.safeParse(value);
    if (success) return data;
    throw new BadRequestException(sentencesOf(error));
  }
}
