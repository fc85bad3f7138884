/** Each field of an event's data, and what it may be. */
export type Shape = Readonly<Record<string, string>>;

/** Shapes by event type and version. */
export type EventShapes = Readonly<Record<string, Readonly<Record<string, Shape>>>>;

const HOW = 'docs/events-evolution.md says how an event is changed.';

/**
 * The faults of a change of the vocabulary: events that changed without a new version, and versions whose shape was not
 * recorded. A recorded version stays, whatever becomes of the type.
 *
 * @param recorded the shapes that were ever written, as committed
 * @param declared the shapes of the code of today, at today's version
 * @returns a sentence each that says what to do
 */
export function shapeChanges(recorded: EventShapes, declared: EventShapes): readonly string[] {
  const changed = Object.entries(declared).flatMap(([type, versions]) =>
    Object.entries(versions).flatMap(([version, shape]) => {
      const before = recorded[type]?.[version];
      if (before === undefined) {
        const entry = JSON.stringify({ [version]: shape });
        return [
          `${type} is at version ${version}, which golden/shapes.json does not have: add ${entry}. ${HOW}`,
        ];
      }
      const fields = differences(before, shape);
      if (fields.length === 0) return [];
      return [
        `${type} changed and is still version ${version}: ${fields.join(', ')}. Logs hold events of the old shape: raise its version to ${Number(version) + 1} in the catalogue, add the upcaster and golden samples. ${HOW}`,
      ];
    }),
  );
  const lost = Object.keys(recorded)
    .filter((type) => !Object.hasOwn(declared, type))
    .map((type) => `${type} is gone from the catalogue, and logs hold events of it: put it back. ${HOW}`);
  return [...changed, ...lost];
}

function differences(before: Shape, after: Shape): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => before[field] !== after[field])
    .map((field) => `${field} was ${before[field] ?? 'absent'} and is ${after[field] ?? 'absent'}`);
}
