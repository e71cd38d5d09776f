// How much memory another process holds, as Linux tells it.
#ifndef CANVASS_TESTS_PROCESS_PROCESS_MEMORY_H_
#define CANVASS_TESTS_PROCESS_PROCESS_MEMORY_H_

#include <sys/types.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace canvass::testing {

// In megabytes of 2^20 bytes.
struct ProcessMemory {
  // Now.
  double resident = 0;
  // The most since its start, or since ForgetPeak().
  double peak = 0;
};

// NotFound if there is no such process.
absl::StatusOr<ProcessMemory> MemoryOf(pid_t pid);

// Makes what `pid` holds now its peak.
absl::Status ForgetPeak(pid_t pid);

}  // namespace canvass::testing

#endif  // CANVASS_TESTS_PROCESS_PROCESS_MEMORY_H_
