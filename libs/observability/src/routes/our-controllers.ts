import { Controller, type Type } from '@nestjs/common';

const ours = new WeakSet<object>();

/** True for a controller of this module, of whichever registration. */
export function isOurs(controller: object): boolean {
  return ours.has(controller);
}

/**
 * The controller at that path, for the providers of its module; none where that is false. It isn't among the controllers, which the
 * application's router would find: `RoutesModule` puts it into a router of our own. Each registration has a class of its own.
 */
export function ourController(path: string | false, controller: Type<object>): Type<object>[] {
  if (path === false) return [];
  const { name } = controller;
  const { [name]: placed = controller } = { [name]: class extends controller {} };
  Controller(path)(placed);
  ours.add(placed);
  return [placed];
}
