import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { declaredShapes } from './testing/event-shapes/declared-shapes';
import { type EventShapes, shapeChanges } from './testing/event-shapes/shape-changes';

const file = join(__dirname, '../../libs/trading-events/golden/shapes.json');

describe('the shape of each event', () => {
  const declared = declaredShapes();

  it('is what was recorded for its version', () => {
    const recorded = JSON.parse(readFileSync(file, 'utf8')) as EventShapes;
    expect(shapeChanges(recorded, declared)).toEqual([]);
  });

  it('is seen down to nested fields and optional ones', () => {
    const shape = declared['alert.raised']?.[1];
    expect(shape?.['notice']).toContain("level: 'CRITICAL' | 'ERROR' | 'INFO' | 'WARNING'");
    expect(shape).toHaveProperty('escalatesAt?', 'number, epoch milliseconds?');
  });
});
