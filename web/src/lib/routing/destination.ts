import type { RegisteredRouter } from '@tanstack/react-router';

/** Every page's path, as the router knows it: `/visits/$visitId`. */
type PagePath = keyof RegisteredRouter['routesByPath'] & string;

type Named<Path extends string> = Path extends `${string}$${infer Name}/${infer Rest}`
  ? Name | Named<Rest>
  : Path extends `${string}$${infer Name}`
    ? Name
    : never;

/** The names that addresses hold: `visitId`, `slug`... */
export type ParamName = Named<PagePath>;

/**
 * Where a link of ours leads: a page of the app with what its address names, for components that hand
 * both on to a `Link`. `{ to: '/visits/$visitId', params: { visitId } }`
 */
export type Destination<Path extends PagePath = PagePath> = Path extends PagePath
  ? [Named<Path>] extends [never]
    ? { to: Path; params?: never }
    : { to: Path; params: Record<Named<Path>, string> }
  : never;
