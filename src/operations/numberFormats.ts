import { cachedByLocale } from './cachedByLocale';

let language: string | undefined;

/**
 * Numbers are written as the words around them are: in VS Code's language, be the computer's locale another one. A
 * region of that language is kept. What is no known language changes nothing. @param tag BCP 47
 */
export function writeNumbersIn(tag: string): void {
  const own = Intl.NumberFormat().resolvedOptions().locale;
  language = baseOf(own) === baseOf(tag) ? own : Intl.NumberFormat.supportedLocalesOf(tag || [])[0];
}

const baseOf = (tag: string): string | undefined => tag.toLowerCase().split('-')[0];

/** A format by locale; by default that of VS Code's language. */
export function numbers(options: Intl.NumberFormatOptions): (locale?: string) => Intl.NumberFormat {
  const format = cachedByLocale((locale) => new Intl.NumberFormat(locale, options));
  return (locale = language) => format(locale);
}
