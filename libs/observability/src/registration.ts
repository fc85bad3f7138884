import type { ModulesContainer } from '@nestjs/core';

/** Injection token that a module of `forRoot()` has, and one that is imported as a mere class has not. */
export const REGISTRATION = Symbol('REGISTRATION');

/** ObservabilityModule is imported in a way that does nothing, or everything twice; the application does not start. */
export class ObservabilityImportError extends Error {
  override readonly name = 'ObservabilityImportError';
  readonly code = 'IMPORT_INVALID';
}

/**
 * Sees to it that an application has the module once. Modules that import the object of one `forRoot()` share it, and so do those
 * that import the class beside it.
 *
 * @throws ObservabilityImportError
 */
export function refuseOtherThanOne(module: object, modules: ModulesContainer): void {
  const all = [...modules.values()];
  const imported = all.filter(({ metatype }) => metatype === module);
  const registered = imported.filter(({ providers }) => providers.has(REGISTRATION));
  const importers = all
    .filter(
      ({ imports, metatype }) =>
        metatype !== module && imported.some((one) => !one.isGlobal && imports.has(one)),
    )
    .map(({ name }) => name);
  const where = importers.length === 0 ? '' : ` (imported by ${importers.join(', ')})`;
  if (registered.length > 1) {
    throw new ObservabilityImportError(
      `ObservabilityModule.forRoot() is called ${registered.length} times${where}: everything would be counted and notified as often. ` +
        'Call it once, in the root module; what it provides can be injected everywhere.',
    );
  }
  if (registered.length === 0) {
    throw new ObservabilityImportError(
      `ObservabilityModule is imported without forRoot()${where}, and does nothing so. Import ObservabilityModule.forRoot() in the root module.`,
    );
  }
}
