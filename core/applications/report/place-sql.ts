import { sqlString } from '../../sql/index.ts';

/** The place of a text among declared ones, from 0; -1 for any other, and for none. */
export function placeSql(text: string, declared: readonly string[]): string {
  return `coalesce(list_position([${declared.map(sqlString).join(', ')}]::VARCHAR[], CAST(${text} AS VARCHAR)), 0) - 1`;
}
