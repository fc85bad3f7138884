import { AlertLevel, type TradingEvent } from '@opensqt/trading-events';
import { formatCode } from '../../format/format';
import { formatMoney, formatNumber } from '../../format/number';
import { HOLDING_EVENTS, type Holding, leftOf, nextHolding, startedHolding } from '../../projections/holding';
import { type RuleMemory, type RuleVerdict, defineRule } from './alert-rule';

interface Known {
  readonly holding?: Holding;
  /** The reason for which it was stopped; absent while it is traded. */
  readonly stopped?: string;
}

type Memory = Readonly<Record<string, Known>>;

/** A symbol was stopped, or is not configured any more, and still has a position or live orders: WARNING. Nobody trades them out. */
export const symbolRemoved = defineRule({
  condition: 'symbol_removed',
  levels: [AlertLevel.Warning],
  documentation: {
    raisedBy:
      'a symbol that was stopped, or taken out of the configuration, with a position or live orders; not by the end of the process',
    level: 'WARNING',
    resolvedBy: 'no position and no live order; the symbol that starts again',
    about: 'symbol',
  },
  options: {},
  handles: ['symbol.started', 'symbol.stopped', ...HOLDING_EVENTS],
  memory: (): RuleMemory<Memory> => ({
    version: 2,
    initial: () => ({}),
    evolve,
    decide(memory, _now, event) {
      const about = event !== undefined && 'symbol' in event.data ? event.data.symbol : undefined;
      const symbols = about === undefined ? Object.keys(memory) : [about];
      return symbols.flatMap((symbol) => {
        const { holding, stopped } = knownOf(memory, symbol);
        if (stopped === undefined) return event?.type === 'symbol.started' ? [tradedAgain(symbol)] : [];
        const left = leftOf(holding);
        return [left === undefined ? settled(symbol) : raised(symbol, stopped, left)];
      });
    },
  }),
});

function evolve(memory: Memory, event: TradingEvent): Memory {
  switch (event.type) {
    case 'symbol.started': {
      const { stopped: _, holding } = knownOf(memory, event.data.symbol);
      const known = holding === undefined ? {} : { holding: startedHolding(holding, event.occurredAt) };
      return { ...memory, [event.data.symbol]: known };
    }
    case 'symbol.stopped': {
      const { symbol, reason } = event.data;
      if (reason === 'process_exit') return memory;
      return { ...memory, [symbol]: { ...knownOf(memory, symbol), stopped: reason } };
    }
    case 'order.placed':
    case 'order.filled':
    case 'order.canceled':
    case 'order.rejected':
    case 'position.changed': {
      const known = knownOf(memory, event.data.symbol);
      return { ...memory, [event.data.symbol]: { ...known, holding: nextHolding(known.holding, event) } };
    }
    default:
      return memory;
  }
}

function raised(symbol: string, reason: string, left: NonNullable<ReturnType<typeof leftOf>>): RuleVerdict {
  const size = formatNumber(left.size);
  const value = formatMoney(left.value, undefined);
  const orders = `${left.orders} live ${left.orders === 1 ? 'order' : 'orders'}`;
  return {
    verdict: 'raise',
    labels: { symbol },
    level: AlertLevel.Warning,
    title: `Not traded any more, and not closed: ${symbol}`,
    message:
      `${symbol} was stopped (${formatCode(reason)}) with a position of ${size}, worth ${value} as of its last fill, and ${orders}. ` +
      'They are kept, and nobody manages them: its limits are not measured, and an order may still be filled. ' +
      'Close them at the venue, or configure the symbol again.',
    fields: { Symbol: symbol, Position: size, Value: value, Orders: String(left.orders), Reason: reason },
  };
}

function settled(symbol: string): RuleVerdict {
  return {
    verdict: 'resolve',
    labels: { symbol },
    title: `Nothing left: ${symbol}`,
    message: 'It has no position and no live order any more.',
    fields: { Symbol: symbol },
  };
}

function tradedAgain(symbol: string): RuleVerdict {
  return {
    verdict: 'resolve',
    labels: { symbol },
    title: `Traded again: ${symbol}`,
    message: 'The symbol was started again, with what it holds.',
    fields: { Symbol: symbol },
  };
}

function knownOf(memory: Memory, symbol: string): Known {
  return (Object.hasOwn(memory, symbol) ? memory[symbol] : undefined) ?? {};
}
