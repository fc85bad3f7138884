import { Injectable } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';

type Listener = (name: string | string[], value: unknown) => void;

/** The part of an EventEmitter2 that is used. */
export interface Emitter {
  onAny(listener: Listener): unknown;
  offAny(listener: Listener): unknown;
  emit(name: string, value: unknown): unknown;
}

/** The emitters of the application, whichever modules they are in; one of our own, which nobody else sees, only where it has none. */
@Injectable()
export class ApplicationEmitters {
  private readonly own = new PrivateEmitter();
  private settled: readonly Emitter[] | undefined;

  constructor(private readonly modules: ModulesContainer) {}

  /** All of them, once every provider has been made. */
  settle(): readonly Emitter[] {
    return (this.settled = this.find());
  }

  /** The one to emit on. */
  get emitter(): Emitter {
    return (this.settled ?? this.find()).at(-1) ?? this.own;
  }

  /** Known by what they do: the application may have another copy of their package, or have them under a name of its own. */
  private find(): readonly Emitter[] {
    const found = new Set<Emitter>();
    for (const { providers } of this.modules.values())
      for (const [token, { instance }] of providers)
        if (typeof token === 'function' && isEmitter(instance) && instance instanceof token)
          found.add(instance);
    return found.size > 0 ? [...found] : [this.own];
  }
}

class PrivateEmitter implements Emitter {
  private readonly listeners = new Set<Listener>();

  onAny(listener: Listener): void {
    this.listeners.add(listener);
  }

  offAny(listener: Listener): void {
    this.listeners.delete(listener);
  }

  emit(name: string, value: unknown): void {
    for (const listener of this.listeners) listener(name, value);
  }
}

function isEmitter(value: unknown): value is Emitter {
  if (typeof value !== 'object' || value === null) return false;
  return 'onAny' in value && typeof value.onAny === 'function' && 'offAny' in value;
}
