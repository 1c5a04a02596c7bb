/** `orders.csv`: what the customers bought in the year, purchases that follow the measured campaign among them. */

import { Draw } from '@causeway/core/random';
import { campaignDay, daySeconds, secondOfDay, writeTime } from '../calendar.ts';
import { Campaign } from '../campaign.ts';
import type { Population } from '../population.ts';
import { Permutation } from '../random/permutation.ts';
import { Weighted } from '../random/weighted.ts';
import { rates } from '../rates.ts';
import { CsvFile, type FileReport, type WriteSettings } from './csv-file.ts';
import { ascii, type TextBuffer } from './text-buffer.ts';

export const ordersColumns = ['order_id', 'customer_id', 'time', 'amount_cents', 'status'] as const;

/** Orders of a customer before the campaign's window; in the window there is at most one more. */
const ordersMax = 7;
const ordersBefore = new Weighted({ none: 35, one: 30, two: 15, three: 9, four: 5, five: 3, six: 2, seven: 1 });

/** Prices in cents and how often they are paid: many small ones, few large ones. */
const prices = new Weighted({
  p990: 10,
  p1900: 14,
  p2990: 16,
  p4900: 16,
  p6990: 12,
  p9900: 12,
  p15900: 7,
  p19900: 6,
  p29900: 4,
  p59900: 2,
  p129900: 1,
});
const priceCents = prices.names.map((name) => Number(name.slice(1)));
const status = new Weighted(rates.orders.status);

export async function writeOrders(population: Population, settings: WriteSettings): Promise<FileReport> {
  const { plan, customerNumbers } = population;
  const { seed, customers } = plan;
  const visits = new Permutation(customers, seed, 'orders order');
  const numbers = new Permutation(customers * (ordersMax + 1), seed, 'order number');
  const draw = new Draw(seed, 'orders');
  const campaign = new Campaign(plan);
  const file = await CsvFile.open({ name: 'orders.csv', columns: ordersColumns, lineEnd: 'lf', mark: false }, settings);
  const { line } = file;
  try {
    for (let visit = 0; visit < customers; visit++) {
      const person = visits.forward(visit);
      const customer = customerNumbers.forward(person);
      draw.at(person);
      const before = ordersBefore.index(draw);
      for (let k = 0; k < before; k++) {
        const order = numbers.forward(person * (ordersMax + 1) + k);
        const second = draw.below(campaignDay) * daySeconds + secondOfDay(draw);
        const cents = amount(draw);
        const state = status.pick(draw);
        writeOrder(line, order, customer, second, cents, statusText[state]);
        endOrder(file, draw);
        if (state === 'paid' && draw.chance(rates.orders.refundedLater)) {
          writeOrder(line, order, customer, second, cents, statusText.refunded);
          file.endRowLater();
        }
      }
      if (campaign.at(person).bought) {
        const order = numbers.forward(person * (ordersMax + 1) + ordersMax);
        writeOrder(line, order, customer, campaign.boughtAt, amount(draw), statusText.paid);
        endOrder(file, draw);
      }
      if (file.full) await file.flush();
    }
    return await file.finish();
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

function amount(draw: Draw): number {
  return priceCents[prices.index(draw)]! * (1 + draw.below(3));
}

function endOrder(file: CsvFile, draw: Draw): void {
  if (draw.chance(rates.orders.repeatedRows)) file.endRowAndRepeatLater();
  else file.endRow();
}

function writeOrder(
  line: TextBuffer,
  order: number,
  customer: number,
  second: number,
  cents: number,
  state: Uint8Array,
): void {
  line.byte(orderMark);
  line.decimal(order, 10);
  line.byte(ascii.comma);
  line.byte(customerMark);
  line.decimal(customer, 9);
  line.byte(ascii.comma);
  writeTime(second, line);
  line.byte(ascii.comma);
  line.decimal(cents);
  line.byte(ascii.comma);
  line.text(state);
}

const utf8 = new TextEncoder();
const orderMark = 'O'.charCodeAt(0);
const customerMark = 'C'.charCodeAt(0);
const statusText = {
  paid: utf8.encode('paid'),
  refunded: utf8.encode('refunded'),
  cancelled: utf8.encode('cancelled'),
};
