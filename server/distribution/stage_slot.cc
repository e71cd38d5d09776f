#include "server/distribution/stage_slot.h"

#include <thread>

#include "absl/hash/hash.h"

namespace canvass::distribution {

int StageSlot() {
  // std::hash of a thread's id is its address, whose low bits are all alike.
  const std::size_t thread = std::hash<std::thread::id>()(std::this_thread::get_id());
  return kFirstStageSlot + static_cast<int>(absl::HashOf(thread) % kStageSlots);
}

}  // namespace canvass::distribution
