/** A node's local API as data: routes, their shapes, who may call them, and the problems that they answer with. */

export { type Access, accessOf } from './access.ts';
export { type Checked, check, type FieldProblem } from './check.ts';
export { line } from './fields.ts';
export { openApi } from './openapi.ts';
export { type HttpProblemCode, httpProblems, type Problem, problem } from './problem.ts';
export { everyone, type Role, roles } from './role.ts';
export type { DeepReadonly, FileBody, IsStream, Route } from './route.ts';
export { reasonText } from './routes/agreements.ts';
export { type Settings, settings, settingsDefault } from './routes/settings.ts';
export { uploadPieceBytes } from './routes/uploads.ts';
export {
  type Handler,
  type Handlers,
  type InputOf,
  type RequestOf,
  type ResponseOf,
  type RouteName,
  type Routes,
  routeNames,
  routes,
} from './table.ts';
