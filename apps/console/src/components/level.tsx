import type { Level as LevelName } from '@opensqt/observability/console-api';
import { Icon, type Shape } from './icon';

const SHAPES: Readonly<Record<LevelName, Shape>> = {
  INFO: 'info',
  WARNING: 'warning',
  ERROR: 'error',
  CRITICAL: 'critical',
};

/** A level by shape, word and colour; that of an alert that ended is grey. */
export function Level({ level, isOver = false }: { readonly level: LevelName; readonly isOver?: boolean }) {
  return (
    <span class={`lv ${level}${isOver ? ' over' : ''}`}>
      <Icon shape={SHAPES[level]} />
      {level}
    </span>
  );
}
