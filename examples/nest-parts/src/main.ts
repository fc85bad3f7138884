import 'reflect-metadata';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type CanActivate, Controller, type ExecutionContext, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CqrsModule, EventBus, EventsHandler, type IEventHandler } from '@nestjs/cqrs';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { GqlExecutionContext, GraphQLModule, Mutation, Query, Resolver } from '@nestjs/graphql';
import {
  ClientProxyFactory,
  MessagePattern,
  type MicroserviceOptions,
  Transport,
} from '@nestjs/microservices';
import { ObservabilityModule, TradingEvents } from '@opensqt/observability';
import { firstValueFrom } from 'rxjs';

const PORT = Number(process.env.PORT ?? 3000);
const METRICS_PORT = Number(process.env.METRICS_PORT ?? 9464);
const MESSAGES_PORT = Number(process.env.MESSAGES_PORT ?? 9465);

const fill = (fillId: string) =>
  ({
    ...{ symbol: 'BTCUSDT', strategy: 'mine', orderId: '1', fillId, side: 'buy' as const },
    ...{ price: 60_000, quantity: 0.1, remaining: 0, fee: 0, feeAsset: 'USDT' },
  }) as const;

class OrderFilled {
  constructor(readonly fillId: string) {}
}

/** CQRS: the handler of the domain event states the fact. */
@EventsHandler(OrderFilled)
class ObserveFills implements IEventHandler<OrderFilled> {
  constructor(private readonly events: TradingEvents) {}

  handle({ fillId }: OrderFilled): void {
    this.events.filled(fill(fillId));
  }
}

/** GraphQL. */
@Resolver()
class OrdersResolver {
  constructor(private readonly events: TradingEvents) {}

  @Query(() => String)
  venue(): string {
    return 'paper';
  }

  @Mutation(() => Boolean)
  fill(): boolean {
    this.events.filled(fill('of a mutation'));
    return true;
  }
}

/** Understands GraphQL alone: an HTTP request has no operation. */
@Injectable()
class OperationGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return GqlExecutionContext.create(context).getInfo<{ operation: unknown }>().operation !== undefined;
  }
}

/** Microservices. */
@Controller()
class Messages {
  constructor(private readonly events: TradingEvents) {}

  @MessagePattern('fill')
  fill(fillId: string): boolean {
    this.events.filled(fill(fillId));
    return true;
  }
}

@Module({
  imports: [
    EventEmitterModule.forRoot(),
    CqrsModule.forRoot(),
    GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true }),
    ObservabilityModule.forRoot({ name: 'web' }),
  ],
  providers: [ObserveFills, OrdersResolver],
})
class WebModule {}

@Module({
  imports: [
    EventEmitterModule.forRoot(),
    ObservabilityModule.forRoot({ name: 'messages', telemetry: { metricsPort: METRICS_PORT } }),
  ],
  controllers: [Messages],
})
class MessagesModule {}

const web = await NestFactory.create(WebModule);
web.useGlobalGuards(new OperationGuard());
web.enableShutdownHooks();
await web.listen(PORT, '127.0.0.1');

const transport = { transport: Transport.TCP, options: { host: '127.0.0.1', port: MESSAGES_PORT } } as const;
const messages = await NestFactory.createMicroservice<MicroserviceOptions>(MessagesModule, transport);
messages.enableShutdownHooks();
await messages.listen();

web.get(EventBus).publish(new OrderFilled('of a domain event'));
await fetch(`http://127.0.0.1:${PORT}/graphql`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query: 'mutation { fill }' }),
});
const client = ClientProxyFactory.create(transport);
await firstValueFrom(client.send<boolean>('fill', 'of a message'));
await client.close();
console.log('All three parts have stated a fill');
