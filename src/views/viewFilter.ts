import * as vscode from 'vscode';
import { contextKeys } from '../ids';
import type { HostView, OperationView } from '../operations/operationView';
import { Emitter } from '../emitter';
import {
  filterText,
  isNarrowing,
  matchesFilter,
  noFilter,
  readFilter,
  type OperationFilter,
} from './operationFilter';
import { typesText } from '../operations/typeText';
import { statusText } from './operationText';
import { isSameOrder, newestFirst, orderText, readOrder, sorted, type SortOrder } from './sortOrder';

const filterKey = 'operationFilter';
const orderKey = 'sortOrder';

/** What narrows and sorts tree and dashboard, remembered for the window. */
export class ViewFilter {
  readonly #changed = new Emitter<void>();
  #filter: OperationFilter;
  #order: SortOrder;

  readonly onDidChange = this.#changed.event;

  constructor(private readonly memento: vscode.Memento) {
    this.#filter = readFilter(memento.get(filterKey));
    this.#order = readOrder(memento.get(orderKey));
    this.#tellMenus();
  }

  get filter(): OperationFilter {
    return this.#filter;
  }

  get sortOrder(): SortOrder {
    return this.#order;
  }

  /** Whether anything is left out. */
  get isNarrowing(): boolean {
    return isNarrowing(this.#filter);
  }

  set(filter: OperationFilter): void {
    this.#filter = readFilter({ ...filter, text: filter.text.trim() });
    void this.memento.update(filterKey, this.#filter);
    this.#tell();
  }

  sortBy(order: SortOrder): void {
    this.#order = order;
    void this.memento.update(orderKey, order);
    this.#tell();
  }

  /** Shows everything again, in the usual order. */
  clear(): void {
    this.#order = newestFirst;
    void this.memento.update(orderKey, undefined);
    this.set(noFilter);
  }

  matches(view: OperationView, hostName: string): boolean {
    return matchesFilter(this.#filter, view, hostName);
  }

  /** A sorted copy. */
  order<T extends OperationView>(views: readonly T[]): T[] {
    return sorted(views, this.#order);
  }

  /** What is left out and how the rest is sorted, as in `failed on dgx-1 · by name`. */
  description(hosts: readonly HostView[]): string {
    const narrowing = this.filterDescription(hosts, (text) => `“${text}”`);
    return [narrowing, this.orderDescription].filter(Boolean).join(' · ');
  }

  /** Empty for the usual order. */
  get orderDescription(): string {
    return orderText(this.#order);
  }

  /** What is left out alone; empty where nothing is. */
  filterDescription(hosts: readonly HostView[], text = (typed: string) => typed): string {
    const host = (hostId: string) => hosts.find(({ id }) => id === hostId)?.name ?? hostId;
    return filterText(this.#filter, { status: statusText, type: typesText, host, text });
  }

  #tell(): void {
    this.#tellMenus();
    this.#changed.fire();
  }

  #tellMenus(): void {
    const isSet = this.isNarrowing || !isSameOrder(this.#order, newestFirst);
    void vscode.commands.executeCommand('setContext', contextKeys.filtered, isSet);
  }
}
