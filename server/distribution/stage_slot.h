// The slots under which handlers write metric cells. A cell has one row per slot, so that two writers with different
// slots never wait for each other; readers sum over slots.
//
// Slots 0 to 7 belong to the writers of responses, one each. Handlers run on a pool of worker threads and share the
// sixteen slots from 8 on: each thread keeps to one, chosen by a hash. Two threads on one slot are right as well; the
// second waits until the first has committed.
#ifndef CANVASS_SERVER_DISTRIBUTION_STAGE_SLOT_H_
#define CANVASS_SERVER_DISTRIBUTION_STAGE_SLOT_H_

namespace canvass::distribution {

inline constexpr int kFirstStageSlot = 8;
inline constexpr int kStageSlots = 16;

// The slot of the calling thread: kFirstStageSlot up to, not including, kFirstStageSlot + kStageSlots.
int StageSlot();

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_STAGE_SLOT_H_
