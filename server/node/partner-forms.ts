/** In which forms an own dataset and those of a partner can be compared: what is published decides, before anything is agreed. */
import { compareProfiles, formatProfile, parseProfile } from '@causeway/core/identifiers';
import type { DatasetDescription, DatasetState } from '@causeway/core/ledger';
import { NodeError } from '../home/index.ts';
import { rowsMaxOf } from './proposal.ts';

export interface PartnerForms {
  readonly forms: readonly { readonly column: string; readonly form: string }[];
  /** Distinct identifiers that the partner may bring to a run, at most, by what it has published. */
  readonly partnerRowsMax: number;
}

/**
 * @param own.keys kinds of identifiers, or own column names; all of the dataset's, if left out.
 * @throws {NodeError} `profiles-differ` where there is no common form.
 */
export function partnerForms(
  own: { readonly ids: DatasetDescription['ids']; readonly keys: readonly string[] | undefined },
  partner: { readonly organisation: string; readonly datasets: readonly DatasetState[] },
): PartnerForms {
  const { organisation, datasets } = partner;
  const wanted = own.ids.filter(({ column, profile }) => {
    const { type } = parseProfile(profile);
    return !own.keys || [column, profile, type].some((name) => own.keys!.includes(name));
  });
  const forms = new Map<string, { column: string; form: string }>();
  let rowsAbout = 0;
  for (const { description } of datasets) {
    for (const { column, profile } of wanted) {
      const mine = parseProfile(profile);
      const theirs = description.ids.map((id) => parseProfile(id.profile)).find(({ type }) => type === mine.type);
      const compared = theirs && compareProfiles(mine, theirs);
      if (!compared?.ok) continue;
      const form = formatProfile(compared.common);
      forms.set(form, { column, form });
      rowsAbout = Math.max(rowsAbout, description.rowsAbout);
    }
  }
  if (forms.size > 0) return { forms: [...forms.values()], partnerRowsMax: rowsMaxOf(rowsAbout) };
  const offered = datasets.flatMap(({ name, description }) =>
    description.ids.map(({ profile }) => `${name}: ${profile}`),
  );
  throw new NodeError(
    'profiles-differ',
    `${organisation} has published nothing that these identifiers can be compared with`,
    {
      remedy:
        offered.length === 0
          ? `ask ${organisation} to publish its dataset first`
          : `choose among what it has: ${offered.join(', ')}`,
      partner: organisation,
    },
  );
}
