/** How many tokens the model that asks has room for, and how it counts them. */
export interface Budget {
  tokenBudget: number;
  countTokens(text: string): PromiseLike<number>;
}

const mostTries = 8;

/** The answer in as much detail as there is room for. The least there is goes out even where that is too long. */
export async function fitted(answer: (share: number) => object, budget?: Budget): Promise<string> {
  let share = 1;
  let text = JSON.stringify(answer(share));
  for (let tries = 0; budget && tries < mostTries; tries++) {
    const tokens = await budget.countTokens(text);
    if (tokens <= budget.tokenBudget) {
      return text;
    }
    share = tries === mostTries - 2 ? 0 : share * Math.min(0.8, budget.tokenBudget / tokens);
    text = JSON.stringify(answer(share));
  }
  return text;
}
