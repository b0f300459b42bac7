/** A piece of background work: one job for one gateway of one store. */
export type Round = { readonly job: string; readonly storeId: string; readonly gateway: string };

export type Rounds = {
  /** Wants a round; nothing happens when it waits already or is under way. */
  want(round: Round): void;
  /** Wants a round from now on: one that is under way is done once more, however often it is wanted meanwhile. */
  wantAgain(round: Round): void;
  /** Settles when no round waits and none is under way. */
  idle(): Promise<void>;
};

/**
 * Does rounds in the background: those of one store and gateway one after the other, and of different ones beside each
 * other, so that a gateway that hangs keeps nobody waiting but itself.
 * @param run does a round; must not throw
 * @param atOnce stores for which the same job is done at one gateway at the same time
 */
export function createRounds(run: (round: Round) => Promise<void>, atOnce: number): Rounds {
  type Lane = { readonly waiting: Map<string, Round>; readonly running: Set<string> };
  const lanes = new Map<string, Lane>();
  const underWay = new Set<Promise<void>>();

  const goOn = (lane: Lane): void => {
    for (const [storeId, round] of lane.waiting) {
      if (lane.running.size >= atOnce) return;
      if (lane.running.has(storeId)) continue;
      lane.waiting.delete(storeId);
      lane.running.add(storeId);
      const done = run(round).finally(() => {
        lane.running.delete(storeId);
        underWay.delete(done);
        goOn(lane);
      });
      underWay.add(done);
    }
  };
  const laneOf = ({ job, gateway }: Round): Lane => {
    const key = `${job} ${gateway}`;
    const lane = lanes.get(key) ?? { waiting: new Map(), running: new Set() };
    lanes.set(key, lane);
    return lane;
  };
  const wantAgain = (round: Round): void => {
    const lane = laneOf(round);
    // Who waits already keeps the place.
    if (!lane.waiting.has(round.storeId)) lane.waiting.set(round.storeId, round);
    goOn(lane);
  };
  return {
    want(round) {
      if (!laneOf(round).running.has(round.storeId)) wantAgain(round);
    },
    wantAgain,
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
