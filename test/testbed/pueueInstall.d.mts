export const pueueVersions: readonly string[];
export function pueueBin(version: string): string;
export function missingPueues(): string[];
export function ensurePueue(): string | undefined;
