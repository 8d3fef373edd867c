import { openConversation, type ChannelConversation, type ConversationRequest } from './conversation';
import type { Executor } from './executor';
import type { Conversation } from './machine';
import { ChannelRefused } from './scriptRun';
import type { Slots } from './slots';

/** So many channels stay free for runs: a kill that waits for a grace time must not hold up a launch. */
const channelsForRuns = 2;

/** The conversations of a machine, which take their channels from those for runs and give way to them. */
export class Conversations {
  #all: ChannelConversation[] = [];

  constructor(private readonly slots: Slots) {}

  /** `undefined`: there is no room for one. */
  async open(
    executor: Executor,
    request: Omit<ConversationRequest, 'onEnd'>,
  ): Promise<Conversation | undefined> {
    const release = this.slots.acquireBeside(channelsForRuns);
    if (!release) {
      return undefined;
    }
    try {
      const opened = await openConversation(executor, { ...request, onEnd: release });
      this.#all = [...this.#all.filter(({ isOpen }) => isOpen), opened];
      return opened;
    } catch (error) {
      const refused = error instanceof ChannelRefused;
      if (refused) {
        this.slots.shrink();
      }
      release();
      if (refused) {
        return undefined;
      }
      throw error;
    }
  }

  /** The host takes fewer channels than was thought. */
  makeRoom(): void {
    if (!this.slots.hasRoomBeside(channelsForRuns)) {
      this.#all.splice(0).forEach((conversation) => conversation.retire());
    }
  }

  closeAll(): void {
    this.#all.splice(0).forEach((conversation) => conversation.close());
  }
}
