export function translatedMessages(root: string): { messages: Map<string, string>; problems: string[] };
export function plainWords(root: string): string[];
