import {
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  ForbiddenException,
  Get,
  HttpException,
  Injectable,
  Module,
  type NestInterceptor,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { EventEmitterModule, OnEvent } from '@nestjs/event-emitter';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { HealthService, TradingEvents } from '@opensqt/observability';
import { map } from 'rxjs';

/** The header that the guard wants. */
export const KEY = 'x-key';

/** Prints a line for whoever watches the process. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Wraps every answer. */
@Injectable()
export class Envelope implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler) {
    return next.handle().pipe(map((data: unknown) => ({ data })));
  }
}

/** The secrets of the application, which a guard made elsewhere would not have. */
@Injectable()
export class Keys {
  readonly key = 'secret';
}

@Injectable()
export class KeyGuard implements CanActivate {
  constructor(private readonly keys: Keys) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
    if (headers[KEY] === this.keys.key) return true;
    throw new ForbiddenException('no key');
  }
}

/** Answers every error with a body of its own. */
@Catch()
export class HouseFilter implements ExceptionFilter {
  constructor(private readonly host: HttpAdapterHost) {}

  catch(error: unknown, context: ArgumentsHost): void {
    const status = error instanceof HttpException ? error.getStatus() : 500;
    this.host.httpAdapter.reply(context.switchToHttp().getResponse(), { house: status }, status);
  }
}

/** Emits on the emitter of its own module, and listens with a wildcard. */
@Injectable()
export class Bookkeeping {
  constructor(private readonly events: TradingEvents) {}

  @OnEvent('order.*')
  heard({ type }: { readonly type: string }): void {
    print(`heard ${type}`);
  }

  fill(fillId: string): void {
    const order = { symbol: 'BTCUSDT', strategy: 'mine', orderId: '1', side: 'buy' } as const;
    const amounts = { price: 60_000, quantity: 0.1, remaining: 0, fee: 0, feeAsset: 'USDT' };
    this.events.filled({ ...order, ...amounts, fillId });
  }
}

@Module({ imports: [EventEmitterModule.forRoot({ wildcard: true })], providers: [Bookkeeping] })
export class BookkeepingModule {}

/** A module whose module has the emitter. */
@Module({ imports: [BookkeepingModule] })
export class TradingModule {}

@Controller('own')
export class OwnController {
  @Get()
  all(): object {
    return { own: 'answer' };
  }
}

@Controller({ path: 'health', version: VERSION_NEUTRAL })
export class OwnHealth {
  @Get()
  all(): object {
    return { own: 'health' };
  }
}

@Controller('check')
export class OwnCheck {
  constructor(
    private readonly terminus: HealthCheckService,
    private readonly health: HealthService,
  ) {}

  @Get()
  all(): unknown {
    return this.terminus.check([this.health.indicator()]);
  }
}

@Module({ imports: [TerminusModule.forRoot({ logger: false })], controllers: [OwnCheck] })
export class OwnCheckModule {}
