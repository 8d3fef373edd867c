const mostCharacters = 1_500;

/**
 * VS Code turns `[text](command:...)` in a notification into a link that runs the command. What we show
 * holds words of hosts and of other users: nothing in it may become a link.
 */
export const withoutLinks = (text: string): string => {
  const broken = text.replaceAll('](', ']\u200b(');
  return broken.length > mostCharacters ? `${broken.slice(0, mostCharacters)}...` : broken;
};

/** VS Code turns `$(name)` in the rows of a picker into an icon: words of users and hosts stay words. */
export const withoutIcons = (text: string): string => text.replaceAll('$(', '$\u200b(');
