import {
  Body,
  HttpCode,
  Inject,
  Injectable,
  NotFoundException,
  NotImplementedException,
  Param,
  Post,
  ServiceUnavailableException,
  UseGuards,
} from '@nestjs/common';
import { messageOf } from '../../format/format';
import { withClaim } from '../../access/claim';
import { Caller, OperatorGuard } from '../../access/operator.guard';
import type { Identity } from '../../options/access.options';
import type { BreakerReset, BreakerResetResult } from '../../options/breaker-port';
import type { ResolvedOptions } from '../../options/observability-options';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import { type ResetRequest, breakerReset, breakerScope } from './requests';
import { ZodPipe } from './zod.pipe';

/** Passes an operator's reset of a breaker on to the application. */
@Injectable()
export class BreakersController {
  constructor(@Inject(OBSERVABILITY_OPTIONS) private readonly options: ResolvedOptions) {}

  /** Resets a tripped breaker: `{ reason, by? }`. The answer names the breakers that are still tripped. */
  @Post(':scope/reset')
  @HttpCode(200)
  @UseGuards(OperatorGuard)
  async reset(
    @Param('scope', new ZodPipe(breakerScope)) scope: string,
    @Body(new ZodPipe(breakerReset)) { by, reason }: ResetRequest,
    @Caller() { name }: Identity,
  ): Promise<BreakerReset & { readonly scope: string; readonly tripped: readonly string[] }> {
    const request = { by: name, reason: withClaim(reason, { by, name }) };
    const { reset, tripped } = await this.asked(scope, request);
    if (reset) return { scope, ...request, tripped };
    const others = tripped.length === 0 ? 'None is.' : `Tripped: ${tripped.join(', ')}.`;
    throw new NotFoundException(`The breaker of '${scope}' is not tripped. ${others}`);
  }

  private async asked(scope: string, request: BreakerReset): Promise<BreakerResetResult> {
    const { breakers } = this.options;
    if (breakers === undefined) {
      throw new NotImplementedException(
        'Breakers of this application cannot be reset from here: ObservabilityModule was given no `breakers`.',
      );
    }
    try {
      return await breakers.reset(scope, request);
    } catch (error) {
      const message = messageOf(error);
      throw new ServiceUnavailableException(message, { cause: error });
    }
  }
}
