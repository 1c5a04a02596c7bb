import { z } from 'zod';

/**
 * What a user of a node may do. Roles are a set: a small firm's one user holds all of them, a large firm keeps them apart.
 * - `admin` runs the node: users, settings, network, files.
 * - `steward` answers for the data: datasets in, audiences out to files.
 * - `analyst` proposes agreements and runs them.
 * - `approver` signs agreements for the organisation, or ends them.
 * - `auditor` reads everything, the audit log included, and changes nothing.
 */
export const roles = ['admin', 'steward', 'analyst', 'approver', 'auditor'] as const;
export type Role = (typeof roles)[number];

export const everyone: readonly Role[] = roles;

export const roleSet = z
  .array(z.enum(roles))
  .min(1)
  .max(roles.length)
  .refine((set) => new Set(set).size === set.length, 'each role at most once');
