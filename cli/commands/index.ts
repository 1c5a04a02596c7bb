/** Every command by its first word, in the order of the help page; a file is loaded when its command is named. */
import type { CommandFile } from '../command.ts';

type Load = () => Promise<{ readonly default: CommandFile }>;

export const groups = [
  {
    name: 'node',
    commands: {
      init: () => import('./init.ts'),
      up: () => import('./up.ts'),
      down: () => import('./down.ts'),
      status: () => import('./status.ts'),
      doctor: () => import('./doctor.ts'),
      settings: () => import('./settings.ts'),
      operation: () => import('./operation.ts'),
      backup: () => import('./backup.ts'),
      restore: () => import('./restore.ts'),
    },
  },
  {
    name: 'together',
    commands: {
      network: () => import('./network.ts'),
      dataset: () => import('./dataset.ts'),
      catalogue: () => import('./catalogue.ts'),
      propose: () => import('./propose.ts'),
      agreement: () => import('./agreement.ts'),
      run: () => import('./run.ts'),
      job: () => import('./job.ts'),
      audience: () => import('./audience.ts'),
      activation: () => import('./activation.ts'),
      opja: () => import('./opja.ts'),
      room: () => import('./room.ts'),
      guest: () => import('./guest.ts'),
    },
  },
  {
    name: 'proof',
    commands: {
      evidence: () => import('./evidence.ts'),
      ledger: () => import('./ledger.ts'),
      audit: () => import('./audit.ts'),
      budget: () => import('./budget.ts'),
    },
  },
  {
    name: 'people',
    commands: {
      user: () => import('./user.ts'),
      token: () => import('./token.ts'),
    },
  },
  {
    name: 'alone',
    commands: {
      match: () => import('./match.ts'),
      generate: () => import('./generate.ts'),
      demo: () => import('./demo.ts'),
    },
  },
] as const satisfies readonly { readonly name: string; readonly commands: Readonly<Record<string, Load>> }[];
