/**
 * What people like, in basis points by sex, and how much likelier the advertiser's customers do (in percent): the signal that
 * a look-alike expansion or an insight report should find.
 */
export const interests: readonly {
  readonly name: string;
  readonly male: number;
  readonly female: number;
  readonly customersPercent: number;
}[] = [
  { name: 'autos', male: 2_200, female: 900, customersPercent: 220 },
  { name: 'new-energy', male: 900, female: 600, customersPercent: 260 },
  { name: 'travel', male: 1_500, female: 2_000, customersPercent: 130 },
  { name: 'outdoor', male: 1_200, female: 800, customersPercent: 150 },
  { name: 'beauty', male: 300, female: 3_200, customersPercent: 100 },
  { name: 'fashion', male: 800, female: 2_600, customersPercent: 100 },
  { name: 'mother-baby', male: 400, female: 1_500, customersPercent: 110 },
  { name: 'sports', male: 2_400, female: 900, customersPercent: 110 },
  { name: 'games', male: 3_000, female: 1_400, customersPercent: 80 },
  { name: 'digital', male: 2_300, female: 1_000, customersPercent: 140 },
  { name: 'finance', male: 1_500, female: 1_000, customersPercent: 130 },
  { name: 'food', male: 2_000, female: 2_800, customersPercent: 100 },
  { name: 'home', male: 800, female: 1_600, customersPercent: 120 },
  { name: 'education', male: 700, female: 1_100, customersPercent: 100 },
  { name: 'pets', male: 500, female: 900, customersPercent: 90 },
  { name: 'drama', male: 1_000, female: 3_000, customersPercent: 90 },
];
